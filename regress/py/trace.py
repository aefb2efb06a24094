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


"""What smtpctl trace shows, beside what a client has said and heard.

usage: trace.py COMMAND HOST PORT LOGIN-PORT SMTPCTL SOCKET
"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time

from auth import PASSWORD, Scram, b64, challenge, plain
from client import WAIT, Client

PATIENCE = 3 * WAIT	# seconds for what comes by way of two processes
HELO = "client.test"
SENDER = "from@client.test"
RCPTS = ("bob@example.org", "team@example.org", "bob+tag@example.org",
         "old.ann@example.org", "any@catchall.test", "gone@example.org",
         "late@example.org", "nobody@example.org", "any@elsewhere.test")
# these tell of what the same question does for a client alone
OWN = ("harvest", "about")


class Ctl:
    """smtpctl on that socket."""

    def __init__(self, program, path):
        self.words = [program, "-j", "-s", path]

    def run(self, *words):
        """A command: its exit status and what it said."""
        done = subprocess.run(self.words + list(words), check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def rows(self, *words):
        """A command that has to go well: its rows."""
        status, out, err = self.run(*words)
        assert status == 0, (words, status, err)
        return [json.loads(line) for line in out.splitlines()]

    def steps(self, rcpt):
        """What explain says about a recipient, behind MAIL."""
        rows = self.rows("explain", "rcpt", rcpt, "from", SENDER, "client",
                         "127.0.0.1", "helo", HELO)
        names = [row["step"] for row in rows]
        return [row for row in rows[names.index("mail") + 1:-1]
                if row["step"] not in OWN]


class Trace:
    """A trace under way."""

    def __init__(self, ctl, whom):
        self.rows = []
        self.pipe = subprocess.Popen(ctl.words + ["trace", whom],
                                     stdout=subprocess.PIPE,
                                     stderr=subprocess.PIPE)
        threading.Thread(target=self._read, daemon=True).start()
        self.until(lambda: any(row["step"] == "trace" for row in self.rows))

    def _read(self):
        for line in self.pipe.stdout:
            self.rows.append(json.loads(line))

    def until(self, true):
        """Wait for it."""
        end = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < end, (
                "in vain: %s %s" % (self.rows, self.pipe.poll()))
            time.sleep(0.02)

    def session(self, client):
        """The rows about one client's session, when it has ended."""
        port = str(client.port)

        def name():
            return next((row["session"] for row in self.rows
                         if row.get("port") == port), None)
        self.until(lambda: name() and any(
            row.get("session") == name() and row["step"] == "end"
            for row in self.rows))
        return [row for row in self.rows if row.get("session") == name()]

    def end(self):
        """Let go of it."""
        self.pipe.kill()
        self.pipe.wait()


class Talker(Client):
    """A client that writes down what was said."""

    def __init__(self, address):
        self.said = []
        super().__init__(address)
        self.port = self.sock.getsockname()[1]

    def read(self, plain=False):
        reply = super().read(plain)
        last = len(reply.lines) - 1
        self.said += [("reply", "%s%s%s" % (
            reply.code, "-" if i < last else " ", line))
            for i, line in enumerate(reply.lines)]
        return reply

    def say(self, line, code=None):
        """A line and its reply."""
        self.said.append(("command", line))
        reply = self.ask(line)
        assert code is None or reply.code == code, (line, str(reply))
        return reply


def dialogue(rows):
    """What of it is the dialogue."""
    return [(row["step"], row["what"]) for row in rows
            if row["step"] in ("command", "reply")]


def bare(row):
    """Without what says when and where."""
    return {key: value for key, value in row.items()
            if key not in ("session", "ms")}


def about(rows):
    """The steps of each recipient, by the address in its folded form."""
    steps, whom = {}, None
    for row in rows:
        if row["step"] in ("fold", "about"):
            whom = row["what"]
        if row["step"] == "decision" or row["step"] not in (
                "command", "reply", "end", "client", "mail") + OWN:
            steps.setdefault(whom, []).append(bare(row))
    return steps


