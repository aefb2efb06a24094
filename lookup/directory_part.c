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
 * Records in parts, each of which fits into one answer.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lookup/directory_part.h"
#include "lookup/directory_text.h"
#include "lookup/find.h"
#include "lookup/overlay.h"
#include "lookup/view.h"
#include "smtpd/base/idn.h"

#define PART_OCTETS	(48 * 1024)	/* of rows that are enough */
#define PART_LOOKS	1000		/* records looked at for a part */
#define PART_LIST	'\t'		/* a cursor; begins no name */

/* The records that are text, in the order in which they are shown. */
static const char	 kinds[] = { RECORD_DOMAIN, RECORD_ACCOUNT,
    RECORD_ADDRESS };

/* Where a part begins: behind this key or, within a list, at it. */
struct part {
	struct directory_text text;
	size_t		 kind;		/* of kinds */
	uint8_t		 key[RECORD_KEY_SIZE];
	size_t		 keylen;
};

/*
 * A cursor is the first octet of a key and the name in it; within a list it
 * is PART_LIST, the number of the next member, a colon and the list.
 */
static void
cursor_put(const struct part *p, char next[DIRECTORY_CURSOR_SIZE])
{
	char		 name[ADDRESS_STR_SIZE] = "";
	uint32_t	 unused;

	if (p->keylen > 1)
		(void)record_key_name(p->key, p->keylen, name, sizeof(name),
		    &unused);
	if (p->text.member != 0)
		(void)snprintf(next, DIRECTORY_CURSOR_SIZE, "%c%" PRIu32 ":%s",
		    PART_LIST, p->text.member, name);
	else
		(void)snprintf(next, DIRECTORY_CURSOR_SIZE, "%c%s",
		    p->key[0], name);
}

static int
cursor_get(struct part *p, const char *cursor)
{
	const char	*kind, *name = cursor + 1;
	char		*end;

	p->key[0] = (uint8_t)kinds[0];
	p->keylen = 1;
	if (cursor[0] == '\0')
		return (0);
	if (cursor[0] == PART_LIST) {
		p->text.member = (uint32_t)strtoul(name, &end, 10);
		if (*end != ':' || p->text.member == 0)
			return (-1);
		name = end + 1;
		p->kind = sizeof(kinds) - 1;
	} else {
		kind = memchr(kinds, cursor[0], sizeof(kinds));
		if (kind == NULL)
			return (-1);
		p->kind = (size_t)(kind - kinds);
	}
	p->key[0] = (uint8_t)kinds[p->kind];
	if (*name != '\0')
		p->keylen = record_key(kinds[p->kind], name, p->key);
	return (p->keylen == 0 ? -1 : 0);
}

/* The record behind p->key or, within a list, the one at it. */
static enum answer
part_next(struct part *p, struct bdb_item *item)
{
	enum answer	 ans;

	if (p->text.member != 0)
		return (view_get(p->text.view, p->key, p->keylen, item));
	ans = view_seek(p->text.view, p->key, p->keylen, item);
	if (ans == ANSWER_FOUND && p->keylen > 1 && overlay_compare(item->key,
	    item->keylen, p->key, p->keylen) == 0)
		ans = view_next(p->text.view, item);
	if (ans == ANSWER_FOUND && *(const char *)item->key != kinds[p->kind])
		ans = ANSWER_NONE;
	return (ans);
}

