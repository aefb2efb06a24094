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
 * Explanations under way.
 */

#include <bsd/string.h>
#include <bsd/sys/queue.h>

#include <event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "smtpd/base/clock.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_control.h"
#include "smtpd/msg/msg_explain.h"
#include "smtpd/msg/trace.h"
#include "smtpd/msg/verdict.h"
#include "smtpd/policy/answer.h"
#include "smtpd/policy/explain.h"
#include "smtpd/policy/rcpt.h"
#include "smtpd/policy/recent.h"
#include "smtpd/policy/session.h"
#include "smtpd/policy/stage_mail.h"
#include "smtpd/smtp/ext.h"
#include "smtpd/smtp/mailcmd.h"
#include "smtpd/smtp/utf8.h"

#define EXPLAIN_MAX	32		/* for people, at a time */
#define EXPLAIN_ARG	(EXPLAIN_PATH_MAX + 32)	/* with keyword, SMTPUTF8 */

struct explain {
	LIST_ENTRY(explain)	 entry;
	uint64_t		 number;	/* of session and questions */
	unsigned int		 inst;		/* of control */
	uint64_t		 question;	/* control's number */
	explain_done		 done;		/* NULL: answer control */
	void			*arg;
	struct explain_ask	 ask;
	struct trace		 trace;
	struct event		 turn;
	void			(*next)(struct explain *);
	/* the client, as front would know it */
	struct session		*session;
	uint32_t		 extensions;	/* offered to what is next */
	int			 smtputf8;
	/* what it is told */
	const char		*verb;		/* that is answered */
	enum verdict		 verdict;
	enum reply		 reply;
	uint32_t		 wait;		/* ms before that */
	uint8_t			 last;		/* 421 follows */
	char			 text[SESSION_TEXT_MAX + 1];
};

static LIST_HEAD(, explain)	 explains = LIST_HEAD_INITIALIZER(explains);
static unsigned int		 nexplains;

static struct explain *
explain_find(uint64_t number)
{
	struct explain	*x;

	LIST_FOREACH(x, &explains, entry)
		if (x->number == number)
			return (x);
	return (NULL);
}

static void
explain_free(struct explain *x)
{
	LIST_REMOVE(x, entry);
	nexplains -= x->done == NULL;
	(void)evtimer_del(&x->turn);
	policy_session_end(x->session);
	trace_free(&x->trace);
	free(x);
}

/*
 * Go on when the stage that has just answered has returned: it still holds
 * the session.
 */
static void
explain_later(struct explain *x, void (*next)(struct explain *))
{
	static const struct timeval	 now;

	x->next = next;
	(void)evtimer_add(&x->turn, &now);
}

static void
explain_turn(int fd, short what, void *arg)
{
	struct explain	*x = arg;

	x->next(x);
}

/* The octets that the client would read; from buf. */
static const char *
explain_octets(const struct explain *x, unsigned int *code,
    char buf[REPLY_SIZE + REPLY_LINE_SIZE])
{
	int	 n;

	n = verdict_write(x->reply, x->verdict, x->text,
	    x->smtputf8 ? REPLY_UTF8 : 0, code, buf, REPLY_SIZE);
	if (n == -1)
		return ("");
	if (x->last && *code != 421)
		(void)reply_format(REPLY_TOO_MANY_ERRORS, NULL, buf + n,
		    REPLY_LINE_SIZE);
	return (buf);
}

/* All steps to control, and the reply as the last row. */
static void
explain_answer(const struct explain *x, const struct explained *e)
{
	static const struct explain_head	 ok = { .status = EX_OK };
	struct wbuf				 w;

	wbuf_init(&w);
	msg_put_explain_head(&w, &ok);
	wbuf_raw(&w, e->trace->rows.data, e->trace->rows.len);
	row_str(&w, "step", "reply");
	row_str(&w, "what", e->verb);
	row_num(&w, "code", e->code);
	row_num(&w, "wait", e->wait);
	row_str(&w, "text", e->reply);
	row_end(&w);
	/* a control that is gone has nobody left to tell */
	(void)proc_send(PROC_CONTROL, x->inst, MSG_POLICY_EXPLAIN_ANSWER,
	    x->question, -1, &w);
}

static void
explain_end(struct explain *x)
{
	char			 buf[REPLY_SIZE + REPLY_LINE_SIZE];
	struct explained	 e = { .trace = &x->trace, .verb = x->verb,
	    .wait = x->wait };

	e.reply = explain_octets(x, &e.code, buf);
	if (x->done != NULL)
		x->done(x->arg, &e);
	else
		explain_answer(x, &e);
	explain_free(x);
}

