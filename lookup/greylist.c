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
 * The only file that knows how the greylist is kept.
 *
 *	network, sender NUL rcpt	version, passed, first, count, counted,
 *					and the key once more, for it may be
 *					kept as a digest
 */

#include <bsd/string.h>

#include <string.h>

#include "lookup/greylist.h"
#include "lookup/memo.h"
#include "smtpd/base/log.h"
#include "smtpd/base/wire.h"

#define GREY_VERSION	1
#define GREY_KEY_SIZE	(9 + 2 * ADDRESS_STR_SIZE)
#define GREY_RENEW	32		/* part of expire that is not renewed */
#define SEC		UINT64_C(1000)

static uint64_t			 delay, window, expire;	/* ms */
static uint32_t			 pass_after;
static struct greylist_counts	 counts;

void
greylist_init(const struct greylist_conf *c)
{
	delay = c->delay * SEC;
	window = c->window * SEC;
	expire = c->expire * SEC;
	pass_after = c->pass_after;
}

static size_t
grey_key(const struct grey *g, uint8_t key[GREY_KEY_SIZE])
{
	struct wbuf	 w;
	size_t		 len;

	wbuf_init(&w);
	network_put(&w, &g->network);
	wbuf_raw(&w, g->sender, strlen(g->sender) + 1);
	wbuf_raw(&w, g->rcpt, strlen(g->rcpt));
	len = w.len;
	memcpy(key, w.data, len);
	wbuf_free(&w);
	return (len);
}

/* A record that makes no sense is one that cannot be found out. */
static enum answer
grey_get(const struct memo *m, struct grey *g)
{
	struct rbuf	 r;

	rbuf_init(&r, m->value, m->len);
	if (rbuf_u8(&r, GREY_VERSION) != GREY_VERSION)
		rbuf_fail(&r);
	g->passed = rbuf_u8(&r, 1);
	g->first = rbuf_u64(&r);
	g->count = rbuf_u32(&r);
	g->counted = rbuf_u64(&r);
	network_get(&r, &g->network);
	rbuf_str(&r, g->sender, sizeof(g->sender));
	rbuf_str(&r, g->rcpt, sizeof(g->rcpt));
	g->expires = m->expires;
	if (rbuf_done(&r))
		return (ANSWER_FOUND);
	log_warnx("state: a record of the greylist is damaged");
	return (ANSWER_TEMPFAIL);
}

/* The record of these three; NONE leaves one that knows nothing. */
static enum answer
grey_read(struct grey *g, const struct network *n, const char *sender,
    const char *rcpt)
{
	uint8_t		 key[GREY_KEY_SIZE];
	struct memo	 m;
	enum answer	 ans;

	memset(g, 0, sizeof(*g));
	g->network = *n;
	(void)strlcpy(g->sender, sender, sizeof(g->sender));
	(void)strlcpy(g->rcpt, rcpt, sizeof(g->rcpt));
	ans = memo_get(MEMO_GREY, key, grey_key(g, key), &m);
	return (ans == ANSWER_FOUND ? grey_get(&m, g) : ans);
}

/* Within memo_begin and memo_commit. */
static void
grey_put(const struct grey *g, uint64_t expires)
{
	uint8_t		 key[GREY_KEY_SIZE];
	struct wbuf	 w;

	wbuf_init(&w);
	wbuf_u8(&w, GREY_VERSION);
	wbuf_u8(&w, g->passed);
	wbuf_u64(&w, g->first);
	wbuf_u32(&w, g->count);
	wbuf_u64(&w, g->counted);
	network_put(&w, &g->network);
	wbuf_str(&w, g->sender);
	wbuf_str(&w, g->rcpt);
	memo_put(MEMO_GREY, key, grey_key(g, key), w.data, w.len, expires);
	wbuf_free(&w);
}

void
greylist_delete(const struct grey *g)
{
	uint8_t	 key[GREY_KEY_SIZE];

	memo_delete(MEMO_GREY, key, grey_key(g, key));
}

int
greylist_is_known(const struct grey *net)
{
	return (net->passed || (pass_after != 0 && net->count >= pass_after));
}

