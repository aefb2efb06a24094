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
 * From what the client said to what the directory says: rewriting, the
 * question, its answer.  Nothing here depends on the order of recipients
 * unless a setting says so (policy_settings_ahead).
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/pending.h"
#include "smtpd/base/proc.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/trace.h"
#include "smtpd/policy/rcpt.h"
#include "smtpd/policy/session.h"
#include "smtpd/policy/setting.h"

static void	 prepare(struct rcpt *);

/* An evaluation has come to its end. */
static void
prepare_wake(void *arg)
{
	struct rcpt	*r = arg;

	rcpt_tell(r);
	prepare(r);
	if (r == TAILQ_FIRST(&r->session->rcpts))
		policy_rcpt_run(r->session);
}

void
rcpt_prepare_begin(struct rcpt *r)
{
	r->prep = r->goal = PREP_REWRITE;
	r->refusal = VERDICT_ACCEPT;
	question_begin(&r->q, r->session, r->begin, prepare_wake, r);
}

void
rcpt_prepare_end(struct rcpt *r)
{
	if (r->prep == PREP_ASKED)
		pending_forget(r);
	question_end(&r->q);
}

int
rcpt_prepare_retarget(struct rcpt *r, const struct address *a)
{
	char	*key;

	if ((key = rcptset_fold(a)) == NULL)
		return (-1);
	rcpt_prepare_end(r);
	question_again(&r->q);
	if (r->said == NULL)
		r->said = r->key;
	else
		free(r->key);
	r->key = key;
	r->target = *a;
	r->q.eval.rcpt = key;
	r->prep = PREP_QUESTION;
	r->refusal = VERDICT_ACCEPT;
	return (0);
}

int
rcpt_prepare_sender(struct rcpt *r, const struct address *a)
{
	char	*key;

	if ((key = rcptset_fold(a)) == NULL)
		return (-1);
	rcpt_prepare_end(r);
	question_again(&r->q);
	free(r->sender_key);
	r->sender_key = key;
	r->sender = *a;
	r->q.eval.sender = key;
	r->q.sender = &r->sender;
	return (0);
}

static void
refuse(struct rcpt *r, enum eval_status status)
{
	if (status != EVAL_WAIT)
		r->refusal = status == EVAL_FAULT ? VERDICT_CONFIG :
		    VERDICT_TEMPFAIL;
}

/* RCPT.md 3: another address, or a fault that is no address. */
static void
prepare_rewrite(struct rcpt *r)
{
	enum eval_status	 status;
	struct address		 a;
	char			 buf[ADDRESS_STR_SIZE];
	int			 is;

	if ((status = eval_string(&r->q.eval, SET_RCPT_REWRITE, &is, buf,
	    sizeof(buf))) != EVAL_READY) {
		refuse(r, status);
		return;
	}
	if (!is) {
		r->prep = PREP_QUESTION;
		return;
	}
	if (address_parse(buf, strlen(buf), ADDRESS_UTF8_OK, &a) !=
	    ADDRESS_OK) {
		refuse(r, eval_wanted(&r->q.eval, SET_RCPT_REWRITE,
		    "address"));
		return;
	}
	question_own(r->session, &a);
	if (!r->session->dry)
		policy_rcpt_count_rewritten();
	if (rcpt_prepare_retarget(r, &a) == -1)
		r->refusal = VERDICT_TEMPFAIL;
	else
		trace_step(r->session->trace, "rewrite", r->key, NULL);
}

static void
prepare_question(struct rcpt *r)
{
	switch (question_make(&r->q)) {
	case QUESTION_READY:
		r->prep = PREP_ASK;
		break;
	case QUESTION_WAIT:
		break;
	case QUESTION_NOBODY:
		eval_end(&r->q.eval);
		trace_step(r->session->trace, "directory", "none", NULL);
		r->prep = PREP_NOBODY;
		break;
	case QUESTION_FAULT:
		r->refusal = VERDICT_CONFIG;
		break;
	case QUESTION_TEMPFAIL:
		r->refusal = VERDICT_TEMPFAIL;
		break;
	}
}

