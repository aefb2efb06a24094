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
 * Lines of the log that a stranger causes: some at once, and few from then
 * on, so that nobody fills the disk with what costs nothing to cause.
 */

#ifndef LINES_H
#define LINES_H

#include <stdint.h>

#define LINES_BURST	100	/* at once */
#define LINES_PAUSE	1000	/* ms for one more */

/* All 0 to begin with. */
struct lines {
	uint64_t	 busy;		/* until then, clock_mono */
	uint64_t	 left_out;
};

/* May one more be logged, now by clock_mono?  If not it was left out. */
int	 lines_more(struct lines *, uint64_t now);

#endif
