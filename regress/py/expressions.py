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


"""Rows of expressions, as rows of a fixture.

A rule for each of them: in a session whose HELO names it, the recipient is
rewritten to one that exists when the expression has its value, and to one
that does not when it has another.
"""

import tables

RULE = """\
              if helo_domain = '%s' & (%s) then 'user@example.org'
"""
CONF = """\
rcpt {
    directory 'accounts'
    rewrite
%s              else 'no@example.org'
    errors { total 100; wait 0 }
}
"""
DIRECTORY = """\
domain example.org
account user addresses=user@example.org
"""
COLUMNS = ["id", "before", "input", "expected"]


def _true(text, value):
    """An expression that is true when text has this value."""
    if value == "true":
        return "!!(%s)" % text
    if value == "false":
        return "!(%s)" % text
    return "(%s) = %s" % (text, value)


def fixture(rows):
    """(fixture, its rows) for rows that are not refused."""
    rules, played = "", []
    for number, row in enumerate(rows):
        helo = "row%d.test" % number
        rules += RULE % (helo, _true(row.input()[0], row.expected()[0]))
        played.append(tables.Row(row.page, COLUMNS, [
            row.cells["id"],
            "F-EXPR helo=%s mail=bill@foo.net" % helo,
            "`RCPT user@example.org`", "250 2.1.5"]))
    made = tables.Fixture("F-EXPR")
    made.conf = CONF % rules
    made.directory = DIRECTORY
    return made, played


def check(row):
    """A row that is refused, as a row of what the check refuses."""
    return tables.Row(row.page, ["id", "text", "verdict"], [
        row.cells["id"], "`rcpt { relay %s\n}`" % row.input()[0], "refused"])
