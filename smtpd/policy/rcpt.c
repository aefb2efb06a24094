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
 * session, its question to the directory, and the answer to front.
 */

#include <bsd/string.h>

#include <stdlib.h>
#include <string.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/pending.h"
#include "smtpd/base/proc.h"
#include "smtpd/msg/msg.h"
#include "smtpd/policy/question.h"
#include "smtpd/policy/rcpt.h"
#include "smtpd/policy/session.h"

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
	if (r->asked != RCPT_ASKED_NOT && !r->answered)
		pending_forget(r);
	free(r->sent);
	free(r->key);
	free(r);
}

static void
rcpt_answer(unsigned int inst, uint64_t question,
    const struct rcpt_answer *ans)
{
	struct wbuf	 w;

	counts.verdicts[ans->verdict]++;
	wbuf_init(&w);
	msg_put_rcpt_answer(&w, ans);
	/* a front that is gone has taken its sessions with it */
	(void)proc_send(PROC_FRONT, inst, MSG_POLICY_RCPT_ANSWER, question,
	    -1, &w);
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
	ans->route = ROUTE_LOCAL;
	ans->directory[0] = '\0';
	ans->via[0] = '\0';
	ans->url[0] = '\0';
}

void
policy_rcpt_refuse(unsigned int inst, uint64_t question, enum verdict verdict)
{
	struct rcpt_answer	 ans;

	answer_init(&ans, verdict);
	rcpt_answer(inst, question, &ans);
}

static void
answer_accepted(struct rcpt_answer *ans, const struct rcpt *r)
{
	ans->stored = r->target;
	ans->route = r->route;
	if (!r->answered || r->found.status == RESOLVE_NOT_LOCAL)
		return;
	(void)strlcpy(ans->directory, r->directory, sizeof(ans->directory));
	if (r->found.status == RESOLVE_RELAY)
		(void)strlcpy(ans->url, r->found.url, sizeof(ans->url));
	else
		(void)strlcpy(ans->via, r->found.via, sizeof(ans->via));
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
	if (r->verdict == VERDICT_DISABLED || r->verdict == VERDICT_DEFERRED)
		(void)strlcpy(ans.text, r->found.text, sizeof(ans.text));
	if (log_is_verbose())
		log_debug("session=%016llx event=rcpt step=%s verdict=%d "
		    "generation=%u", (unsigned long long)s->id,
		    stage_rcpt_name(r), (int)r->verdict,
		    r->answered ? r->found.generation : 0);
	rcpt_answer(s->inst, r->question, &ans);
	rcpt_free(r);
}

void
policy_rcpt_run(struct session *s)
{
	struct rcpt	*r;

	while ((r = TAILQ_FIRST(&s->rcpts)) != NULL && stage_rcpt(r))
		rcpt_finish(r);
}

