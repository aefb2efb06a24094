# Copyright (c) 2026 The smtpd authors
#
# Permission to use, copy, modify, and distribute this software for any
# purpose with or without fee is hereby granted, provided that the above
# copyright notice and this permission notice appear in all copies.
#
# THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES
# WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF
# MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR
# ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES
# WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN
# ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF
# OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.

"""What no client should do, and strangers will: hostile.py HOST PORT TLS-PORT
PROXY-PORT ROUNDS [SEED]

Each round is a connection that begins, goes on and ends in some way.  Once
TLS has begun nothing but records of TLS may come back, whatever was sent in
the clear before or behind it.  Prints how many there were of each kind.
"""

import base64
import random
import socket
import ssl
import struct
import sys

WAIT = 20		# seconds for anything
MAIL = [b"MAIL FROM:<ann@example.org>\r\n", b"RCPT TO:<bob@example.org>\r\n"]
STATES = [
    [],
    [b"EHLO client.test\r\n"],
    [b"EHLO client.test\r\n", b"AUTH PLAIN\r\n"],
    [b"EHLO client.test\r\n", b"AUTH LOGIN\r\n", b"YW5u\r\n"],
    [b"EHLO client.test\r\n", b"AUTH SCRAM-SHA-256 biwsbj1hbm4scj14\r\n"],
    [b"EHLO client.test\r\n", MAIL[0]],
    [b"EHLO client.test\r\n", *MAIL],
    [b"EHLO client.test\r\n", *MAIL, b"DATA\r\n"],
]
# octets that no reply is waited for, in the last state
RESTS = [b"", b"NO", b"NOOP\r\n", b"AUTH PLAIN AGFubgBwZW5jaWw=\r\nNOOP\r\n",
         b"Subject: x\r\n\r\nhello", b"x\r\n.\r\nMAIL FROM:<>\r\n", b"*\r\n",
         b"A" * 20000 + b"\r\n", b"STARTTLS\r\n", b"QUIT\r\nNOOP\r\n"]
PROXY = b"PROXY TCP4 192.0.2.7 192.0.2.1 4711 25\r\n"
PROXY2 = (b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c" + bytes([192, 0, 2, 7]) +
          bytes([192, 0, 2, 1]) + b"\x10\x00\x00\x19")


class Over(Exception):
    """The server has ended the connection."""


def connect(host, port):
    """A socket that does not wait for ever."""
    sock = socket.create_connection((host, port), WAIT)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def reply(recv):
    """One reply, all lines of it."""
    text = b""
    while not (text.endswith(b"\n") and
               text[text.rfind(b"\n", 0, -1) + 1:][3:4] != b"-"):
        more = recv()
        if not more:
            raise Over()
        text += more
    return text


def pieces(rng, data):
    """The data as it was cut on its way."""
    while data:
        n = len(data) if rng.random() < .6 else rng.randrange(1, 40)
        yield data[:n]
        data = data[n:]


class Tls:
    """TLS whose records are in our hands."""

    def __init__(self, sock, rng):
        self.sock, self.rng = sock, rng
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        if rng.random() < .5:
            context.maximum_version = ssl.TLSVersion.TLSv1_2
        self.inward, self.out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.inward, self.out)
        self.raw = b""		# what came, not yet seen to be records

    def take(self):
        """What came from the server, which must be records."""
        data = self.sock.recv(65536)
        self.raw += data
        while len(self.raw) >= 5:
            kind, version, size = struct.unpack(">BHH", self.raw[:5])
            assert 20 <= kind <= 23 and version >> 8 == 3, (
                "in the clear: %r" % self.raw[:80])
            if len(self.raw) < 5 + size:
                break
            self.raw = self.raw[5 + size:]
        if not data:
            raise Over()
        self.inward.write(data)

    def flush(self):
        """Send what TLS has to say."""
        for piece in pieces(self.rng, self.out.read()):
            self.sock.sendall(piece)

    def do(self, what, *args):
        """A call, with as many records as it takes."""
        while True:
            try:
                return what(*args)
            except ssl.SSLWantReadError:
                self.flush()
                self.take()
            finally:
                self.flush()

    def shake(self):
        """Hands."""
        self.do(self.tls.do_handshake)

    def recv(self):
        """Octets of a reply."""
        return self.do(self.tls.read, 65536)

    def notify(self):
        """A close_notify."""
        try:
            self.tls.unwrap()
        except ssl.SSLError:
            pass
        self.flush()


def drain(sock, tls=None):
    """Look at what is left, until the server has closed or says nothing."""
    sock.settimeout(.2)
    try:
        while True:
            if tls is not None:
                tls.take()
            elif not sock.recv(65536):
                return
    except (Over, socket.timeout):
        pass


