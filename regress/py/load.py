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

"""A server that takes everything: SMTP (EHLO) or LMTP (LHLO), plain."""
"""Messages under load, and whether each one that was accepted is there.

usage: load.py send ADDRESS PORT SESSIONS MESSAGES DOMAIN BOOK [USERS [LARGE]]
       load.py check BOOK MAIL...

send: SESSIONS connections send MESSAGES messages, each with a token of its
own as its subject, to u0@DOMAIN .. u(USERS - 1)@DOMAIN in turn.  What is
refused for a while, or whose answer never came, is sent again, as clients
do, until all are accepted.  Every tenth has LARGE times the text.  The book
gets a line a try: "TOKEN HOW", HOW being ok, later, unknown (the text was
sent, and no answer came) or no.

check: every token that was answered 250 is below the folders MAIL, and no
token is there more often than it was taken or may have been taken, but for
one duplicate, as after a crash.
"""

import collections
import os
import re
import sys
import threading
import time

from client import Closed, connect

LIMIT = 240		# seconds for all
BODY = "".join("line %d of a message of some length\r\n" % n
               for n in range(20))


def attempt(client, number, rcpt, times):
    """One try: (the connection if it still stands, how it went)."""
    how = "later"
    try:
        for line in ("MAIL FROM:<load@client.example>",
                     "RCPT TO:<%s>" % rcpt, "DATA"):
            reply = client.ask(line)
            if reply.code[0] in "45":
                sys.stderr.write("t%d: %s: %s %s\n" % (
                    number, line, reply, reply.lines))
                client.ask("RSET")
                return client, "later" if reply.code[0] == "4" else "no"
        how = "unknown"
        client.send(("From: load@client.example\r\nSubject: t%d\r\n\r\n%s"
                     ".\r\n" % (number, BODY * times)).encode())
        code = client.read().code
        return client, {"2": "ok", "4": "later"}.get(code[0], "no")
    except (Closed, OSError):
        client.sock.close()
        return None, how


class Load:
    """What all sessions share."""

    def __init__(self, address, messages, domain, users, large):
        self.address = address
        self.domain = domain
        self.users = users
        self.large = large
        self.lock = threading.Lock()
        self.todo = collections.deque(range(messages))
        self.left = messages		# not accepted yet
        self.end = time.monotonic() + LIMIT
        self.refused = False

    def going(self):
        """Whether there may be something to do."""
        return (self.left > 0 and not self.refused and
                time.monotonic() < self.end)

    def take(self):
        """The number of a message to send, or None for now."""
        with self.lock:
            return self.todo.popleft() if self.todo else None

    def note(self, number, how, book):
        """A try has ended."""
        with self.lock:
            book.write("t%d %s\n" % (number, how))
            if how == "ok":
                self.left -= 1
            elif how == "no":
                self.refused = True
            else:
                self.todo.append(number)

    def session(self, book):
        """One connection after the other, while there is work."""
        client = None
        while self.going():
            if client is None:
                client = connect(self.address, wait=5)
                if client is None:
                    continue
                try:
                    client.ask("EHLO load.example")
                except (Closed, OSError):
                    client = None
                    continue
            number = self.take()
            if number is None:
                time.sleep(0.02)
                continue
            client, how = attempt(client, number, "u%d@%s" % (
                number % self.users, self.domain),
                                  self.large if number % 10 == 9 else 1)
            self.note(number, how, book)
            if how != "ok":
                time.sleep(0.05)
        if client is not None:
            client.sock.close()


def send(argv):
    """All sessions; 0 when all messages were accepted."""
    load = Load((argv[0], int(argv[1])), int(argv[3]), argv[4],
                int(argv[6]) if len(argv) > 6 else 10,
                int(argv[7]) if len(argv) > 7 else 1)
    with open(argv[5], "a", encoding="ascii", buffering=1) as book:
        threads = [threading.Thread(target=load.session, args=(book,))
                   for _ in range(int(argv[2]))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    if load.left:
        sys.stderr.write("%d messages were not accepted\n" % load.left)
    return 1 if load.left else 0


def delivered(folders):
    """How often each token is there."""
    found = collections.Counter()
    for folder in folders:
        for where, _, names in os.walk(folder):
            if os.path.basename(where) not in ("new", "cur"):
                continue
            for name in names:
                with open(os.path.join(where, name), "rb") as file:
                    text = file.read()
                match = re.search(rb"(?m)^Subject: (t\d+)$", text)
                token = match.group(1).decode() if match else name
                found[token] += 1
                if not text.endswith(BODY[-80:].replace(
                        "\r\n", "\n").encode()):
                    sys.stderr.write("%s is cut short\n" % token)
                    found["cut"] += 1
    return found


def check(argv):
    """Compare the book with what is there; says what is wrong."""
    taken, perhaps = set(), collections.Counter()
    with open(argv[0], encoding="ascii") as book:
        for token, how in (line.split() for line in book):
            if how == "ok":
                taken.add(token)
            if how in ("ok", "unknown"):
                perhaps[token] += 1
    found = delivered(argv[1:])
    lost = sorted(token for token in taken if not found[token])
    many = sorted(token for token in found
                  if found[token] > perhaps[token] + (perhaps[token] > 0))
    twice = sum(1 for token in found if found[token] > 1)
    print("%d accepted, %d lost, %d more often than may be, %d twice"
          % (len(taken), len(lost), len(many), twice))
    for what, tokens in (("lost", lost), ("too many", many)):
        if tokens:
            print("%s: %s" % (what, " ".join(tokens[:20])))
    return 1 if lost or many or not taken else 0


if __name__ == "__main__":
    sys.exit({"send": send, "check": check}[sys.argv[1]](sys.argv[2:]))
