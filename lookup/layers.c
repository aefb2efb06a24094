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
 * Reading a table through its changes.  The mark is set while a table is
 * read, and only then: a damaged page can make Berkeley DB spin for ever.
 */

#include <string.h>

#include "lookup/layers.h"
#include "lookup/mark.h"
#include "lookup/overlay.h"

void
layers_init(struct layers *l, struct bdb_table *table, unsigned int number)
{
	memset(l, 0, sizeof(*l));
	l->table = table;
	l->overlay = overlay_new();
	l->mark = number;
	l->below = ANSWER_NONE;
}

void
layers_free(struct layers *l)
{
	bdb_table_close(l->table);
	overlay_free(l->overlay);
	memset(l, 0, sizeof(*l));
}

static void
item_over(const struct overlay_record *r, struct bdb_item *item)
{
	item->key = r->key;
	item->keylen = r->keylen;
	item->value = r->value;
	item->len = r->len;
}

enum answer
layers_get(struct layers *l, const void *key, size_t keylen,
    struct bdb_item *item)
{
	const struct overlay_record	*r;
	enum answer			 ans;

	if (l->table == NULL)
		return (ANSWER_TEMPFAIL);
	if (overlay_count(l->overlay) != 0 &&
	    (r = overlay_get(l->overlay, key, keylen)) != NULL) {
		if (r->value == NULL)
			return (ANSWER_NONE);
		item_over(r, item);
		return (ANSWER_FOUND);
	}
	*mark = l->mark;
	ans = bdb_table_get(l->table, key, keylen, item);
	*mark = MARK_NONE;
	return (ans);
}

static void
layers_below(struct layers *l)
{
	*mark = l->mark;
	l->below = bdb_table_next(l->table, &l->item);
	*mark = MARK_NONE;
}

/* Which comes first: the change (-1), the table's (1), or are they one? */
static int
layers_order(const struct layers *l)
{
	if (l->over == NULL)
		return (1);
	if (l->below == ANSWER_NONE)
		return (-1);
	return (overlay_compare(l->over->key, l->over->keylen, l->item.key,
	    l->item.keylen));
}

/* The first of what is left that is no gap. */
static enum answer
layers_take(struct layers *l, struct bdb_item *item)
{
	const struct overlay_record	*r;
	int				 cmp;

	while (l->below != ANSWER_TEMPFAIL) {
		if (l->over == NULL && l->below == ANSWER_NONE)
			return (ANSWER_NONE);
		r = l->over;
		cmp = layers_order(l);
		if (cmp > 0) {
			*item = l->item;
			return (ANSWER_FOUND);
		}
		if (r->value != NULL) {
			item_over(r, item);
			return (ANSWER_FOUND);
		}
		if (cmp == 0)
			layers_below(l);
		l->over = overlay_next(r);
	}
	return (ANSWER_TEMPFAIL);
}

enum answer
layers_seek(struct layers *l, const void *key, size_t keylen,
    struct bdb_item *item)
{
	if (l->table == NULL)
		return (ANSWER_TEMPFAIL);
	*mark = l->mark;
	l->below = bdb_table_seek(l->table, key, keylen, &l->item);
	*mark = MARK_NONE;
	l->over = overlay_seek(l->overlay, key, keylen);
	return (layers_take(l, item));
}

enum answer
layers_next(struct layers *l, struct bdb_item *item)
{
	int	 cmp;

	if (l->table == NULL || l->below == ANSWER_TEMPFAIL)
		return (ANSWER_TEMPFAIL);
	/* the one that was taken */
	cmp = layers_order(l);
	if (cmp <= 0)
		l->over = overlay_next(l->over);
	if (cmp >= 0 && l->below == ANSWER_FOUND)
		layers_below(l);
	return (layers_take(l, item));
}
