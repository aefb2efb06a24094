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

"""Plays the rows of one fixture, in the notation of rcpt.md."""

import base64
import itertools
import os
import re
import threading
import time

import tables
from client import Client, Closed
from server import STORE_OF_TABLE, Folder, Server, with_logins
from sink import Sink

NETWORKS = itertools.count(0)
SECRET = "$2b$04$y8mX8MkfFvRnCpQYRzkFzO0XZHDY5S24/GwxHnhxBXDPb/oCoUy5K"
SETTLE = 20		# seconds for the queue to become empty
LOCK = threading.Lock()


class Sent:
    """A message that was accepted, to be looked for at the end."""

    def __init__(self, name, token, want, repeats):
        self.name = name
        self.token = token
        self.want = want	# as tables.delivery
        self.repeats = repeats	# a mailbox may have more than one copy

    def fault(self, copies):
        """Why these copies are not what was wanted, or ""."""
        if any(copy["to"] is None for copy in copies):
            return "a copy without Delivered-To"
        for key, want in self.want.items():
            got = sorted(copy[key] for copy in copies)
            if key in ("from", "orcpt", "notify"):
                want = want or [""]
            if set(got) != set(want):
                return "expected %s=%s, got %s" % (
                    key, ",".join(want), ",".join(got) or "nothing")
            if key == "to" and not self.repeats and len(got) != len(want):
                return "more than one copy: " + ",".join(got)
        return ""


def command(text):
    """The octets of one input: RCPT a@b P, MAIL <> P, or as it stands."""
    match = re.match(r'(RCPT|MAIL) (?!TO[: ]|FROM[: ])'
                     r'((?:"[^"]*"|[^" ])+)(.*)$', text)
    if match is None:
        return tables.octets(text) + b"\r\n"
    verb, path, rest = match.groups()
    verb += " TO:" if verb == "RCPT" else " FROM:"
    if not path.startswith("<"):
        path = "<" + path + ">"
    return tables.octets(verb + path + rest) + b"\r\n"