def order(args):
    """Sessions side by side: each line in its place, each step once."""
    trace = Trace(args.ctl, "127.0.0.0/8")
    other = Trace(args.ctl, "::1")
    clients = [Talker(args.address) for _ in range(4)]
    for client in clients:
        client.say("EHLO " + HELO, "250")
    for rcpt in RCPTS:
        for client in clients:
            client.say("RSET", "250")
            client.say("MAIL FROM:<%s>" % SENDER, "250")
            client.say("RCPT TO:<%s>" % rcpt)
    for client in clients:
        client.say("RCPT TO:<bob@example.org>", "250")
        client.say("DATA", "354")
        client.sock.sendall(b"Subject: hush\r\n\r\nhush\r\n.\r\n")
        client.read()
        client.say("N\x01\xe9\\OP")
        client.say("QUIT", "221")
    expected = {rcpt: args.ctl.steps(rcpt) for rcpt in RCPTS}
    for client in clients:
        rows = trace.session(client)
        assert dialogue(rows) == client.said, (rows, client.said)
        assert [row["octets"] for row in rows if row["step"] == "text"] == [
            23], rows
        assert all(a["ms"] <= b["ms"] for a, b in zip(rows, rows[1:])), rows
        assert not any(row["step"] == "about" for row in rows), rows
        whole = about([row for row in rows if row["step"] != "text"])
        for rcpt in RCPTS[1:]:
            assert whole[rcpt] == expected[rcpt], (
                rcpt, whole[rcpt], expected[rcpt])
    assert "hush" not in json.dumps(trace.rows)
    assert [row["step"] for row in other.rows] == ["trace"], other.rows
    trace.end()
    other.end()


def pipelined(args):
    """In one group: the steps of each say whose they are."""
    trace = Trace(args.ctl, "127.0.0.1")
    client = Talker(args.address)
    client.say("EHLO " + HELO, "250")
    client.say("MAIL FROM:<%s>" % SENDER, "250")
    client.sock.sendall("".join(
        "RCPT TO:<%s>\r\n" % rcpt for rcpt in RCPTS).encode())
    for _ in RCPTS:
        client.read()
    client.say("QUIT", "221")
    whole = about(trace.session(client))
    for rcpt in RCPTS:
        expected = args.ctl.steps(rcpt)
        assert whole[rcpt] == expected, (rcpt, whole[rcpt], expected)
    trace.end()


def hidden(texts, secrets):
    """No secret may be in what was shown, in the clear or in base64."""
    for text in texts:
        for secret in secrets:
            assert secret not in text, (secret, text)


def secrets(args):
    """Whatever way a password comes, it is not shown."""
    trace = Trace(args.ctl, "127.0.0.1")
    mine = Scram("ann", PASSWORD)
    login = args.login
    client = Talker(login)
    client.say("EHLO " + HELO, "250")
    client.say("AUTH PLAIN " + plain(), "235")
    clients = [client]
    for lines in (
            ("AUTH PLAIN", plain("ann", "wrongpw")),
            ("AUTH LOGIN", b64("ann"), b64(PASSWORD)),
            ("auth login " + b64("ann"), b64("wrongpw")),
            ("AUTH LOGIN", "*", b64(PASSWORD)),
            ("AUTH " + plain(), plain()),
            ("AUTH CRAM-MD5 " + plain(), plain()),
            (" AUTH PLAIN " + plain(), plain()),
            ("AUTHPLAIN " + plain(), PASSWORD),
            ("AUTH PLAIN " + plain() + " x" * 40000, plain())):
        client = Talker(login)
        client.say("EHLO " + HELO, "250")
        for line in lines:
            client.say(line)
        clients.append(client)
    client = Talker(login)
    client.say("EHLO " + HELO, "250")
    first = challenge(client.say("AUTH SCRAM-SHA-256 " + mine.first()))
    final = mine.final(first)
    client.say(final, "334")
    client.say("", "235")
    clients.append(client)
    # where nobody logs in, too
    for line in ("AUTH PLAIN " + plain(), "auth\tplain " + plain()):
        client = Talker(args.address)
        client.say(line)
        client.say(plain())
        client.say(PASSWORD)
        clients.append(client)
    for client in clients:
        client.say("QUIT", "221")
        rows = trace.session(client)
        shown = [what for step, what in dialogue(rows) if step == "command"]
        assert len(shown) == sum(
            1 for who, _ in client.said if who == "command"), rows
        masked = sum(1 for row in rows if row["step"] == "command" and
                     row.get("octets", 0) > 0)
        assert masked > 0, (client.said, rows)
    names = {row["what"] for row in trace.rows if row["step"] == "login"}
    assert names == {"ann"}, names
    commands = {row["what"] for row in trace.rows
                if row["step"] == "command"}
    assert {"AUTH PLAIN", "AUTH LOGIN", "auth login", "AUTH",
            "AUTH SCRAM-SHA-256", "*", "QUIT"} <= commands, commands
    hidden([json.dumps(trace.rows)], (
        PASSWORD, "wrongpw", plain(), plain("ann", "wrongpw"), b64(PASSWORD),
        b64("wrongpw"), mine.bare, b64("n,," + mine.bare), mine.nonce, first,
        b64(first), final, b64("ann")))
    trace.end()


