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


"""What explain says is what the wire says, over directories at random.

usage: explain.py [SEED [DIRECTORIES]]

All directories and all rules are in one server; the name that a client gives
itself chooses among them.  For every address the reply of RCPT must be the
octets that explain shows; VRFY, EXPN and delivery must agree with both; and
neither sub-addressing, nor catch-all, nor how input is cut may change a reply
that was there without them.
"""

import os
import random
import re
import subprocess
import sys

from client import Client
from control import Control
from server import Server

RULES = 8		# sets of rules; 0 is as plain as can be, 1 has all
ADDRESSES = 70		# asked for in each directory
DELIVERED = 5		# of those, really sent
DOMAINS = ["one.test", "two.test", "alias.test", "split.test", "out.test"]
LOCALS = ["ann", "bob", "carl", "ann.bob", "bob+x", "dora", "info", "eve",
          "f-x", "x.ann", "sales"]
MORE = ["zoe", "ann+tag", "bob.carl", "carl-y", "x.y.z", "x.bob", "+ann",
        "nobody", "ann.bob+t", "sales+x", "'q", "drop", "odd"]
ODD = ["<>", "<ann>", "<postmaster>", "<ann@one.test", "<ann@one.test> A=B",
       "<ann@one.test> NOTIFY=NEVER", "<a@b@c>", '<"ann"@one.test>',
       '<"a b"@one.test>', "<@x.test,@y.test:ann@one.test>", "ann@one.test",
       "<ann@[127.0.0.1]>", "<ann@[192.0.2.99]>", "<ann@one.test.>",
       "<%s@one.test>" % ("l" * 65), "<ann@%s>" % ("d" * 256),
       "<j\u00f6rg@one.test>", "<ann@b\u00fccher.test>", "<ann@-x.test>",
       "<POSTMASTER@mx.own.example>", "<ann@one.test> NOTIFY=X"]
STATES = ["", "", "", "", "", " state=reject text=\"Moved away.\"",
          " state=discard", " state=reject", " expires=2020-01-01"]
DEFER = [" state=defer", " state=defer text=\"Come back\""]

# setting: [(whether it has the rules' condition, value)]
SUB = ["true", "false", "$1 + '@' + rcpt_domain", "$2 + '@' + $1", "rcpt",
       "rcpt_domain", "'a@' + rcpt", "'@' + rcpt_domain", "'ann@two.test'",
       "'ann@out.test'"]
CATCH = ["true", "false", "'info@' + rcpt_domain", "'ann@one.test'", "rcpt",
         "'ann@out.test'", "'@' + rcpt_domain", "'info@two.test'", "$1"]
REWRITE = ["$1 + '+' + $2 + '@one.test'", "to_lowercase(rcpt)", "rcpt + '!'",
           "email_part(rcpt, 'local') + '@two.test'", "'ann@one.test'"]
RELAY = ["true", "false", "is_local_domain('', 'one.test')", "$1 = 'ann'",
         "sender_domain = 'b.test'", "len(recipients) > 1000"]
WHEN = ["matches('^([^.@]+)\\.([^@]+)@', rcpt)", "starts_with(rcpt, 'x')",
        "matches('^(.+)@(.+)$', rcpt)", "contains(rcpt, '+')",
        "is_local_address('{0}', rcpt)", "remote_ip = '127.0.0.1'",
        "!is_local_domain('{0}', rcpt_domain)", "count_chars(rcpt) > 12"]


