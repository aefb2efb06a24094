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

"""AUTH as clients do it, and as they should not.

usage: auth.py COMMAND HOST PORT PLAIN-PORT
"""

import base64
import hashlib
import hmac
import os
import select
import smtplib
import ssl
import sys
import time

from client import Client, Closed
from scan import memory as process_memory

NAME, PASSWORD = "ann", "pencil"


def b64(text):
    """Base64 of text or octets, as text."""
    if isinstance(text, str):
        text = text.encode()
    return base64.b64encode(text).decode()


def plain(name=NAME, password=PASSWORD, authzid=""):
    """The message of PLAIN."""
    return b64("%s\0%s\0%s" % (authzid, name, password))


def fresh(address, tls=True, ehlo="EHLO client.test"):
    """A client behind its EHLO, and the reply to that."""
    client = Client(address, tls=tls)
    reply = client.ask(ehlo)
    assert reply.code == "250", reply
    return client, reply


def want(reply, code, enhanced=""):
    """This reply, or it ends."""
    assert (reply.code, reply.enhanced) == (code, enhanced), (
        "expected %s %s, got %s %s" % (code, enhanced, reply, reply.lines))
    return reply


def ask(client, line, code, enhanced=""):
    """A line and its reply."""
    return want(client.ask(line), code, enhanced)


def challenge(reply):
    """What a 334 holds."""
    return base64.b64decode(want(reply, "334").lines[0]).decode()


class Scram:
    """The client's side of SCRAM-SHA-256, RFC 5802 3."""

    def __init__(self, name, password):
        self.nonce = b64(os.urandom(12)).replace(",", "")
        name = name.replace("=", "=3D").replace(",", "=2C")
        self.bare = "n=%s,r=%s" % (name, self.nonce)
        self.password = password.encode()
        self.server = None

    def first(self):
        """The first message."""
        return b64("n,," + self.bare)

    def final(self, first):
        """The second one, for what the server said."""
        parts = dict(part.split("=", 1) for part in first.split(","))
        assert parts["r"].startswith(self.nonce), first
        salted = hashlib.pbkdf2_hmac(
            "sha256", self.password, base64.b64decode(parts["s"]),
            int(parts["i"]))
        key = hmac.digest(salted, b"Client Key", "sha256")
        base = "c=biws,r=" + parts["r"]
        message = ",".join((self.bare, first, base)).encode()
        stored = hashlib.sha256(key).digest()
        mask = hmac.digest(stored, message, "sha256")
        proof = bytes(a ^ b for a, b in zip(key, mask))
        self.server = hmac.digest(hmac.digest(
            salted, b"Server Key", "sha256"), message, "sha256")
        return b64(base + ",p=" + b64(proof))


def scram(client, name, password):
    """All of it; returns the last reply and the salt."""
    mine = Scram(name, password)
    first = challenge(client.ask("AUTH SCRAM-SHA-256 " + mine.first()))
    reply = client.ask(mine.final(first))
    if reply.code == "334":
        assert challenge(reply) == "v=" + b64(mine.server), reply
        reply = client.ask("")
    return reply, first.split(",s=")[1]


def mechanisms(address, clear):
    """Each of them, with each kind of secret, and each way to begin."""
    for name in ("ann", "bob", "eve"):
        client, reply = fresh(address)
        assert "AUTH PLAIN LOGIN SCRAM-SHA-256" in reply.lines, reply.lines
        ask(client, "AUTH PLAIN " + plain(name), "235", "2.7.0")
        ask(client, "AUTH PLAIN " + plain(name), "503", "5.5.1")
        client, _ = fresh(address)
        assert challenge(client.ask("auth plain")) == ""
        ask(client, plain(name, authzid=name), "235", "2.7.0")
        client, _ = fresh(address)
        assert challenge(client.ask("AUTH LOGIN")) == "Username:"
        assert challenge(client.ask(b64(name))) == "Password:"
        ask(client, b64(PASSWORD), "235", "2.7.0")
        client, _ = fresh(address)
        assert challenge(client.ask("AUTH LOGIN " + b64(name))) == "Password:"
        ask(client, b64(PASSWORD), "235", "2.7.0")
    client, _ = fresh(address)
    want(scram(client, "ann", PASSWORD)[0], "235", "2.7.0")
    client, _ = fresh(clear, tls=False)
    ask(client, "AUTH PLAIN " + plain(), "235", "2.7.0")


