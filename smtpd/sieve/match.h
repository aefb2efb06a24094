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
 * Match types, RFC 5228 2.7.1, RFC 5231 4 and :regex: one value against one
 * key.  A test is true when any pair of its values and keys matches.
 */

#ifndef MATCH_H
#define MATCH_H

#include <stddef.h>

#include "smtpd/sieve/captures.h"
#include "smtpd/sieve/comparator.h"
#include "smtpd/sieve/effort.h"

enum match_type {
	MATCH_IS,
	MATCH_CONTAINS,
	MATCH_MATCHES,
	MATCH_REGEX,
	MATCH_VALUE,
	MATCH_COUNT,		/* :count, of how many values there are */
	MATCH_TYPES
};

struct match {
	enum match_type	 type;
	enum comparator	 comparator;
	enum relation	 relation;	/* of MATCH_VALUE and MATCH_COUNT */
};

enum match_result {
	MATCH_YES,
	MATCH_NO,
	MATCH_SPENT,		/* the effort */
	MATCH_BAD		/* the key is no regular expression: no match */
};

/*
 * May they stand together?  i;ascii-numeric has no substrings, so it goes
 * with :is, :value and :count alone (RFC 4790 9.1.1).
 */
int	 match_allows(enum match_type, enum comparator);

/*
 * Does value match key?  On MATCH_YES of MATCH_MATCHES and MATCH_REGEX, and
 * then only, captures is filled in; it may be NULL.  A regular expression
 * is compiled here: keep an ere for one that is constant.  Not for
 * MATCH_COUNT.
 */
enum match_result
	 match_key(const struct match *, const char *value, size_t len,
	    const char *key, size_t klen, struct captures *,
	    struct effort *);

/* :count: does the number of values stand in the relation to key? */
int	 match_count(const struct match *, unsigned long n, const char *key,
	    size_t klen);

#endif