class Book:
    """One directory: its text, and what a test must know of it."""

    def __init__(self, rng, number):
        self.name = "d%d" % number
        self.number = number
        self.free = [local + "@" + domain for domain in DOMAINS[:3]
                     for local in LOCALS]
        rng.shuffle(self.free)
        self.later = number % 4 == 3	# somebody's mail has to wait here
        self.text = ("domain one.test\ndomain two.test\n"
                     "domain alias.test alias-of=one.test\n"
                     "domain split.test unknown=relay:lmtp://127.0.0.1:9\n"
                     "domain mx.own.example\n")
        self.accounts = []
        for i in range(rng.randint(4, 8)):
            self._account(rng, i)
        self.groups = []
        for _ in range(rng.randint(3, 9)):
            self._group(rng)
        if rng.random() < 0.3:
            self.text += "alias postmaster@mx.own.example %s\n" % (
                rng.choice(self.groups or ["ann@one.test"]))

    def _state(self, rng):
        return rng.choice(STATES + (DEFER if self.later else []))

    def _account(self, rng, i):
        name = "%sp%d" % (self.name, i)
        mine = [self.free.pop() for _ in range(rng.randint(1, 3))]
        mine += ["@" + domain for j, domain in enumerate(DOMAINS[:3])
                 if j == i and rng.random() < 0.5]
        self.text += "account %s addresses=%s%s\n" % (
            name, ",".join(mine), self._state(rng))
        self.accounts.append(name)

    def _group(self, rng):
        """An alias or a list, of anybody, itself too."""
        mine = self.free.pop()
        all_ = [local + "@" + domain for domain in DOMAINS
                for local in LOCALS]
        behind = rng.sample(all_, rng.randint(1, 4))
        if rng.random() < 0.3:
            self.text += "list %s members=%s%s%s\n" % (
                mine, ",".join(behind + self.accounts[:1]),
                rng.choice(["", "", " senders=authenticated",
                            " senders=members"]), self._state(rng))
        else:
            self.text += "alias %s %s%s\n" % (mine, ",".join(behind),
                                              self._state(rng))
        self.groups.append(mine)

    def paths(self, rng):
        """Paths to ask for, as a client writes them."""
        found = list(ODD)
        while len(found) < ADDRESSES:
            local = rng.choice(LOCALS + LOCALS + MORE)
            case = rng.choice([str, str, str.upper, str.title])
            found.append("<%s@%s>" % (case(local), rng.choice(
                DOMAINS[:3] * 3 + DOMAINS + ["sub.one.test", "ONE.test"])))
        return found


def rules(rng, setting, values, plain, full, books):
    """A setting whose value depends on the name of the client."""
    text = "    %s" % setting
    word = "if"
    for number in range(2, RULES):
        for _ in range(rng.randint(1, 2)):
            text += " %s ends_with(helo_domain, '.r%d.test') & %s then %s" % (
                word, number, rng.choice(WHEN).format(rng.choice(books).name),
                rng.choice(values))
            word = "\n        else if"
    return text + ("\n        else if ends_with(helo_domain, '.r1.test') then"
                   " %s else %s\n" % (full, plain))


def configuration(rng, books):
    """All directories, and the rules that choose."""
    text = "".join('directory %s db "@TMP@/%s.db"\n' % (book.name, book.name)
                   for book in books)
    text += 'deliver maildir "@TMP@/mail/%{account}"\n'
    text += "extensions { vrfy true; expn true }\n"
    text += "rcpt { max-recipients 100000; errors { total 100000; wait 0 }"
    text += "\n    sub-address-delimiters \"+-\"\n    directory if "
    text += "\n        else if ".join(
        "starts_with(helo_domain, '%s.') then '%s'" % (book.name, book.name)
        for book in books) + " else false\n"
    for one in (("sub-addressing", SUB, "false", "true"),
                ("catch-all", CATCH, "false", "true"),
                ("rewrite", REWRITE, "false", "false"),
                ("relay", RELAY, "false", "false")):
        text += rules(rng, *one, books)
    return text + "}\n"


class Books(Server):
    """A server with many directories."""

    def __init__(self, conf, books):
        self.books = books
        super().__init__(conf, "")

    def _start(self, conf, around):
        return super()._start(conf.replace("@TMP@", self.folder.path), around)

    def _import(self, directory):
        done = []
        for book in self.books:
            path = self.folder.write(book.name + ".txt", book.text)
            done.append(subprocess.Popen(
                self.folder.prefix + [
                    self.folder.smtpctl, "-q", "directory", "import", "-o",
                    os.path.join(self.folder.path, book.name + ".db"), path],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT))
            if len(done) % 4 == 0:
                self._wait(done)
        self._wait(done)

    @staticmethod
    def _wait(done):
        for process in done:
            out = process.communicate()[0]
            if process.returncode:
                raise RuntimeError("import: %r" % out)
        done.clear()


