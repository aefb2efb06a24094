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
 * A table of strings, open addressing.
 */

#include <bsd/stdlib.h>
#include <bsd/string.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/idn.h"
#include "smtpd/base/siphash.h"
#include "smtpd/policy/rcptset.h"
#include "smtpd/smtp/address.h"

#define RCPTSET_MIN	8		/* slots; doubled when 3/4 are taken */

/* The slot where key is, or the free one where it belongs. */
static uint32_t *
rcptset_slot(const struct rcptset *set, uint32_t *slots, size_t size,
    const char *key)
{
	size_t	 i = (size_t)siphash_secret(key, strlen(key));

	for (;; i++) {
		i &= size - 1;
		if (slots[i] == 0 ||
		    strcmp(set->keys[slots[i] - 1].string, key) == 0)
			return (&slots[i]);
	}
}

static int
rcptset_grow(struct rcptset *set)
{
	struct datum	*keys;
	uint32_t	*slots;
	size_t		 i, size = set->size == 0 ? RCPTSET_MIN :
			     set->size * 2;

	if ((keys = reallocarray(set->keys, size, sizeof(*keys))) == NULL)
		return (-1);
	set->keys = keys;
	set->room = size;
	if ((slots = calloc(size, sizeof(*slots))) == NULL)
		return (-1);
	for (i = 0; i < set->n; i++)
		*rcptset_slot(set, slots, size, keys[i].string) =
		    (uint32_t)i + 1;
	free(set->slots);
	set->slots = slots;
	set->size = size;
	return (0);
}

char *
rcptset_fold(const struct address *a)
{
	struct address	 folded;
	char		 buf[ADDRESS_STR_SIZE];

	(void)strlcpy(folded.local, a->local, sizeof(folded.local));
	address_fold_local(folded.local);
	if (idn_fold(a->domain, folded.domain, sizeof(folded.domain)) == -1)
		(void)strlcpy(folded.domain, a->domain,
		    sizeof(folded.domain));
	if (address_format(&folded, buf, sizeof(buf)) == -1)
		return (NULL);
	return (strdup(buf));
}

int
rcptset_has(const struct rcptset *set, const char *key)
{
	return (set->size != 0 &&
	    *rcptset_slot(set, set->slots, set->size, key) != 0);
}

int
rcptset_add(struct rcptset *set, char *key)
{
	if ((set->n + 1) * 4 > set->size * 3 && rcptset_grow(set) == -1)
		return (-1);
	*rcptset_slot(set, set->slots, set->size, key) =
	    (uint32_t)set->n + 1;
	set->keys[set->n++] = datum_string(key, strlen(key));
	return (0);
}

const struct datum *
rcptset_data(const struct rcptset *set, uint32_t *n)
{
	*n = (uint32_t)set->n;
	return (set->keys);
}

void
rcptset_free(struct rcptset *set)
{
	size_t	 i;

	for (i = 0; i < set->n; i++)
		free((char *)(uintptr_t)set->keys[i].string);
	free(set->keys);
	free(set->slots);
	memset(set, 0, sizeof(*set));
}
