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
 * Throttles: which ones match a recipient, the keys they have, and one
 * question to lookup about all of them.
 */

#include <sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/pending.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_throttle.h"
#include "smtpd/msg/trace.h"
#include "smtpd/policy/rcpt.h"
#include "smtpd/policy/session.h"
#include "smtpd/policy/setting.h"
#include "smtpd/policy/throttle.h"

enum throttle_state {
	THROTTLE_STATE_MATCH,	/* of the next one */
	THROTTLE_STATE_KEY,	/* of that one, which matches */
	THROTTLE_STATE_ASKED,
	THROTTLE_STATE_KNOWN
};

/* Of a recipient that has come to this step. */
struct throttle_run {
	struct rcpt		*rcpt;
	enum throttle_state	 state;
	uint32_t		 next;
	uint8_t			 from[CONF_THROTTLES_MAX]; /* of takes */
	enum throttled		 result;
	struct throttle_ask	 ask;
};

/* A part of the key: its octets, and how many, so that none runs over. */
static void
digest_add(SHA2_CTX *ctx, const struct datum *d)
{
	char		 buf[DATUM_TEXT_SIZE];
	struct datum	 text = *d;
	uint32_t	 len;

	if (d->type != DATUM_STRING)
		text = datum_string(buf, strlen(datum_format(d, buf)));
	len = text.len;
	SHA256Update(ctx, (const uint8_t *)&len, sizeof(len));
	SHA256Update(ctx, (const uint8_t *)text.string, text.len);
}

static void
throttle_add(struct throttle_run *t, const struct datum *key)
{
	const struct throttle_conf	*c;
	struct throttle_take		*take = &t->ask.takes[t->ask.n];
	SHA2_CTX			 ctx;
	uint32_t			 i;

	c = &policy_settings()->throttles[t->next];
	take->id = c->id;
	take->rate = c->rate;
	SHA256Init(&ctx);
	if (key->type == DATUM_ARRAY)
		for (i = 0; i < key->len; i++)
			digest_add(&ctx, &key->array[i]);
	else
		digest_add(&ctx, key);
	SHA256Final(take->key, &ctx);
	t->from[t->ask.n++] = (uint8_t)t->next;
}

static void
throttle_tell(const struct throttle_run *t,
    const struct throttle_answer *ans)
{
	const struct throttle_conf	*c;
	struct session			*s = t->rcpt->session;
	char				 rate[32], wait[16];

	c = &policy_settings()->throttles[t->from[ans->which]];
	(void)snprintf(rate, sizeof(rate), "%u/%us", c->rate.count,
	    c->rate.period / 1000);
	(void)snprintf(wait, sizeof(wait), "%u", ans->wait);
	trace_step(s->trace, "throttle", c->name, "rate", rate, "wait", wait,
	    NULL);
	if (!s->dry && lines_more(&s->throttled, clock_mono()))
		log_info("session=%016llx event=throttled throttle=%s "
		    "rate=%s wait=%sms", (unsigned long long)s->id, c->name,
		    rate, wait);
}

static enum throttled
throttle_result(const struct throttle_run *t,
    const struct throttle_answer *ans)
{
	if (ans->status == THROTTLE_TAKEN)
		return (THROTTLED_NO);
	if (ans->status == THROTTLE_FULL) {
		throttle_tell(t, ans);
		return (THROTTLED_YES);
	}
	if (!t->rcpt->session->dry)
		log_warnx("session=%016llx event=rcpt setting=throttle "
		    "error=\"could not be looked up\"",
		    (unsigned long long)t->rcpt->session->id);
	return (THROTTLED_TEMPFAIL);
}

/* The answer of lookup; NULL when it is late or lookup is gone. */
static int
throttle_answer(void *arg, struct proc_msg *m)
{
	struct throttle_run	*t = arg;
	struct throttle_answer	 ans = { .status = THROTTLE_BROKEN };

	if (m != NULL && (msg_get_throttle_answer(&m->body, &ans) == -1 ||
	    ans.which >= t->ask.n))
		return (-1);
	t->state = THROTTLE_STATE_KNOWN;
	t->result = throttle_result(t, &ans);
	policy_rcpt_run(t->rcpt->session);
	return (0);
}

static enum throttled
throttle_ask(struct throttle_run *t)
{
	const struct throttle_answer	 broken = {
		.status = THROTTLE_BROKEN
	};
	struct wbuf			 w;

	if (t->ask.n == 0 || t->rcpt->session->fresh)
		return (THROTTLED_NO);
	/* a full wait more, and front would have to guess */
	if (clock_mono() - t->rcpt->begin > PENDING_FRONT - PENDING_LOOKUP)
		return (throttle_result(t, &broken));
	wbuf_init(&w);
	msg_put_throttle_ask(&w, &t->ask);
	(void)pending_ask(PROC_LOOKUP, 0, MSG_POLICY_THROTTLE_ASK, -1, &w,
	    PENDING_LOOKUP, throttle_answer, t);
	t->state = THROTTLE_STATE_ASKED;
	return (THROTTLED_WAIT);
}

static enum throttled
throttle_failed(enum eval_status status)
{
	return (status == EVAL_WAIT ? THROTTLED_WAIT :
	    status == EVAL_FAULT ? THROTTLED_FAULT : THROTTLED_TEMPFAIL);
}

/* From the next throttle on, up to the question. */
static enum throttled
throttle_go(struct throttle_run *t)
{
	struct eval		*e = &t->rcpt->q.eval;
	enum eval_status	 status;
	struct datum		 key;
	int			 truth;

	for (; t->next < policy_settings()->nthrottles; t->next++) {
		if (t->state == THROTTLE_STATE_MATCH) {
			if ((status = eval_truth(e,
			    SET_THROTTLE_MATCH(t->next), &truth)) !=
			    EVAL_READY)
				return (throttle_failed(status));
			if (!truth)
				continue;
			t->state = THROTTLE_STATE_KEY;
		}
		if ((status = eval_setting(e, SET_THROTTLE_KEY(t->next),
		    &key)) != EVAL_READY)
			return (throttle_failed(status));
		throttle_add(t, &key);
		t->state = THROTTLE_STATE_MATCH;
	}
	return (throttle_ask(t));
}

enum throttled
rcpt_throttle(struct rcpt *r)
{
	struct throttle_run	*t = r->throttle;

	if (policy_settings()->nthrottles == 0)
		return (THROTTLED_NO);
	if (t == NULL) {
		if ((t = calloc(1, sizeof(*t))) == NULL) {
			log_warn("session=%016llx event=rcpt",
			    (unsigned long long)r->session->id);
			return (THROTTLED_TEMPFAIL);
		}
		t->rcpt = r;
		t->ask.dry = r->session->dry;
		r->throttle = t;
	}
	if (t->state == THROTTLE_STATE_ASKED)
		return (THROTTLED_WAIT);
	return (t->state == THROTTLE_STATE_KNOWN ? t->result :
	    throttle_go(t));
}

void
rcpt_throttle_end(struct rcpt *r)
{
	if (r->throttle != NULL &&
	    r->throttle->state == THROTTLE_STATE_ASKED)
		pending_forget(r->throttle);
	free(r->throttle);
	r->throttle = NULL;
}
