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

"""Sessions at random, beside a model of what a session is.

usage: model.py [SEED [SESSIONS]]

The model says which code each command gets and which recipients each
message has; the server must agree, however the octets are cut.
"""

import os
import random
import ssl
import subprocess
import sys

from client import Client, Closed
from server import Server

MOST = 4		# max-recipients
ERRORS = "errors {{ total 1000; wait 0 }}"
CONF = """\
pki mx cert "{tmp}/crt" key "{tmp}/key"
listen on 127.0.0.1 port {port} name smtp starttls
rcpt {{ directory 'accounts'; max-recipients %d; %s }}
""" % (MOST, ERRORS)
DIRECTORY = """
domain example.org
account john addresses=john@example.org
account jane addresses=jane@example.org
account bill addresses=bill@example.org
account mike addresses=mike@example.org
account nina addresses=nina@example.org
"""
NAMES = ["john", "jane", "bill", "mike", "nina"]


class Model:
    """What a client may say next, and what comes of it."""

    def __init__(self):
        self.stored = {}	# subject: set of recipients
        self.restart(tls=False)

    def restart(self, tls):
        """A new connection, or TLS over it: nothing is known."""
        self.tls = tls
        self.helo = False
        self.tx = None		# None, or the list of recipients

    def helo_(self, good):
        """EHLO and HELO."""
        if not good:
            return "501"
        self.helo, self.tx = True, None
        return "250"

    def mail(self, kind):
        """MAIL FROM."""
        if self.tx is not None or not self.helo:
            return "503"
        if kind != "good":
            return {"path": "501", "param": "555", "size": "552"}[kind]
        self.tx = []
        return "250"

    def rcpt(self, kind, name):
        """RCPT TO, in the order of RCPT.md 1."""
        if self.tx is None:
            return "503"
        if kind in ("path", "param"):
            return {"path": "501", "param": "555"}[kind]
        if len(self.tx) >= MOST:
            return "452"
        if kind in ("unknown", "relay"):
            return "550"
        if name not in self.tx:
            self.tx.append(name)
        return "250"

    def data(self):
        """DATA alone; 354 when text may come."""
        return "354" if self.tx else "503"

    def text(self, subject):
        """The end of a text that is good."""
        self.stored[subject] = set(self.tx)
        self.tx = None
        return "250"


