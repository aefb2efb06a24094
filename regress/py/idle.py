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

"""Idle sessions: what each of them costs in memory, all processes together.

usage: idle.py [SESSIONS [TLS-SESSIONS]]

Prints octets a session for plain ones and for those within TLS, and what is
kept of it after all of them have left.
"""

import os
import resource
import socket
import sys
import time

from model import TlsServer, contexts, DIRECTORY, CONF
import model


def processes(parent):
    """The server's processes: the parent and its children."""
    found = [parent]
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/stat" % pid, encoding="ascii") as file:
                if int(file.read().rsplit(")", 1)[1].split()[1]) == parent:
                    found.append(int(pid))
        except (OSError, ValueError):
            continue
    return found


def server_pid(server):
    """smtpd itself, behind setpriv or not: exec keeps the number."""
    return server.process.pid


def memory(server):
    """Octets that the processes hold for themselves, summed."""
    total = 0
    for pid in processes(server_pid(server)):
        with open("/proc/%d/smaps_rollup" % pid, encoding="ascii") as file:
            for line in file:
                if line.startswith(("Private_Dirty:", "Private_Clean:")):
                    total += int(line.split()[1]) * 1024
    return total


def plain(server, source):
    """A session that has said EHLO, so that policy knows it too."""
    sock = socket.socket()
    sock.bind((source, 0))
    sock.connect(server.address)
    read(sock)
    sock.sendall(b"EHLO client.test\r\n")
    return sock


def within_tls(server, source, context):
    """The same within TLS."""
    sock = plain(server, source)
    read(sock)
    sock.sendall(b"STARTTLS\r\n")
    read(sock)
    sock = context.wrap_socket(sock)
    sock.sendall(b"EHLO client.test\r\n")
    return sock


def read(sock):
    """All that comes up to a last line."""
    data = b""
    while not data.endswith(b"\r\n") or \
            data.split(b"\r\n")[-2][3:4] != b" ":
        more = sock.recv(65536)
        if not more:
            raise OSError("closed: %r" % data)
        data += more
    return data


def measure(server, count, make):
    """Octets for each of count sessions, and what stays of all of them."""
    before = memory(server)
    began = time.monotonic()
    held = []
    for n in range(count):
        held.append(make("127.%d.%d.%d" % (1 + n // 62500, n // 250 % 250,
                                           1 + n % 250)))
    took = time.monotonic() - began
    for sock in held:
        sock.settimeout(20)
        read(sock)
    during = memory(server)
    for sock in held:
        sock.close()
    end = time.monotonic() + 20
    while time.monotonic() < end and memory(server) > during * 3 // 4:
        time.sleep(0.5)
    return ((during - before) / count, (memory(server) - before) / count,
            count / took)


def main():
    """Both kinds, one after the other."""
    plains = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    tls = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    model.CONF = CONF + ("session {{ max-sessions 100000; "
                         "max-sessions-per-client 100000 }}\n")
    server = TlsServer("", DIRECTORY)
    try:
        # what is made once is not the price of a session
        measure(server, 20, lambda ip: plain(server, ip))
        made = contexts()[1]
        measure(server, 20, lambda ip: within_tls(server, ip, made))
        for name, count, make in (
                ("plain", plains, lambda ip: plain(server, ip)),
                ("TLS", tls, lambda ip: within_tls(server, ip, made))):
            each, kept, rate = measure(server, count, make)
            print("idle %s x %d: %.1f KiB each, %.1f KiB each kept after "
                  "they left, %.0f made/s" % (name, count, each / 1024,
                                              kept / 1024, rate))
    finally:
        fault = server.stop()
    if fault:
        sys.exit(fault)


if __name__ == "__main__":
    main()
