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
 * The records, and how many there may be.
 */

#include <sha2.h>
#include <string.h>

#include "lookup/bdb_env.h"
#include "lookup/memo_part.h"
#include "lookup/state.h"
#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/wire.h"

#define MEMO_VERSION	1
#define MEMO_HEAD	17		/* octets: version, end, due */
#define MEMO_STEPS	64		/* looked at to make room for one */
#define MEMO_LINES	60000		/* ms between two that say "full" */

static struct {
	const char		*name;
	struct memo_totals	 max, is;
	int			 changed;	/* in this transaction */
	uint64_t		 said;		/* that it is full */
} kinds[MEMO_KIND_COUNT] = {
	[MEMO_KEY]	= { .name = "keys and counters",
	    .max = { 1000000, UINT64_C(256) * 1024 * 1024 } },
	[MEMO_BUCKET]	= { .name = "throttled keys",
	    .max = { 1000000, UINT64_C(256) * 1024 * 1024 } },
	[MEMO_GREY]	= { .name = "greylist",
	    .max = { 1000000, UINT64_C(256) * 1024 * 1024 } },
};

static int	 broken;		/* this transaction */

uint64_t
memo_now(void)
{
	return (clock_wall_us() / 1000);
}

const struct memo_totals *
memo_totals(enum memo_kind kind)
{
	return (&kinds[kind].is);
}

void
memo_bound(enum memo_kind kind, uint64_t records, uint64_t octets)
{
	kinds[kind].max.records = records;
	kinds[kind].max.octets = octets;
}

/* Totals that cannot be read would be wrong for ever. */
static void
totals_read(void)
{
	struct bdb_item	 item;
	struct rbuf	 r;
	uint8_t		 kind;

	for (kind = 1; kind < MEMO_KIND_COUNT; kind++) {
		kinds[kind].changed = 0;
		memset(&kinds[kind].is, 0, sizeof(kinds[kind].is));
		switch (bdb_store_get(state_memo(), &kind, 1, &item)) {
		case ANSWER_FOUND:
			rbuf_init(&r, item.value, item.len);
			kinds[kind].is.records = rbuf_u64(&r);
			kinds[kind].is.octets = rbuf_u64(&r);
			if (rbuf_done(&r))
				break;
			/* FALLTHROUGH */
		case ANSWER_TEMPFAIL:
			fatalx("state: how many %s there are cannot be read",
			    kinds[kind].name);
		default:
			break;
		}
	}
}

static void
totals_write(void)
{
	struct wbuf	 w;
	uint8_t		 kind;

	for (kind = 1; kind < MEMO_KIND_COUNT; kind++) {
		if (!kinds[kind].changed)
			continue;
		kinds[kind].changed = 0;
		wbuf_init(&w);
		wbuf_u64(&w, kinds[kind].is.records);
		wbuf_u64(&w, kinds[kind].is.octets);
		(void)bdb_store_put(state_memo(), &kind, 1, w.data, w.len);
		wbuf_free(&w);
	}
}

void
memo_open(void)
{
	totals_read();
	memo_sweep_start();
}

void
memo_close(void)
{
	memo_sweep_stop();
}

void
memo_begin(void)
{
	broken = 0;
	bdb_env_begin(state_env());
}

void
memo_undo(void)
{
	if (!broken)
		bdb_env_undo(state_env());
	broken = 1;
}

int
memo_commit(void)
{
	if (!broken)
		totals_write();
	if (bdb_env_commit(state_env()) == 0)
		return (0);
	totals_read();
	return (-1);
}

/* What of a key is stored: all, or its beginning and a digest. */
static void
record_key(struct memo_record *m, enum memo_kind kind, const void *key,
    size_t keylen)
{
	SHA2_CTX	 ctx;
	size_t		 head = sizeof(m->key) - SHA256_DIGEST_LENGTH;

	m->kind = (uint8_t)kind;
	if (keylen == 0)
		fatalx("memo: a key without octets");
	m->keylen = keylen;
	if (keylen <= MEMO_KEY_MAX) {
		memcpy(m->key, key, keylen);
		return;
	}
	/* one octet longer than all others: it cannot be one of them */
	SHA256Init(&ctx);
	SHA256Update(&ctx, key, keylen);
	memcpy(m->key, key, head);
	SHA256Final(m->key + head, &ctx);
	m->keylen = sizeof(m->key);
}

static size_t
record_name(const struct memo_record *m, uint8_t name[MEMO_KEY_MAX + 2])
{
	name[0] = m->kind;
	memcpy(name + 1, m->key, m->keylen);
	return (1 + m->keylen);
}

static enum answer
record_read(struct memo_record *m, const struct bdb_item *item)
{
	struct rbuf	 r;

	rbuf_init(&r, item->value, item->len);
	if (rbuf_u8(&r, MEMO_VERSION) != MEMO_VERSION)
		rbuf_fail(&r);
	m->expires = rbuf_u64(&r);
	m->due = rbuf_u64(&r);
	m->len = rbuf_left(&r);
	m->value = rbuf_raw(&r, m->len);
	if (rbuf_done(&r))
		return (ANSWER_FOUND);
	log_warnx("state: a record of %s is damaged", kinds[m->kind].name);
	return (ANSWER_TEMPFAIL);
}