class Session:
    """One connection that does things at random."""

    def __init__(self, server, model, rng, contexts):
        self.server, self.model, self.rng = server, model, rng
        self.contexts = contexts
        self.said = []		# for messages
        self.open = True
        self.client = Client(server.address)
        model.restart(tls=False)

    def command(self):
        """One command that ends no group: (octets, code)."""
        rng, model = self.rng, self.model
        what = rng.choice(["helo", "mail", "rcpt", "rcpt", "rset", "noop",
                           "vrfy", "bad", "long"])
        if rng.random() < 0.6:		# a client that gets on
            what = ("rcpt" if model.tx is not None else
                    "mail" if model.helo else "helo")
        case = rng.choice([str.upper, str.lower, str.title])
        if what == "helo":
            good = rng.random() < 0.9
            return (case(rng.choice(["EHLO", "HELO"])) +
                    (" client.test" if good else ""), model.helo_(good))
        if what == "mail":
            kind = rng.choice(["good"] * 6 + ["path", "param", "size"])
            path = "<a@@b>" if kind == "path" else "<a@b.test>"
            more = {"param": " FOO=1", "size": " SIZE=99999999999"}
            # after HELO no parameter was offered, but all are understood
            return (case("MAIL") + " FROM:" + path + more.get(kind, ""),
                    model.mail(kind))
        if what == "rcpt":
            kind = rng.choice(["good"] * 6 + ["path", "param", "unknown",
                                              "relay"])
            name = rng.choice(NAMES)
            path = {"path": "<b@@c>", "unknown": "<nobody@example.org>",
                    "relay": "<x@away.test>"}.get(
                        kind, "<%s@example.org>" % case(name))
            return (case("RCPT") + " TO:" + path +
                    (" FOO=1" if kind == "param" else ""),
                    model.rcpt(kind, name))
        if what == "rset":
            model.tx = None
            return case("RSET"), "250"
        return {"noop": (case("NOOP"), "250"), "vrfy": ("VRFY john", "252"),
                "bad": ("X-UNKNOWN y", "500"),
                "long": ("A" * rng.randint(2049, 9000), "500")}[what]

    def say(self, data):
        """Send it, cut anywhere."""
        cuts = sorted(self.rng.randrange(len(data))
                      for _ in range(self.rng.choice([0, 0, 1, 3, 10])))
        self.client.send_cut(data, cuts)

    def hear(self, code):
        """The next reply must have that code."""
        try:
            got = self.client.read(plain=True).code
        except Closed:
            got = "closed"
        if got != code:
            raise AssertionError("%s, not %s" % (got, code))

    def group(self):
        """Some commands in one write, and perhaps one that ends them."""
        lines, codes = [], []
        for _ in range(self.rng.randint(1, 8)):
            line, code = self.command()
            lines.append(line)
            codes.append(code)
        last = self.rng.choice(["", "", "DATA", "DATA", "DATA", "STARTTLS",
                                "QUIT", "early"])
        if last in ("DATA", "early"):
            lines.append("DATA")
            codes.append(self.model.data())
        elif last:
            lines.append(last)
        if last == "early" and codes[-1] == "354":
            # what comes before the 354 is no text, and ends the session
            lines.append("Subject: early\r\n\r\n.")
            codes[-1] = "421"
        self.said += lines
        self.say("".join(line + "\r\n" for line in lines).encode())
        for code in codes:
            self.hear(code)
        if last == "STARTTLS":
            self.starttls()
        elif last == "QUIT":
            self.hear("221")
            self.open = False
        elif codes and codes[-1] == "421":
            self.open = False
        elif codes and codes[-1] == "354":
            self.data()

    def starttls(self):
        """Once; then all is forgotten."""
        if self.model.tls:
            self.hear("503")
            return
        self.hear("220")
        self.client.sock = self.rng.choice(self.contexts).wrap_socket(
            self.client.sock)
        self.model.restart(tls=True)

    def data(self):
        """A text: good, bad, or never finished."""
        subject = "s%d" % self.rng.getrandbits(48)
        text = "Subject: %s\r\n\r\n" % subject
        for _ in range(self.rng.randint(0, 30)):
            text += self.rng.choice([".dot", "", "x" * 70, ". ", "..."])
            text += "\r\n"
        # a client stuffs its dots
        text = text.replace("\r\n.", "\r\n..")
        end = self.rng.choice(["good"] * 6 + ["bare", "nul", "leave"])
        self.said.append("(text %s %s)" % (subject, end))
        if end == "leave":
            self.say(text.encode())
            self.open = False
            return
        if end != "good":
            text += {"bare": "a\n.\r\n", "nul": "a\0b\r\n"}[end]
            self.say((text + ".\r\nMAIL FROM:<x@evil.test>\r\n").encode())
            self.hear("554")
            if not self.client.closed():
                raise AssertionError("goes on after a bad text")
            self.open = False
            return
        self.say((text + ".\r\n").encode())
        self.hear(self.model.text(subject))

    def run(self):
        """Until it ends, or long enough; what is wrong, or ""."""
        try:
            for _ in range(25):
                if self.open:
                    self.group()
        except AssertionError as error:
            return "%s after:\n    %s" % (error, "\n    ".join(
                line[:80] for line in self.said[-14:]))
        finally:
            self.client.sock.close()
        return "; ".join(self.client.faults)


def stored(server):
    """subject: recipients, of what was delivered."""
    found = {}
    for mail in server.mails():
        head = mail["text"].split(b"\n\n", 1)[0].decode("latin-1")
        subject = [line[9:] for line in head.split("\n")
                   if line.startswith("Subject: ")][0]
        name = mail["stored"].split("@")[0].lower()
        found.setdefault(subject, []).append(name)
    return found


def compare(model, server):
    """What was said 250 to, against what was delivered."""
    if not server.wait_delivered(60):
        return "the queue does not become empty"
    found = stored(server)
    for subject in sorted(set(found) | set(model.stored)):
        if sorted(found.get(subject, [])) != \
                sorted(model.stored.get(subject, [])):
            return "%s went to %s, not to %s" % (
                subject, found.get(subject), model.stored.get(subject))
    return ""


def contexts():
    """TLS of both versions, with anybody."""
    made = []
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.minimum_version = context.maximum_version = version
        made.append(context)
    return made


class TlsServer(Server):
    """One with a certificate of its own."""

    def _import(self, directory):
        super()._import(directory)
        key = os.path.join(self.folder.path, "key")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=mx.test",
             "-keyout", key, "-out", os.path.join(self.folder.path, "crt")],
            check=True, stderr=subprocess.DEVNULL)
        os.chmod(key, 0o600)
        self.folder.own("key")

    def _start(self, conf, around):
        return super()._start("", CONF + "\n".join(
            line for line in around.splitlines()
            if not line.startswith(("listen", "rcpt"))))


def main():
    """Run them all; the seed is printed, so that a run can be repeated."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else random.getrandbits(32)
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    rng, model, tls = random.Random(seed), Model(), contexts()
    server = TlsServer("", DIRECTORY)
    why = ""
    try:
        for n in range(count):
            why = Session(server, model, rng, tls).run()
            if why:
                why = "session %d: %s" % (n, why)
                break
        why = why or compare(model, server)
    finally:
        fault = server.stop()
    why = why or fault
    if why:
        sys.exit("FAIL model: seed %d: %s" % (seed, why))
    print("ok model (%d sessions, %d messages, seed %d)" %
          (count, len(model.stored), seed))


if __name__ == "__main__":
    main()
