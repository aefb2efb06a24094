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
 * The only file that knows how keys and counters are kept.
 *
 *	store NUL 'k' key	the value
 *	store NUL 'c' key	64 bits
 *
 * A counter at 0 is not kept: it is the same as none.
 */

#include <bsd/string.h>

#include <string.h>

#include "lookup/keys.h"
#include "lookup/memo.h"
#include "smtpd/base/log.h"
#include "smtpd/base/proc.h"
#include "smtpd/base/wire.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_conf.h"
#include "smtpd/msg/msg_store.h"
#include "smtpd/msg/msg_value.h"

#define KEYS_DEFAULT	"default"	/* the store that '' means */
#define KEYS_NAME_SIZE	(STORE_NAME_MAX + 2 + STORE_KEY_MAX)

static const struct lookup_conf	*conf;

/* The record that is asked about; one question at a time. */
static uint8_t			 name[KEYS_NAME_SIZE];
static size_t			 namelen;

void
keys_init(const struct lookup_conf *c)
{
	conf = c;
}

static int
is_store(const char *store)
{
	size_t	 i;

	for (i = 0; i < conf->nstores; i++)
		if (strcmp(conf->stores[i].name, store) == 0)
			return (1);
	return (0);
}

static void
name_make(const char *store, uint8_t type, const void *key, size_t keylen)
{
	namelen = strlcpy((char *)name, store, STORE_NAME_MAX + 1) + 1;
	name[namelen++] = type;
	memcpy(name + namelen, key, keylen);
	namelen += keylen;
}

/* When what is made now ends; 0: never. */
static uint64_t
end_of(uint64_t expiry)
{
	uint64_t	 now = memo_now();

	if (expiry == 0)
		return (0);
	return (expiry > UINT64_MAX / 2 ? UINT64_MAX / 2 : now + expiry);
}

static enum answer
key_get(const struct store_ask *ask, struct datum *d)
{
	struct memo	 m;
	enum answer	 ans;

	ans = memo_get(MEMO_KEY, name, namelen, &m);
	if (ask->op == STORE_KEY_EXISTS && ans != ANSWER_TEMPFAIL) {
		*d = datum_integer(ans == ANSWER_FOUND);
		return (ANSWER_FOUND);
	}
	if (ans == ANSWER_FOUND)
		*d = datum_string(m.value, m.len);
	return (ans);
}

static enum answer
key_set(const struct store_ask *ask, struct datum *d)
{
	memo_begin();
	memo_put(MEMO_KEY, name, namelen, ask->value, ask->len,
	    end_of(ask->expiry));
	*d = datum_integer(1);
	return (memo_commit() == 0 ? ANSWER_FOUND : ANSWER_TEMPFAIL);
}

/* FOUND, and 0 when it has not been counted. */
static enum answer
counter_read(int64_t *n, uint64_t *expires)
{
	struct memo	 m;
	struct rbuf	 r;
	enum answer	 ans;

	*n = 0;
	if ((ans = memo_get(MEMO_KEY, name, namelen, &m)) == ANSWER_FOUND) {
		rbuf_init(&r, m.value, m.len);
		*n = (int64_t)rbuf_u64(&r);
		*expires = m.expires;
		if (!rbuf_done(&r)) {
			log_warnx("state: a counter is damaged");
			return (ANSWER_TEMPFAIL);
		}
	}
	return (ans == ANSWER_NONE ? ANSWER_FOUND : ans);
}

static enum answer
counter_get(const struct store_ask *ask, struct datum *d)
{
	uint64_t	 expires;
	int64_t		 n;
	enum answer	 ans;

	if ((ans = counter_read(&n, &expires)) == ANSWER_FOUND)
		*d = datum_integer(n);
	return (ans);
}

static int64_t
add(int64_t a, int64_t b)
{
	int64_t	 sum;

	if (__builtin_add_overflow(a, b, &sum))
		return (a < 0 ? INT64_MIN : INT64_MAX);
	return (sum);
}

/* The first count says when it ends: later ones do not prolong it. */
static enum answer
counter_incr(const struct store_ask *ask, struct datum *d)
{
	struct wbuf	 w;
	uint64_t	 expires = end_of(ask->expiry);
	int64_t		 n;

	memo_begin();
	if (counter_read(&n, &expires) != ANSWER_FOUND)
		memo_undo();
	n = add(n, ask->by);
	if (n == 0)
		memo_delete(MEMO_KEY, name, namelen);
	else {
		wbuf_init(&w);
		wbuf_u64(&w, (uint64_t)n);
		memo_put(MEMO_KEY, name, namelen, w.data, w.len, expires);
		wbuf_free(&w);
	}
	*d = datum_integer(n);
	return (memo_commit() == 0 ? ANSWER_FOUND : ANSWER_TEMPFAIL);
}

static const struct {
	uint8_t		 type;		/* of the record */
	enum answer	(*run)(const struct store_ask *, struct datum *);
} ops[STORE_OP_COUNT] = {
	[STORE_KEY_GET]		= { 'k', key_get },
	[STORE_KEY_EXISTS]	= { 'k', key_get },
	[STORE_KEY_SET]		= { 'k', key_set },
	[STORE_COUNTER_GET]	= { 'c', counter_get },
	[STORE_COUNTER_INCR]	= { 'c', counter_incr },
};

int
keys_take(struct proc_msg *m)
{
	static const enum value_status	 statuses[] = {
		[ANSWER_FOUND]		= VALUE_FOUND,
		[ANSWER_NONE]		= VALUE_NONE,
		[ANSWER_TEMPFAIL]	= VALUE_BROKEN,
	};
	char				 said[STORE_NAME_MAX * 4 + 3];
	struct store_ask		 ask;
	struct datum			 d;
	struct wbuf			 w;
	enum answer			 ans = ANSWER_TEMPFAIL;

	if (msg_get_store_ask(&m->body, &ask) == -1)
		return (-1);
	if (ask.store[0] == '\0')
		(void)strlcpy(ask.store, KEYS_DEFAULT, sizeof(ask.store));
	if (is_store(ask.store)) {
		name_make(ask.store, ops[ask.op].type, ask.key, ask.keylen);
		ans = ops[ask.op].run(&ask, &d);
	} else
		log_warnx("event=fault store=%s error=\"no such store\"",
		    log_quote(ask.store, strlen(ask.store), said,
		    sizeof(said)));
	wbuf_init(&w);
	msg_put_value(&w, statuses[ans], &d);
	(void)proc_answer(m, MSG_LOOKUP_VALUE_ANSWER, -1, &w);
	return (0);
}