class Wire(Client):
    """A client that keeps the very octets of replies."""

    def __init__(self, server, helo):
        super().__init__(server.address)
        self.ask("EHLO " + helo)

    def raw(self):
        """One reply."""
        text = b""
        while True:
            while b"\n" not in self.buffer:
                more = self.sock.recv(65536)
                if not more:
                    raise AssertionError("closed after %r" % text)
                self.buffer += more
            line, self.buffer = self.buffer.split(b"\n", 1)
            text += line + b"\n"
            if line[3:4] != b"-":
                return text.decode("utf-8", "surrogateescape")

    def rcpts(self, paths, utf8, cut=None, alone=False):
        """The replies to all, in one transaction, or in one for each."""
        begin = "RSET\r\nMAIL FROM:<a@b.test>%s\r\n" % (
            " SMTPUTF8" if utf8 else "")
        data = begin + (begin if alone else "").join(
            "RCPT TO:%s\r\n" % path for path in paths)
        data = data.encode()
        if cut is None:
            self.send(data)
        else:
            self.send_cut(data, sorted(cut.randrange(len(data))
                                       for _ in range(60)))
        if alone:
            return [self.raw() for _ in range(3 * len(paths))][2::3]
        return [self.raw() for _ in range(len(paths) + 2)][2:]

    def say(self, line):
        """A command; its reply."""
        self.send(line.encode() + b"\r\n")
        return self.raw()


def check(good, why, *about):
    """Say what is wrong, and end."""
    if not good:
        raise AssertionError(why + ": " + "\n    ".join(map(str, about)))


class Story:
    """What explain says of one path."""

    def __init__(self, control, helo, path):
        status, why, self.rows = control.ask(
            "explain", "rcpt", path if path.startswith("<") else
            "<" + path, "from", "<a@b.test>", "client", "127.0.0.1",
            "helo", helo)
        check(status == 0, "explain fails", path, why)
        check(self.rows[-1]["step"] == "reply", "no reply", self.rows)
        self.path, self.helo = path, helo
        self.reply = self.rows[-1]["text"]

    def row(self, step):
        """The last row of a step, or {}."""
        return next((row for row in reversed(self.rows)
                     if row["step"] == step), {})

    def resolved(self):
        """Where it was found, in a few words."""
        row = self.row("resolved")
        return [row.get(key, "") for key in ("what", "via", "account",
                                             "primary", "text")]

    def accounts(self):
        """Who gets the mail; None when that is not all to be seen."""
        states = [row for row in self.rows if row["step"] == "state"]
        if self.row("directory").get("what") == "none" or any(
                row.get("is") in ("list", "outside", "not to be known",
                                  "at another server of ours")
                for row in self.rows) or self.row("resolved").get(
                    "what") not in ("found", "to be dropped") or any(
                        row["what"] in ("deferred", "cannot be known")
                        for row in states):
            return None
        # a state of an alias is that of all behind it
        return sorted(set(row["of"] for row in states
                          if row["what"] == "found"))

    def __str__(self):
        return "\n    ".join([self.helo] + [", ".join(
            "%s %s" % pair for pair in row.items()) for row in self.rows])


def same_as_wire(wire, control, helo, paths, rng):
    """RCPT says what explain says, octet for octet, however it is cut."""
    stories = [Story(control, helo, path) for path in paths]
    plain = [story for story in stories if story.path.isascii()]
    # what needs SMTPUTF8 is said with it, the rest without
    for some in (plain, [s for s in stories if s not in plain]):
        given = [story.path if story.path.startswith("<") else
                 "<" + story.path for story in some]
        # what one becomes may be what another is
        alone = any(story.row("rewrite") for story in some)
        replies = wire.rcpts(given, some is not plain, None, alone)
        for story, reply in zip(some, replies):
            check(reply == story.reply, "the wire says", repr(reply),
                  "explain says", repr(story.reply), story)
        again = wire.rcpts(given, some is not plain, rng, alone)
        check(again == replies, "cut input changes a reply", helo, given)
    return stories


