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

"""What smtpctl(8) would never send, to a control socket.

usage: abuse.py SOCKET ROUNDS [SEED]
Each round is a connection; prints how many there were of each kind.
"""
import os
import random
import socket
import struct
import sys

COMMAND, ROW, END = 900, 901, 902
WORDS = [b"show", b"status", b"stats", b"queue", b"directory", b"ask", b"get",
         b"path", b"export", b"", b"all", b"log", b"brief", b"x" * 70000,
         b"\0", b"\xff" * 50, b"0123456789abcdef"]


def frame(kind, body, ident=1, length=None, flags=0, version=1):
    length = len(body) if length is None else length
    return struct.pack(">IIQII", kind, length & 0xffffffff, ident, flags,
                       version) + body


def command(rng, words, version=1):
    body = struct.pack(">IB", version, len(words) & 255)
    for word in words:
        body += struct.pack(">I", len(word)) + word
    return frame(COMMAND, body, rng.randrange(1 << 64))


def words(rng):
    """A command that looks at most, or is none at all."""
    return [rng.choice(WORDS) for _ in range(rng.randrange(7))]


def noise(rng):
    return rng.randbytes(rng.randrange(1, 3000))


def cut(rng):
    whole = command(rng, words(rng))
    return whole[:rng.randrange(len(whole))]


def flipped(rng):
    whole = bytearray(command(rng, words(rng)))
    for _ in range(rng.randrange(1, 4)):
        whole[rng.randrange(len(whole))] ^= 1 << rng.randrange(8)
    return bytes(whole)


def lengths(rng):
    return frame(COMMAND, noise(rng), length=rng.choice(
        [0, 1, 131072, 131073, 262144, 1 << 31, -1, -24]))


def kinds(rng):
    return frame(rng.choice([0, 100, 103, 122, 205, 307, ROW, END, 1 << 31]),
                 b"" if rng.random() < .5 else noise(rng),
                 flags=rng.choice([0, 0, 1, 2, 1 << 31]),
                 version=rng.choice([1, 1, 0, 2]))


def many(rng):
    return b"".join(command(rng, [b"frob"]) for _ in range(50))


def other(rng):
    return command(rng, [b"show", b"status"], rng.randrange(2, 1 << 32))


def real(rng):
    return command(rng, [b"show", rng.choice([b"status", b"stats", b"queue",
                                              b"sessions"])])


def nothing(rng):
    return b""


KINDS = [noise, cut, flipped, lengths, kinds, many, other, real, nothing]


def send(sock, data, rng):
    """In one piece or in several; the server may hang up at any time."""
    while data:
        n = len(data) if rng.random() < .7 else rng.randrange(1, 1000)
        sock.send(data[:n])
        data = data[n:]


def play(path, kind, rng):
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
        sock.connect(path)
        sock.settimeout(20)
        try:
            if rng.random() < .05:
                fds = [os.open("/dev/null", os.O_RDONLY)
                       for _ in range(rng.randrange(1, 4))]
                try:
                    socket.send_fds(sock, [kind(rng) or b"x"], fds)
                finally:
                    for fd in fds:
                        os.close(fd)
            send(sock, kind(rng), rng)
            if rng.random() < .2:
                sock.setblocking(False)
                sock.recv(rng.randrange(1, 4096))
        except (BrokenPipeError, ConnectionResetError, BlockingIOError):
            pass


def main():
    path, rounds = sys.argv[1], int(sys.argv[2])
    rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    count = dict.fromkeys(KINDS, 0)
    for _ in range(rounds):
        kind = rng.choice(KINDS)
        play(path, kind, rng)
        count[kind] += 1
    print(" ".join("%s=%d" % (k.__name__, n) for k, n in count.items()))


main()
