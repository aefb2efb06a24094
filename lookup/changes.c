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
 * The only file that knows how live changes are kept.
 *
 *	directory NUL serial	version, key, line
 *	directory NUL		version, serial up to which all are folded
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lookup/bdb_env.h"
#include "lookup/changes.h"
#include "lookup/overlay.h"
#include "lookup/state.h"
#include "lookup/work.h"
#include "smtpd/base/wire.h"
#include "smtpd/base/xmem.h"
#include "smtpd/msg/msg_session.h"

#define CHANGES_VERSION	1
#define CHANGES_KEY_SIZE (SESSION_DIRECTORY_MAX + 1 + 8)

TAILQ_HEAD(change_list, change);
RB_HEAD(change_tree, change);

struct changes {
	char			 directory[SESSION_DIRECTORY_MAX + 1];
	struct change_list	 list;		/* by serial */
	struct change_tree	 tree;		/* by key */
	size_t			 count, octets;
	uint64_t		 last;		/* serial given last */
	uint64_t		 folded;
	struct work		 work;		/* removes folded ones */
};

static int	 change_compare(const struct change *, const struct change *);

RB_PROTOTYPE(change_tree, change, bykey, change_compare)
RB_GENERATE(change_tree, change, bykey, change_compare)

static int
change_compare(const struct change *a, const struct change *b)
{
	return (overlay_compare(a->key, a->keylen, b->key, b->keylen));
}

/* The key of a serial; 0 is that of the folded one. */
static size_t
changes_key(const struct changes *c, uint64_t serial,
    uint8_t buf[CHANGES_KEY_SIZE])
{
	size_t	 i, len = strlen(c->directory) + 1;

	memcpy(buf, c->directory, len);
	if (serial == 0)
		return (len);
	for (i = 0; i < 8; i++)
		buf[len + i] = (uint8_t)(serial >> (56 - 8 * i));
	return (len + 8);
}

/* The serial in a key; 0 when it is not one of ours. */
static uint64_t
changes_key_serial(const struct changes *c, const struct bdb_item *item)
{
	const uint8_t	*p = item->key;
	size_t		 i, len = strlen(c->directory) + 1;
	uint64_t	 serial = 0;

	if (item->keylen != len + 8 || memcmp(p, c->directory, len) != 0)
		return (0);
	for (i = 0; i < 8; i++)
		serial = serial << 8 | p[len + i];
	return (serial);
}

static void
change_remove(struct changes *c, struct change *ch)
{
	TAILQ_REMOVE(&c->list, ch, entry);
	RB_REMOVE(change_tree, &c->tree, ch);
	c->count--;
	c->octets -= strlen(ch->line);
	free(ch->line);
	free(ch);
}

static struct change *
change_new(const void *key, size_t keylen, const char *line, size_t len,
    uint64_t serial)
{
	struct change	*ch;

	ch = xcalloc(1, sizeof(*ch) + keylen);
	memcpy(ch->key, key, keylen);
	ch->keylen = keylen;
	ch->line = xstrndup(line, len);
	ch->serial = serial;
	return (ch);
}

/* Put it in, behind all others, in the place of one with its key. */
static void
change_insert(struct changes *c, struct change *ch)
{
	struct change	*old;

	if ((old = RB_FIND(change_tree, &c->tree, ch)) != NULL)
		change_remove(c, old);
	(void)RB_INSERT(change_tree, &c->tree, ch);
	TAILQ_INSERT_TAIL(&c->list, ch, entry);
	c->count++;
	c->octets += strlen(ch->line);
	c->last = ch->serial;
}

static int
changes_get(struct changes *c, uint64_t serial, const struct bdb_item *item)
{
	struct rbuf	 r;
	const void	*key, *line;
	size_t		 keylen, len;

	rbuf_init(&r, item->value, item->len);
	if (rbuf_u8(&r, CHANGES_VERSION) != CHANGES_VERSION)
		rbuf_fail(&r);
	key = rbuf_data(&r, &keylen, BDB_KEY_MAX);
	line = rbuf_data(&r, &len, CHANGES_LINE_MAX);
	if (!rbuf_done(&r) || memchr(line, '\0', len) != NULL)
		return (-1);
	change_insert(c, change_new(key, keylen, line, len, serial));
	return (0);
}

static enum answer
changes_get_folded(struct changes *c)
{
	uint8_t		 key[CHANGES_KEY_SIZE];
	struct bdb_item	 item;
	struct rbuf	 r;
	enum answer	 ans;

	ans = bdb_store_get(state_changes(), key, changes_key(c, 0, key),
	    &item);
	if (ans != ANSWER_FOUND)
		return (ans);
	rbuf_init(&r, item.value, item.len);
	if (rbuf_u8(&r, CHANGES_VERSION) != CHANGES_VERSION)
		rbuf_fail(&r);
	c->last = c->folded = rbuf_u64(&r);
	return (rbuf_done(&r) ? ANSWER_FOUND : ANSWER_TEMPFAIL);
}

