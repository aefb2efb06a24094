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
 * The expressions of :regex: POSIX extended regular expressions (IEEE Std
 * 1003.1, 9.4) of octets, by an engine of our own, whose time is the length
 * of the value times the size of the expression and no more, whatever
 * either holds.
 *
 * A match begins as far left as it can and is as long as it can be; of its
 * groups the first is as far left and then as long as it can be, then the
 * second, and so on.  Of a group that is repeated the last time counts;
 * it begins as far left as it can too.
 *
 * What POSIX leaves undefined is an error: nothing to repeat, two
 * repetitions in a row, a backslash before a letter or a digit (but \w, \W,
 * \s and \S, which the C library here knows), back-references.
 */

#ifndef ERE_H
#define ERE_H

#include <stddef.h>

#include "smtpd/sieve/captures.h"
#include "smtpd/sieve/effort.h"

#define ERE_SOURCE_MAX	4096	/* octets */
#define ERE_INSNS_MAX	1024	/* steps of an expression, unrolled */
#define ERE_REPEAT_MAX	255	/* RE_DUP_MAX */
#define ERE_DEPTH_MAX	32	/* groups in groups */

struct ere;

enum ere_result {
	ERE_MATCHES,
	ERE_NONE,
	ERE_SPENT,		/* the effort, or memory */
};

/*
 * Compile; with fold set whatever the case of ASCII letters.  NULL when
 * source is no expression or too large: *why says what is wrong with it,
 * *at is where (octets).  Any groups may stand in it; those behind the last
 * capture are not captured.
 */
struct ere *ere_new(const char *source, size_t len, int fold,
	    const char **why, size_t *at);

/* NULL is accepted. */
void	 ere_free(struct ere *);

/*
 * Search value.  On ERE_MATCHES captures, when not NULL, is filled in: the
 * match, then the groups, all of them, empty where they took no part.
 */
enum ere_result
	 ere_match(const struct ere *, const char *value, size_t len,
	    struct captures *, struct effort *);

#endif