def agree(wire, stories, plain):
    """
    VRFY knows what RCPT accepts; EXPN names nobody that it does not, where
    no rules of RCPT stand between.
    """
    for story in stories:
        if not re.fullmatch(r"<[\w.+-]+@[\w.]+>", story.path, re.ASCII) or \
                story.row("rewrite") or story.reply[:3] in ("451", "501"):
            continue
        known = wire.say("VRFY " + story.path)
        want = ("250" if story.row("resolved").get("what") in (
            "found", "to be dropped", "deferred", "full",
            "not for this sender") else
                "252" if story.row("resolved").get("what") ==
                "for another server" or story.row("directory")["what"] ==
                "none" else "550")
        check(known[:3] == want, "VRFY says", repr(known), story)
        if plain and want == "250" and story.reply[:3] == "250":
            names = wire.say("EXPN " + story.path)
            if names[:3] != "250":
                continue
            shown = re.findall(r"<[^<>]+>", names)
            for name, reply in zip(shown, wire.rcpts(shown, False)):
                away = name.rsplit("@", 1)[1] in ("out.test>",)
                check(away or reply[:2] in ("25", "45"), "EXPN names", name,
                      repr(reply), story)


def nothing_moves(before, after):
    """What was found without sub-addressing and catch-all stays."""
    for one, two in zip(before, after):
        if one.row("resolved").get("what", "no such address") not in (
                "no such address", "not local", "for another server"):
            check(one.reply == two.reply and one.resolved() ==
                  two.resolved(), "sub-addressing or catch-all moved", one,
                  two)


def send(wire, rng, book, stories, wanted):
    """Mail to some of those accepted; notes in wanted who must have it."""
    fit = [story for story in stories if story.reply[:3] == "250" and
           story.path.isascii() and story.path.startswith("<") and
           story.accounts() is not None]
    for story in rng.sample(fit, min(DELIVERED, len(fit))):
        subject = "s%s-%d" % (book.name, len(wanted))
        wire.say("RSET")
        wire.say("MAIL FROM:<>")
        check(wire.say("RCPT TO:" + story.path) == story.reply, "changed",
              story)
        check(wire.say("DATA")[:3] == "354", "no DATA", story)
        reply = wire.say("Subject: %s\r\n\r\n." % subject)
        check(reply[:3] == "250", "not taken", reply, story)
        wanted[subject] = (story.accounts(), story)


def delivered(server, wanted):
    """Mail lies where explain has said."""
    check(server.wait_delivered(120), "the queue does not become empty",
          server.queue())
    found = {subject: [] for subject in wanted}
    for mail in server.mails():
        subject = re.search(rb"(?m)^Subject: (\S+)", mail["text"])
        # notices of failure have other subjects
        if subject and subject.group(1).decode() in found:
            found[subject.group(1).decode()].append(
                os.path.basename(mail["where"]))
    for subject, (accounts, story) in wanted.items():
        check(sorted(found[subject]) == accounts, "delivered to",
              found[subject], "not to", accounts, story)


def stats(control):
    """Figures that nobody's question may move."""
    rows = control.ask("show", "stats")[2]
    return [(row["process"], key, value) for row in rows
            for key, value in row.items() if row["process"] in (
                "policy", "lookup") and key not in ("questions", "jobs")]


def run(rng, server, books):
    """Everything; how much it was."""
    wanted, asked = {}, 0
    with Control(server.sock) as control:
        before = stats(control)
        Story(control, "d0.r1.test", "<ann@one.test>")
        check(stats(control) == before, "explain counts", before)
        for book in books:
            paths = book.paths(rng)
            told = {}
            for rule in {0, 1, 2 + book.number % (RULES - 2)}:
                helo = "%s.r%d.test" % (book.name, rule)
                some = paths if rule > 1 else paths[len(ODD):]
                with Wire(server, helo) as wire:
                    told[rule] = same_as_wire(wire, control, helo, some, rng)
                    agree(wire, told[rule], rule < 2)
                    if not book.later:
                        send(wire, rng, book, told[rule], wanted)
                asked += len(some)
            nothing_moves(told[0], told[1])
        delivered(server, wanted)
    return "%d directories, %d addresses, %d messages" % (
        len(books), asked, len(wanted))


def main():
    """The seed is printed, so that a run can be repeated."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else random.getrandbits(32)
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 40
    rng = random.Random(seed)
    books = [Book(rng, number) for number in range(count)]
    server = Books(configuration(rng, books), books)
    why, how = "", ""
    try:
        how = run(rng, server, books)
    except AssertionError as error:
        why = str(error)
    finally:
        fault = server.stop()
    if why or fault:
        sys.exit("FAIL explain: seed %d: %s" % (seed, why or fault))
    print("ok explain (%s, seed %d)" % (how, seed))


if __name__ == "__main__":
    main()
