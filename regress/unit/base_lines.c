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
 * How many lines of a stranger are logged: lines.h.
 */

#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/base/lines.h"

static unsigned int
lines_at(struct lines *l, uint64_t now, unsigned int n)
{
	unsigned int	 i, logged = 0;

	for (i = 0; i < n; i++)
		logged += lines_more(l, now) != 0;
	return (logged);
}

int
main(void)
{
	struct lines	 l;
	unsigned int	 n;

	memset(&l, 0, sizeof(l));
	n = lines_at(&l, 5000, 1000);
	CHECK(n == LINES_BURST, "%u at once", n);
	CHECK(l.left_out == 1000 - LINES_BURST, "%llu left out",
	    (unsigned long long)l.left_out);
	n = lines_at(&l, 5000 + LINES_PAUSE - 1, 10);
	CHECK(n == 0, "%u too early", n);
	n = lines_at(&l, 5000 + LINES_PAUSE, 10);
	CHECK(n == 1, "%u after a pause", n);
	n = lines_at(&l, 5000 + 11 * LINES_PAUSE, 100);
	CHECK(n == 10, "%u after ten more", n);
	n = lines_at(&l, 5000 + 10000 * LINES_PAUSE, 1000);
	CHECK(n == LINES_BURST, "%u after long silence", n);
	return (check_done("base_lines"));
}
