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
 * Comparators and relations.
 */

#include <string.h>

#include "smtpd/sieve/comparator.h"

static const char	*names[COMPARATOR_COUNT] = {
	[COMPARATOR_CASEMAP]	= "i;ascii-casemap",
	[COMPARATOR_OCTET]	= "i;octet",
	[COMPARATOR_NUMERIC]	= "i;ascii-numeric",
};

static const char	 relations[RELATION_COUNT][3] = {
	[RELATION_GT]	= "gt",
	[RELATION_GE]	= "ge",
	[RELATION_LT]	= "lt",
	[RELATION_LE]	= "le",
	[RELATION_EQ]	= "eq",
	[RELATION_NE]	= "ne",
};

enum comparator
comparator_find(const char *name, size_t len)
{
	unsigned int	 c;

	for (c = 0; c < COMPARATOR_COUNT; c++)
		if (strlen(names[c]) == len &&
		    memcmp(names[c], name, len) == 0)
			break;
	return ((enum comparator)c);
}

enum relation
relation_find(const char *name, size_t len)
{
	unsigned int	 r;

	for (r = 0; r < RELATION_COUNT; r++)
		if (len == 2 && memcmp(relations[r], name, 2) == 0)
			break;
	return ((enum relation)r);
}

int
relation_holds(enum relation r, int order)
{
	switch (r) {
	case RELATION_GT:
		return (order > 0);
	case RELATION_GE:
		return (order >= 0);
	case RELATION_LT:
		return (order < 0);
	case RELATION_LE:
		return (order <= 0);
	case RELATION_EQ:
		return (order == 0);
	default:
		return (order != 0);
	}
}

/* The digits of a number without the zeros in front; 0 when it is none. */
static int
number(const char **s, size_t *len)
{
	size_t	 n = 0;

	while (n < *len && (*s)[n] >= '0' && (*s)[n] <= '9')
		n++;
	*len = n;
	if (n == 0)
		return (0);
	while (*len > 0 && **s == '0') {
		(*s)++;
		(*len)--;
	}
	return (1);
}

static int
order_numeric(const char *a, size_t alen, const char *b, size_t blen)
{
	int	 anum = number(&a, &alen), bnum = number(&b, &blen);

	if (!anum || !bnum)
		return (bnum - anum);
	if (alen != blen)
		return (alen < blen ? -1 : 1);
	return (alen == 0 ? 0 : memcmp(a, b, alen));
}

static int
compare_folded(const char *a, const char *b, size_t len)
{
	size_t	 i;
	int	 d;

	for (i = 0; i < len; i++) {
		d = comparator_fold((unsigned char)a[i]) -
		    comparator_fold((unsigned char)b[i]);
		if (d != 0)
			return (d);
	}
	return (0);
}

int
comparator_order(enum comparator c, const char *a, size_t alen,
    const char *b, size_t blen)
{
	size_t	 len = alen < blen ? alen : blen;
	int	 d = 0;

	if (c == COMPARATOR_NUMERIC)
		return (order_numeric(a, alen, b, blen));
	if (c == COMPARATOR_CASEMAP)
		d = compare_folded(a, b, len);
	else if (len > 0)
		d = memcmp(a, b, len);
	if (d != 0)
		return (d);
	return (alen == blen ? 0 : alen < blen ? -1 : 1);
}

int
comparator_contains(enum comparator c, const char *value, size_t len,
    const char *key, size_t klen, struct effort *e)
{
	size_t	 at, n;

	if (klen == 0)
		return (1);
	for (at = 0; at + klen <= len; at++) {
		for (n = 0; n < klen; n++)
			if (c == COMPARATOR_CASEMAP ?
			    comparator_fold((unsigned char)value[at + n]) !=
			    comparator_fold((unsigned char)key[n]) :
			    value[at + n] != key[n])
				break;
		if (effort_take(e, n + 1) == -1)
			return (-1);
		if (n == klen)
			return (1);
	}
	return (0);
}