enum answer
directory_part(struct view *v, const char *cursor, struct wbuf *rows,
    char next[DIRECTORY_CURSOR_SIZE])
{
	struct part	 p = { .text = { .view = v, .rows = rows } };
	struct bdb_item	 item;
	int		 looks;

	next[0] = '\0';
	if (cursor_get(&p, cursor) == -1)
		return (ANSWER_TEMPFAIL);
	for (looks = 0; looks < PART_LOOKS && rows->len < PART_OCTETS; looks++)
		switch (part_next(&p, &item)) {
		case ANSWER_FOUND:
			if (item.keylen > sizeof(p.key))
				return (ANSWER_TEMPFAIL);
			memcpy(p.key, item.key, item.keylen);
			p.keylen = item.keylen;
			if (directory_text(&p.text, &item) == -1)
				return (ANSWER_TEMPFAIL);
			break;
		case ANSWER_NONE:
			/* a list may be gone in the middle */
			p.text.member = 0;
			if (++p.kind == sizeof(kinds))
				return (ANSWER_FOUND);
			p.key[0] = (uint8_t)kinds[p.kind];
			p.keylen = 1;
			break;
		default:
			return (ANSWER_TEMPFAIL);
		}
	cursor_put(&p, next);
	return (ANSWER_FOUND);
}

/* One record by its key, whole or the first part of a long list. */
static enum answer
get_key(struct part *p, char kind, const char *name,
    char next[DIRECTORY_CURSOR_SIZE])
{
	struct bdb_item	 item;
	enum answer	 ans;

	if ((p->keylen = record_key(kind, name, p->key)) == 0)
		return (ANSWER_NONE);
	if ((ans = view_get(p->text.view, p->key, p->keylen, &item)) !=
	    ANSWER_FOUND)
		return (ans);
	if (directory_text(&p->text, &item) == -1)
		return (ANSWER_TEMPFAIL);
	if (p->text.member != 0)
		cursor_put(p, next);
	return (ANSWER_FOUND);
}

static enum answer
get_address(struct part *p, const char *what,
    char next[DIRECTORY_CURSOR_SIZE])
{
	struct found	 f;
	char		 folded[ADDRESS_STR_SIZE];

	if (record_fold(what, folded, sizeof(folded)) == -1)
		return (ANSWER_NONE);
	switch (find_literal(p->text.view, folded, &f)) {
	case FIND_FOUND:
		if (f.rec.kind == RESOLVE_ACCOUNT)
			return (get_key(p, RECORD_ACCOUNT, f.rec.account,
			    next));
		return (get_key(p, RECORD_ADDRESS, f.key, next));
	case FIND_TEMPFAIL:
		return (ANSWER_TEMPFAIL);
	default:
		return (ANSWER_NONE);
	}
}

/* The next rows of a list that get has begun. */
static enum answer
get_more(struct part *p, const char *cursor, char next[DIRECTORY_CURSOR_SIZE])
{
	struct bdb_item	 item;
	enum answer	 ans;

	if (cursor_get(p, cursor) == -1)
		return (ANSWER_NONE);
	ans = view_get(p->text.view, p->key, p->keylen, &item);
	while (ans == ANSWER_FOUND && p->text.member != 0 &&
	    p->text.rows->len < PART_OCTETS) {
		if (directory_text(&p->text, &item) == -1)
			return (ANSWER_TEMPFAIL);
		ans = view_get(p->text.view, p->key, p->keylen, &item);
	}
	if (ans == ANSWER_FOUND && p->text.member != 0)
		cursor_put(p, next);
	return (ans);
}

enum answer
directory_get(struct view *v, const char *what, struct wbuf *rows,
    char next[DIRECTORY_CURSOR_SIZE])
{
	struct part	 p = { .text = { .view = v, .rows = rows } };
	char		 domain[ADDRESS_DOMAIN_MAX + 1];
	enum answer	 account, ans = ANSWER_NONE;

	next[0] = '\0';
	if (what[0] == PART_LIST)
		return (get_more(&p, what, next));
	if (strchr(what, '@') != NULL)
		return (get_address(&p, what, next));
	account = get_key(&p, RECORD_ACCOUNT, what, next);
	if (account != ANSWER_TEMPFAIL &&
	    idn_fold(what, domain, sizeof(domain)) == 0)
		ans = get_key(&p, RECORD_DOMAIN, domain, next);
	if (account == ANSWER_TEMPFAIL || ans == ANSWER_TEMPFAIL)
		return (ANSWER_TEMPFAIL);
	return (account == ANSWER_FOUND ? account : ans);
}
