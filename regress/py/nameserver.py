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

"""A name server for tests: nameserver.py ADDRESS PORT ZONE-FILE.

Lines of the zone are "name type data": A, AAAA, MX (preference and host),
CNAME, NS, PTR, TXT (strings without blanks), or how a name is answered
instead: SERVFAIL, SILENT (not at all), SHORT (half an answer), OTHER (to
another question), TCP (truncated, so that the client comes again over TCP).
The file is read anew for each question.
"""

import socket
import socketserver
import struct
import sys
import threading

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "PTR": 12, "MX": 15, "TXT": 16,
         "AAAA": 28}
ODD = ("SERVFAIL", "SILENT", "SHORT", "OTHER", "TCP")


def wire_name(name):
    out = b""
    for label in name.rstrip(".").split("."):
        if label:
            out += bytes([len(label)]) + label.encode()
    return out + b"\0"


def read_question(data):
    """The name asked for, its type, and the question as it came."""
    labels, at = [], 12
    while data[at]:
        labels.append(data[at + 1:at + 1 + data[at]].decode().lower())
        at += 1 + data[at]
    kind = struct.unpack(">H", data[at + 1:at + 3])[0]
    return ".".join(labels), kind, data[12:at + 5]


def read_zone(path):
    zone = {}
    with open(path, encoding="ascii") as lines:
        for line in lines:
            words = line.split()
            if words and not line.startswith("#"):
                zone.setdefault(words[0].rstrip(".").lower(), []).append(
                    (words[1], words[2:]))
    return zone


def record(name, kind, data):
    if kind == "A":
        body = socket.inet_pton(socket.AF_INET, data[0])
    elif kind == "AAAA":
        body = socket.inet_pton(socket.AF_INET6, data[0])
    elif kind == "MX":
        body = struct.pack(">H", int(data[0])) + wire_name(data[1])
    elif kind == "TXT":
        body = b"".join(bytes([len(text)]) + text.encode() for text in data)
    else:
        body = wire_name(data[0])
    return wire_name(name) + struct.pack(">HHIH", TYPES[kind], 1, 60,
                                         len(body)) + body


def reply(data, path, tcp):
    """The answer, or None for silence."""
    name, kind, question = read_question(data)
    zone, code, answers = read_zone(path), 0, []
    odd = [k for k, _ in zone.get(name, []) if k in ODD]
    if "SILENT" in odd:
        return None
    if "SERVFAIL" in odd:
        code = 2
    elif name not in zone:
        code = 3
    for _ in range(8):
        rest = zone.get(name, [])
        answers += [record(name, k, d) for k, d in rest
                    if TYPES.get(k) == kind]
        alias = [d[0] for k, d in rest if k == "CNAME"]
        if not alias or kind == 5:
            break
        answers.append(record(name, "CNAME", alias))
        name = alias[0].rstrip(".").lower()
    flags = 0x8580 | code
    if "TCP" in odd and not tcp:
        flags, answers = flags | 0x0200, []
    if "OTHER" in odd:
        question = wire_name("other.test") + struct.pack(">HH", kind, 1)
    out = data[:2] + struct.pack(">HHHHH", flags, 1, len(answers), 0, 0)
    out += question + b"".join(answers)
    return out[:len(out) // 2] if "SHORT" in odd else out


class Udp(socketserver.BaseRequestHandler):
    def handle(self):
        data, sock = self.request
        out = reply(data, self.server.path, False)
        if out is not None:
            sock.sendto(out, self.client_address)


class Tcp(socketserver.StreamRequestHandler):
    def handle(self):
        while True:
            head = self.rfile.read(2)
            if len(head) < 2:
                return
            data = self.rfile.read(struct.unpack(">H", head)[0])
            out = reply(data, self.server.path, True)
            if out is None:
                return
            self.wfile.write(struct.pack(">H", len(out)) + out)


class UdpServer(socketserver.ThreadingUDPServer):
    daemon_threads = True


class TcpServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


def main():
    where = (sys.argv[1], int(sys.argv[2]))
    udp, tcp = UdpServer(where, Udp), TcpServer(where, Tcp)
    udp.path = tcp.path = sys.argv[3]
    threading.Thread(target=tcp.serve_forever, daemon=True).start()
    print("ready", flush=True)
    udp.serve_forever()


if __name__ == "__main__":
    main()
