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
 * The life of a RCPT in this process: its place in the queue of the
 * session, and the answer to front.
 */

#include <bsd/string.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/msg/trace.h"
#include "smtpd/msg/verdict.h"
#include "smtpd/policy/answer.h"
#include "smtpd/policy/rcpt.h"
#include "smtpd/policy/recent.h"
#include "smtpd/policy/session.h"
#include "smtpd/policy/sieve.h"
#include "smtpd/policy/throttle.h"

#define RCPT_QUEUE_MAX	4096	/* of one session; front's window is less */

static struct rcpt_counts	 counts;

const struct rcpt_counts *
policy_rcpt_counts(void)
{
	return (&counts);
}

static void
rcpt_free(struct rcpt *r)
{
	TAILQ_REMOVE(&r->session->rcpts, r, entry);
	r->session->nrcpts--;
	rcpt_prepare_end(r);
	draw_end(&r->draw);
	rcpt_throttle_end(r);
	grey_end(&r->grey);
	free(r->said);
	free(r->key);
	free(r->sender_key);
	free(r->script);
	free(r);
}

static void
rcpt_answer(unsigned int inst, uint64_t number,
    const struct rcpt_answer *ans)
{
	if (inst != ANSWER_EXPLAIN)
		counts.verdicts[ans->verdict]++;
	answer_rcpt(inst, number, ans);
}

/* The answer without what only an accepted recipient has. */
static void
answer_init(struct rcpt_answer *ans, enum verdict verdict)
{
	ans->verdict = verdict;
	ans->wait = 0;
	ans->last = 0;
	ans->error = 0;
	ans->text[0] = '\0';
	ans->stored.local[0] = '\0';
	ans->stored.domain[0] = '\0';
	ans->resent = 0;
	ans->sender = ans->stored;
	ans->route = ROUTE_LOCAL;
	ans->directory[0] = '\0';
	ans->via[0] = '\0';
	ans->url[0] = '\0';
}

void
policy_rcpt_refuse(unsigned int inst, uint64_t number, enum verdict verdict)
{
	struct rcpt_answer	 ans;

	answer_init(&ans, verdict);
	rcpt_answer(inst, number, &ans);
}

static void
answer_accepted(struct rcpt_answer *ans, const struct rcpt *r)
{
	ans->stored = r->target;
	ans->resent = r->sender_key != NULL;
	if (ans->resent)
		ans->sender = r->sender;
	ans->route = r->route;
	if (r->prep != PREP_FOUND || r->found.status == RESOLVE_NOT_LOCAL)
		return;
	(void)strlcpy(ans->directory, r->q.directory,
	    sizeof(ans->directory));
	if (r->found.status == RESOLVE_RELAY)
		(void)strlcpy(ans->url, r->found.url, sizeof(ans->url));
	else
		(void)strlcpy(ans->via, r->found.via, sizeof(ans->via));
}

static void
rcpt_trace(const struct rcpt *r)
{
	char	 stored[ADDRESS_STR_SIZE];
	int	 taken = r->verdict == VERDICT_ACCEPT;

	if (address_format(&r->target, stored, sizeof(stored)) == -1)
		stored[0] = '\0';
	trace_step(r->session->trace, "decision", verdict_name(r->verdict),
	    "at", stage_rcpt_name(r), "stored", taken ? stored : "",
	    "goes", !taken ? "" : r->route == ROUTE_LOCAL ? "to mailboxes" :
	    "onward", NULL);
}

/* The steps have decided. */
static void
rcpt_finish(struct rcpt *r)
{
	struct rcpt_answer	 ans;
	struct session		*s = r->session;

	answer_init(&ans, r->verdict);
	switch (r->verdict) {
	case VERDICT_ACCEPT:
	case VERDICT_DISCARD:
		answer_accepted(&ans, r);
		break;
	case VERDICT_UNKNOWN:
	case VERDICT_DISABLED:
	case VERDICT_RELAY:
		ans.error = 1;
		txlimits_error(s, &ans.wait, &ans.last);
		break;
	default:
		break;
	}
	if (r->verdict == VERDICT_TEXT)
		(void)strlcpy(ans.text, r->script->text, sizeof(ans.text));
	if (r->verdict == VERDICT_GREYLIST)
		(void)snprintf(ans.text, sizeof(ans.text), "Greylisted, "
		    "please try again in %u second%s", r->grey.seconds,
		    r->grey.seconds == 1 ? "" : "s");
	if (r->verdict == VERDICT_DISABLED || r->verdict == VERDICT_DEFERRED)
		(void)strlcpy(ans.text, r->found.text, sizeof(ans.text));
	if (log_is_verbose() && !s->dry)
		log_debug("session=%016llx event=rcpt step=%s verdict=%d "
		    "generation=%u", (unsigned long long)s->id,
		    stage_rcpt_name(r), (int)r->verdict,
		    r->prep == PREP_FOUND ? r->found.generation : 0);
	if (s->trace != NULL)
		rcpt_trace(r);
	if (!s->dry && verdict_rcpt(r->verdict) != REPLY_RCPT_OK)
		recent_note(r, &ans);
	rcpt_answer(s->inst, r->number, &ans);
	rcpt_free(r);
}

