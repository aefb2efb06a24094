/*
 * Copyright (c) 2026 The smtpd authors
 *
 * Permission to use, copy, modify, and distribute this software for any
 * purpose with or without fee is hereby granted, provided that the above
 * copyright notice and this permission notice appear in all copies.
 *
 * THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES
 * WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF
 * MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR
 * ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES
 * WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN
 * ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF
 * OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.
 */

/*
 * The one error behind very many warnings is shown.
 */

#include <string.h>

#include "lookup/import_problem.h"
#include "regress/unit/check.h"

#define WARNINGS	30000

static unsigned int	 lines, errors;
static char		 last[256];

static void
report(void *arg, const char *line)
{
	lines++;
	if (strcmp(line, "text:40000:1: it is wrong") == 0)
		errors++;
	(void)snprintf(last, sizeof(last), "%s", line);
}

int
main(void)
{
	const struct dirctl	 ctl = { report, NULL, NULL };
	struct import_where	 where = { IMPORT_FILE, { 1, 1 } };
	struct problems		*p = problems_new(&ctl);

	problems_name(p, IMPORT_FILE, "text");
	for (; where.pos.line <= WARNINGS; where.pos.line++)
		problems_warning(p, &where, "it is odd");
	where.pos.line = 40000;
	problems_error(p, &where, "it is wrong");
	CHECK(problems_errors(p) == 1, "%d errors", (int)problems_errors(p));
	problems_show(p);
	CHECK(errors == 1, "the error was not shown");
	CHECK(lines == PROBLEMS_SHOWN + 2 &&
	    strcmp(last, "and 29950 more warnings") == 0, "%u lines, %s",
	    lines, last);
	problems_free(p);
	return (check_done("directory_problems"));
}
