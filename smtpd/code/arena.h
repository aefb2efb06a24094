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
 * Memory of one run: given out piece by piece, given back all at once.
 */

#ifndef ARENA_H
#define ARENA_H

#include <stddef.h>

#define ARENA_CHUNK	2048		/* octets of memory taken at once */
#define ARENA_TOTAL	(128 * 1024 * 1024) /* octets, of all runs together */

struct arena_chunk;

struct arena {
	struct arena_chunk	*chunks;	/* the newest first */
	char			*next;		/* free in the newest */
	size_t			 left;
	size_t			 budget;	/* octets it may still take */
};

/*
 * Begin, with a budget.  size octets of the first chunk are for the owner
 * itself, not cleared; NULL without memory.
 */
void	*arena_begin(struct arena *, size_t size, size_t budget);

/*
 * Aligned for anything, not cleared; NULL when the budget is spent, or
 * without memory.
 */
void	*arena_alloc(struct arena *, size_t size);

void	 arena_end(struct arena *);

#endif
