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
 * Regular expressions, by PCRE2: UTF-8, '$' only at the very end.
 *
 * A match takes at most PATTERN_SUBJECT_MAX octets of subject and a bounded
 * number of steps: one that would need more is an answer of its own, which
 * is neither yes nor no (SECURITY.md R11).
 */

#ifndef PATTERN_H
#define PATTERN_H

#include <stddef.h>
#include <stdint.h>

#define PATTERN_SUBJECT_MAX	1024
#define PATTERN_PAIRS		32	/* $0 and 31 groups are kept */
#define PATTERN_UNSET		UINT16_MAX

struct pattern;

enum pattern_result {
	PATTERN_MATCHES,
	PATTERN_NONE,
	PATTERN_LIMIT,		/* of steps or memory: cannot be known */
	PATTERN_LONG		/* the subject is too long */
};

/* Groups as offsets; from and to are PATTERN_UNSET for one without a part. */
struct pattern_groups {
	unsigned int	 n;
	uint16_t	 from[PATTERN_PAIRS], to[PATTERN_PAIRS];
};

/*
 * Compile; with fast set to machine code too, which no sandbox allows
 * later.  NULL when source is no regular expression: why says what is
 * wrong with it, *at is where (octets).
 */
struct pattern *pattern_new(const char *source, int fast, char *why,
	    size_t whysize, size_t *at);

/* NULL is accepted. */
void	 pattern_free(struct pattern *);

/* groups is filled in when it matches. */
enum pattern_result
	 pattern_match(const struct pattern *, const char *subject,
	    size_t len, struct pattern_groups *groups);

#endif
