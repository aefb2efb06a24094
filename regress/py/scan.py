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

"""Is a private key in the memory of a process?  scan.py KEY... -- PID...

Exits with 1 when it is: as text, as octets in either order (big numbers
are kept in words, low ones first).  With 2 when memory cannot be read.
"""

import re
import subprocess
import sys


def number(text, name):
    """The octets of one number of "openssl pkey -text"."""
    match = re.search(name + r":\s*\n((?:\s+[0-9a-f:]+\n)+)", text)
    return bytes.fromhex(re.sub(r"[\s:]", "", match.group(1))).lstrip(b"\0")


def patterns(path):
    """What of the key in a file must not be found."""
    with open(path, encoding="ascii") as file:
        lines = [line for line in file.read().split("\n")
                 if line and line[0] != "-"]
    found = [line.encode() for line in lines[1:-1] or lines]
    text = subprocess.run(["openssl", "pkey", "-in", path, "-noout", "-text"],
                          check=True, capture_output=True, text=True).stdout
    names = ["prime1", "privateExponent"] if "prime1" in text else ["priv"]
    for name in names:
        value = number(text, name)
        found += [value[:24], value[::-1][:24]]
    return found


def memory(pid):
    """All that can be read, in pieces."""
    with open("/proc/%s/maps" % pid, encoding="ascii") as maps, \
            open("/proc/%s/mem" % pid, "rb", 0) as mem:
        for line in maps:
            first, last = (int(n, 16) for n in
                           line.split(" ", 1)[0].split("-"))
            if line.split()[1][0] != "r" or "[v" in line:
                continue
            # what a sanitizer keeps book in: terabytes, and no text
            if last - first > 1 << 32:
                continue
            try:
                mem.seek(first)
                yield mem.read(last - first)
            except (OSError, ValueError, OverflowError):
                continue


def main():
    """Scan each process for each key."""
    at = sys.argv.index("--")
    wanted = [(path, p) for path in sys.argv[1:at] for p in patterns(path)]
    status = 0
    for pid in sys.argv[at + 1:]:
        total = 0
        for piece in memory(pid):
            total += len(piece or b"")
            for path, pattern in wanted:
                if pattern in piece:
                    print("%s is in process %s" % (path, pid))
                    status = 1
        if total < 100000:
            sys.exit(2)
    sys.exit(status)


if __name__ == "__main__":
    try:
        main()
    except PermissionError as error:
        print(error)
        sys.exit(2)
