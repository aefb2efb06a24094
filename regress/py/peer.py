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

"""A mail server for tests that does as it is told.

peer.py ADDRESS PORT FOLDER [word=value ...]: each message that it takes is
written to FOLDER/N as a line "from", lines "to", an empty line and the text.
The words, all optional:

    name=HOST       in greeting and EHLO
    ext=A,B         keywords of EHLO; "SIZE 9" is written SIZE_9
    tls=CERT,KEY    STARTTLS with these files
    auth=USER:PASS  AUTH PLAIN is wanted before MAIL
    lmtp=1          LMTP
    hello=HEX       sent instead of the greeting, then closed
    VERB=REPLY      reply to a command (ehlo mail rcpt data end quit rset
                    starttls), \\n for line ends; "CLOSE" closes, "HANG"
                    says nothing, "HEX..." is sent as octets
    rcpt.LOCAL=REPLY  to RCPT of this local part
    end.LOCAL=REPLY   LMTP: at the end of data, for that recipient
    once=VERB       that reply only for the first connection
    slow=SECONDS    between the end of data and the reply to it

The log FOLDER/log has every command, a line each, and "connect".
"""

import base64
import os
import re
import socketserver
import ssl
import sys
import threading
import time

LOCK = threading.Lock()


class Session(socketserver.StreamRequestHandler):
    def note(self, line):
        with LOCK:
            with open(os.path.join(self.server.folder, "log"), "a",
                      encoding="utf-8") as log:
                log.write(line + "\n")

    def send(self, text):
        """Send a reply; False when the connection is to be closed."""
        if text == "CLOSE":
            return False
        if text == "HANG":
            time.sleep(3600)
            return False
        if text.startswith("HEX"):
            self.wfile.write(bytes.fromhex(text[3:]))
            return True
        self.wfile.write(text.replace("\\n", "\r\n").encode() + b"\r\n")
        return True

    def told(self, verb, default):
        """What was told for verb; "once=verb" is true for the first."""
        words = self.server.words
        if words.get("once") == verb and self.number > 1:
            return default
        return words.get(verb, default)

    def ehlo(self, verb):
        name = self.server.words.get("name", "peer.test")
        keywords = self.server.words.get(
            "ext", "PIPELINING,8BITMIME,SMTPUTF8,DSN,ENHANCEDSTATUSCODES")
        lines = [name] + [w.replace("_", " ") for w in keywords.split(",")
                          if w]
        if "tls" in self.server.words and not self.tls:
            lines.append("STARTTLS")
        if "auth" in self.server.words:
            lines.append("AUTH PLAIN")
        if verb == "HELO":
            lines = [name]
        return "\\n".join(["250-" + w for w in lines[:-1]] +
                          ["250 " + lines[-1]])

    def starttls(self):
        cert, key = self.server.words["tls"].split(",")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        self.request = context.wrap_socket(self.request, server_side=True)
        self.rfile = self.request.makefile("rb")
        self.wfile = self.request.makefile("wb", buffering=0)
        self.tls = True

    def auth(self, line):
        want = self.server.words.get("auth", ":").split(":")
        plain = base64.b64decode(line.split()[2]).split(b"\0")
        good = [w.decode() for w in plain[1:]] == want
        self.authed = good
        return "235 ok" if good else "535 5.7.8 no"

    def rcpt(self, line):
        local = re.match(r"RCPT TO:<\"?(.*?)\"?@", line, re.I)
        local = local.group(1) if local else ""
        reply = self.told("rcpt." + local, self.told("rcpt",
                                                     "250 2.1.5 ok"))
        if reply.startswith("2"):
            self.rcpts.append((local, line))
        return reply

    def data(self):
        """Take a message; the reply or replies to its end."""
        text = b""
        while True:
            line = self.rfile.readline()
            if not line:
                return None
            if line == b".\r\n":
                break
            text += line[1:] if line.startswith(b".") else line
        end = self.told("end", "250 2.0.0 taken")
        if not end.startswith("4") and not end.startswith("5"):
            self.keep(text)
        time.sleep(float(self.server.words.get("slow", "0")))
        if "lmtp" not in self.server.words:
            return [end]
        return [self.told("end." + local, end) for local, _ in self.rcpts]

    def keep(self, text):
        with LOCK:
            self.server.count += 1
            path = os.path.join(self.server.folder, str(self.server.count))
        head = "".join(line + "\n" for line in
                       [self.mail] + [r for _, r in self.rcpts])
        with open(path + ".tmp", "wb") as out:
            out.write(head.encode() + b"\n" + text)
        os.rename(path + ".tmp", path)

    def command(self, line):
        """The replies to one command; None: close."""
        verb = line.split(" ")[0].upper()
        simple = {"RSET": "250 ok", "NOOP": "250 ok", "QUIT": "221 bye"}
        if verb in ("EHLO", "LHLO", "HELO"):
            return [self.told(verb.lower(), self.told(
                "ehlo", self.ehlo(verb)) if verb != "HELO"
                else self.ehlo(verb))]
        if verb == "MAIL":
            if "auth" in self.server.words and not self.authed:
                return ["530 5.7.0 AUTH first"]
            self.mail, self.rcpts = line, []
            return [self.told("mail", "250 2.1.0 ok")]
        if verb == "RCPT":
            return [self.rcpt(line)]
        if verb == "AUTH":
            return [self.auth(line)]
        return [self.told(verb.lower(), simple.get(verb, "500 what"))]

    def run_data(self):
        go = self.told("data", "354 go" if self.rcpts else "503 no")
        if not self.send(go):
            return False
        if not go.startswith("354"):
            return True
        replies = self.data()
        return replies is not None and all([self.send(r) for r in replies])

    def turn(self, line):
        verb = line[:8].upper()
        self.note(line)
        if verb == "DATA":
            return self.run_data()
        if verb == "STARTTLS" and "tls" in self.server.words:
            reply = self.told("starttls", "220 go")
            if not self.send(reply):
                return False
            if reply.startswith("220"):
                self.starttls()
            return True
        if not all([self.send(r) for r in self.command(line)]):
            return False
        return not verb.startswith("QUIT")

    def handle(self):
        self.tls = self.authed = False
        self.mail, self.rcpts = "", []
        with LOCK:
            self.server.sessions += 1
            self.number = self.server.sessions
        self.note("connect")
        words = self.server.words
        try:
            if "hello" in words:
                self.send("HEX" + words["hello"])
                return
            if not self.send(self.told("greeting", "220 %s hi" % words.get(
                    "name", "peer.test"))):
                return
            while True:
                # STARTTLS puts another file there
                raw = self.rfile.readline()
                if not raw or not self.turn(
                        raw.decode("utf-8").rstrip("\r\n")):
                    return
        except (OSError, ValueError):
            pass


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128


def main():
    server = Server((sys.argv[1], int(sys.argv[2])), Session)
    server.folder = sys.argv[3]
    server.count = server.sessions = 0
    server.words = dict(word.split("=", 1) for word in sys.argv[4:])
    print("ready", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