def refusals(address, _clear):
    """Wrong ones, unknown ones, and what nobody may know of them."""
    salts = []
    for name, password in (("ann", "Pencil"), ("ann", "pencil "),
                           ("nobody", PASSWORD), ("gone", PASSWORD),
                           ("old", PASSWORD), ("none", PASSWORD)):
        client, _ = fresh(address)
        ask(client, "AUTH PLAIN " + plain(name, password), "535", "5.7.8")
        reply, salt = scram(client, name, password)
        want(reply, "535", "5.7.8")
        salts.append(salt)
        client, _ = fresh(address)
        assert scram(client, name, "x")[1] == salt, "another salt"
    assert len(set(salts)) == 5, salts		# ann is there twice
    # a hash of crypt(3) is no key of SCRAM
    client, _ = fresh(address)
    want(scram(client, "bob", PASSWORD)[0], "535", "5.7.8")
    client, _ = fresh(address)
    ask(client, "AUTH PLAIN " + plain("ann", authzid="bob"), "535", "5.7.8")


def errors(address, _clear):
    """They are counted, they wait, and the last one is the last."""
    client, _ = fresh(address)
    start = time.monotonic()
    for _ in range(2):
        ask(client, "AUTH PLAIN " + plain("x"), "535", "5.7.8")
        ask(client, "RSET", "250", "2.0.0")
    assert time.monotonic() - start >= 0.2, "they did not wait"
    ask(client, "AUTH PLAIN " + plain("x"), "535", "5.7.8")
    want(client.read(), "421", "4.7.0")
    assert client.closed()