enum answer
memo_record_get(struct memo_record *m)
{
	struct bdb_item	 item;
	enum answer	 ans;
	uint8_t		 name[MEMO_KEY_MAX + 2];

	ans = bdb_store_get(state_memo(), name, record_name(m, name), &item);
	return (ans == ANSWER_FOUND ? record_read(m, &item) : ans);
}

void
memo_record_put(const struct memo_record *m)
{
	struct wbuf	 w;
	uint8_t		 name[MEMO_KEY_MAX + 2];

	wbuf_init(&w);
	wbuf_u8(&w, MEMO_VERSION);
	wbuf_u64(&w, m->expires);
	wbuf_u64(&w, m->due);
	wbuf_raw(&w, m->value, m->len);
	if (bdb_store_put(state_memo(), name, record_name(m, name), w.data,
	    w.len) == -1)
		broken = 1;
	wbuf_free(&w);
}

static void
totals_count(const struct memo_record *m, int sign)
{
	struct memo_totals	*is = &kinds[m->kind].is;
	uint64_t		 octets = m->keylen + m->len + MEMO_HEAD;

	is->records += sign > 0 ? 1 : (uint64_t)-1;
	is->octets += sign > 0 ? octets : (uint64_t)0 - octets;
	kinds[m->kind].changed = 1;
}

void
memo_record_remove(const struct memo_record *m)
{
	uint8_t	 name[MEMO_KEY_MAX + 2];

	totals_count(m, -1);
	if (bdb_store_delete(state_memo(), name, record_name(m, name)) == -1)
		broken = 1;
}

static int
is_full(enum memo_kind kind)
{
	return (kinds[kind].is.records > kinds[kind].max.records ||
	    kinds[kind].is.octets > kinds[kind].max.octets);
}

/* One has been counted, not written: others go until there is room. */
static void
make_room(enum memo_kind kind)
{
	uint64_t	 now = clock_mono();
	int		 steps;

	if (kinds[kind].said == 0 || now - kinds[kind].said > MEMO_LINES) {
		kinds[kind].said = now;
		log_warnx("state: event=full what=\"%s\" records=%llu "
		    "octets=%llu", kinds[kind].name,
		    (unsigned long long)kinds[kind].is.records,
		    (unsigned long long)kinds[kind].is.octets);
	}
	for (steps = 0; steps < MEMO_STEPS && is_full(kind); steps++)
		if (memo_due_first(kind, MEMO_FOREVER) != ANSWER_FOUND)
			break;
	if (is_full(kind))
		memo_undo();
}

enum answer
memo_get(enum memo_kind kind, const void *key, size_t keylen, struct memo *out)
{
	struct memo_record	 m;
	enum answer		 ans;

	record_key(&m, kind, key, keylen);
	if ((ans = memo_record_get(&m)) != ANSWER_FOUND)
		return (ans);
	if (m.expires != 0 && m.expires <= memo_now())
		return (ANSWER_NONE);
	out->value = m.value;
	out->len = m.len;
	out->expires = m.expires;
	return (ANSWER_FOUND);
}

enum answer
memo_next(enum memo_kind kind, uint8_t *key, size_t *keylen, struct memo *out)
{
	struct memo_record	 m;
	struct bdb_item		 item;
	enum answer		 ans;
	uint8_t			 name[MEMO_KEY_MAX + 2];

	m.kind = (uint8_t)kind;
	m.keylen = *keylen;
	memcpy(m.key, key, m.keylen);
	ans = bdb_store_after(state_memo(), name, record_name(&m, name),
	    &item);
	if (ans != ANSWER_FOUND)
		return (ans);
	m.keylen = item.keylen - 1;
	if (((const uint8_t *)item.key)[0] != kind)
		return (ANSWER_NONE);
	if (m.keylen > sizeof(m.key))
		return (ANSWER_TEMPFAIL);
	memcpy(key, (const uint8_t *)item.key + 1, m.keylen);
	*keylen = m.keylen;
	if ((ans = record_read(&m, &item)) != ANSWER_FOUND)
		return (ans);
	out->value = m.value;
	out->len = m.len;
	out->expires = m.expires;
	return (ANSWER_FOUND);
}

void
memo_put(enum memo_kind kind, const void *key, size_t keylen,
    const void *value, size_t len, uint64_t expires)
{
	struct memo_record	 m;

	if (broken)
		return;
	if (len > MEMO_VALUE_MAX)
		fatalx("memo_put: %zu octets", len);
	record_key(&m, kind, key, keylen);
	m.due = 0;
	switch (memo_record_get(&m)) {
	case ANSWER_FOUND:
		totals_count(&m, -1);
		break;
	case ANSWER_NONE:
		break;
	default:
		memo_undo();
		return;
	}
	m.expires = expires;
	m.value = value;
	m.len = len;
	totals_count(&m, 1);
	if (is_full(kind)) {
		/* it must not be the one that goes */
		memo_due_remove(&m);
		m.due = 0;
		make_room(kind);
	}
	if (expires != 0 && (m.due == 0 || expires < m.due)) {
		memo_due_remove(&m);
		m.due = expires;
		memo_due_add(&m);
	}
	memo_record_put(&m);
}

void
memo_delete(enum memo_kind kind, const void *key, size_t keylen)
{
	struct memo_record	 m;

	if (broken)
		return;
	record_key(&m, kind, key, keylen);
	switch (memo_record_get(&m)) {
	case ANSWER_FOUND:
		memo_due_remove(&m);
		memo_record_remove(&m);
		break;
	case ANSWER_NONE:
		break;
	default:
		memo_undo();
		break;
	}
}
