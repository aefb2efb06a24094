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
 * Sets of strings.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/xmem.h"
#include "smtpd/base/keyset.h"

struct keyset *
keyset_new(void)
{
	return (xcalloc(1, sizeof(struct keyset)));
}

void
keyset_free(struct keyset *k)
{
	size_t	 i;

	if (k == NULL)
		return;
	for (i = 0; i < k->size; i++)
		free(k->slots[i]);
	free(k->slots);
	free(k);
}

/* FNV-1a: the strings are the administrator's, not a stranger's. */
static size_t
keyset_hash(const char *s)
{
	uint64_t	 h = 0xcbf29ce484222325ULL;

	for (; *s != '\0'; s++)
		h = (h ^ (uint8_t)*s) * 0x100000001b3ULL;
	return ((size_t)(h ^ h >> 32));
}

/* Where s stands, or the free slot where it would. */
static char **
keyset_slot(const struct keyset *k, const char *s)
{
	size_t	 i;

	for (i = keyset_hash(s);; i++) {
		i &= k->size - 1;
		if (k->slots[i] == NULL || strcmp(k->slots[i], s) == 0)
			return (&k->slots[i]);
	}
}

static void
keyset_grow(struct keyset *k)
{
	struct keyset	 old = *k;
	size_t		 i;

	k->size = old.size == 0 ? 8 : old.size * 2;
	k->slots = xcalloc(k->size, sizeof(*k->slots));
	for (i = 0; i < old.size; i++)
		if (old.slots[i] != NULL)
			*keyset_slot(k, old.slots[i]) = old.slots[i];
	free(old.slots);
}

int
keyset_add(struct keyset *k, const char *s)
{
	char	**slot;

	if (k->n * 4 >= k->size * 3)
		keyset_grow(k);
	slot = keyset_slot(k, s);
	if (*slot != NULL)
		return (0);
	*slot = xstrdup(s);
	k->n++;
	return (1);
}

int
keyset_has(const struct keyset *k, const char *s)
{
	return (k != NULL && k->size != 0 && *keyset_slot(k, s) != NULL);
}