def syntax(address, clear):
    """What is no AUTH, what is not the time, and what is cancelled."""
    client, _ = fresh(address)
    for line, code, enhanced in (
            ("AUTH", "501", "5.5.4"), ("AUTH CRAM-MD5", "504", "5.5.4"),
            ("AUTH SCRAM-SHA-256-PLUS", "504", "5.5.4"),
            ("AUTH PLAIN =", "501", "5.5.2"), ("AUTH PLAIN *",
                                               "501", "5.7.0"),
            ("AUTH PLAIN AA", "501", "5.5.2"),
            ("AUTH PLAIN " + plain() + "=", "501", "5.5.2"),
            ("AUTH PLAIN " + b64("ann\0pencil"), "501", "5.5.2"),
            ("AUTH PLAIN " + b64(b"\0\xff\xfe\0x"), "501", "5.5.2"),
            ("AUTH SCRAM-SHA-256 " + b64("p=x,,n=ann,r=x"),
             "501", "5.5.2"),
            ("AUTH SCRAM-SHA-256 " + b64("n,,n=ann,r=" + 300 * "x"),
             "501", "5.5.2")):
        ask(client, line, code, enhanced)
    for begin in ("AUTH PLAIN", "AUTH LOGIN", "AUTH LOGIN " + b64("ann"),
                  "AUTH SCRAM-SHA-256"):
        ask(client, begin, "334")
        ask(client, "*", "501", "5.7.0")
    ask(client, "AUTH PLAIN", "334")
    ask(client, 12288 * "A", "501", "5.5.2")
    ask(client, "AUTH PLAIN", "334")
    ask(client, 12292 * "A", "500", "5.5.6")
    ask(client, "AUTH PLAIN " + 12000 * "A", "501", "5.5.2")
    ask(client, "AUTH PLAIN " + 12300 * "A", "500", "5.5.2")
    # a SCRAM that goes on with another nonce, or another header
    for change in (lambda t: t.replace("r=", "r=x"),
                   lambda t: t.replace("c=biws", "c=eSws")):
        mine = Scram(NAME, PASSWORD)
        first = challenge(client.ask("AUTH SCRAM-SHA-256 " + mine.first()))
        final = base64.b64decode(mine.final(first)).decode()
        ask(client, b64(change(final)), "501", "5.5.2")
    ask(client, "MAIL FROM:<>", "250", "2.1.0")
    ask(client, "AUTH PLAIN " + plain(), "503", "5.5.1")
    client, _ = fresh(address, ehlo="HELO client.test")
    ask(client, "AUTH PLAIN " + plain(), "503", "5.5.1")
    client = Client(address, tls=True)
    ask(client, "AUTH PLAIN " + plain(), "503", "5.5.1")
    # they are no errors of passwords, but not without a limit either
    client, _ = fresh(address)
    for _ in range(8):
        ask(client, "AUTH PLAIN =", "501", "5.5.2")
        ask(client, "AUTH PLAIN " + plain(authzid="bob"), "535", "5.7.8")
        ask(client, "AUTH LOGIN", "334")
        ask(client, "*", "501", "5.7.0")
    ask(client, "NOOP", "250", "2.0.0")
    for _ in range(25):
        ask(client, "AUTH NONE", "504", "5.5.4")
    want(client.read(), "421", "4.7.0")
    assert client.closed()
    # "v=" was said, and the client does not like it: it is nobody
    client, _ = fresh(address)
    mine = Scram(NAME, PASSWORD)
    first = challenge(client.ask("AUTH SCRAM-SHA-256 " + mine.first()))
    challenge(client.ask(mine.final(first)))
    ask(client, "*", "501", "5.7.0")
    ask(client, "VRFY ann@example.org", "252", "2.5.2")
    client, _ = fresh(clear, tls=False)
    ask(client, "AUTH SCRAM-SHA-256", "334")
    ask(client, "", "501", "5.5.2")


def groups(address, clear):
    """What comes behind AUTH before its answer is never understood."""
    login = "AUTH PLAIN " + plain() + "\r\n"
    for tls, where in ((True, address), (False, clear)):
        for text in (login + "NOOP\r\n", login + "M",
                     "AUTH LOGIN\r\n" + b64(NAME) + "\r\n",
                     "AUTH PLAIN\r\n" + plain() + "\r\n",
                     "AUTH FOO\r\nMAIL FROM:<>\r\n",
                     "AUTH PLAIN " + plain("x") + "\r\nRSET\r\n"):
            client, _ = fresh(where, tls=tls)
            client.send(text.encode())
            want(client.read(), "421", "4.5.0")
            assert client.closed(), text
        # octet by octet it is the same as in one piece
        client, _ = fresh(where, tls=tls)
        client.send_cut(login.encode(), range(1, len(login)))
        want(client.read(), "235", "2.7.0")
        ask(client, "NOOP", "250", "2.0.0")
        # in front of it there may be something
        client, _ = fresh(where, tls=tls)
        client.send(("NOOP\r\nRSET\r\n" + login).encode())
        for code in ("250", "250", "235"):
            assert client.read().code == code


def senders(address, _clear):
    """Who has logged in, and what that is good for."""
    client, _ = fresh(address, ehlo="EHLO required.test")
    ask(client, "MAIL FROM:<ann@example.org>", "530", "5.7.0")
    ask(client, "AUTH PLAIN " + plain(), "235", "2.7.0")
    for sender in ("ann@example.org", "Ann+tag@Example.ORG",
                   "any@catchall.test", "team@example.org",
                   "deep@example.org", "ann@alias.test", ""):
        ask(client, "MAIL FROM:<%s> AUTH=<>" % sender, "250", "2.1.0")
        ask(client, "RCPT TO:<far@away.test>", "250", "2.1.5")
        ask(client, "RSET", "250", "2.0.0")
    for sender in ("bob@example.org", "none@example.org", "a@b.test",
                   "list@example.org", "tobob@example.org"):
        ask(client, "MAIL FROM:<%s>" % sender, "553", "5.7.1")
    ask(client, "MAIL FROM:<ann@example.org> AUTH=a+ZZ", "501", "5.5.4")
    ask(client, "VRFY ann@example.org", "250", "2.1.5")


