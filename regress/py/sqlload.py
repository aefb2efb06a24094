"""Recipients for a server that greylists them with a script and SQL.

sqlload.py run HOST PORT BOOK STOP	until the file STOP is there
sqlload.py check BOOK DATABASE

Each recipient comes twice: u1+N@example.org is there, x1+N@example.org is
not.  The book has a line for each reply, its code and the recipient.
"""

import os
import socket
import sqlite3
import sys
import threading
import time

SENDER = "s@client.example"


class Left(Exception):
    pass


def talk(host, port, thread, turn, tell):
    s = socket.create_connection((host, port), 60)
    f = s.makefile("rb")

    def reply():
        while True:
            line = f.readline()
            if not line.endswith(b"\n"):
                raise Left
            if line[3:4] != b"-":
                return line[:3].decode()

    def say(text):
        s.sendall(text.encode() + b"\r\n")
        return reply()

    with s:
        if reply() != "220" or say("EHLO client.example") != "250" or \
                say("MAIL FROM:<%s>" % SENDER) != "250":
            raise Left
        for n in range(4):
            kind = "x" if n == 3 else "u"
            rcpt = "%s1+%d.%d.%d@example.org" % (kind, thread, turn, n)
            for again in range(2):
                tell(say("RCPT TO:<%s>" % rcpt), rcpt)


def run(host, port, book, stop):
    lock = threading.Lock()
    out = open(book, "a")

    def tell(code, rcpt):
        with lock:
            out.write("%s %s\n" % (code, rcpt))
            out.flush()

    def client(thread):
        turn = 0
        while not os.path.exists(stop):
            turn += 1
            try:
                talk(host, int(port), thread, turn, tell)
            except (OSError, Left):
                time.sleep(0.05)

    threads = [threading.Thread(target=client, args=(n,)) for n in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()


def check(book, database):
    with sqlite3.connect(database) as db:
        rows = {r[0].split("." + SENDER + ".", 1)[-1]
                for r in db.execute("SELECT addr FROM greylist")}
    codes = {}
    for line in open(book):
        code, rcpt = line.split()
        codes[code] = codes.get(code, 0) + 1
        if code[0] not in "245":
            sys.exit("%s to %s" % (code, rcpt))
        if code[0] == "2" and rcpt[0] != "u":
            sys.exit("%s was accepted, and does not exist" % rcpt)
        if code[0] == "5" and rcpt[0] != "x":
            sys.exit("%s was refused with %s, and exists" % (rcpt, code))
        if code in ("250", "550", "422") and rcpt not in rows:
            sys.exit("%s to %s, of which there is no row" % (code, rcpt))
    print(" ".join("%s:%d" % c for c in sorted(codes.items())))
    if not {"250", "422", "550"} <= set(codes):
        sys.exit("not all of them were said")


if sys.argv[1] == "run":
    run(*sys.argv[2:])
else:
    check(*sys.argv[2:])