/*
 * A recipient error draws on the harvest memory, and beyond its budget
 * nobody is told that it was one.  0 while lookup is being asked.
 */
static int
rcpt_draw(struct rcpt *r)
{
	if (r->verdict != VERDICT_UNKNOWN && r->verdict != VERDICT_DISABLED &&
	    r->verdict != VERDICT_RELAY)
		return (1);
	switch (draw_take(&r->draw)) {
	case DRAW_GRANTED:
		return (1);
	case DRAW_SPENT:
		r->verdict = VERDICT_HARVEST;
		return (1);
	case DRAW_WAIT:
		return (0);
	default:
		r->verdict = VERDICT_TEMPFAIL;
		return (1);
	}
}

void
rcpt_tell(const struct rcpt *r)
{
	if (r->session->trace != NULL)
		trace_about(r->session->trace, r, r->said != NULL ? r->said :
		    r->key);
}

void
policy_rcpt_run(struct session *s)
{
	struct rcpt	*r;

	while ((r = TAILQ_FIRST(&s->rcpts)) != NULL) {
		rcpt_tell(r);
		if (!r->decided && !stage_rcpt(r))
			return;
		r->decided = 1;
		if (!rcpt_draw(r))
			return;
		rcpt_finish(r);
	}
}

static void
rcpt_wake(void *arg)
{
	const struct rcpt	*r = arg;

	policy_rcpt_run(r->session);
}

void
policy_rcpt_drop(struct session *s)
{
	struct rcpt	*r;

	while ((r = TAILQ_FIRST(&s->rcpts)) != NULL) {
		policy_rcpt_refuse(s->inst, r->number, VERDICT_SEQUENCE);
		rcpt_free(r);
	}
}

void
policy_rcpt_forget(struct session *s)
{
	struct rcpt	*r;

	while ((r = TAILQ_FIRST(&s->rcpts)) != NULL)
		rcpt_free(r);
}

void
policy_rcpt_count_rewritten(void)
{
	counts.rewritten++;
}

/* What a script will see of what was said; -1 without memory. */
static int
rcpt_script(struct rcpt *r, const struct rcpt_ask *ask)
{
	struct script_facts	*f;

	if (!script_may_run(SET_RCPT_SCRIPT))
		return (0);
	if ((r->script = malloc(sizeof(*r->script))) == NULL)
		return (-1);
	r->script->chosen = NULL;
	f = &r->script->facts;
	memset(f, 0, sizeof(*f));
	f->stage = "rcpt";
	script_address(&ask->rcpt, f->to);
	(void)strlcpy(f->orcpt, ask->orcpt, sizeof(f->orcpt));
	script_notify(ask->notify, f->notify, sizeof(f->notify));
	return (0);
}

/* -1 without memory. */
static int
rcpt_begin(struct rcpt *r, const struct rcpt_ask *ask)
{
	r->begin = clock_mono();
	r->target = ask->rcpt;
	question_own(r->session, &r->target);
	rcpt_prepare_begin(r);
	draw_begin(&r->draw, r->session, rcpt_wake, r);
	grey_begin(&r->grey, r->session, rcpt_wake, r);
	if (rcpt_script(r, ask) == -1 ||
	    (r->key = rcptset_fold(&r->target)) == NULL)
		return (-1);
	if (r->session->trace != NULL) {
		trace_begins(r->session->trace, r);
		trace_step(r->session->trace, "fold", r->key, NULL);
	}
	return (0);
}

void
policy_rcpt_new(struct session *s, uint64_t number,
    const struct rcpt_ask *ask)
{
	struct rcpt	*r;

	if (s->nrcpts >= RCPT_QUEUE_MAX ||
	    (r = malloc(sizeof(*r))) == NULL) {
		policy_rcpt_refuse(s->inst, number, VERDICT_TEMPFAIL);
		return;
	}
	/* found is large, and is filled in whole */
	memset(r, 0, offsetof(struct rcpt, found));
	r->session = s;
	r->number = number;
	TAILQ_INSERT_TAIL(&s->rcpts, r, entry);
	s->nrcpts++;
	if (rcpt_begin(r, ask) == -1) {
		rcpt_free(r);
		policy_rcpt_refuse(s->inst, number, VERDICT_TEMPFAIL);
	} else if (TAILQ_FIRST(&s->rcpts) == r)
		policy_rcpt_run(s);
	else if (s->tx != NULL) {
		counts.ahead++;
		rcpt_prepare_ahead(r);
	}
}
