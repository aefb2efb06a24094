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
 * The decisions that come before the first RCPT.
 */

#include <bsd/string.h>

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/pending.h"
#include "smtpd/msg/trace.h"
#include "smtpd/msg/verdict.h"
#include "smtpd/policy/answer.h"
#include "smtpd/policy/job.h"
#include "smtpd/policy/session.h"
#include "smtpd/policy/setting.h"
#include "smtpd/policy/sieve.h"
#include "smtpd/policy/stage_auth.h"
#include "smtpd/policy/stage_mail.h"
#include "smtpd/smtp/ext.h"

/* Those that no setting switches off. */
#define MAIL_EXTENSIONS	(SMTP_EXT_SIZE | SMTP_EXT_8BITMIME |		\
			    SMTP_EXT_ENHANCED | SMTP_EXT_LIMITS |	\
			    SMTP_EXT_HELP)

static enum job_status
failed(struct job *j, enum eval_status status)
{
	if (status == EVAL_WAIT)
		return (JOB_WAIT);
	return (job_done(j, status == EVAL_FAULT ? VERDICT_CONFIG :
	    VERDICT_TEMPFAIL));
}

static enum job_status
job_extensions(struct job *j)
{
	static const struct {
		enum policy_setting	 set;
		uint32_t		 bit;
	} offers[] = {
		{ SET_EXTENSIONS_VRFY, SMTP_EXT_VRFY },
		{ SET_EXTENSIONS_EXPN, SMTP_EXT_EXPN },
		{ SET_EXTENSIONS_DSN, SMTP_EXT_DSN },
		{ SET_EXTENSIONS_SMTPUTF8, SMTP_EXT_SMTPUTF8 },
		{ SET_EXTENSIONS_PIPELINING, SMTP_EXT_PIPELINING },
	};
	enum eval_status	 status;
	int			 truth;

	for (; j->part < sizeof(offers) / sizeof(offers[0]); j->part++) {
		if ((status = eval_truth(&j->eval, offers[j->part].set,
		    &truth)) == EVAL_WAIT)
			return (JOB_WAIT);
		/* one whose setting has no value is not offered */
		if (status == EVAL_READY && truth)
			j->extensions |= offers[j->part].bit;
	}
	return (JOB_NEXT);
}

static enum job_status
job_limits(struct job *j)
{
	enum eval_status	 status;

	if ((status = txlimits_get(&j->eval, &j->part, &j->limits)) !=
	    EVAL_READY)
		return (failed(j, status));
	j->has_limits = 1;
	return (JOB_NEXT);
}

static void	 job_run(void *);

/* What AUTH may be done with; nothing that a client could tell is needed. */
static enum job_status
job_mechanisms(struct job *j)
{
	if (j->session->logins == NULL)
		return (JOB_NEXT);
	if (stage_auth_mechanisms(&j->eval, &j->mechanisms) == EVAL_WAIT)
		return (JOB_WAIT);
	return (JOB_NEXT);
}

/* RFC 4954 6: 530 until there is a login, where one is required. */
static enum job_status
job_require(struct job *j)
{
	enum eval_status	 status;
	int			 truth;

	if (j->session->login != NULL)
		return (JOB_NEXT);
	if ((status = eval_truth(&j->eval, SET_AUTH_REQUIRE, &truth)) !=
	    EVAL_READY)
		return (failed(j, status));
	return (truth ? job_done(j, VERDICT_AUTH) : JOB_NEXT);
}

/* m is NULL when lookup did not answer. */
static int
owner_answer(void *arg, struct proc_msg *m)
{
	struct job		*j = arg;
	struct owner_answer	 a = { .result = AUTH_TEMPFAIL };

	if (m != NULL && msg_get_owner_answer(&m->body, &a) == -1)
		return (-1);
	j->asked = JOB_ASKED_KNOWN;
	j->owner = a.result;
	job_run(j);
	return (0);
}

/*
 * Who has logged in sends by its own addresses.  The null sender is nobody's:
 * notices have it, RFC 8098 3 for one.
 */