void
policy_rcpt_drop(struct session *s)
{
	struct rcpt	*r;

	while ((r = TAILQ_FIRST(&s->rcpts)) != NULL) {
		policy_rcpt_refuse(s->inst, r->question, VERDICT_SEQUENCE);
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

int
policy_rcpt_retarget(struct rcpt *r, const struct address *a)
{
	char	*key;

	if ((key = rcptset_fold(a)) == NULL)
		return (-1);
	free(r->key);
	r->key = key;
	r->target = *a;
	/* what was asked was about somebody else */
	if (r->asked == RCPT_ASKED_NOW)
		r->asked = RCPT_ASKED_AHEAD;
	return (0);
}

/* Could not find out. */
static void
rcpt_tempfail(struct rcpt *r)
{
	memset(&r->found, 0, sizeof(r->found));
	r->found.status = RESOLVE_TEMPFAIL;
	r->answered = 1;
}

/* The answer of lookup; NULL when it is late or lookup is gone. */
static int
rcpt_found(void *arg, struct proc_msg *m)
{
	struct rcpt	*r = arg;

	if (m == NULL) {
		log_warnx("session=%016llx event=rcpt setting=rcpt.directory "
		    "error=\"no answer\"", (unsigned long long)r->session->id);
		rcpt_tempfail(r);
	} else if (msg_get_resolve_answer(&m->body, &r->found) == -1)
		return (-1);
	r->answered = 1;
	if (r == TAILQ_FIRST(&r->session->rcpts))
		policy_rcpt_run(r->session);
	return (0);
}

/* Is this the question that was asked ahead? */
static int
rcpt_is_asked(const struct rcpt *r, const struct wbuf *w)
{
	return (r->asked != RCPT_ASKED_NOT && r->sentlen == w->len &&
	    memcmp(r->sent, w->data, w->len) == 0);
}

/* Forget what was asked, if anything. */
static void
rcpt_unask(struct rcpt *r)
{
	if (r->asked == RCPT_ASKED_NOT)
		return;
	counts.again++;
	if (!r->answered)
		pending_forget(r);
	r->asked = RCPT_ASKED_NOT;
	r->answered = 0;
	free(r->sent);
	r->sent = NULL;
	r->sentlen = 0;
}

/* Keep the question, to know it again.  Without memory it is not asked. */
static int
rcpt_keep(struct rcpt *r, const struct wbuf *w)
{
	if ((r->sent = malloc(w->len)) == NULL)
		return (-1);
	memcpy(r->sent, w->data, w->len);
	r->sentlen = w->len;
	counts.ahead++;
	return (0);
}

static enum rcpt_directory
rcpt_ask(struct rcpt *r, enum rcpt_asked when)
{
	struct resolve_ask	 ask;
	struct wbuf		 w;

	switch (question_make(r->session, &r->target, &ask)) {
	case QUESTION_NOBODY:
		return (RCPT_DIRECTORY_NOBODY);
	case QUESTION_FAULT:
		return (RCPT_DIRECTORY_FAULT);
	case QUESTION_READY:
		break;
	}
	(void)strlcpy(r->directory, ask.directory, sizeof(r->directory));
	wbuf_init(&w);
	msg_put_resolve_ask(&w, &ask);
	if (rcpt_is_asked(r, &w)) {
		wbuf_free(&w);
		r->asked = when;
		return (r->answered ? RCPT_DIRECTORY_FOUND :
		    RCPT_DIRECTORY_WAIT);
	}
	rcpt_unask(r);
	if (when == RCPT_ASKED_AHEAD && rcpt_keep(r, &w) == -1) {
		wbuf_free(&w);
		return (RCPT_DIRECTORY_WAIT);
	}
	r->asked = when;
	/* a full wait more, and front would have to guess */
	if (clock_mono() - r->begin > PENDING_FRONT - PENDING_POLICY) {
		wbuf_free(&w);
		rcpt_tempfail(r);
		return (RCPT_DIRECTORY_FOUND);
	}
	(void)pending_ask(PROC_LOOKUP, 0, MSG_POLICY_RESOLVE_ASK, -1, &w,
	    PENDING_POLICY, rcpt_found, r);
	return (RCPT_DIRECTORY_WAIT);
}

enum rcpt_directory
policy_rcpt_directory(struct rcpt *r)
{
	if (r->asked == RCPT_ASKED_NOW)
		return (r->answered ? RCPT_DIRECTORY_FOUND :
		    RCPT_DIRECTORY_WAIT);
	return (rcpt_ask(r, RCPT_ASKED_NOW));
}

void
policy_rcpt_new(struct session *s, uint64_t question,
    const struct rcpt_ask *ask)
{
	struct address	 target = ask->rcpt;
	struct rcpt	*r;

	if (s->nrcpts >= RCPT_QUEUE_MAX ||
	    (r = malloc(sizeof(*r))) == NULL) {
		policy_rcpt_refuse(s->inst, question, VERDICT_TEMPFAIL);
		return;
	}
	/* found is large, and is filled in whole */
	memset(r, 0, offsetof(struct rcpt, found));
	r->directory[0] = '\0';
	r->route = ROUTE_LOCAL;
	r->session = s;
	r->question = question;
	r->begin = clock_mono();
	TAILQ_INSERT_TAIL(&s->rcpts, r, entry);
	s->nrcpts++;
	question_own(s, &target);
	if (policy_rcpt_retarget(r, &target) == -1) {
		rcpt_free(r);
		policy_rcpt_refuse(s->inst, question, VERDICT_TEMPFAIL);
		return;
	}
	if (TAILQ_FIRST(&s->rcpts) == r)
		policy_rcpt_run(s);
	else if (s->tx != NULL)
		(void)rcpt_ask(r, RCPT_ASKED_AHEAD);
}
