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
 * What is remembered for a time: records with an end, in the state
 * environment.  Each kind of them has bounds of its own; what has ended is
 * not there any more, and is swept later.
 *
 * Where a kind is full, those that end first make room for new ones, for
 * that is what clients can bring about; when none of them has an end, the
 * change fails.
 */

#ifndef MEMO_H
#define MEMO_H

#include <stddef.h>
#include <stdint.h>

#include "lookup/answer.h"

/* Octets in the state: numbers are fixed. */
enum memo_kind {
	MEMO_KEY = 1,		/* keys.c: keys and counters */
	MEMO_BUCKET,		/* throttle.c */
	MEMO_GREY,		/* greylist.c */
	MEMO_KIND_COUNT
};

#define MEMO_KEY_MAX	511		/* longer ones become a digest */
#define MEMO_VALUE_MAX	16384

struct memo {
	const void	*value;		/* valid until the next call */
	size_t		 len;
	uint64_t	 expires;	/* ms since the Epoch; 0: never */
};

/* How many of a kind there are, with those not swept yet. */
struct memo_totals {
	uint64_t	 records;
	uint64_t	 octets;	/* of keys and values */
};

/* When the environment is open; TEMPFAIL is fatal. */
void	 memo_open(void);
void	 memo_close(void);

/* Milliseconds since the Epoch. */
uint64_t memo_now(void);

/* Keys are any octets, at least one. */
enum answer memo_get(enum memo_kind, const void *key, size_t keylen,
	    struct memo *);

/*
 * The next behind a key, of up to MEMO_KEY_MAX + 1 octets, in the order of
 * keys; *keylen is 0 in front of the first.  Those that have ended may come
 * too, and a key that was too long is its digest.
 */
enum answer memo_next(enum memo_kind, uint8_t *key, size_t *keylen,
	    struct memo *);

/*
 * Changes stand between begin and commit, and are done all or none: a
 * failure shows at commit, -1, and has been logged.  undo makes it fail.
 * The value that is put is the caller's, not the one that get gave.
 */
void	 memo_begin(void);
void	 memo_put(enum memo_kind, const void *key, size_t keylen,
	    const void *value, size_t len, uint64_t expires);
void	 memo_delete(enum memo_kind, const void *key, size_t keylen);
void	 memo_undo(void);
int	 memo_commit(void);

const struct memo_totals *memo_totals(enum memo_kind);

/* Of a kind at most so much, instead of the figures of memo.c: for tests. */
void	 memo_bound(enum memo_kind, uint64_t records, uint64_t octets);

#endif
