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


"""Speaks to the control socket as smtpctl does, many commands in a row."""

import socket
import struct

COMMAND, ROW, END = 900, 901, 902	# of msg.h
FRAME_VERSION = MSG_VERSION = 1
WAIT = 120		# seconds for one command


def _string(text):
    data = text.encode("utf-8", "surrogateescape")
    return struct.pack(">I", len(data)) + data


class Control:
    """One connection to the server's socket at path."""

    def __init__(self, path):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(WAIT)
        self.sock.connect(path)
        self.id = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()

    def _exactly(self, size):
        data = b""
        while len(data) < size:
            more = self.sock.recv(size - len(data))
            if not more:
                raise RuntimeError("control closed the connection")
            data += more
        return data

    def ask(self, *words):
        """(exit code, text, rows as dicts) of a command."""
        body = struct.pack(">IB", MSG_VERSION, len(words))
        body += b"".join(_string(word) for word in words)
        self.id += 1
        self.sock.sendall(struct.pack(">IIQII", COMMAND, len(body), self.id,
                                      0, FRAME_VERSION) + body)
        rows = []
        while True:
            kind, size = struct.unpack(">IIQII", self._exactly(24))[:2]
            body = Body(self._exactly(size))
            if kind == END:
                return body.number("B"), body.string(), rows
            while body.left():
                rows.append(body.row())


class Body:
    """The octets of a message, read from its beginning."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def left(self):
        """Octets that have not been read."""
        return len(self.data) - self.at

    def number(self, code):
        """A number, as struct calls its size."""
        value, = struct.unpack_from(">" + code, self.data, self.at)
        self.at += struct.calcsize(code)
        return value

    def string(self):
        """A string with its length."""
        size = self.number("I")
        self.at += size
        return self.data[self.at - size:self.at].decode(
            "utf-8", "surrogateescape")

    def row(self):
        """Fields up to the end of a row, in their order."""
        fields = {}
        while True:
            kind = self.number("B")
            if kind == 0:
                return fields
            key = self.string()
            fields[key] = self.string() if kind == 1 else self.number("q")
