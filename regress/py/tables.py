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

"""Reads the pages of cases: fixtures, rows, inputs, expectations."""

import re


class Fixture:
    """The two texts of a fixture."""

    def __init__(self, name, base=None):
        self.name = name
        self.conf = base.conf if base else ""
        self.directory = base.directory if base else ""

    def shared(self):
        """Addresses that may lead to one mailbox more than once."""
        return re.findall(r"(?m)^(?:alias|list)\s+(\S+)", self.directory)


class Row:
    """One row: its columns by name, and where it stands."""

    def __init__(self, page, columns, cells):
        self.cells = dict(zip(columns, cells))
        self.page = page
        self.name = page + "/" + self.cells["id"]
        self.kind = columns[-2]		# what its input column is called

    def input(self):
        """Everything between backticks in the input column."""
        return re.findall(r"`([^`]*)`", self.cells[self.kind])

    def expected(self):
        """The last column, by reply."""
        last = list(self.cells.values())[-1]
        return [part.strip() for part in re.split(r";(?:\s|$)", last)]


def read_page(path, page):
    """(fixtures by name, rows) of a page."""
    fixtures, rows = {}, []
    fixture = columns = block = None
    with open(path, encoding="utf-8") as file:
        for line in file.read().split("\n"):
            if block is not None:
                if line.startswith("```"):
                    setattr(fixture, block[0], "\n".join(block[1]) + "\n")
                    block = None
                else:
                    block[1].append(line)
            elif line.startswith("### F-"):
                fixture = fixtures[line[4:].strip()] = Fixture(line[4:])
            elif line.startswith("As F-"):
                base = fixtures[re.match(r"As (F-\w+)", line).group(1)]
                fixture = fixtures[fixture.name] = Fixture(
                    fixture.name, base)
            elif re.match(r"```(smtpd\.conf|directory)", line):
                if fixture is None:	# wire.md has one, without a name
                    fixture = fixtures["F-WIRE"] = Fixture("F-WIRE")
                kind = "conf" if "conf" in line else "directory"
                block = (kind, [])
            elif line.startswith("|"):
                columns = _table_line(page, line, columns, rows)
            else:
                columns = None
    return fixtures, rows


def _table_line(page, line, columns, rows):
    cells = [cell.strip().replace("\\|", "|")
             for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
    if columns is None:
        return cells
    if not re.match(r"-+:?$", cells[0]):
        if len(cells) != len(columns):
            raise ValueError("%s: a row of %d cells: %s"
                             % (page, len(cells), line))
        rows.append(Row(page, columns, cells))
    return columns


def octets(text):
    r"""What stands for octets: \r \n \0 \t \xHH \\, and x×N."""
    text = re.sub(r"([A-Za-z0-9]+)×(\d+)",
                  lambda m: m.group(1) * int(m.group(2)), text)
    return re.sub(rb"\\(x[0-9a-fA-F]{2}|[rn0t\\])", _octet,
                  text.encode("utf-8"))


def _octet(match):
    word = match.group(1)
    if word[:1] == b"x":
        return bytes([int(word[1:], 16)])
    return {b"r": b"\r", b"n": b"\n", b"0": b"\0", b"t": b"\t",
            b"\\": b"\\"}[word]


class Want:
    """What one reply must be: "550 5.1.1 ≥1s", "250 2.1.5 <a@b>"."""

    def __init__(self, text):
        self.text = text
        self.after = 0.0
        match = re.search(r"≥(\d+)(ms|s)", text)
        if match:
            self.after = int(match.group(1)) / (
                1000 if match.group(2) == "ms" else 1)
        self.codes = [tuple(part.split()[:2]) for part in re.findall(
            r"(?:^|or )(\d{1,3}(?: \d\.\d+\.\d+)?)", text)]
        if not self.codes:
            raise ValueError("no code in: " + text)
        self.addresses = re.findall(r"<[^<>]+>", text)
        self.has = re.findall(r" has=(\S+)", text)
        self.lacks = re.findall(r" lacks=(\S+)", text)
        match = re.search(r" text: (.*)$", text)
        self.says = match.group(1) if match else None

    def fault(self, reply, took):
        """Why this reply is not it, or ""."""
        if not any(reply.code.startswith(code[0]) and
                   code[1:] in ((), (reply.enhanced,))
                   for code in self.codes):
            return "expected %s, got %s" % (self.text, reply)
        if self.addresses and reply.addresses != self.addresses:
            return "expected %s, got %s" % (self.text, reply)
        text = "\n".join(reply.lines)
        if self.says is not None and text != "%s %s" % (reply.enhanced,
                                                        self.says):
            return "expected the text %r, got %r" % (self.says, text)
        for word in self.has:
            if word not in text:
                return "no %s in: %s" % (word, text)
        for word in self.lacks:
            if word in text:
                return "%s in: %s" % (word, text)
        if self.after and not self.after - 0.02 <= took < self.after + 4:
            return "%s came after %.2f s" % (self.text, took)
        return ""


def steps(text):
    """One cell of expectations: a list of Want, and "close" at its end."""
    parts = [part.strip() for part in text.split(" + ")]
    return [part if part == "close" else Want(part) for part in parts]


def delivery(text):
    """The to=, stored=, from=, orcpt=, notify= of a SEND, as lists."""
    return {key: [word for word in value.split(",") if word]
            for key, value in re.findall(
                r"\b(to|stored|from|orcpt|notify)=(\S*)", text)}