/* A clock that was set back makes nobody wait longer than delay. */
uint64_t
greylist_wait(const struct grey *g, uint64_t now)
{
	uint64_t	 first = g->first < now ? g->first : now;

	return (first + delay > now ? first + delay - now : 0);
}

/*
 * It is known, and has come again: that is noted where it makes much of a
 * difference.  Who is known is not refused because that fails.
 */
static void
grey_renew(const struct grey *g, uint64_t now)
{
	if (g->expires >= now + expire - expire / GREY_RENEW)
		return;
	memo_begin();
	grey_put(g, now + expire);
	(void)memo_commit();
}

static enum answer
grey_begin(struct grey *g, uint64_t now)
{
	g->first = now;
	memo_begin();
	grey_put(g, now + window);
	return (memo_commit() == 0 ? ANSWER_FOUND : ANSWER_TEMPFAIL);
}

/* Both are noted, or neither. */
static enum answer
grey_become_known(struct grey *g, struct grey *net, uint64_t now)
{
	g->passed = 1;
	memo_begin();
	grey_put(g, now + expire);
	if (pass_after != 0 && (net->counted == 0 || net->counted > now ||
	    now - net->counted >= delay)) {
		net->count++;
		net->counted = now;
		grey_put(net, now + expire);
	}
	return (memo_commit() == 0 ? ANSWER_FOUND : ANSWER_TEMPFAIL);
}

/* The network is not known. */
static enum answer
decide_three(const struct greylist_ask *ask, struct grey *net, uint64_t now,
    uint64_t *wait)
{
	struct grey	 g;
	enum answer	 ans;

	ans = grey_read(&g, &ask->network, ask->sender, ask->rcpt);
	if (ans == ANSWER_TEMPFAIL)
		return (ans);
	/* the clock was set back: the wait begins anew, but not each time */
	if (ans == ANSWER_NONE || (!g.passed && g.first > now)) {
		counts.fresh++;
		*wait = delay;
		return (ask->dry ? ANSWER_FOUND : grey_begin(&g, now));
	}
	if (!g.passed && (*wait = greylist_wait(&g, now)) != 0) {
		counts.early++;
		return (ANSWER_FOUND);
	}
	counts.passed++;
	if (ask->dry)
		return (ANSWER_FOUND);
	if (!g.passed)
		return (grey_become_known(&g, net, now));
	grey_renew(&g, now);
	return (ANSWER_FOUND);
}

enum answer
greylist_decide(const struct greylist_ask *ask, uint64_t *wait)
{
	struct grey	 net;
	uint64_t	 now = memo_now();

	*wait = 0;
	if (grey_read(&net, &ask->network, "", "") == ANSWER_TEMPFAIL)
		return (ANSWER_TEMPFAIL);
	if (!greylist_is_known(&net))
		return (decide_three(ask, &net, now, wait));
	counts.known++;
	if (!ask->dry)
		grey_renew(&net, now);
	return (ANSWER_FOUND);
}

int
greylist_pass(const struct network *n)
{
	struct grey	 net;

	if (grey_read(&net, n, "", "") == ANSWER_TEMPFAIL)
		return (-1);
	net.passed = 1;
	memo_begin();
	grey_put(&net, memo_now() + expire);
	return (memo_commit());
}

size_t
greylist_start(const struct network *n, uint8_t key[GREYLIST_KEY_MAX])
{
	struct wbuf	 w;
	size_t		 len;

	wbuf_init(&w);
	network_put(&w, n);
	len = w.len;
	memcpy(key, w.data, len);
	wbuf_free(&w);
	return (len);
}

enum answer
greylist_next(struct greylist_cursor *c, struct grey *g)
{
	struct memo	 m;
	size_t		 len = c->len;
	enum answer	 ans;

	_Static_assert(GREYLIST_KEY_MAX == MEMO_KEY_MAX + 1, "cursor");
	ans = memo_next(MEMO_GREY, c->key, &len, &m);
	c->len = (uint16_t)len;
	return (ans == ANSWER_FOUND ? grey_get(&m, g) : ans);
}

const struct greylist_counts *
greylist_counts(void)
{
	return (&counts);
}
