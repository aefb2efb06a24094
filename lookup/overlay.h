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
 * Records in the order of their keys that stand before those of a table:
 * changed ones, and gaps where the table has a record and we have none.
 */

#ifndef OVERLAY_H
#define OVERLAY_H

#include <bsd/sys/tree.h>

#include <stddef.h>
#include <stdint.h>

struct overlay_record {
	RB_ENTRY(overlay_record) entry;
	const uint8_t	*value;		/* NULL: a gap */
	size_t		 len;
	size_t		 keylen;
	uint8_t		 key[];		/* the value stands behind it */
};

struct overlay;

struct overlay *overlay_new(void);
void	 overlay_free(struct overlay *);		/* NULL is fine */
size_t	 overlay_count(const struct overlay *);

/* Replaces what stands there; value NULL makes a gap. */
void	 overlay_put(struct overlay *, const void *key, size_t keylen,
	    const void *value, size_t len);

/* The record (or gap) with that key; the first at or behind it.  NULL: none. */
const struct overlay_record *overlay_get(struct overlay *, const void *key,
	    size_t keylen);
const struct overlay_record *overlay_seek(struct overlay *, const void *key,
	    size_t keylen);
const struct overlay_record *overlay_next(const struct overlay_record *);

/* The order of keys, as tables have it. */
int	 overlay_compare(const void *, size_t, const void *, size_t);

#endif
