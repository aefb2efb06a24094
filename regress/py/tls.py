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

"""A client of TLS for the system tests: tls.py COMMAND HOST PORT [ARGUMENT]

Prints one line of facts, or says what is wrong and exits with 1.
"""

import socket
import ssl
import sys

WAIT = 20		# seconds for anything


class Wire:
    """A connection, in the clear at first."""

    def __init__(self, host, port):
        self.sock = socket.create_connection((host, port), WAIT)
        self.buffer = b""

    def read(self):
        """One reply, all lines of it."""
        lines = []
        while not lines or lines[-1][3:4] == "-":
            while b"\r\n" not in self.buffer:
                more = self.sock.recv(65536)
                if not more:
                    return "\n".join(lines)
                self.buffer += more
            line, self.buffer = self.buffer.split(b"\r\n", 1)
            lines.append(line.decode("latin-1"))
        return "\n".join(lines)

    def say(self, text, code):
        """Say it; the reply must begin with code."""
        self.sock.sendall(text.encode() + b"\r\n")
        reply = self.read()
        if not reply.startswith(code):
            sys.exit("%r: %r, not %s" % (text, reply, code))
        return reply

    def starttls(self, context, name=None, session=None):
        """EHLO, STARTTLS, and hands."""
        self.read()
        if "STARTTLS" not in self.say("EHLO client.test", "250"):
            sys.exit("STARTTLS is not offered")
        self.say("STARTTLS", "220")
        self.tls(context, name, session)

    def tls(self, context, name=None, session=None):
        """Shake hands."""
        self.sock = context.wrap_socket(self.sock, server_hostname=name,
                                        session=session)


def context(version=None):
    """One that trusts everybody: certificates are looked at by the test."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    if version is not None:
        made.minimum_version = made.maximum_version = version
    return made


def facts(wire):
    """What was agreed on, and the serial number of the certificate."""
    der = wire.sock.getpeercert(True) or b""
    pem = ssl.DER_cert_to_PEM_cert(der)
    return wire.sock.version(), wire.sock.cipher()[0], hash(pem)


def send(wire):
    """A message through an open session."""
    wire.say("EHLO client.test", "250")
    wire.say("MAIL FROM:<a@b.test>", "250 2.1.0")
    wire.say("RCPT TO:<john@example.org>", "250 2.1.5")
    wire.say("DATA", "354")
    wire.say("Subject: tls\r\n\r\nhello\r\n.", "250 2.0.0")
    wire.say("QUIT", "221")


def command_send(host, port, _):
    """STARTTLS and a message."""
    wire = Wire(host, port)
    wire.starttls(context())
    print(*facts(wire)[:2])
    send(wire)


def command_implicit(host, port, _):
    """TLS from the first octet and a message."""
    wire = Wire(host, port)
    wire.tls(context())
    if not wire.read().startswith("220"):
        sys.exit("no greeting")
    print(*facts(wire)[:2])
    send(wire)


def command_cert(host, port, name):
    """Save the certificate that a name gets to standard output."""
    wire = Wire(host, port)
    wire.starttls(context(), None if name == "-" else name)
    print(ssl.DER_cert_to_PEM_cert(wire.sock.getpeercert(True)), end="")
    wire.say("QUIT", "221")


def command_resume(host, port, _):
    """A second session must be resumed, in both versions."""
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        made = context(version)
        wire = Wire(host, port)
        wire.starttls(made)
        wire.say("EHLO client.test", "250")
        session = wire.sock.session
        wire.say("QUIT", "221")
        wire = Wire(host, port)
        wire.starttls(made, None, session)
        if not wire.sock.session_reused:
            sys.exit("%s was not resumed" % wire.sock.version())
        send(wire)
    print("resumed")


def command_inject(host, port, _):
    """What stands behind STARTTLS is never executed."""
    wire = Wire(host, port)
    wire.read()
    wire.say("EHLO client.test", "250")
    reply = wire.say("STARTTLS\r\nRSET\r\nNOOP", "421")
    if wire.read() != "":
        sys.exit("the session goes on")
    print(reply)


def command_require(host, port, _):
    """Nothing goes before STARTTLS."""
    wire = Wire(host, port)
    wire.read()
    wire.say("EHLO client.test", "250")
    wire.say("MAIL FROM:<a@b.test>", "530 5.7.0")
    wire.say("NOOP", "250")
    wire.say("STARTTLS", "220")
    wire.tls(context())
    send(wire)
    print("required")


def command_temp(host, port, _):
    """TLS cannot be had, and the rest goes on."""
    wire = Wire(host, port)
    try:
        wire.starttls(context())
        sys.exit("a handshake without keys")
    except OSError:
        pass
    wire = Wire(host, port)
    wire.read()
    wire.say("EHLO client.test", "250")
    wire.say("STARTTLS", "454 4.7.0")
    send(wire)
    print("454")


def command_hold(host, port, _):
    """A session that stays while lines come from standard input."""
    wire = Wire(host, port)
    wire.starttls(context())
    wire.say("EHLO client.test", "250")
    print("ready", flush=True)
    for line in sys.stdin:
        wire.say(line.strip(), "250")
        print("said", flush=True)
    send(wire)
    print("sent", flush=True)


class Half:
    """A handshake that stops on its way, and goes on."""

    def __init__(self, host, port, number):
        self.wire = Wire(host, port)
        self.wire.read()
        self.wire.say("EHLO client.test", "250")
        self.wire.say("STARTTLS", "220")
        made = context(ssl.TLSVersion.TLSv1_2 if number % 2 else
                       ssl.TLSVersion.TLSv1_3)
        self.inward, self.out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = made.wrap_bio(self.inward, self.out, server_hostname=(
            "rsa.test" if number % 3 else None))
        self.step()
        hello = self.out.read()
        self.left = hello[100:]
        self.wire.sock.sendall(hello[:100])
        if number % 4 > 1:		# as far as the server's first flight
            self.wire.sock.sendall(self.left)
            self.left = b""
            self.inward.write(self.wire.sock.recv(65536))

    def step(self):
        """As far as it goes; 1 when it is over."""
        try:
            self.tls.do_handshake()
        except ssl.SSLWantReadError:
            return 0
        return 1

    def finish(self):
        """The rest of it, and a command."""
        self.wire.sock.sendall(self.left)
        done = 0
        while not done:
            done = self.step()
            self.wire.sock.sendall(self.out.read())
            if not done:
                more = self.wire.sock.recv(65536)
                if not more:
                    sys.exit("the server left")
                self.inward.write(more)
        self.tls.write(b"NOOP\r\n")
        self.wire.sock.sendall(self.out.read())
        while True:
            try:
                return self.tls.read(1000)
            except ssl.SSLWantReadError:
                self.inward.write(self.wire.sock.recv(65536))


def command_half(host, port, _):
    """Handshakes that are under way while certificates change."""
    halves = [Half(host, port, number) for number in range(12)]
    print("ready", flush=True)
    sys.stdin.readline()
    for half in halves:
        said = half.finish()
        if not said.startswith(b"250"):
            sys.exit("said %r" % said)
    print("shaken")


if __name__ == "__main__":
    globals()["command_" + sys.argv[1]](
        sys.argv[2], int(sys.argv[3]),
        sys.argv[4] if len(sys.argv) > 4 else "-")