def times(address, _clear):
    """Prints the time of a 535 for somebody and for nobody, in ms."""
    def one(name):
        start = time.monotonic()
        client, _ = fresh(address)
        begin = time.monotonic()
        ask(client, "AUTH PLAIN " + plain(name, "x"), "535", "5.7.8")
        client.sock.close()
        assert start <= begin
        return 1000 * (time.monotonic() - begin)

    found = {}
    for _ in range(15):
        for name in ("bob", "nobody"):
            found.setdefault(name, []).append(one(name))
    for name, all_of_it in found.items():
        print("%s %.1f" % (name, sorted(all_of_it)[len(all_of_it) // 2]))


def storm(_address, clear):
    """Wrong passwords over 20 connections for as long as input lasts."""
    clients = [fresh(clear, tls=False)[0] for _ in range(20)]
    sockets = {client.sock: client for client in clients}
    line = ("AUTH PLAIN " + plain("bob", "x") + "\r\n").encode()
    for client in clients:
        client.send(line)
    replies = {}
    while True:
        ready, _, _ = select.select([0] + list(sockets), [], [])
        if 0 in ready:
            break
        for sock in ready:
            code = sockets[sock].read().code
            replies[code] = replies.get(code, 0) + 1
            sockets[sock].send(line)
    print(" ".join("%s:%d" % pair for pair in sorted(replies.items())))


def library(address, _clear):
    """Python's own client, which chooses by itself."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with smtplib.SMTP_SSL(*address, context=context) as smtp:
        code, _ = smtp.login("bob", PASSWORD)
        assert code == 235, code
        smtp.sendmail("bob@example.org", ["ann@example.org"],
                      b"Subject: library\r\n\r\nhello\r\n")
    with smtplib.SMTP_SSL(*address, context=context) as smtp:
        try:
            smtp.login("bob", "pen")
        except smtplib.SMTPAuthenticationError as error:
            assert error.smtp_code == 535, error
        else:
            assert False, "let in"


def memory(_address, clear):
    """A password, right and wrong; prints texts that must not be kept."""
    secrets = ["pencil of a kind that is nowhere else"]
    secrets.append(secrets[0] + "!")
    client, _ = fresh(clear, tls=False)
    for secret in reversed(secrets):
        code = "235" if secret is secrets[0] else "535"
        ask(client, "AUTH LOGIN", "334")
        ask(client, b64("max"), "334")
        reply = client.ask(b64(secret))
        assert reply.code == code, reply
    for at in range(3):
        # base64 of what may stand anywhere in it
        text = b64((at * " " + secrets[0]).encode())
        print(text[4:-8])
    print(secrets[0])
    sys.stdout.flush()
    sys.stdin.readline()


def scan():
    """scan FILE PID...: are lines of FILE in the memory of these?"""
    with open(sys.argv[2], "rb") as file:
        wanted = [line for line in file.read().split(b"\n") if line]
    for pid in sys.argv[3:]:
        total = 0
        for piece in process_memory(pid):
            total += len(piece or b"")
            for text in wanted:
                assert text not in piece, "%r is in %s" % (text, pid)
        if total < 100000:
            sys.exit(2)


def main():
    """Do one of them."""
    if sys.argv[1] == "scan":
        try:
            scan()
        except PermissionError:
            sys.exit(2)
        return
    command, host, port, clear = sys.argv[1:]
    try:
        globals()[command]((host, int(port)), (host, int(clear)))
    except Closed:
        sys.exit("%s: the server ended the connection" % command)


if __name__ == "__main__":
    main()
