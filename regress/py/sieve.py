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

"""Plays the scripts of regress/conformance/sieve.jsonl.

All that compile stand in the configuration of one server: the port that
the PROXY protocol says chooses among them.
"""

import concurrent.futures
import ipaddress
import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time

from client import Client, Closed
from server import TOP, Folder, Server, free_port

BIN = TOP + "/regress/bin"

GROUP = 6		# scripts that are checked at once: 50 errors are shown
FIRST = 10000		# port of the first one
EPOCH = "1786953909"	# 2026-08-17T08:05:09Z, where the time matters

AROUND = """\
hostname mx.own.example
spool "{tmp}/spool"
state "{tmp}/state"
control "{tmp}/smtpd.sock"
listen on 127.0.0.1 port {port} name smtp
listen on 127.0.0.1 port %d name proxied proxy from '127.0.0.1'
deliver maildir "{tmp}/mail/%%{{domain}}/%%{{local}}"
"""
SETTINGS = """
store default db
session { max-sessions-per-client 1000 }
rcpt {
	directory false
	relay yes
	script 's' + local_port
	errors { total 100; wait 0 }
}
"""
CHECKED = """\
hostname mx.own.example
store default db
listen on 127.0.0.1 port %d
deliver maildir "/var/empty"
rcpt { directory false }
"""


class Case:
    """A line of the table, and what it is called in the configuration."""

    def __init__(self, data, number):
        self.data = data
        self.name = "sieve/" + data["id"]
        self.port = FIRST + number
        self.expect = data["expect"]
        self.verdicts = [self.expect["verdict"]] + self.expect.get(
            "accept_also", [])
        # no loops: what would never end is not begun either
        if "vnd.stalwart.while" in data["script"]:
            self.verdicts.append("compile-error")

    def texts(self):
        """Its scripts, by name; others have scripts of that name too."""
        main = "s%d" % self.port
        inner = {name.split(":")[-1]: text for name, text in
                 self.data.get("scripts", {}).items()}
        texts = dict([(main, self.data["script"])] + [
            (main + "." + name, text) for name, text in inner.items()])
        for name in inner:
            texts = {key: re.sub(r'(include(?:\s+:\w+)*\s+)"%s"' %
                                 re.escape(name), r'\1"%s.%s"' %
                                 (main, name), text)
                     for key, text in texts.items()}
        for table in self.tables():
            texts = {key: re.sub(r"\b(FROM|from|INTO) %s\b" % table,
                                 r"\1 %s_%d" % (table, self.port), text)
                     for key, text in texts.items()}
        return texts

    def tables(self):
        """Its tables of SQL: others have some of that name too."""
        return {name: table for name, table in
                self.data.get("tables", {}).items()
                if table["type"] == "sql"}

    def steps(self):
        """All recipients in their order, as whole cases."""
        for prior in self.data.get("prior", []):
            yield {**self.data, **prior}
        yield self.data