class Talk:
    """The session of a row and of those that go on in it."""

    def __init__(self, address, before, number):
        match = re.search(r" \.(\d+)\b", before)
        if match:
            source = "127.0.0." + match.group(1)
        else:
            source = "127.%d.%d.9" % (1 + number // 250, number % 250 + 1)
        login = self._word(before, "auth", "")
        if login:
            address = ("127.0.0.2", address[1])
        self.client = Client(address, source, bool(login))
        if self.client.greeting.code != "220":
            raise ValueError("greeting %s" % self.client.greeting)
        self._must("EHLO " + self._word(before, "helo", "client.test"))
        if login:
            self._must("AUTH PLAIN " + base64.b64encode(
                ("\0%s\0secret" % login).encode()).decode(), "235")
        mail = self._word(before, "mail", "sender@elsewhere.test")
        if mail != "-":
            self._must("MAIL FROM:<%s>" % mail)

    @staticmethod
    def _word(before, key, default):
        match = re.search(r"\b%s=(\S*)" % key, before)
        return match.group(1) if match else default

    def _must(self, line, code="250"):
        reply = self.client.ask(line)
        if reply.code != code:
            raise ValueError("%s: %s" % (line, reply))

    def play(self, data, want):
        """Send, and compare all replies.  Returns a fault or ""."""
        start = time.monotonic()
        self.client.send(data)
        plain = [line[:4].upper() in (b"EHLO", b"HELO")
                 for line in data.split(b"\r\n")]
        for number, step in enumerate(want):
            if step == "close":
                if not self.client.closed():
                    return "expected the end of the connection"
                continue
            reply = self.client.read(number < len(plain) and plain[number])
            fault = step.fault(reply, time.monotonic() - start)
            if fault:
                return fault
        return ""

    def message(self, subject, want):
        """SEND."""
        reply = self.client.ask("DATA")
        if reply.code != "354":
            return "DATA: %s" % reply
        return self.play(b"From: a@b.test\r\nSubject: %s\r\n\r\nhello\r\n"
                         b".\r\n" % subject.encode(), want)


def token(row, number):
    """The subject of what the SEND of this number sends."""
    return "%s-%d" % (row.name.replace("/", "-"), number)


def play_input(talk, row, number, text, want):
    """One input: fault or ""."""
    if text == "SEND":
        return talk.message(token(row, number), want)
    return talk.play(command(text), want)


def play_row(talk, row, fixture):
    """Returns (fault or "", the messages that were accepted)."""
    inputs, expected = row.input(), row.expected()
    sent, shared = [], [word.lower() for word in fixture.shared()]
    for number, text in enumerate(inputs):
        if text.startswith("PAUSE "):
            time.sleep(float(text[6:].rstrip("s")))
            continue
        cell = expected.pop(0)
        want = tables.steps(cell)
        try:
            fault = play_input(talk, row, number, text, want)
        except Closed:
            fault = "the server ended the connection"
        except OSError as error:
            fault = str(error)
        if fault:
            return "%s: %s" % (text[:60], fault), sent
        if text == "SEND":
            said = " ".join(inputs).lower()
            sent.append(Sent(row.name, token(row, number),
                             tables.delivery(cell), any(
                                 word.split("@")[0] in said
                                 for word in shared)))
    return "; ".join(talk.client.faults), sent


def play_fixture(fixture, rows, options):
    """All rows of a fixture on one server: [(name, fault or "")]."""
    sinks, conf, directory = {}, fixture.conf, fixture.directory
    around = options.around
    for mark in ("@LMTP@", "@SMTP@"):
        if mark in directory + around:
            sinks[mark] = Sink()
            port = str(sinks[mark].port)
            directory = directory.replace(mark, port)
            around = around.replace(mark, port)
    directory = directory.replace("SECRET", SECRET)
    if any("auth=" in row.cells["before"] for row in rows):
        around = with_logins(around)
    if "FROM greylist" in conf:
        around += STORE_OF_TABLE
    try:
        server = Server(conf, directory, around)
    except RuntimeError as error:
        return [(row.name, "%s: %s" % (fixture.name, error)) for row in rows]
    try:
        faults, sent = play_all(server, fixture, rows, options)
        if sent:
            look(server, sinks, sent, faults)
    finally:
        log = server.tail()
        end = server.stop()
    if end:
        faults["%s/log" % fixture.name] = end
    if options.v and any(faults.values()):
        print("# the log of %s\n%s" % (fixture.name, log))
    return list(faults.items())


def play_all(server, fixture, rows, options):
    """(faults by name, all messages that were accepted)."""
    faults, sent, talk = {}, [], None
    for row in rows:
        if options.v:
            print("# " + row.name, flush=True)
        before = row.cells["before"]
        try:
            if not before.startswith("(cont.)"):
                if talk is not None:
                    talk.client.sock.close()
                with LOCK:
                    number = next(NETWORKS)
                talk = None
                talk = Talk(server.address, before, number)
            if talk is None:
                raise ValueError("the row above failed")
            faults[row.name], more = play_row(talk, row, fixture)
            sent += more
        except Closed:
            faults[row.name] = "the server ended the connection"
        except (OSError, ValueError) as error:
            faults[row.name] = str(error)
    if talk is not None:
        talk.client.sock.close()
    return faults, sent


def look(server, sinks, sent, faults):
    """Compare what arrived with what every SEND wanted."""
    if not server.wait_delivered(SETTLE):
        faults["queue"] = "not empty: " + server.queue()
    copies = server.mails()
    for sink in sinks.values():
        copies += sink.messages
    for message in sent:
        fault = message.fault([
            copy for copy in copies
            if b"Subject: %s\n" % message.token.encode()
            in copy["text"].replace(b"\r\n", b"\n")])
        faults[message.name] = faults[message.name] or fault


def check_row(row):
    """A row of what smtpd -n accepts or refuses: fault or ""."""
    folder = Folder()
    try:
        text = row.input()[0]
        path = folder.write("x.conf", folder.configuration(text, 2525))
        code, out = folder.run(folder.smtpd, "-n", "-f", path)
    finally:
        folder.remove()
    verdict = row.expected()[0]
    if (code == 0) != (verdict == "accepted"):
        return "expected %s, got %d: %s" % (verdict, code, out.strip())
    where = r"(?m)^%s:\d+:\d+: " % re.escape(os.path.basename(path))
    if verdict == "refused" and not re.search(
            where, out.replace(os.path.dirname(path) + "/", "")):
        return "no file, line and column in: " + out.strip()
    return ""