/* Refused before policy is asked, as front does it. */
static void
explain_refused(struct explain *x, enum reply reply)
{
	x->reply = reply;
	x->verdict = VERDICT_COUNT;
	trace_step(&x->trace, "command", "refused as it stands", "verb",
	    x->verb, NULL);
	explain_end(x);
}

static int
is_ascii(const char *s)
{
	return (utf8_is_ascii(s, strlen(s)));
}

static void
explain_say_rcpt(struct explain *x)
{
	struct rcpt_params	 params;
	struct rcpt_ask		 ask;
	char			 arg[EXPLAIN_ARG];
	enum reply		 why;
	int			 n;

	memset(&ask, 0, sizeof(ask));
	n = snprintf(arg, sizeof(arg), "TO:%s", x->ask.rcpt);
	x->verb = "RCPT";
	if ((why = mailcmd_rcpt(arg, (size_t)n, x->extensions, x->smtputf8,
	    &ask.rcpt, &params)) != REPLY_NONE) {
		explain_refused(x, why);
		return;
	}
	ask.notify = params.notify;
	(void)strlcpy(ask.orcpt, params.orcpt, sizeof(ask.orcpt));
	policy_rcpt_new(x->session, x->number, &ask);
}

static void
explain_say_mail(struct explain *x)
{
	struct mail_params	 params;
	struct mail_ask		 ask;
	char			 arg[EXPLAIN_ARG];
	enum reply		 why;
	int			 n;

	memset(&ask, 0, sizeof(ask));
	x->smtputf8 = x->extensions & SMTP_EXT_SMTPUTF8 &&
	    !(is_ascii(x->ask.from) && is_ascii(x->ask.rcpt));
	n = snprintf(arg, sizeof(arg), "FROM:%s%s", x->ask.from,
	    x->smtputf8 ? " SMTPUTF8" : "");
	x->verb = "MAIL";
	if ((why = mailcmd_mail(arg, (size_t)n, x->extensions, &ask.sender,
	    &params)) != REPLY_NONE) {
		explain_refused(x, why);
		return;
	}
	ask.size = params.has_size ? params.size : 0;
	ask.smtputf8 = params.smtputf8 != 0;
	(void)strlcpy(ask.envid, params.envid, sizeof(ask.envid));
	stage_mail(x->session, ANSWER_EXPLAIN, x->number, &ask);
}

static void
explain_say_helo(struct explain *x)
{
	enum reply	 why;

	x->verb = "EHLO";
	if ((why = mailcmd_helo(x->ask.helo, strlen(x->ask.helo))) !=
	    REPLY_NONE) {
		explain_refused(x, why);
		return;
	}
	policy_session_set_helo(x->session, x->ask.helo);
	stage_helo(x->session, ANSWER_EXPLAIN, x->number);
}

void
explain_helo(uint64_t number, const struct helo_answer *a)
{
	struct explain	*x;

	if ((x = explain_find(number)) == NULL)
		return;
	x->extensions = a->extensions;
	explain_later(x, explain_say_mail);
}

void
explain_mail(uint64_t number, const struct mail_answer *a)
{
	struct explain	*x;

	if ((x = explain_find(number)) == NULL)
		return;
	x->extensions = a->extensions;
	x->verdict = a->verdict;
	x->reply = verdict_mail(a->verdict);
	(void)strlcpy(x->text, x->reply == REPLY_NONE ? a->text : "",
	    sizeof(x->text));
	explain_later(x, x->reply == REPLY_MAIL_OK ? explain_say_rcpt :
	    explain_end);
}

void
explain_rcpt(uint64_t number, const struct rcpt_answer *a)
{
	struct explain	*x;

	if ((x = explain_find(number)) == NULL)
		return;
	x->verdict = a->verdict;
	x->reply = verdict_rcpt(a->verdict);
	x->wait = a->wait;
	x->last = a->last;
	(void)strlcpy(x->text, a->text, sizeof(x->text));
	explain_later(x, explain_end);
}

static void
explain_client(struct explain *x)
{
	const struct explain_ask	*ask = &x->ask;
	char				 remote[IP_STR_SIZE];
	char				 local[IP_STR_SIZE];

	trace_step(&x->trace, "client", ip_format(&ask->remote, remote,
	    sizeof(remote)), "helo", ask->helo, "login", ask->login,
	    "listener", ask->listener, "local",
	    ip_format(&ask->local, local, sizeof(local)), "tls",
	    ask->tls ? "yes" : "", "from", ask->from, "to", ask->rcpt, NULL);
}

