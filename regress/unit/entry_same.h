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
 * Two entries that say the same are the same, wherever they stood.
 */

#ifndef ENTRY_SAME_H
#define ENTRY_SAME_H

#include <string.h>

#include "lookup/entry.h"

static inline int
same_account(const struct account_record *a, const struct account_record *b)
{
	return (strcmp(a->name, b->name) == 0 &&
	    memcmp(&a->attrs, &b->attrs, sizeof(a->attrs)) == 0 &&
	    a->quota == b->quota && strcmp(a->login, b->login) == 0 &&
	    strcmp(a->secret, b->secret) == 0 &&
	    strcmp(a->person, b->person) == 0 &&
	    a->addresses.n == b->addresses.n);
}

static inline int
same_address(const struct address_record *a, const struct address_record *b)
{
	return (a->kind == b->kind &&
	    memcmp(&a->attrs, &b->attrs, sizeof(a->attrs)) == 0 &&
	    strcmp(a->shown, b->shown) == 0 && a->senders == b->senders &&
	    strcmp(a->owner, b->owner) == 0 && a->nmembers == b->nmembers &&
	    strcmp(a->person, b->person) == 0 &&
	    a->targets.n == b->targets.n);
}

static inline int
entry_same(const struct entry *a, const struct entry *b)
{
	size_t	 i;

	if (a->kind != b->kind || a->nstrings != b->nstrings ||
	    memcmp(&a->domain, &b->domain, sizeof(a->domain)) != 0 ||
	    !same_account(&a->account, &b->account) ||
	    !same_address(&a->address, &b->address))
		return (0);
	for (i = 0; i < a->nstrings; i++)
		if (strcmp(a->strings[i], b->strings[i]) != 0)
			return (0);
	return (1);
}

#endif
