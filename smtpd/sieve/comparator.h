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
 * Comparators (RFC 4790) and relations (RFC 5231 4).  Strings are counted
 * and may hold any octet, NUL too.
 */

#ifndef COMPARATOR_H
#define COMPARATOR_H

#include <stddef.h>

#include "smtpd/sieve/effort.h"

enum comparator {
	COMPARATOR_CASEMAP,	/* i;ascii-casemap, the default */
	COMPARATOR_OCTET,	/* i;octet */
	COMPARATOR_NUMERIC,	/* i;ascii-numeric */
	COMPARATOR_COUNT
};

enum relation {
	RELATION_GT,
	RELATION_GE,
	RELATION_LT,
	RELATION_LE,
	RELATION_EQ,
	RELATION_NE,
	RELATION_COUNT
};

/* By name, octet for octet; COMPARATOR_COUNT when there is none. */
enum comparator comparator_find(const char *name, size_t len);

/* "gt", in lower case as RFC 5231 writes it; RELATION_COUNT for others. */
enum relation relation_find(const char *name, size_t len);

/* A to Z alone: RFC 4790 9.2.1. */
static inline unsigned char
comparator_fold(unsigned char c)
{
	return (c >= 'A' && c <= 'Z' ? (unsigned char)(c + ('a' - 'A')) : c);
}

/*
 * Below, at or above 0 as a is below, at or above b.  Numbers are the
 * digits that a string begins with, however many; a string without is
 * above all numbers and at all others without (RFC 4790 9.1.1).
 */
int	 comparator_order(enum comparator, const char *a, size_t alen,
	    const char *b, size_t blen);

/*
 * Does value hold key?  COMPARATOR_CASEMAP and COMPARATOR_OCTET only: the
 * numeric one has no substrings.  1, 0, or -1 with the effort spent.
 */
int	 comparator_contains(enum comparator, const char *value, size_t len,
	    const char *key, size_t klen, struct effort *);

/* Does the relation hold for what comparator_order returned? */
int	 relation_holds(enum relation, int order);

#endif