/* -1 without memory. */
static int
explain_session(struct explain *x)
{
	struct session_note	 note;

	memset(&note, 0, sizeof(note));
	note.session = x->number;
	note.remote = x->ask.remote;
	note.local = x->ask.local;
	note.local_port = x->ask.local_port;
	note.tls = x->ask.tls;
	(void)strlcpy(note.listener, x->ask.listener, sizeof(note.listener));
	(void)strlcpy(note.login, x->ask.login, sizeof(note.login));
	policy_session_take(ANSWER_EXPLAIN, &note);
	x->session = policy_session_find(ANSWER_EXPLAIN, x->number);
	if (x->session == NULL)
		return (-1);
	x->session->dry = 1;
	x->session->trace = &x->trace;
	return (0);
}

static void
explain_refuse(const struct proc_msg *m, int status, const char *why)
{
	struct explain_head	 head = { .status = status };
	struct wbuf		 w;

	(void)strlcpy(head.text, why, sizeof(head.text));
	wbuf_init(&w);
	msg_put_explain_head(&w, &head);
	(void)proc_answer(m, MSG_POLICY_EXPLAIN_ANSWER, -1, &w);
}

/* NULL without memory. */
static struct explain *
explain_make(const struct explain_ask *ask)
{
	static uint64_t	 number;
	struct explain	*x;

	if ((x = calloc(1, sizeof(*x))) == NULL)
		return (NULL);
	x->number = ++number;
	x->ask = *ask;
	if (explain_session(x) == -1) {
		free(x);
		return (NULL);
	}
	trace_init(&x->trace);
	evtimer_set(&x->turn, explain_turn, x);
	LIST_INSERT_HEAD(&explains, x, entry);
	return (x);
}

/* NULL: it was answered that there can be none. */
static struct explain *
explain_new(const struct proc_msg *m, const struct explain_ask *ask)
{
	struct explain	*x;

	if (nexplains >= EXPLAIN_MAX) {
		explain_refuse(m, EX_TEMPFAIL, "too many explanations at a "
		    "time");
		return (NULL);
	}
	if ((x = explain_make(ask)) == NULL) {
		explain_refuse(m, EX_TEMPFAIL, "out of memory");
		return (NULL);
	}
	x->inst = m->inst;
	x->question = m->id;
	nexplains++;
	return (x);
}

static void
explain_start(struct explain *x)
{
	explain_client(x);
	explain_later(x, explain_say_helo);
}

int
explain_begin(const struct explain_ask *ask, explain_done done, void *arg)
{
	struct explain	*x;

	if ((x = explain_make(ask)) == NULL)
		return (-1);
	x->done = done;
	x->arg = arg;
	x->session->fresh = 1;
	explain_start(x);
	return (0);
}

int
explain_take(struct proc_msg *m)
{
	static struct explain_ask	 ask;
	struct explain			*x;

	if (msg_get_explain_ask(&m->body, &ask) == -1)
		return (-1);
	if ((x = explain_new(m, &ask)) != NULL)
		explain_start(x);
	return (0);
}

/* What was said then, in front of what would be said now. */
static void
explain_then(struct explain *x, const struct recent *e)
{
	char	 session[24], age[24], generation[16], pause[24];

	(void)snprintf(session, sizeof(session), "%016llx",
	    (unsigned long long)e->session);
	(void)snprintf(age, sizeof(age), "%llu s",
	    (unsigned long long)((clock_mono() - e->when) / 1000));
	(void)snprintf(generation, sizeof(generation), "%u", e->generation);
	(void)snprintf(pause, sizeof(pause), "%u ms", e->wait);
	trace_step(&x->trace, "then", e->verdict, "at", e->step, "reply",
	    e->reply, "wait", pause, "age", age, "session", session,
	    "generation", generation, NULL);
}

int
explain_take_why(struct proc_msg *m)
{
	const struct recent	*e;
	struct explain		*x;
	uint64_t		 number;

	if (msg_get_session_id(&m->body, &number) == -1)
		return (-1);
	if ((e = recent_find(number)) == NULL) {
		explain_refuse(m, EX_NOINPUT, "no such refusal is "
		    "remembered");
		return (0);
	}
	if ((x = explain_new(m, &e->ask)) != NULL) {
		explain_then(x, e);
		explain_start(x);
	}
	return (0);
}
