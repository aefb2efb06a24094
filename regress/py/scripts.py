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


"""Rows of scripts, as rows of a fixture.

The address that a client comes from names the script that runs for it.
"""

import re

import tables

PREAMBLE = """\
require ["reject", "ereject", "variables", "envelope", "subaddress", "regex",
    "relational", "comparator-i;ascii-numeric", "include", "encoded-character",
    "vnd.stalwart.execute", "vnd.stalwart.expressions"];
"""
CONF = """\
rcpt {
    directory 'accounts'
    script 's' + remote_ip
    errors { total 100; wait 0 }
}
"""
DIRECTORY = """\
domain example.org
domain dest.test
account all addresses=all@dest.test,@example.org,@dest.test
"""
COLUMNS = ["id", "before", "input", "expected"]


def _statement(name, row):
    return "sieve '%s' '''\n%s%s\n'''\n" % (name, PREAMBLE, row.input()[0])


def _word(row, key, default):
    match = re.search(r"\b%s=(\S*)" % key, row.cells["before"])
    return match.group(1) if match else default


def fixture(rows):
    """(fixture, its rows) for rows that are not refused."""
    made = tables.Fixture("F-SCRIPT")
    made.conf, made.directory = CONF, DIRECTORY
    played = []
    for number, row in enumerate(rows, 10):
        made.conf += _statement("s127.0.0.%d" % number, row)
        expected = row.cells["expected"]
        inputs = "`RCPT %s`" % _word(row, "to", "rcpt@example.org")
        if "; SEND " in expected:
            inputs += " `SEND`"
            expected = expected.replace("; SEND ", "; 250 ")
        played.append(tables.Row(row.page, COLUMNS, [
            row.cells["id"],
            "F-SCRIPT .%d helo=mx.example.net mail=%s" % (
                number, _word(row, "from", "sender@example.net")),
            inputs, expected]))
    return made, played


def check(row):
    """A row that is refused, as a row of what the check refuses."""
    return tables.Row(row.page, ["id", "text", "verdict"], [
        row.cells["id"], "`%s`" % _statement("x", row), "refused"])