def one(args):
    """A session by its name; it ends with it."""
    client = Talker(args.address)
    client.say("EHLO " + HELO, "250")
    rows = args.ctl.rows("show", "sessions")
    name = next(row["session"] for row in rows
                if row["port"] == client.port)
    stranger = Talker(args.address)
    trace = Trace(args.ctl, name)
    again = Trace(args.ctl, name)
    stranger.say("NOOP", "250")
    client.said = []
    client.say("NOOP", "250")
    client.say("QUIT", "221")
    for each in (trace, again):
        assert each.pipe.wait(PATIENCE) == 0
        each.until(lambda t=each: t.rows[-1]["step"] == "end")
        assert dialogue(each.rows) == client.said, each.rows
        assert {row.get("session", name) for row in each.rows} == {name}
    status, _, err = args.ctl.run("trace", name)
    assert status == 65 and "no such session" in err, (status, err)
    for word in ("x", "0000000000000000", "127.0.0.1/33", name[1:]):
        status, _, err = args.ctl.run("trace", word)
        assert status == 64 and "expected" in err, (word, status, err)


def many(args):
    """As many as may be; one that is killed makes room."""
    traces = [Trace(args.ctl, "127.0.0.1") for _ in range(8)]
    status, _, err = args.ctl.run("trace", "127.0.0.1")
    assert status == 75 and "traces" in err, (status, err)
    os.kill(traces[3].pipe.pid, signal.SIGKILL)
    traces[3].pipe.wait()
    end = time.monotonic() + PATIENCE
    while True:
        try:
            traces[3] = Trace(args.ctl, "127.0.0.1")
            break
        except AssertionError:
            assert time.monotonic() < end, "no room"
    client = Talker(args.address)
    client.say("QUIT", "221")
    for trace in traces:
        assert dialogue(trace.session(client)) == client.said, trace.rows
        trace.end()


def reload(args):
    """Sessions of two generations, each with the steps of its policy."""
    trace = Trace(args.ctl, "127.0.0.1")
    before = [Talker(args.address) for _ in range(4)]
    for client in before:
        client.say("EHLO " + HELO, "250")
    with open(args.conf, "a", encoding="ascii") as conf:
        conf.write("\nmail { is-allowed sender != 'nobody@client.test' }\n")
    assert args.ctl.run("reload")[0] == 0
    after = [Talker(args.address) for _ in range(4)]
    for client in before + after:
        client.say("EHLO " + HELO, "250")
        client.say("MAIL FROM:<%s>" % SENDER, "250")
        client.say("RCPT TO:<nobody@example.org>", "550")
        client.say("QUIT", "221")
    for client in before + after:
        rows = trace.session(client)
        steps = [(row["step"], row.get("what")) for row in rows]
        assert ("decision", "unknown") in steps, steps
        # the rule of the new generation is a step of its sessions alone
        assert (("setting", "mail.is-allowed") in steps) == (
            client in after), rows
    trace.end()


def deaths(args):
    """Fronts and policies begin anew, and are watched as before."""
    trace = Trace(args.ctl, "127.0.0.1")
    lost = Talker(args.address)
    lost.say("NOOP", "250")
    single = Trace(args.ctl, next(
        row["session"] for row in args.ctl.rows("show", "sessions")
        if row["port"] == lost.port))
    rows = [row for row in args.ctl.rows("show", "status")
            if row["process"] in ("front", "policy")]
    for row in rows:
        os.kill(row["pid"], signal.SIGKILL)
    assert single.pipe.wait(PATIENCE) == 69, "a session that died lives"

    def ready():
        now = args.ctl.rows("show", "status")
        return all(row["state"] == "ready" for row in now) and sum(
            row["restarts"] for row in now
            if row["process"] in ("front", "policy")) >= len(rows)
    trace.until(ready)
    seen, end = 0, time.monotonic() + PATIENCE
    while seen < 4:
        assert time.monotonic() < end, trace.rows
        try:
            client = Talker(args.address)
            client.say("EHLO " + HELO, "250")
            client.say("MAIL FROM:<%s>" % SENDER, "250")
            client.say("RCPT TO:<nobody@example.org>", "550")
            client.say("QUIT", "221")
        except (AssertionError, OSError):
            continue	# somebody was not there yet
        rows = trace.session(client)
        assert dialogue(rows) == client.said, rows
        assert any(row["step"] == "decision" for row in rows), rows
        seen += 1
    trace.end()


class Args:
    """The command line."""

    def __init__(self, words):
        self.address = (words[2], int(words[3]))
        self.login = (words[2], int(words[4]))
        self.ctl = Ctl(words[5], words[6])
        self.conf = words[7] if len(words) > 7 else None


def main():
    """One command."""
    socket.setdefaulttimeout(PATIENCE)
    {"order": order, "pipelined": pipelined, "secrets": secrets, "one": one,
     "many": many, "reload": reload, "deaths": deaths}[sys.argv[1]](
         Args(sys.argv))


if __name__ == "__main__":
    main()