static enum job_status
job_owner(struct job *j)
{
	enum eval_status	 status;
	int			 truth;

	if (j->session->login == NULL || address_is_null(&j->sender))
		return (JOB_NEXT);
	if (j->asked == JOB_ASKED_NOW)
		return (JOB_WAIT);
	if (j->asked == JOB_ASKED_KNOWN)
		return (j->owner == AUTH_OK ? JOB_NEXT : job_done(j, j->owner ==
		    AUTH_NO ? VERDICT_OWNER : VERDICT_TEMPFAIL));
	if (j->part == 0) {
		if ((status = eval_truth(&j->eval, SET_AUTH_MUST_MATCH_SENDER,
		    &truth)) != EVAL_READY)
			return (failed(j, status));
		if (!truth)
			return (JOB_NEXT);
		j->part++;
	}
	if ((status = stage_auth_owner(&j->eval, &j->sender, owner_answer,
	    j)) != EVAL_READY)
		return (failed(j, status));
	j->asked = JOB_ASKED_NOW;
	return (JOB_WAIT);
}

static enum job_status
job_helo(struct job *j)
{
	return (job_done(j, VERDICT_ACCEPT));
}

/* The sender becomes another one: RCPT.md 3. */
static enum job_status
job_rewrite(struct job *j)
{
	enum eval_status	 status;
	struct address		 a;
	char			 buf[ADDRESS_STR_SIZE];
	int			 is;

	if ((status = eval_string(&j->eval, SET_MAIL_REWRITE, &is, buf,
	    sizeof(buf))) != EVAL_READY)
		return (failed(j, status));
	if (!is)
		return (JOB_NEXT);
	if (address_parse(buf, strlen(buf), ADDRESS_ALLOW_NULL |
	    ADDRESS_UTF8_OK, &a) != ADDRESS_OK)
		return (failed(j, eval_wanted(&j->eval, SET_MAIL_REWRITE,
		    "address")));
	trace_step(j->session->trace, "mail-rewrite", buf, NULL);
	return (job_set_sender(j, &a));
}

static enum job_status
job_allowed(struct job *j)
{
	enum eval_status	 status;
	int			 allowed;

	if ((status = eval_truth(&j->eval, SET_MAIL_IS_ALLOWED, &allowed)) !=
	    EVAL_READY)
		return (failed(j, status));
	if (!allowed)
		trace_step(j->session->trace, "mail-is-allowed", "no", NULL);
	return (allowed ? JOB_NEXT : job_done(j, VERDICT_DENIED));
}

static enum job_status
job_size(struct job *j)
{
	if (j->size > j->limits.max_size)
		return (job_done(j, VERDICT_SIZE));
	return (JOB_NEXT);
}

static void
job_trace(const struct job *j)
{
	const struct txlimits	*l = &j->limits;
	char			 rcpts[16], errors[16], pause[32];

	(void)snprintf(rcpts, sizeof(rcpts), "%u", l->max_recipients);
	(void)snprintf(errors, sizeof(errors), "%u", l->errors_total);
	(void)snprintf(pause, sizeof(pause), "%u ms", l->errors_wait);
	trace_step(j->session->trace, "mail", j->key[0] == '\0' ? "<>" :
	    j->key, "max-recipients", rcpts, "errors", errors, "wait", pause,
	    NULL);
}

static enum job_status
job_begin(struct job *j)
{
	if (policy_session_begin(j->session, &j->sender, j->key) == -1)
		return (job_done(j, VERDICT_TEMPFAIL));
	j->session->tx->limits = j->limits;
	j->session->tx->size = j->size;
	j->session->tx->discard = j->discard;
	j->session->tx->envid = j->envid;
	j->envid = NULL;
	if (j->session->trace != NULL)
		job_trace(j);
	return (job_done(j, VERDICT_ACCEPT));
}

static const struct job_step	 helo_steps[] = {
	{ job_extensions },
	{ job_limits },
	{ job_mechanisms },
	{ job_helo },
};

static const struct job_step	 mail_steps[] = {
	{ job_require },
	{ job_owner },
	{ job_script },
	{ job_rewrite },
	{ job_allowed },
	{ job_limits },
	{ job_size },
	{ job_extensions },
	{ job_begin },
};

static void
job_free(struct job *j)
{
	j->session->job = NULL;
	if (j->asked == JOB_ASKED_NOW)
		pending_forget(j);
	eval_end(&j->eval);
	free(j->key);
	free(j->envid);
	free(j->script);
	free(j);
}