/* The steps come with the body, and go with it. */
static void
prepare_trace(struct rcpt *r)
{
	struct trace	*t = r->session->trace;
	char		 generation[16];

	if (t != NULL) {
		(void)trace_rows(t, r->found.steps, r->found.nsteps);
		(void)snprintf(generation, sizeof(generation), "%u",
		    r->found.generation);
		trace_step(t, "resolved", resolve_status_name(
		    r->found.status), "via", r->found.via, "account",
		    r->found.account, "primary", r->found.primary, "to",
		    r->found.url, "text", r->found.text, "generation",
		    generation, NULL);
	}
	r->found.steps = NULL;
	r->found.nsteps = 0;
}

/* The answer of lookup; NULL when it is late or lookup is gone. */
static int
prepare_answer(void *arg, struct proc_msg *m)
{
	struct rcpt	*r = arg;

	rcpt_tell(r);
	if (m == NULL) {
		trace_step(r->session->trace, "fault", "rcpt.directory",
		    "error", "no answer", NULL);
		if (!r->session->dry)
			log_warnx("session=%016llx event=rcpt "
			    "setting=rcpt.directory error=\"no answer\"",
			    (unsigned long long)r->session->id);
		memset(&r->found, 0, sizeof(r->found));
		r->found.status = RESOLVE_TEMPFAIL;
	} else if (msg_get_resolve_answer(&m->body, &r->found) == -1)
		return (-1);
	else
		prepare_trace(r);
	r->prep = PREP_FOUND;
	if (r == TAILQ_FIRST(&r->session->rcpts))
		policy_rcpt_run(r->session);
	return (0);
}

static void
prepare_ask(struct rcpt *r)
{
	struct resolve_ask	 ask;
	struct wbuf		 w;

	/* a full wait more, and front would have to guess */
	if (clock_mono() - r->begin > PENDING_FRONT - PENDING_POLICY) {
		r->refusal = VERDICT_TEMPFAIL;
		return;
	}
	question_fill(&r->q, &r->target, &ask);
	wbuf_init(&w);
	msg_put_resolve_ask(&w, &ask);
	(void)pending_ask(PROC_LOOKUP, 0, MSG_POLICY_RESOLVE_ASK, -1, &w,
	    PENDING_POLICY, prepare_answer, r);
	r->prep = PREP_ASKED;
}

/* As far as the goal, or until somebody has to be waited for. */
static void
prepare(struct rcpt *r)
{
	enum rcpt_prep	 prep;

	do {
		prep = r->prep;
		if (prep >= r->goal || r->refusal != VERDICT_ACCEPT)
			return;
		switch (prep) {
		case PREP_REWRITE:
			prepare_rewrite(r);
			break;
		case PREP_QUESTION:
			prepare_question(r);
			break;
		case PREP_ASK:
			prepare_ask(r);
			break;
		default:
			return;
		}
	} while (r->prep != prep);
}

/* 0 when it is there, 1 when somebody is waited for. */
static int
prepare_to(struct rcpt *r, enum rcpt_prep goal)
{
	if (r->goal < goal)
		r->goal = goal;
	r->q.eval.sender = r->sender_key != NULL ? r->sender_key :
	    r->session->tx->sender_key;
	r->q.eval.rcpt = r->key;
	prepare(r);
	return (r->prep < goal && r->refusal == VERDICT_ACCEPT);
}

void
rcpt_prepare_ahead(struct rcpt *r)
{
	if (policy_settings_ahead())
		(void)prepare_to(r, PREP_FOUND);
}

int
rcpt_prepare_target(struct rcpt *r)
{
	return (prepare_to(r, PREP_QUESTION));
}

int
rcpt_prepare_found(struct rcpt *r)
{
	return (prepare_to(r, PREP_FOUND));
}

int
rcpt_is_found(const struct rcpt *r, enum resolve_status status)
{
	return (r->prep == PREP_FOUND && r->found.status == status);
}
