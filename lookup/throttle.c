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
 * The only file that knows how buckets are kept.
 *
 *	id of the throttle, digest of the key	when it is empty, in us
 *
 * Each that comes in puts that off by the time that one takes to flow out;
 * one that would put it off to more than a whole period from now has no
 * room.  An empty bucket is the same as none, so its record ends then.
 */

#include <string.h>

#include "lookup/memo.h"
#include "lookup/throttle.h"
#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/proc.h"
#include "smtpd/base/wire.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_throttle.h"

struct bucket {
	uint8_t		 name[8 + THROTTLE_DIGEST];
	uint64_t	 empty;		/* us since the Epoch */
};

static void
bucket_name(const struct throttle_take *t, struct bucket *b)
{
	int	 i;

	for (i = 0; i < 8; i++)
		b->name[i] = (uint8_t)(t->id >> (56 - 8 * i));
	memcpy(b->name + 8, t->key, sizeof(t->key));
}

static enum answer
bucket_read(struct bucket *b)
{
	struct memo	 m;
	struct rbuf	 r;
	enum answer	 ans;

	ans = memo_get(MEMO_BUCKET, b->name, sizeof(b->name), &m);
	if (ans != ANSWER_FOUND)
		return (ans);
	rbuf_init(&r, m.value, m.len);
	b->empty = rbuf_u64(&r);
	if (rbuf_done(&r))
		return (ANSWER_FOUND);
	log_warnx("state: a throttled key is damaged");
	return (ANSWER_TEMPFAIL);
}

/* With one more in it; FULL and how long there is no room for that. */
static enum throttle_status
bucket_take(const struct throttle_take *t, uint64_t now, struct bucket *b,
    uint64_t *wait)
{
	uint64_t	 period = t->rate.period * UINT64_C(1000);
	uint64_t	 one = period / t->rate.count;
	uint64_t	 full = one * t->rate.count;

	bucket_name(t, b);
	switch (bucket_read(b)) {
	case ANSWER_FOUND:
		break;
	case ANSWER_NONE:
		b->empty = now;
		break;
	default:
		return (THROTTLE_BROKEN);
	}
	/* later than it can be: the clock was put back, and nothing is known */
	if (b->empty < now || b->empty > now + full)
		b->empty = now;
	b->empty += one;
	if (b->empty <= now + full)
		return (THROTTLE_TAKEN);
	*wait = b->empty - full - now;
	return (THROTTLE_FULL);
}

static int
buckets_write(const struct bucket *b, size_t n)
{
	struct wbuf	 w;

	memo_begin();
	for (; n > 0; n--, b++) {
		wbuf_init(&w);
		wbuf_u64(&w, b->empty);
		memo_put(MEMO_BUCKET, b->name, sizeof(b->name), w.data, w.len,
		    b->empty / 1000 + 1);
		wbuf_free(&w);
	}
	return (memo_commit());
}

static void
throttle_decide(const struct throttle_ask *ask, struct throttle_answer *ans)
{
	struct bucket	 buckets[CONF_THROTTLES_MAX];
	uint64_t	 now = clock_wall_us(), wait = 0;
	uint8_t		 i;

	memset(ans, 0, sizeof(*ans));
	for (i = 0; i < ask->n && ans->status == THROTTLE_TAKEN; i++) {
		ans->status = bucket_take(&ask->takes[i], now, &buckets[i],
		    &wait);
		ans->which = i;
		ans->wait = (uint32_t)((wait + 999) / 1000);
	}
	if (ans->status == THROTTLE_TAKEN && !ask->dry &&
	    buckets_write(buckets, ask->n) == -1)
		ans->status = THROTTLE_BROKEN;
}

int
throttle_take(struct proc_msg *m)
{
	struct throttle_ask	 ask;
	struct throttle_answer	 ans;
	struct wbuf		 w;

	if (msg_get_throttle_ask(&m->body, &ask) == -1)
		return (-1);
	throttle_decide(&ask, &ans);
	wbuf_init(&w);
	msg_put_throttle_answer(&w, &ans);
	(void)proc_answer(m, MSG_LOOKUP_THROTTLE_ANSWER, -1, &w);
	return (0);
}
