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


"""What check says of a directory is what its import does.

usage: differ.py [SEED [ROUNDS]]

Directories at random: the answers of explain before the import and after it
are the oracle; an unchanged directory differs in nothing.
"""

import json
import random
import re
import sys

from control import Control
from explain import Book, check
from server import Server

RULES = """\
rcpt { directory 'accounts'; errors { total 100; wait 0 }
	sub-address-delimiters "+-"; sub-addressing true; catch-all true
	relay rcpt_domain = 'out.test' }
"""


def said(control, address):
    """The first line of the reply to a stranger."""
    status, why, rows = control.ask("explain", "rcpt", address)
    check(status == 0, "explain fails", address, why)
    return rows[-1]["text"].split("\r\n")[0]


def checked(server, *words):
    """What check shows: by address, and the counts."""
    code, text = server.folder.run(server.folder.smtpctl, "-j", "-s",
                                   server.sock, "check", *words)
    check(code == 0, "check fails", text)
    # what import warns of stands between
    rows = [json.loads(line) for line in text.splitlines()
            if line.startswith("{")]
    return {row["address"].lower(): row for row in rows
            if "address" in row}, rows[-1]


def round_of(rng, server, number):
    """From whatever there is to another directory; how many differed."""
    folder = server.folder
    book = Book(rng, 0)
    asked = sorted({path[1:-1].lower() for path in book.paths(rng)
                    if re.fullmatch(r"<[\w.+'-]+@[\w.]+>", path, re.ASCII)})
    text = folder.write("new%d.txt" % number, book.text)
    file = folder.write("asked%d" % number, "\n".join(asked) + "\n")
    with Control(server.sock) as control:
        before = {one: said(control, one) for one in asked}
        shown, _ = checked(server, "-a", file, "directory", text)
        code, out = folder.run(folder.smtpctl, "-q", "-s", server.sock,
                               "directory", "import", text)
        check(code == 0, "import", out)
        after = {one: said(control, one) for one in asked}
    for one in asked:
        row = shown.get(one)
        if row is None:
            check(before[one] == after[one], "check has not seen", one,
                  before[one], after[one])
        else:
            check((row["old"], row["new"]) == (before[one], after[one]),
                  "check has seen", row, before[one], after[one])
    none, counts = checked(server, "-a", file)
    check(not none and counts["lists"] == 0 and counts["same"] >= len(asked),
          "nothing has changed", none, counts)
    return sum(before[one] != after[one] for one in asked)


def main():
    """The seed is printed, so that a run can be repeated."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else random.getrandbits(32)
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    rng = random.Random(seed)
    server = Server(RULES, Book(rng, 0).text)
    differed, why = 0, ""
    try:
        differed = sum(round_of(rng, server, i) for i in range(rounds))
        check(differed > 0, "no answer differed", rounds)
    except AssertionError as error:
        why = str(error)
    finally:
        fault = server.stop()
    if why or fault:
        sys.exit("FAIL differ: seed %d: %s" % (seed, why or fault))
    print("ok differ (%d answers differed, seed %d)" % (differed, seed))


if __name__ == "__main__":
    main()
