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
 * The accepted recipients of a transaction: is this one there already?
 * The time that takes does not depend on how many there are, nor on what
 * strangers choose as addresses.
 */

#ifndef RCPTSET_H
#define RCPTSET_H

#include <stddef.h>
#include <stdint.h>

#include "smtpd/code/datum.h"

struct address;

/* All zero is the empty set. */
struct rcptset {
	uint32_t	*slots;		/* index of a key, from 1; 0 is free */
	size_t		 size;		/* of slots, a power of two or 0 */
	struct datum	*keys;		/* in the order they came in */
	size_t		 n, room;
};

/*
 * The address as a key: local part in lower case of ASCII, quoted only
 * where it must be, domain in lower case with A-labels, so that all
 * spellings of a mailbox are one.  The null address is "".  From malloc;
 * NULL without memory, or for what no client can have said.
 */
char	*rcptset_fold(const struct address *);

int	 rcptset_has(const struct rcptset *, const char *);

/* Takes over key, from malloc, which is not there yet; -1 without memory. */
int	 rcptset_add(struct rcptset *, char *key);

/* All keys as strings, as many as *n says; good until the next add. */
const struct datum *rcptset_data(const struct rcptset *, uint32_t *n);

void	 rcptset_free(struct rcptset *);

#endif
