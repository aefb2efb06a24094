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
 * Match types.
 */

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "smtpd/sieve/ere.h"
#include "smtpd/sieve/match.h"
#include "smtpd/sieve/wildcard.h"

int
match_allows(enum match_type t, enum comparator c)
{
	return (c != COMPARATOR_NUMERIC || t == MATCH_IS ||
	    t == MATCH_VALUE || t == MATCH_COUNT);
}

/* 1, 0 and -1 of a search. */
static enum match_result
result(int found)
{
	return (found == 1 ? MATCH_YES : found == 0 ? MATCH_NO : MATCH_SPENT);
}

static enum match_result
match_regex(const struct match *how, const char *value, size_t len,
    const char *key, size_t klen, struct captures *captures,
    struct effort *effort)
{
	const char	*why;
	struct ere	*e;
	enum ere_result	 r;
	size_t		 at;

	/* it is cleared, read and written */
	if (effort_take(effort, ERE_INSNS_MAX + 16 * klen) == -1)
		return (MATCH_SPENT);
	if ((e = ere_new(key, klen, how->comparator == COMPARATOR_CASEMAP, &why,
	    &at)) == NULL)
		return (MATCH_BAD);
	r = ere_match(e, value, len, captures, effort);
	ere_free(e);
	return (r == ERE_MATCHES ? MATCH_YES : r == ERE_NONE ? MATCH_NO :
	    MATCH_SPENT);
}

enum match_result
match_key(const struct match *how, const char *value, size_t len,
    const char *key, size_t klen, struct captures *captures,
    struct effort *effort)
{
	int	 order;

	if (effort_take(effort, 1 + (len < klen ? len : klen) / 16) == -1)
		return (MATCH_SPENT);
	switch (how->type) {
	case MATCH_CONTAINS:
		return (result(comparator_contains(how->comparator, value, len,
		    key, klen, effort)));
	case MATCH_MATCHES:
		return (result(wildcard_matches(key, klen, value, len,
		    how->comparator == COMPARATOR_CASEMAP, captures, effort)));
	case MATCH_REGEX:
		return (match_regex(how, value, len, key, klen, captures,
		    effort));
	default:
		order = comparator_order(how->comparator, value, len, key,
		    klen);
		return (result(relation_holds(how->type == MATCH_VALUE ?
		    how->relation : RELATION_EQ, order)));
	}
}

int
match_count(const struct match *how, unsigned long n, const char *key,
    size_t klen)
{
	char	 digits[24];
	int	 len;

	len = snprintf(digits, sizeof(digits), "%lu", n);
	return (relation_holds(how->relation, comparator_order(how->comparator,
	    digits, (size_t)len, key, klen)));
}
