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
 * How much a run of a script may still look at.  Every loop whose length a
 * script or a client chooses takes its octets from here first, so that the
 * longest run is known whatever stands in the script.
 */

#ifndef EFFORT_H
#define EFFORT_H

#include <stdint.h>

struct effort {
	uint64_t	 left;		/* octets looked at, or steps */
};

/* 0, or -1 when there is not that much left: then nothing is. */
static inline int
effort_take(struct effort *e, uint64_t n)
{
	if (e->left < n) {
		e->left = 0;
		return (-1);
	}
	e->left -= n;
	return (0);
}

#endif
