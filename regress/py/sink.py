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

import re
import socketserver
import threading


class _Session(socketserver.StreamRequestHandler):
    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def data(self):
        """The text of a message, its dots removed."""
        self.say("354 go on")
        text = b""
        while True:
            line = self.rfile.readline()
            if line in (b"", b".\r\n"):
                return text
            text += line[1:] if line.startswith(b".") else line

    def handle(self):
        lmtp, sender, rcpts = False, "", []
        self.say("220 sink.test ready")
        for raw in self.rfile:
            line = raw.decode("utf-8", "replace").rstrip("\r\n")
            verb = line[:4].upper()
            if verb in ("EHLO", "LHLO"):
                lmtp = verb == "LHLO"
                for word in ("8BITMIME", "SMTPUTF8", "PIPELINING", "DSN"):
                    self.say("250-" + word)
                self.say("250 ENHANCEDSTATUSCODES")
            elif verb == "MAIL":
                sender = re.search(r"<(.*?)>", line).group(1)
                rcpts = []
                self.say("250 2.1.0 ok")
            elif verb == "RCPT":
                rcpts.append(line)
                self.say("250 2.1.5 ok")
            elif verb == "DATA":
                self.server.take(sender, rcpts, self.data())
                for _ in rcpts if lmtp else (1,):
                    self.say("250 2.0.0 taken")
            elif verb == "QUIT":
                self.say("221 2.0.0 bye")
                return
            else:
                self.say("250 2.0.0 ok")


class Sink(socketserver.ThreadingTCPServer):
    """port: where it listens on 127.0.0.1.  messages: what it took."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Session)
        self.port = self.server_address[1]
        self.lock = threading.Lock()
        self.messages = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def take(self, sender, rcpts, text):
        """Called by a session for each message."""
        for line in rcpts:
            address, rest = re.match(r"RCPT TO:<(.*?)>(.*)", line,
                                     re.I).groups()
            params = dict(word.split("=", 1) for word in rest.split()
                          if "=" in word)
            with self.lock:
                self.messages.append({
                    "to": address, "from": sender, "text": text,
                    "stored": address,
                    "orcpt": params.get("ORCPT", ""),
                    "notify": params.get("NOTIFY", "")})
