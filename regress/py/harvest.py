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

"""Clients that guess, for the test of the harvest memory.

usage: harvest.py host port rcpts source name ...
       harvest.py host port parallel source
       harvest.py host port inside source smtpctl ...
"""

import collections
import subprocess
import sys
import threading

from client import Client

SESSIONS = 100
BUDGET = 20


def begin(address, source):
    """A client in a transaction; or the greeting that refused it."""
    client = Client(address, source)
    if client.greeting.code != "220":
        return None, str(client.greeting)
    client.ask("EHLO client.test")
    client.ask("MAIL FROM:<a@b.test>")
    return client, ""


def rcpts(address, source, names):
    """The replies to these recipients."""
    client, refusal = begin(address, source)
    if client is None:
        return [refusal]
    with client:
        return [str(client.ask("RCPT TO:<%s@example.org>" % name))
                for name in names]


def parallel(address, source):
    """Many sessions of one network, three wrong recipients each."""
    net, replies = source.rsplit(".", 1)[0], []

    def guess(number):
        replies.extend(rcpts(address, "%s.%d" % (net, number + 1), [
            "x%d-%d" % (number, i) for i in range(3)]))

    threads = [threading.Thread(target=guess, args=(number,))
               for number in range(SESSIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counts = dict(collections.Counter(replies))
    # what comes back meanwhile is one every 30 seconds
    assert BUDGET <= counts["550 5.1.1"] <= BUDGET + 4, counts
    assert set(counts) <= {"550 5.1.1", "450 4.7.1", "421 4.7.0"}, counts
    assert len(replies) >= SESSIONS, counts
    return counts


def inside(address, source, smtpctl):
    """One session, beyond its budget and pardoned."""
    client, _ = begin(address, source)
    names = ["x%d" % i for i in range(BUDGET)] + ["beyond", "jane", "nobody"]
    wanted = ["550 5.1.1"] * BUDGET + ["450 4.7.1"] * 3
    for name, want in zip(names, wanted):
        reply = str(client.ask("RCPT TO:<%s@example.org>" % name))
        assert reply == want, (name, reply)
    subprocess.check_call(smtpctl + ["pardon", source])
    for name, want in (("jane", "250 2.1.5"), ("nobody", "550 5.1.1")):
        reply = str(client.ask("RCPT TO:<%s@example.org>" % name))
        assert reply == want, (name, reply)


def main():
    """Do what the words say."""
    address, how, source = (sys.argv[1], int(sys.argv[2])), *sys.argv[3:5]
    if how == "rcpts":
        print(",".join(rcpts(address, source, sys.argv[5:])))
    elif how == "parallel":
        print(parallel(address, source))
    else:
        inside(address, source, sys.argv[5:])


if __name__ == "__main__":
    main()