/* Remove from the state some of those that are folded; 1: more to do. */
static int
changes_sweep(void *arg)
{
	struct changes	*c = arg;
	uint8_t		 key[CHANGES_KEY_SIZE];
	struct bdb_item	 item;
	uint64_t	 serial = 1;
	int		 n;

	bdb_env_begin(state_env());
	for (n = 0; n < WORK_SLICE; n++) {
		if (bdb_store_seek(state_changes(), key, changes_key(c, serial,
		    key), &item) != ANSWER_FOUND ||
		    (serial = changes_key_serial(c, &item)) == 0 ||
		    serial > c->folded || bdb_store_delete(state_changes(),
		    item.key, item.keylen) == -1)
			break;
	}
	/* what is left is ignored, and removed after the next start */
	return (bdb_env_commit(state_env()) == 0 && n == WORK_SLICE);
}

struct changes *
changes_load(const char *directory, char *why, size_t size)
{
	struct changes	*c;
	uint8_t		 key[CHANGES_KEY_SIZE];
	struct bdb_item	 item;
	enum answer	 ans;
	uint64_t	 serial;

	c = xcalloc(1, sizeof(*c));
	TAILQ_INIT(&c->list);
	RB_INIT(&c->tree);
	(void)snprintf(c->directory, sizeof(c->directory), "%s", directory);
	if ((ans = changes_get_folded(c)) != ANSWER_TEMPFAIL)
		ans = bdb_store_seek(state_changes(), key,
		    changes_key(c, 1, key), &item);
	while (ans == ANSWER_FOUND &&
	    (serial = changes_key_serial(c, &item)) != 0) {
		if (serial > c->folded && changes_get(c, serial, &item) == -1)
			ans = ANSWER_TEMPFAIL;
		else
			ans = bdb_store_after(state_changes(), item.key,
			    item.keylen, &item);
	}
	if (ans == ANSWER_TEMPFAIL) {
		(void)snprintf(why, size, "the live changes of directory %s "
		    "cannot be read", directory);
		changes_free(c);
		return (NULL);
	}
	work_start(&c->work, changes_sweep, c);
	return (c);
}

void
changes_free(struct changes *c)
{
	struct change	*ch;

	if (c == NULL)
		return;
	work_stop(&c->work);
	while ((ch = TAILQ_FIRST(&c->list)) != NULL)
		change_remove(c, ch);
	free(c);
}

/* The new one goes in, the one whose place it takes goes out, or neither. */
static int
changes_store(struct changes *c, struct change *ch)
{
	uint8_t		 key[CHANGES_KEY_SIZE];
	struct change	*old;
	struct wbuf	 w;

	wbuf_init(&w);
	wbuf_u8(&w, CHANGES_VERSION);
	wbuf_data(&w, ch->key, ch->keylen);
	wbuf_data(&w, ch->line, strlen(ch->line));
	bdb_env_begin(state_env());
	(void)bdb_store_put(state_changes(), key, changes_key(c, ch->serial,
	    key), w.data, w.len);
	if ((old = RB_FIND(change_tree, &c->tree, ch)) != NULL)
		(void)bdb_store_delete(state_changes(), key, changes_key(c,
		    old->serial, key));
	wbuf_free(&w);
	return (bdb_env_commit(state_env()));
}

int
changes_add(struct changes *c, const void *key, size_t keylen,
    const char *line, char *why, size_t size)
{
	struct change	*ch;
	size_t		 len = strlen(line);

	if (len > CHANGES_LINE_MAX) {
		(void)snprintf(why, size, "the record is too long");
		return (-1);
	}
	if (c->count >= CHANGES_MAX || c->octets + len > CHANGES_OCTETS_MAX) {
		(void)snprintf(why, size, "too many live changes: import a "
		    "directory text to fold them in");
		return (-1);
	}
	ch = change_new(key, keylen, line, len, c->last + 1);
	if (changes_store(c, ch) == -1) {
		(void)snprintf(why, size, "the change could not be stored");
		free(ch->line);
		free(ch);
		return (-1);
	}
	change_insert(c, ch);
	return (0);
}

int
changes_fold(struct changes *c, uint64_t serial)
{
	uint8_t		 key[CHANGES_KEY_SIZE];
	struct wbuf	 w;
	int		 ret;

	if (serial > c->last)
		serial = c->last;
	if (serial <= c->folded)
		return (0);
	wbuf_init(&w);
	wbuf_u8(&w, CHANGES_VERSION);
	wbuf_u64(&w, serial);
	ret = bdb_store_put(state_changes(), key, changes_key(c, 0, key),
	    w.data, w.len);
	wbuf_free(&w);
	return (ret);
}

void
changes_forget(struct changes *c, uint64_t serial)
{
	struct change	*ch;

	if (serial > c->last)
		serial = c->last;
	if (serial <= c->folded)
		return;
	c->folded = serial;
	while ((ch = TAILQ_FIRST(&c->list)) != NULL && ch->serial <= serial)
		change_remove(c, ch);
	work_start(&c->work, changes_sweep, c);
}

const struct change *
changes_after(const struct changes *c, uint64_t serial)
{
	const struct change	*ch;

	TAILQ_FOREACH(ch, &c->list, entry)
		if (ch->serial > serial)
			return (ch);
	return (NULL);
}

size_t
changes_count(const struct changes *c)
{
	return (c->count);
}

uint64_t
changes_serial(const struct changes *c)
{
	return (c->last);
}
