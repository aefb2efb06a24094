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
 * The order in which records end.
 *
 *	kind, due (big endian), key	nothing
 */

#include <event.h>
#include <string.h>

#include "lookup/bdb_env.h"
#include "lookup/memo_part.h"
#include "lookup/state.h"
#include "lookup/work.h"
#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"

#define DUE_HEAD	9		/* octets: kind, due */
#define DUE_SIZE	(DUE_HEAD + MEMO_KEY_MAX + 1)
#define DUE_PAUSE	10000		/* ms between two sweeps */

static struct work	 sweep;
static struct event	 timer;
static enum memo_kind	 sweeping;	/* the kind it has come to */

static size_t
due_name(const struct memo_record *m, uint8_t name[DUE_SIZE])
{
	int	 i;

	name[0] = m->kind;
	for (i = 0; i < 8; i++)
		name[1 + i] = (uint8_t)(m->due >> (56 - 8 * i));
	memcpy(name + DUE_HEAD, m->key, m->keylen);
	return (DUE_HEAD + m->keylen);
}

void
memo_due_add(const struct memo_record *m)
{
	uint8_t	 name[DUE_SIZE];

	/* a failure shows when the transaction ends */
	(void)bdb_store_put(state_due(), name, due_name(m, name), "", 0);
}

void
memo_due_remove(const struct memo_record *m)
{
	uint8_t	 name[DUE_SIZE];

	if (m->due != 0)
		(void)bdb_store_delete(state_due(), name, due_name(m, name));
}

/* The first of a kind, up to now. */
static enum answer
due_find(enum memo_kind kind, uint64_t now, struct memo_record *m)
{
	struct bdb_item	 item;
	const uint8_t	*name;
	uint8_t		 first = (uint8_t)kind;
	enum answer	 ans;
	int		 i;

	ans = bdb_store_seek(state_due(), &first, 1, &item);
	if (ans != ANSWER_FOUND)
		return (ans);
	name = item.key;
	if (name[0] != first)
		return (ANSWER_NONE);
	if (item.keylen <= DUE_HEAD || item.keylen > DUE_SIZE) {
		log_warnx("state: the order of what ends is damaged");
		return (ANSWER_TEMPFAIL);
	}
	m->kind = name[0];
	for (m->due = 0, i = 0; i < 8; i++)
		m->due = m->due << 8 | name[1 + i];
	m->keylen = item.keylen - DUE_HEAD;
	memcpy(m->key, name + DUE_HEAD, m->keylen);
	return (m->due <= now ? ANSWER_FOUND : ANSWER_NONE);
}

enum answer
memo_due_first(enum memo_kind kind, uint64_t now)
{
	static uint8_t		 value[MEMO_VALUE_MAX];
	struct memo_record	 m;
	uint64_t		 due;
	enum answer		 ans;

	if ((ans = due_find(kind, now, &m)) != ANSWER_FOUND)
		return (ans);
	due = m.due;
	memo_due_remove(&m);
	ans = memo_record_get(&m);
	/* one of a record that is not there, or is due at another time */
	if (ans == ANSWER_NONE || (ans == ANSWER_FOUND && m.due != due))
		return (ANSWER_FOUND);
	if (ans == ANSWER_TEMPFAIL)
		return (ANSWER_TEMPFAIL);
	if (m.expires != 0 && m.expires <= due) {
		memo_record_remove(&m);
		return (ANSWER_FOUND);
	}
	/* it was prolonged */
	if (m.len > sizeof(value))
		return (ANSWER_TEMPFAIL);
	memcpy(value, m.value, m.len);
	m.value = value;
	if ((m.due = m.expires) != 0)
		memo_due_add(&m);
	memo_record_put(&m);
	return (ANSWER_FOUND);
}

/* A slice of one kind; on to the next one. */
static int
sweep_turn(void *arg)
{
	struct memo_record	 m;
	uint64_t		 now = memo_now();
	enum answer		 ans = ANSWER_FOUND;
	int			 i;

	if (due_find(sweeping, now, &m) != ANSWER_FOUND)
		return (++sweeping < MEMO_KIND_COUNT);
	memo_begin();
	for (i = 0; i < WORK_SLICE && ans == ANSWER_FOUND; i++)
		ans = memo_due_first(sweeping, now);
	if (ans == ANSWER_TEMPFAIL)
		memo_undo();
	/* what failed is tried again the next time */
	if (memo_commit() == -1 || ans != ANSWER_FOUND)
		sweeping++;
	return (sweeping < MEMO_KIND_COUNT);
}

static void
sweep_due(int fd, short what, void *arg)
{
	struct timeval	 tv = clock_tv(DUE_PAUSE);

	if (!sweep.queued) {
		sweeping = 1;
		work_start(&sweep, sweep_turn, NULL);
	}
	evtimer_add(&timer, &tv);
}

void
memo_sweep_start(void)
{
	struct timeval	 tv = clock_tv(DUE_PAUSE);

	evtimer_set(&timer, sweep_due, NULL);
	evtimer_add(&timer, &tv);
}

void
memo_sweep_stop(void)
{
	evtimer_del(&timer);
	work_stop(&sweep);
}
