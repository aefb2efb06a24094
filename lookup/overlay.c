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
 * A sorted tree of records in memory.
 */

#include <stdlib.h>
#include <string.h>

#include "lookup/overlay.h"
#include "smtpd/base/xmem.h"

RB_HEAD(overlay_tree, overlay_record);

struct overlay {
	struct overlay_tree	 tree;
	size_t			 count;
};


static int	 record_compare(const struct overlay_record *,
		    const struct overlay_record *);

RB_PROTOTYPE(overlay_tree, overlay_record, entry, record_compare)
RB_GENERATE(overlay_tree, overlay_record, entry, record_compare)

int
overlay_compare(const void *a, size_t alen, const void *b, size_t blen)
{
	int	 ret;

	ret = memcmp(a, b, alen < blen ? alen : blen);
	if (ret != 0)
		return (ret);
	return (alen < blen ? -1 : alen > blen);
}

static int
record_compare(const struct overlay_record *a, const struct overlay_record *b)
{
	return (overlay_compare(a->key, a->keylen, b->key, b->keylen));
}

struct overlay *
overlay_new(void)
{
	struct overlay	*o;

	o = xcalloc(1, sizeof(*o));
	RB_INIT(&o->tree);
	return (o);
}

void
overlay_free(struct overlay *o)
{
	struct overlay_record	*r;

	if (o == NULL)
		return;
	while ((r = RB_ROOT(&o->tree)) != NULL) {
		RB_REMOVE(overlay_tree, &o->tree, r);
		free(r);
	}
	free(o);
}

size_t
overlay_count(const struct overlay *o)
{
	return (o->count);
}

void
overlay_put(struct overlay *o, const void *key, size_t keylen,
    const void *value, size_t len)
{
	struct overlay_record	*r, *old;

	r = xcalloc(1, sizeof(*r) + keylen + len);
	memcpy(r->key, key, keylen);
	r->keylen = keylen;
	if (value != NULL) {
		memcpy(r->key + keylen, value, len);
		r->value = r->key + keylen;
		r->len = len;
	}
	if ((old = RB_INSERT(overlay_tree, &o->tree, r)) != NULL) {
		RB_REMOVE(overlay_tree, &o->tree, old);
		free(old);
		o->count--;
		(void)RB_INSERT(overlay_tree, &o->tree, r);
	}
	o->count++;
}

/* The first record at or behind key; *exact says whether it is at it. */
static struct overlay_record *
overlay_find(struct overlay *o, const void *key, size_t keylen, int *exact)
{
	struct overlay_record	*r = RB_ROOT(&o->tree), *found = NULL;
	int			 cmp;

	*exact = 0;
	while (r != NULL) {
		cmp = overlay_compare(key, keylen, r->key, r->keylen);
		if (cmp == 0) {
			*exact = 1;
			return (r);
		}
		if (cmp < 0) {
			found = r;
			r = RB_LEFT(r, entry);
		} else
			r = RB_RIGHT(r, entry);
	}
	return (found);
}

const struct overlay_record *
overlay_get(struct overlay *o, const void *key, size_t keylen)
{
	struct overlay_record	*r;
	int			 exact;

	r = overlay_find(o, key, keylen, &exact);
	return (exact ? r : NULL);
}

const struct overlay_record *
overlay_seek(struct overlay *o, const void *key, size_t keylen)
{
	int	 exact;

	return (overlay_find(o, key, keylen, &exact));
}

const struct overlay_record *
overlay_next(const struct overlay_record *r)
{
	struct overlay_record	*next;

	/* the macro wants to be able to write, and does not */
	memcpy(&next, &r, sizeof(next));
	return (RB_NEXT(overlay_tree, NULL, next));
}
