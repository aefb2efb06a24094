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

"""Asks for recipients over and over while the directory changes.

usage: judge.py HOST PORT FILE NAME=PATTERN...

Until FILE exists, and once more, each of the addresses is given as a
recipient, all of them in one group.  At the end the replies that each had are
compared with its pattern, a regular expression over Y (250), N (550) and ?
(anything else), one letter for a row of the same replies: Y is always there,
NYN came and went, and no reply may ever be "?".
"""

import os
import re
import sys

from client import Client


def letter(reply):
    """What a reply says of its address."""
    return {"250": "Y", "550": "N"}.get(reply.code, "?")


def main(host, port, stop, wanted):
    """Exit status: 0 when all patterns fit."""
    names = [pair.split("=")[0] for pair in wanted]
    group = "RSET\r\nMAIL FROM:<a@b.test>\r\n" + "".join(
        "RCPT TO:<%s>\r\n" % name for name in names)
    seen = {name: "" for name in names}
    rounds, left = 0, 2		# the last rounds begin after the last change
    with Client((host, int(port))) as client:
        client.ask("EHLO judge.test")
        while left:
            left -= os.path.exists(stop)
            client.send(group.encode())
            for _ in range(2):
                client.read()
            for name in names:
                got = letter(client.read())
                if not seen[name].endswith(got):
                    seen[name] += got
            rounds += 1
            if rounds == 1:
                print("begun", flush=True)
    bad = ["%s: %s, not %s" % (name, seen[name], pattern)
           for name, pattern in (pair.split("=") for pair in wanted)
           if not re.fullmatch(pattern, seen[name])]
    print("\n".join(bad) if bad else "%d rounds of %d recipients" %
          (rounds, len(names)))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]))
