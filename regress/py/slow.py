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

"""Clients that write an octet at a time: slow.py HOST PORT COUNT"""

import select
import socket
import sys
import time

TEXT = b"EHLO a.client.that.takes.its.time.test\r\n" + \
    b"MAIL FROM:<a-sender-with-a-name@b.test>\r\n" * 100


def main():
    """Until all of them have been let go."""
    address = (sys.argv[1], int(sys.argv[2]))
    count = int(sys.argv[3])
    heard = {}
    for _ in range(count):
        sock = socket.create_connection(address, 20)
        heard[sock] = sock.recv(4096)
    print("slow: %d" % count, flush=True)
    told, at, end = 0, 0, time.monotonic() + 50
    while heard and time.monotonic() < end:
        for sock in select.select(list(heard), [], [], 0.1)[0]:
            try:
                data = sock.recv(4096)
            except ConnectionResetError:
                data = b""
            heard[sock] += data
            if not data:
                told += b"\r\n421 4.4.2" in heard.pop(sock)
                sock.close()
        for sock in heard:
            try:
                sock.send(TEXT[at:at + 1])
            except OSError:
                pass	# the next turn hears why
        at += 1
    print("over: %d of %d were told 421" % (told, count), flush=True)


if __name__ == "__main__":
    main()
