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

"""Plays the rows of wire.md, each one with all ways to cut its octets."""

import itertools
import random
import time

import tables
from client import Client, Closed
from rows import LOCK, NETWORKS
from server import CERTIFIED, Server

CONF = """\
rcpt { directory 'accounts'; errors { total 100; wait 0 } }
extensions { dsn true; smtputf8 true }
"""
# lockstep: each command waits for the reply of the one before
MODES = ("lockstep", "one write", "octet by octet", "between CR and LF",
         "at random")
PAUSE = 0.0005		# s between two pieces, so that they stay two
EVIL = b"MAIL FROM:<x@evil.test>\r\nRCPT TO:<bob@example.org>\r\n"


class Fault(Exception):
    """What went wrong, in words."""


def cuts(data, mode, rng):
    """Where to cut."""
    if mode == "octet by octet":
        return range(1, len(data))
    if mode == "between CR and LF":
        return [i for i in range(1, len(data))
                if data[i - 1:i + 1] == b"\r\n"]
    if mode == "at random":
        return sorted(rng.randrange(1, len(data)) for _ in range(8))
    return []


class Play:
    """One row in one mode."""

    def __init__(self, server, row, mode, seed):
        self.row = row
        self.mode = mode
        self.rng = random.Random("%s %s %s" % (seed, row.name, mode))
        with LOCK:
            number = next(NETWORKS)
        self.client = Client(server.address, "127.%d.%d.9" % (
            1 + number // 250, number % 250 + 1))
        self.token = "%s-%s" % (row.name.replace("/", "-"),
                                mode.replace(" ", "-"))
        self.keys = []		# of the replies, to compare modes

    def close(self):
        """Done."""
        self.client.sock.close()

    def lead(self, *lines):
        """What is there before the row begins."""
        for line in lines:
            reply = self.client.ask(line)
            if reply.code not in ("250", "354"):
                raise Fault("%s: %s" % (line, reply))

    def send(self, data):
        """Octets, cut as the mode says."""
        pause = PAUSE if len(data) < 4096 else 0
        last = 0
        for cut in itertools.chain(cuts(data, self.mode, self.rng),
                                   [len(data)]):
            self.client.send(data[last:cut])
            last = cut
            if pause and cut < len(data):
                time.sleep(pause)

    def expect(self, want, plain=False):
        """The next reply."""
        reply = self.client.read(plain)
        self.keys.append(reply.key())
        fault = want.fault(reply, 0)
        if fault:
            raise Fault(fault)
        return reply

    def until_end(self):
        """All replies up to the end of the connection."""
        replies = []
        try:
            while True:
                replies.append(self.client.read())
                self.keys.append(replies[-1].key())
        except Closed:
            return replies

    def commands(self, steps):
        """[(octets, Want)], then NOOP, which gets 250."""
        steps = steps + [(b"NOOP\r\n", tables.Want("250"))]
        if self.mode != "lockstep":
            self.send(b"".join(data for data, _ in steps))
        for data, want in steps:
            if self.mode == "lockstep":
                self.send(data)
            if self.expect(want).code == "421":
                break		# a row allows it: nothing follows
        else:
            return
        if not self.client.closed():
            raise Fault("421, and the connection goes on")

    def rcpt(self):
        """A path, or parameters."""
        text = self.row.input()[0]
        if self.row.kind == "parameters":
            text = "<bob@example.org> " + text
        self.lead("EHLO client.test")
        self.commands([
            (b"MAIL FROM:<a@b.test>\r\n", tables.Want("250")),
            (b"RCPT TO:" + tables.octets(text) + b"\r\n",
             tables.steps(self.row.expected()[0])[0])])

    def line(self):
        """A command line."""
        data = tables.octets(self.row.input()[0]) + b"\r\n"
        want = tables.steps(self.row.expected()[0])
        self.lead("EHLO client.test")
        if want[-1] == "close":
            self.ends(data, want)
        else:
            self.commands([(data, want[0])])

    def octets(self):
        """What no command may have."""
        self.lead("EHLO client.test", "MAIL FROM:<a@b.test>")
        self.ends(tables.octets(self.row.input()[0]),
                  tables.steps(self.row.expected()[0]))

    def ends(self, data, want):
        """One reply (or at most one negative), then the end."""
        self.send(data)
        replies = self.until_end()
        if want == ["close"]:
            if len(replies) > 1 or any(r.code < "400" for r in replies):
                raise Fault("%d replies" % len(replies))
            return
        if len(replies) != 1:
            raise Fault("%d replies and the end" % len(replies))
        fault = want[0].fault(replies[0], 0)
        if fault:
            raise Fault(fault)

    def text(self):
        """The message before the sequence, and the line it stands behind."""
        return ("Subject: %s\r\n\r\nfirst" % self.token).encode()

    def sequence(self):
        """What may look like an end of data."""
        second = ("Subject: second-%s\r\n\r\nsecond\r\n.\r\n"
                  % self.token).encode()
        data = self.text() + tables.octets(self.row.input()[0]) + EVIL
        self.lead("EHLO client.test", "MAIL FROM:<a@b.test>",
                  "RCPT TO:<bob@example.org>", "DATA")
        kind = self.row.expected()[0]
        if kind == "end of data":
            self.end_of_data(data, second)
            return
        self.send(data + b"DATA\r\n" + second)
        if kind == "data":
            self.expect(tables.Want("250"))
            self.send(b"NOOP\r\n")
            self.expect(tables.Want("250"))
            return
        replies = self.until_end()
        if len(replies) > 1 or any(r.code[0] != "5" for r in replies):
            raise Fault("refused with " + ", ".join(map(str, replies)))

    def end_of_data(self, data, second):
        """In one write the second text comes before the 354; else NOOP."""
        if self.mode != "one write":
            self.send(data + b"NOOP\r\n")
            for _ in range(4):
                self.expect(tables.Want("250"))
            return
        self.send(data + b"DATA\r\n" + second + b"QUIT\r\n")
        for _ in range(3):
            self.expect(tables.Want("250"))
        self.keys.append(("250", "2.0.0", 1))	# no NOOP in this mode
        self.client.sock.settimeout(1)
        try:
            self.client.read()
        except (Closed, OSError):
            pass

    def stored(self):
        """The text of what must be stored; None for nothing."""
        kind = self.row.expected()[0]
        if self.row.kind != "sequence" or kind == "refused":
            return None
        text = self.text()
        if kind == "end of data":
            return (text + b"\r\n").replace(b"\r\n", b"\n")
        sequence = tables.octets(self.row.input()[0])
        text += sequence.replace(b"\r\n.", b"\r\n")
        text += EVIL + (b"DATA\r\nSubject: second-%s\r\n\r\nsecond\r\n"
                        % self.token.encode())
        return text.replace(b"\r\n", b"\n")


PLAYS = {"path": Play.rcpt, "parameters": Play.rcpt, "line": Play.line,
         "octets": Play.octets, "sequence": Play.sequence}


def play_row(server, row, mode, seed):
    """(fault or "", the Play)."""
    play = Play(server, row, mode, seed)
    try:
        PLAYS[row.kind](play)
        return "; ".join(play.client.faults), play
    except Fault as fault:
        return str(fault), play
    except Closed:
        return "the server ended the connection", play
    except OSError as error:
        return str(error), play
    finally:
        play.close()


def play_modes(server, row, options):
    """A row in all modes: (its fault or "", all Plays)."""
    plays, first = [], None
    for mode in MODES:
        if mode == "lockstep" and row.kind in ("octets", "sequence"):
            continue
        if options.v:
            print("# %s %s" % (row.name, mode), flush=True)
        fault, play = play_row(server, row, mode, options.seed)
        plays.append(play)
        first = first or play
        if not fault and play.keys != first.keys:
            fault = "other replies: %s, %s" % (play.keys, first.keys)
        if fault:
            return "%s (seed %d): %s" % (mode, options.seed, fault), plays
    return "", plays


def play_wire(fixture, rows, options):
    """All rows of the page on one server: [(name, fault or "")]."""
    around = CERTIFIED + options.around.replace("@SMTP@", "9").replace(
        "name smtp\n", "name smtp starttls\n")
    try:
        server = Server(CONF, fixture.directory, around)
    except RuntimeError as error:
        return [(row.name, str(error)) for row in rows]
    results, plays = {}, []
    try:
        for row in rows:
            results[row.name], more = play_modes(server, row, options)
            plays += more
        if not server.wait_delivered():
            results["wire/queue"] = "not empty: " + server.queue()
        mails = server.mails()
        for play in plays:
            fault = look(play, mails)
            results[play.row.name] = results[play.row.name] or fault
        log = server.tail()
    finally:
        end = server.stop()
    if end:
        results["wire/log"] = end
    if options.v and any(results.values()):
        print("# the log\n" + log)
    return list(results.items())


def look(play, mails):
    """Whether what is stored is what was sent."""
    want = play.stored()
    token = play.token.encode() + b"\n"
    got = [mail["text"] for mail in mails if token in mail["text"]]
    where = " (%s)" % play.mode
    if want is None:
        return "stored: %r%s" % (got[0], where) if got else ""
    if len(got) != 1:
        return "%d copies stored%s" % (len(got), where)
    at = got[0].find(b"Subject: " + token)
    if got[0][at:] != want:
        return "stored %r, wanted %r%s" % (got[0][at:], want, where)
    return ""
