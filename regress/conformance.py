#!/usr/bin/env python3
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

"""Plays the cases of regress/conformance against the server of the tree.

usage: conformance.py [-v] [--jobs N] [--only REGEX] [--seed N]

One line a row: "ok rcpt/R-01", "FAIL rcpt/R-01: why".  The notation stands
at the head of the pages.
"""

import argparse
import concurrent.futures
import os
import random
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "py"))

# pylint: disable=wrong-import-position
import expressions		# noqa: E402
import scripts		# noqa: E402
import server		# noqa: E402
import tables		# noqa: E402
from rows import check_row, play_fixture		# noqa: E402
from wire import play_wire		# noqa: E402

# Stands around every fixture.
AROUND = server.AROUND + """\
relay host "smtp://127.0.0.1:@SMTP@"
store default db
"""
# Which rows are made into rows of a fixture, and by whom.
MAKERS = {"expression": expressions, "script": scripts}


def fixture_of(row, fixtures, last):
    """The fixture that a row names; (cont.) goes on with the last."""
    before = row.cells.get("before", "")
    if before.startswith("(cont.)"):
        return last
    match = re.match(r"F-\w+", before)
    return fixtures[match.group(0)] if match else None


def plan(args):
    """[(function, fixture, its rows)]."""
    jobs, checks, wire, made = {}, [], [], {expressions: [], scripts: []}
    for page in ("wire", "rcpt", "extra"):
        path = os.path.join(HERE, "conformance", page + ".md")
        fixtures, rows = tables.read_page(path, page)
        last = None
        for row in rows:
            fixture = last = fixture_of(row, fixtures, last)
            maker = MAKERS.get(row.kind)
            if row.kind == "text":
                checks.append(row)
            elif maker and row.expected()[0].startswith("refused"):
                checks.append(maker.check(row))
            elif maker:
                made[maker].append(row)
            elif page == "wire":
                wire.append((row, fixtures["F-WIRE"]))
            else:
                jobs.setdefault((page, fixture.name), (
                    fixture, []))[1].append(row)
    plans = [(play_fixture, fixture, rows)
             for fixture, rows in jobs.values()]
    plans += [(play_fixture, *maker.fixture(rows))
              for maker, rows in made.items()]
    if wire:
        plans.append((play_wire, wire[0][1], [row for row, _ in wire]))
    plans.append((check_rows, None, checks))
    return select(plans, args)


def select(plans, args):
    """Only the rows asked for; a row that others go on from stays."""
    out = []
    for play, fixture, rows in plans:
        keep = [i for i, row in enumerate(rows)
                if re.search(args.only, row.name)]
        wanted = set(keep)
        for i in keep:
            while rows[i].cells.get("before", "").startswith("(cont.)"):
                i -= 1
                wanted.add(i)
        if wanted:
            out.append((play, fixture, [rows[i] for i in sorted(wanted)]))
    return out


def check_rows(_fixture, rows, _options):
    """The rows of what the check accepts and refuses."""
    return [(row.name, check_row(row)) for row in rows]


def main():
    """Run, print, count."""
    parser = argparse.ArgumentParser()
    parser.add_argument("-v", action="store_true",
                        help="say what is played")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--only", default="")
    parser.add_argument("--seed", type=int,
                        default=random.randrange(1 << 30))
    args = parser.parse_args()
    args.around = AROUND
    plans = plan(args)
    print("# seed %d" % args.seed, flush=True)
    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for results in pool.map(lambda p: p[0](p[1], p[2], args), plans):
            for name, fault in results:
                if fault:
                    failed += 1
                    print("FAIL %s: %s" % (name, fault))
                else:
                    passed += 1
                    print("ok " + name)
            sys.stdout.flush()
    print("%d passed, %d failed, 0 skipped" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
