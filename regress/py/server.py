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

"""A server of the tree in a temporary folder, and what it delivered."""

import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time

from client import connect

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))
NOBODY = 65534		# who runs the server when we are root
BAD = re.compile(r"malformed|not allowed from|AddressSanitizer|"
                 r"runtime error:|LeakSanitizer")

AROUND = """\
hostname mx.own.example
postmaster "chief@own.example"
spool "{tmp}/spool"
state "{tmp}/state"
control "{tmp}/smtpd.sock"
directory accounts db "{tmp}/accounts.db"
listen on 127.0.0.1 port {port} name smtp
deliver maildir "{tmp}/mail/%{{domain}}/%{{local}}"
rcpt {{ directory 'accounts'; errors {{ total 100; wait 0 }} }}
harvest {{ budget 1000000/1s; ban 1s }}
"""
# Behind it where a script wants the table greylist; the file is made.
STORE_OF_TABLE = 'store local sql "sqlite://{tmp}/local.sqlite"\n'
# Stands in front of it where a listener has TLS; the files are made.
CERTIFIED = 'pki mx cert "{tmp}/mx.crt" key "{tmp}/mx.key"\n'

# Where clients log in: the port of smtp, and TLS.
LOGINS = ("; listen on 127.0.0.2 port {port} name submissions tls pki mx "
          "auth accounts\n")


def with_logins(around):
    """What stands around, with a second listener for logins."""
    smtp = "name smtp\n"
    assert smtp in around
    return CERTIFIED + around.replace(smtp, smtp.rstrip() + LOGINS)


def free_port():
    """A port of 127.0.0.1 that nobody uses at this moment."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


class Folder:
    """A temporary folder with the binaries, as the user of the server."""

    def __init__(self):
        self.path = tempfile.mkdtemp(prefix="smtpd-py.")
        self.smtpd = os.environ.get("SMTPD", TOP + "/smtpd/smtpd")
        self.smtpctl = os.environ.get("SMTPCTL", TOP + "/control/smtpctl")
        self.prefix = []
        if os.getuid() == 0:
            self.prefix = ["setpriv", "--reuid", str(NOBODY), "--regid",
                           str(NOBODY), "--clear-groups", "--"]
            self.smtpd = shutil.copy(self.smtpd, self.path)
            self.smtpctl = shutil.copy(self.smtpctl, self.path)
        for name in ("spool", "state", "mail"):
            os.mkdir(os.path.join(self.path, name))
            self.own(name)
        self.own(".")
        os.chmod(self.path, 0o755)

    def own(self, name):
        """Give a file to the user of the server."""
        if self.prefix:
            os.chown(os.path.join(self.path, name), NOBODY, NOBODY)

    def write(self, name, text):
        """A file of the folder; returns its path."""
        path = os.path.join(self.path, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        self.own(name)
        return path

    def certify(self):
        """The files of CERTIFIED."""
        subprocess.run(
            ["openssl", "req", "-x509", "-nodes", "-days", "30", "-newkey",
             "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-subj",
             "/CN=mx.own.example", "-keyout", self.path + "/mx.key", "-out",
             self.path + "/mx.crt"], check=True, stderr=subprocess.DEVNULL)
        os.chmod(self.path + "/mx.key", 0o600)
        self.own("mx.key")

    def table(self):
        """The file of STORE_OF_TABLE."""
        base = sqlite3.connect(os.path.join(self.path, "local.sqlite"))
        base.execute("CREATE TABLE greylist (addr)")
        base.commit()
        base.close()
        self.own("local.sqlite")

    def run(self, *argv):
        """Run one of the binaries; returns (exit code, all output)."""
        done = subprocess.run(self.prefix + list(argv), timeout=60,
                              stdin=subprocess.DEVNULL, check=False,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        return done.returncode, done.stdout.decode("utf-8", "replace")

    def remove(self):
        """The end."""
        if not os.environ.get("KEEP"):
            shutil.rmtree(self.path, ignore_errors=True)

    def configuration(self, text, port, around=AROUND):
        """text, and what stands around it unless text sets it."""
        lines = around.format(tmp=self.path, port=port).splitlines()
        lines = [line for line in lines if not re.search(
            r"(?m)^%s\b" % line.split()[0], text)]
        return "\n".join([text] + lines) + "\n"


class Server:
    """One smtpd with this configuration and directory (both texts)."""

    def __init__(self, conf, directory, around=AROUND, env=None):
        self.folder = Folder()
        self.env = dict(os.environ, **(env or {}))
        self.process = None
        self.log = os.path.join(self.folder.path, "log")
        self.sock = os.path.join(self.folder.path, "smtpd.sock")
        self.address = None
        try:
            if around.startswith(CERTIFIED):
                self.folder.certify()
            self._import(directory)
            if STORE_OF_TABLE in around:
                self.folder.table()
            for _ in range(3):		# another may take the port first
                if self._start(conf, around):
                    return
            raise RuntimeError("the server did not start:\n" + self.tail())
        except Exception:
            self.stop()
            raise

    def _import(self, directory):
        text = self.folder.write("directory.txt", directory)
        code, out = self.folder.run(
            self.folder.smtpctl, "directory", "import", "-o",
            os.path.join(self.folder.path, "accounts.db"), text)
        if code != 0:
            raise RuntimeError("import: " + out)

    def _start(self, conf, around):
        self.address = ("127.0.0.1", free_port())
        path = self.folder.write("smtpd.conf", self.folder.configuration(
            conf, self.address[1], around))
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.folder.prefix + [self.folder.smtpd, "-d", "-f", path],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=self.env)
        end = time.monotonic() + 30
        while time.monotonic() < end and self.process.poll() is None:
            client = connect(self.address, wait=0.2)
            if client is not None:
                client.sock.close()
                return True
        return False

    def tail(self):
        """The end of the log."""
        if not os.path.exists(self.log):
            return ""
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return "".join(file.readlines()[-40:])

    def queue(self):
        """What smtpctl shows of the queue; "" when it is empty."""
        return self.folder.run(self.folder.smtpctl, "-j", "-s", self.sock,
                               "show", "queue")[1].strip()

    def wait_delivered(self, wait=20):
        """Whether the queue becomes empty."""
        end = time.monotonic() + wait
        while self.queue():
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        return True

    def mails(self):
        """All messages of all Maildirs, as Sink has them."""
        found = []
        for where, _, names in os.walk(os.path.join(self.folder.path,
                                                    "mail")):
            if os.path.basename(where) not in ("new", "cur"):
                continue
            for name in names:
                with open(os.path.join(where, name), "rb") as file:
                    found.append(_read_mail(where, file.read()))
        return found

    def stop(self):
        """End it; returns what the log has that no log may have."""
        fault = ""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                if self.process.wait(20) != 0:
                    fault = "exit code %d" % self.process.returncode
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                fault = "did not end at SIGTERM"
        if os.path.exists(self.log):
            with open(self.log, encoding="utf-8", errors="replace") as file:
                bad = [line for line in file if BAD.search(line)]
                fault = bad[0].strip() if bad else fault
        self.folder.remove()
        return fault


def _read_mail(where, raw):
    text = raw.replace(b"\r\n", b"\n")
    head = text.split(b"\n\n", 1)[0].decode("utf-8", "replace")

    def field(name):
        match = re.search(r"(?mi)^%s:[ \t]*<?([^\n>]*)>?[ \t]*$" % name, head)
        return match.group(1) if match else None

    return {"to": field("Delivered-To"), "stored": field("X-Original-To"),
            "from": field("Return-Path"), "text": text,
            "where": os.path.dirname(where), "orcpt": "", "notify": ""}