def read_cases():
    """All lines of the table."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                        "../conformance/sieve.jsonl")
    with open(path, encoding="ascii") as file:
        return [Case(json.loads(line), number)
                for number, line in enumerate(file)]


def statements(folder, cases):
    """A sieve statement for each script, which stands in a file."""
    lines = []
    for case in cases:
        for name, text in case.texts().items():
            path = os.path.join(folder.path, name + ".sieve")
            with open(path, "wb") as file:
                file.write(text.encode("utf-8", "surrogatepass"))
            os.chmod(path, 0o644)
            lines.append("sieve '%s' file \"%s\"\n" % (name, path))
    return "".join(lines)


def lists(cases):
    """Statements for the lists of cases, each once: they are the same."""
    found = {}
    for case in cases:
        for name, table in case.data.get("tables", {}).items():
            if table["type"] == "list":
                found[name] = table["values"]
    return "".join("list '%s' [%s]\n" % (name, ", ".join(
        "'%s'" % value for value in values))
        for name, values in found.items())


def check_group(cases):
    """Those of the cases whose scripts the server does not take."""
    folder = Folder()
    try:
        conf = folder.write("smtpd.conf", CHECKED % free_port() +
                            lists(cases) + statements(folder, cases))
        code, out = folder.run(folder.smtpd, "-n", "-f", conf)
        if code not in (0, 1) or "too many errors" in out:
            raise RuntimeError("exit code %d: %s" % (code, out))
        return {case.name for case in cases if re.search(
            r"/s%d(\.\w+)?\.sieve:\d+:\d+: .*expected" % case.port, out)}
    finally:
        folder.remove()


def said(reply):
    """A reply as the table writes it."""
    first = (reply.code + " " + reply.lines[0]).rstrip()
    rest = [re.sub(r"^%s ?" % re.escape(reply.enhanced), "", line)
            for line in reply.lines[1:]]
    return "\n".join([first] + rest)


def fill_tables(folder, cases):
    """The database of all cases; returns its path."""
    path = os.path.join(folder.path, "tables.sqlite")
    base = sqlite3.connect(path)
    for case in cases:
        for name, table in case.tables().items():
            base.execute("CREATE TABLE %s_%d (%s)" % (
                name, case.port, ", ".join(table["columns"])))
            for row in table["rows"]:
                base.execute("INSERT INTO %s_%d VALUES (%s)" % (
                    name, case.port, ", ".join("?" * len(row))), row)
    base.commit()
    base.close()
    folder.own("tables.sqlite")
    return path


def proxy_line(case, env):
    """The header of the PROXY protocol that says who the client is."""
    remote = env["remote_ip"]
    if ":" in remote:
        return "PROXY TCP6 %s ::1 40000 %d" % (remote, case.port)
    return "PROXY TCP4 %s 127.0.0.1 40000 %d" % (remote, case.port)


def wait_open(address, wait=30):
    """The second listener opens behind the first."""
    end = time.monotonic() + wait
    while time.monotonic() < end:
        with socket.socket() as sock:
            if sock.connect_ex(address) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("nobody listens on port %d" % address[1])


class Proxied(Client):
    """A client that another address is claimed for."""

    def __init__(self, address, header):
        self.header = header.encode() + b"\r\n"
        super().__init__(address)

    def read(self, plain=False):
        """The greeting comes behind the header."""
        if self.header:
            header, self.header = self.header, b""
            self.send(header)
        return super().read(plain)


def converse(server, case, step):
    """The reply to RCPT."""
    env = step["env"]
    utf8 = "" if step["expect"].get("reply", "").isascii() else " SMTPUTF8"
    with Proxied(server.address, proxy_line(case, env)) as client:
        replies = [client.ask("EHLO " + env["helo_domain"]), client.ask(
            "MAIL FROM:<%s>%s" % (step["envelope_from"], utf8))]
        if any(reply.code != "250" for reply in replies):
            raise ValueError("MAIL: " + str(replies[-1]))
        reply = client.ask("RCPT TO:<%s>" % step["envelope_to"])
        if client.faults:
            raise ValueError(client.faults[0])
        return reply


def judge(step, reply):
    """What is wrong with a reply, or ""."""
    expect, got = step["expect"], said(reply)
    verdict = expect["verdict"]
    if "runtime-error" in expect.get("accept_also", []):
        verdict = "runtime-error"
    if verdict == "reject":
        good = got == expect["reply"] or (
            expect["reply"] == "550 5.7.1 " and got[:9] == "550 5.7.1")
    elif verdict == "runtime-error":
        good = (reply.code, reply.enhanced) == ("451", "4.3.0")
    else:
        good = (reply.code, reply.enhanced) == ("250", "2.1.5")
    return "" if good else "got %r, expected %s %r" % (
        got, verdict, expect.get("reply", ""))


def name_client(zone, env):
    """What DNS says of the client: the name server reads it anew."""
    with open(zone, "w", encoding="ascii") as file:
        if env.get("remote_host"):
            ip = ipaddress.ip_address(env["remote_ip"])
            file.write("%s PTR %s\n%s %s %s\n" % (
                ip.reverse_pointer, env["remote_host"], env["remote_host"],
                "A" if ip.version == 4 else "AAAA", ip))


def play(server, case):
    """The case against a server; returns what is wrong."""
    try:
        name_client(server.zone, case.data["env"])
        for step in case.steps():
            fault = judge(step, converse(server, case, step))
            if fault:
                return fault
    except (Closed, ValueError, socket.timeout) as error:
        return repr(error)
    return ""


def frozen(folder):
    """The environment in which the clock stands still, or None."""
    source = os.path.join(os.environ.get("BIN", BIN), "fault.so")
    with open(folder.smtpd, "rb") as file:
        if b"__asan_init" in file.read():
            return None		# it wants to be the first library
    library = shutil.copy(source, folder.path)
    return {"LD_PRELOAD": library, "FAULT_CLOCK": EPOCH}


def play_all(cases):
    """[(name, fault)] of those that a server can run."""
    folder, server, port = Folder(), None, free_port()
    os.chmod(folder.path, 0o755)
    zone, names = os.path.join(folder.path, "zone"), free_port()
    name_client(zone, {})
    resolver = subprocess.Popen([
        sys.executable, os.path.join(os.path.dirname(os.path.abspath(
            __file__)), "nameserver.py"), "127.0.0.1", str(names), zone],
        stdout=subprocess.DEVNULL)
    try:
        env = frozen(folder)
        store = 'store local sql "sqlite://%s"\n' % fill_tables(folder, cases)
        store += 'resolver "127.0.0.1:%d"\n' % names
        server = Server(SETTINGS + store + lists(cases) +
                        statements(folder, cases),
                        "domain own.example\n", AROUND % port, env)
        server.address, server.zone = ("127.0.0.1", port), zone
        wait_open(server.address)
        results = [(case.name, play(server, case)) for case in cases
                   if env or "now" not in case.data["env"]]
    finally:
        fault = server.stop() if server else ""
        resolver.kill()
        resolver.wait()
        folder.remove()
    return results + [("sieve/server", fault)]


def main():
    """Run, print, count."""
    only = sys.argv[1] if len(sys.argv) > 1 else ""
    lines, cases = [], []
    for case in read_cases():
        if not re.search(only, case.name):
            continue
        cases.append(case)
    # one that may be refused, and is not, is played
    doubtful = [case for case in cases if "compile-error" in case.verdicts]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        refused = set().union(*pool.map(check_group, (
            doubtful[i:i + GROUP] for i in range(0, len(doubtful), GROUP))))
    results = [(case.name, "" if case.name in refused else "was accepted")
               for case in doubtful if case.name in refused or
               case.verdicts == ["compile-error"]]
    results += play_all([case for case in cases
                         if case.name not in [name for name, _ in results]])
    for name, fault in results:
        lines.append("FAIL %s: %s" % (name, fault) if fault else
                     "ok " + name)
    print("\n".join(lines))
    return any(fault for _, fault in results)


if __name__ == "__main__":
    sys.exit(main())
