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

"""A client that reads replies strictly and says what is wrong with them."""

import re
import socket
import ssl
import time

WAIT = 20		# seconds for one reply


class Closed(Exception):
    """The server has ended the connection."""


class Reply:
    """code: "250"; enhanced: "2.1.5" or ""; lines: the texts behind."""

    def __init__(self, raw):
        self.code = raw[0][:3]
        self.lines = [line[4:] for line in raw]
        match = re.match(r"([245]\.\d{1,3}\.\d{1,3})(?: |$)", self.lines[0])
        self.enhanced = match.group(1) if match else ""
        self.addresses = re.findall(r"<[^<>]+>", "\n".join(self.lines))

    def __str__(self):
        text = " ".join((self.code, self.enhanced)).strip()
        return " ".join([text] + self.addresses)

    def key(self):
        """What must not depend on how the input was cut."""
        return (self.code, self.enhanced, len(self.lines))


class Client:
    """One connection; the greeting has been read when it is made."""

    def __init__(self, address, source=None, tls=False):
        self.faults = []	# what no reply may be
        self.buffer = b""
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.sock.settimeout(WAIT)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if source is not None:
            self.sock.bind((source, 0))
        self.sock.connect(address)
        if tls:
            self.sock = _within_tls(self.sock)
        self.greeting = self.read(plain=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()

    def _line(self):
        while b"\n" not in self.buffer:
            try:
                more = self.sock.recv(65536)
            except (ConnectionResetError, BrokenPipeError):
                more = b""
            if not more:
                if self.buffer:
                    self.faults.append("half a line: %r" % self.buffer)
                raise Closed()
            self.buffer += more
        line, self.buffer = self.buffer.split(b"\n", 1)
        self._check_line(line + b"\n")
        return line.rstrip(b"\r").decode("utf-8", "replace")

    def _check_line(self, line):
        if not line.endswith(b"\r\n"):
            self.faults.append("no CRLF: %r" % line)
        if len(line) > 512:
            self.faults.append("a line of %d octets" % len(line))
        if re.search(rb"[\x00-\x1f\x7f]", line[:-2]):
            self.faults.append("control octets: %r" % line)
        if not re.match(rb"[2-5][0-9][0-9][ -]", line):
            self.faults.append("not a reply: %r" % line)

    def read(self, plain=False):
        """One reply.  plain: it needs no enhanced code."""
        raw = [self._line()]
        while raw[-1][3:4] == "-":
            raw.append(self._line())
        reply = Reply(raw)
        if any(line[:3] != reply.code for line in raw):
            self.faults.append("codes differ: %r" % raw)
        if not plain and reply.code[0] != "3":
            if reply.enhanced[:1] != reply.code[0]:
                self.faults.append("no enhanced code: %r" % raw[0])
            for line in reply.lines[1:]:
                if not line.startswith(reply.enhanced):
                    self.faults.append("no enhanced code: %r" % line)
        return reply

    def send(self, data):
        """A server that has closed is seen by the next read."""
        try:
            self.sock.sendall(data)
        except (ConnectionResetError, BrokenPipeError):
            pass

    def send_cut(self, data, cuts):
        """Send data in pieces that end at these offsets."""
        last = 0
        for cut in list(cuts) + [len(data)]:
            if cut > last:
                self.send(data[last:cut])
                last = cut

    def ask(self, line):
        """A command and its reply."""
        if isinstance(line, str):
            line = line.encode()
        self.send(line + b"\r\n")
        return self.read(line[:4].upper() in (b"EHLO", b"HELO"))

    def closed(self, wait=WAIT):
        """Whether the server ends the connection, saying nothing more."""
        self.sock.settimeout(wait)
        try:
            if self.buffer:
                return False
            return self.sock.recv(1) == b""
        except (ConnectionResetError, BrokenPipeError):
            return True
        except socket.timeout:
            return False
        finally:
            self.sock.settimeout(WAIT)


def _within_tls(sock):
    """The socket within TLS; who the server is does not matter."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(sock)


def connect(address, source=None, wait=30):
    """A client, as soon as the server takes one; None if it does not."""
    end = time.monotonic() + wait
    while time.monotonic() < end:
        try:
            client = Client(address, source)
            if client.greeting.code == "220":
                return client
        except (OSError, Closed):
            pass
        time.sleep(0.05)
    return None