static void
job_answer_helo(const struct job *j)
{
	struct helo_answer	 ans;

	memset(&ans, 0, sizeof(ans));
	ans.extensions = j->extensions;
	ans.mechanisms = (uint8_t)j->mechanisms;
	ans.max_recipients = j->limits.max_recipients;
	ans.max_size = j->limits.max_size;
	if (!j->has_limits) {
		ans.extensions &= ~(uint32_t)(SMTP_EXT_LIMITS |
		    SMTP_EXT_SIZE);
		ans.max_recipients = 0;
		ans.max_size = 0;
	}
	answer_helo(j->inst, j->question, &ans);
}

static void
job_answer_mail(unsigned int inst, uint64_t question, enum verdict verdict,
    const struct job *j)
{
	struct mail_answer	 ans;

	memset(&ans, 0, sizeof(ans));
	ans.verdict = verdict;
	if (verdict == VERDICT_ACCEPT) {
		ans.extensions = j->extensions;
		ans.max_size = j->limits.max_size;
		ans.sender = j->sender;
	} else if (verdict == VERDICT_TEXT)
		(void)strlcpy(ans.text, j->script->text, sizeof(ans.text));
	answer_mail(inst, question, &ans);
}

static void
job_answer(struct job *j)
{
	if (!j->helo && j->verdict != VERDICT_ACCEPT)
		trace_step(j->session->trace, "decision",
		    verdict_name(j->verdict), "at", "mail", NULL);
	if (j->helo)
		job_answer_helo(j);
	else
		job_answer_mail(j->inst, j->question, j->verdict, j);
	job_free(j);
}

/* From the step it is at; the last one always decides. */
static void
job_run(void *arg)
{
	struct job	*j = arg;

	for (;;)
		switch (j->step->run(j)) {
		case JOB_NEXT:
			j->step++;
			j->part = 0;
			break;
		case JOB_WAIT:
			return;
		case JOB_DONE:
			job_answer(j);
			return;
		}
}

static struct job *
job_new(struct session *s, unsigned int inst, uint64_t question,
    const struct job_step *steps)
{
	struct job	*j;

	if ((j = calloc(1, sizeof(*j))) == NULL) {
		log_warn("session=%016llx", (unsigned long long)s->id);
		return (NULL);
	}
	s->job = j;
	j->session = s;
	j->inst = inst;
	j->question = question;
	j->step = steps;
	j->extensions = MAIL_EXTENSIONS;
	trace_begins(s->trace, j);
	eval_begin(&j->eval, s, clock_mono(), job_run, j);
	return (j);
}

void
stage_helo(struct session *s, unsigned int inst, uint64_t question)
{
	static struct session	 stranger;
	struct job		*j, none = { .inst = inst };

	if (s == NULL)
		s = &stranger;
	stage_mail_drop(s);
	if ((j = job_new(s, inst, question, helo_steps)) == NULL) {
		none.question = question;
		none.extensions = MAIL_EXTENSIONS;
		job_answer_helo(&none);
		return;
	}
	j->helo = 1;
	job_run(j);
}

void
stage_mail(struct session *s, unsigned int inst, uint64_t question,
    const struct mail_ask *ask)
{
	struct job	*j;

	if (s == NULL) {
		job_answer_mail(inst, question, VERDICT_TEMPFAIL, NULL);
		return;
	}
	policy_session_reset(s);
	if ((j = job_new(s, inst, question, mail_steps)) == NULL) {
		job_answer_mail(inst, question, VERDICT_TEMPFAIL, NULL);
		return;
	}
	j->sender = ask->sender;
	j->size = ask->size;
	if ((j->key = rcptset_fold(&ask->sender)) == NULL ||
	    (ask->envid[0] != '\0' && (j->envid = strdup(ask->envid)) ==
	    NULL)) {
		j->verdict = VERDICT_TEMPFAIL;
		job_answer(j);
		return;
	}
	j->eval.sender = j->key;
	job_run(j);
}

void
stage_mail_drop(struct session *s)
{
	if (s->job == NULL)
		return;
	s->job->verdict = VERDICT_TEMPFAIL;
	job_answer(s->job);
}

void
stage_mail_forget(struct session *s)
{
	if (s->job != NULL)
		job_free(s->job);
}
