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
 * Inside of memo.h: memo.c has the records, memo_due.c what ends when.
 *
 * Two stores.  "memo" has, under the kind and a key, version, end, due and
 * value; under the kind alone, how many there are.  "due" has nothing under
 * the kind, due and key: the order in which records are looked at.  A
 * record that ends later than it is due is due again then: one that is
 * prolonged all the time is written once, not twice.
 */

#ifndef MEMO_PART_H
#define MEMO_PART_H

#include "lookup/memo.h"

#define MEMO_FOREVER	UINT64_MAX

struct memo_record {
	uint8_t		 kind;
	uint8_t		 key[MEMO_KEY_MAX + 1];
	size_t		 keylen;
	uint64_t	 expires;
	uint64_t	 due;		/* 0: it is not in the order */
	const void	*value;
	size_t		 len;
};

/* Read, ended or not; write; remove.  Writing and removing count. */
enum answer memo_record_get(struct memo_record *);
void	 memo_record_put(const struct memo_record *);
void	 memo_record_remove(const struct memo_record *);

/* Put in the order, or take out of it. */
void	 memo_due_add(const struct memo_record *);
void	 memo_due_remove(const struct memo_record *);

/*
 * Look at the first that is due at now, or at any with MEMO_FOREVER, and
 * remove it if its time has come.  NONE when there is none.
 */
enum answer memo_due_first(enum memo_kind, uint64_t now);

/* Remove what has ended, now and then. */
void	 memo_sweep_start(void);
void	 memo_sweep_stop(void);

#endif