def reset(sock):
    """Gone, without a good-bye of TCP."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                    struct.pack("ii", 1, 0))


def play(send, recv, state, rng):
    """Come as far as that state; then say what is not waited for."""
    reply(recv)
    for line in state:
        send(line)
        reply(recv)
    send(rng.choice(RESTS))


def finish(tls, rng):
    """One of the ways in which TLS ends."""
    sock, way = tls.sock, rng.randrange(7)
    if way == 0:
        tls.notify()
    elif way == 1:
        tls.notify()
        sock.sendall(b"NOOP\r\nRCPT TO:<bob@example.org>\r\n")
    elif way == 2:
        tls.tls.write(b"NOOP\r\n" * 100)
        whole = tls.out.read()
        sock.sendall(whole[:rng.randrange(len(whole))])
    elif way == 3:
        sock.sendall(b"\x15\x03\x03\0\2\2\x28")
    elif way == 4:
        tls.tls.write(b"NOOP\r\n")
        whole = bytearray(tls.out.read())
        whole[rng.randrange(5, len(whole))] ^= 1 << rng.randrange(8)
        sock.sendall(whole)
    elif way == 5:
        sock.shutdown(socket.SHUT_WR)
    else:
        reset(sock)
        return
    drain(sock, tls)


def in_tls(ports, rng, proxy=b""):
    """TLS from the first octet, or behind the header of a balancer."""
    port = ports[2] if proxy else ports[1]
    with connect(ports[3], port) as sock:
        tls = Tls(sock, rng)
        if proxy:
            sock.sendall(proxy)
        tls.shake()
        play(lambda data: (tls.tls.write(data), tls.flush()) if data else 0,
             tls.recv, rng.choice(STATES), rng)
        finish(tls, rng)


def behind_starttls(ports, rng):
    """STARTTLS in any state; what is said behind it counts for nothing."""
    with connect(ports[3], ports[0]) as sock:
        recv = lambda: sock.recv(65536)
        reply(recv)
        for line in rng.choice(STATES[:2] + STATES[5:7]):
            sock.sendall(line)
            reply(recv)
        extra = rng.choice([b"", b"NOOP\r\n", b"\x16\x03\x01"])
        sock.sendall(b"STARTTLS\r\n" + extra)
        said = reply(recv)
        if extra or said[:3] != b"220":
            assert said[:3] in (b"421", b"503", b"502") or (
                said[:3] == b"220" and not extra), said
            return
        if rng.random() < .3:
            # too late for a group, and no TLS
            sock.sendall(b"NOOP\r\nMAIL FROM:<>\r\n")
            assert b"250" not in sock.recv(65536), "a command in the clear"
            return
        tls = Tls(sock, rng)
        tls.shake()
        tls.tls.write(b"RCPT TO:<bob@example.org>\r\n")
        tls.flush()
        assert reply(tls.recv)[:3] == b"503", "a state from before TLS"
        finish(tls, rng)


def hello_is_wrong(ports, rng):
    """A first flight that was changed, cut, or is none."""
    with connect(ports[3], ports[1]) as sock:
        tls = Tls(sock, rng)
        try:
            tls.tls.do_handshake()
        except ssl.SSLWantReadError:
            pass
        hello = bytearray(tls.out.read())
        for _ in range(rng.randrange(1, 6)):
            hello[rng.randrange(len(hello))] = rng.randrange(256)
        if rng.random() < .3:
            hello = rng.randbytes(rng.randrange(1, 3000))
        elif rng.random() < .3:
            hello[6:9] = b"\x01\xff\xff"		# of 131 KB
        for piece in pieces(rng, bytes(hello[:rng.randrange(len(hello)) + 1])):
            sock.sendall(piece)
        if rng.random() < .5:
            reset(sock)
        else:
            sock.shutdown(socket.SHUT_WR)
            drain(sock, tls)


def header_is_wrong(ports, rng):
    """A header of PROXY that was changed or cut."""
    with connect(ports[3], ports[2]) as sock:
        head = bytearray(rng.choice([PROXY, PROXY2]))
        for _ in range(rng.randrange(0, 4)):
            head[rng.randrange(len(head))] = rng.choice(
                [0, 1, 0x0d, 0x0a, 0x20, 0xff, rng.randrange(256)])
        for piece in pieces(rng, bytes(head) + rng.randbytes(20)):
            sock.sendall(piece)
        sock.shutdown(socket.SHUT_WR)
        drain(sock)


def behind_proxy(ports, rng):
    """TLS in the same segment as the header, or not."""
    in_tls(ports, rng, rng.choice([PROXY, PROXY2]))


def logs_in_wrongly(ports, rng):
    """Base64 that is none, and messages that no mechanism has."""
    with connect(ports[3], ports[0]) as sock:
        recv = lambda: sock.recv(65536)
        reply(recv)
        sock.sendall(b"EHLO client.test\r\n")
        reply(recv)
        for _ in range(10):
            text = rng.choice([rng.randbytes(rng.randrange(40)),
                               b"n,,n=ann,r=" + b"x" * rng.randrange(400),
                               b"\0ann\0" + b"x" * rng.randrange(600), b"="])
            text = bytearray(base64.b64encode(text))
            if text and rng.random() < .5:
                text[rng.randrange(len(text))] = rng.choice(b"=*A~+\x80")
            sock.sendall(b"AUTH " + rng.choice(
                [b"PLAIN ", b"LOGIN ", b"SCRAM-SHA-256 ", b"X "]) +
                text + b"\r\n")
            for _ in range(4):
                said = reply(recv)
                assert said[:3] != b"235", "let in"
                if said[:3] != b"334":
                    break
                sock.sendall(rng.choice([b"*", text, b"", b"===="]) + b"\r\n")
            if said[:3] == b"421":
                return


KINDS = [in_tls, behind_starttls, hello_is_wrong, header_is_wrong,
         behind_proxy, logs_in_wrongly]


def main():
    """So many of them."""
    ports = [int(port) for port in sys.argv[2:5]] + [sys.argv[1]]
    rng = random.Random(int(sys.argv[6]) if len(sys.argv) > 6 else 1)
    count = dict.fromkeys(KINDS, 0)
    for number in range(int(sys.argv[5])):
        kind = rng.choice(KINDS)
        try:
            kind(ports, rng)
        except (Over, ConnectionResetError, BrokenPipeError, ssl.SSLError):
            pass
        except AssertionError as error:
            sys.exit("%d: %s: %s" % (number, kind.__name__, error))
        count[kind] += 1
    print(" ".join("%s=%d" % (k.__name__, n) for k, n in count.items()))


if __name__ == "__main__":
    main()
