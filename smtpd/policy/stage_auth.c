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
 * Logins.
 */

#include <sys/types.h>
#include <bsd/stdlib.h>
#include <bsd/string.h>

#include <stdlib.h>
#include <string.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/proc.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/trace.h"
#include "smtpd/policy/draw.h"
#include "smtpd/policy/session.h"
#include "smtpd/policy/setting.h"
#include "smtpd/policy/stage_auth.h"

/* What is found out before lookup is asked. */
enum auth_at {
	AUTH_AT_DIRECTORY,
	AUTH_AT_TOTAL,
	AUTH_AT_WAIT,
	AUTH_AT_LOOKUP
};

struct auth {
	struct session	*session;
	uint64_t	 question;	/* front's number */
	enum auth_at	 at;
	struct eval	 eval;
	struct login_ask ask;
	int64_t		 total, wait;	/* auth { errors } */
	struct draw	 draw;
	struct auth_answer ans;
};

static void
auth_free(struct auth *a)
{
	a->session->auth = NULL;
	if (a->at == AUTH_AT_LOOKUP)
		pending_forget(a);
	draw_end(&a->draw);
	eval_end(&a->eval);
	freezero(a, sizeof(*a));
}

static void
auth_send(unsigned int inst, uint64_t question, const struct auth_answer *ans)
{
	struct wbuf	 w;

	wbuf_init(&w);
	msg_put_auth_answer(&w, ans);
	/* a front that is gone has taken its sessions with it */
	(void)proc_send(PROC_FRONT, inst, MSG_POLICY_AUTH_ANSWER, question,
	    -1, &w);
}

/*
 * A wrong name or password draws on the harvest memory, and beyond its
 * budget nobody is told that it was one.  0 while lookup is being asked.
 */
static int
auth_draw(struct auth *a)
{
	if (a->ans.result != AUTH_NO)
		return (1);
	switch (draw_take(&a->draw)) {
	case DRAW_GRANTED:
		return (1);
	case DRAW_WAIT:
		return (0);
	default:
		a->ans.result = AUTH_TEMPFAIL;
		return (1);
	}
}

static void
auth_end(void *arg)
{
	struct auth		*a = arg;
	struct auth_answer	*ans = &a->ans;
	struct session		*s = a->session;

	if (!auth_draw(a))
		return;
	trace_step(s->trace, "auth", ans->result == AUTH_OK ? "right" :
	    ans->result == AUTH_NO ? "wrong" : "cannot be known", NULL);
	if (ans->result == AUTH_NO) {
		if (s->auth_errors < UINT32_MAX)
			s->auth_errors++;
		ans->error = 1;
		ans->wait = a->wait > UINT32_MAX ? UINT32_MAX :
		    (uint32_t)a->wait;
		ans->last = s->auth_errors >= a->total;
	}
	auth_send(s->inst, a->question, ans);
	auth_free(a);
}

static void
auth_tempfail(struct auth *a)
{
	a->ans.result = AUTH_TEMPFAIL;
	auth_end(a);
}

/* m is NULL when lookup did not answer. */
static int
auth_found(void *arg, struct proc_msg *m)
{
	struct auth		*a = arg;
	struct login_answer	 found;

	a->ans.result = AUTH_TEMPFAIL;
	if (m != NULL) {
		if (msg_get_login_answer(&m->body, &found) == -1)
			return (-1);
		a->ans.result = found.result;
		a->ans.scram = found.scram;
	}
	a->at = AUTH_AT_DIRECTORY;	/* nothing is asked any more */
	auth_end(a);
	return (0);
}

/* auth { directory } where it gives one, else the listener's, or the first. */
static enum eval_status
auth_directory(struct eval *e, char *buf, size_t size)
{
	enum eval_status	 status;
	int			 is;

	if ((status = eval_string(e, SET_AUTH_DIRECTORY, &is, buf, size)) !=
	    EVAL_READY)
		return (status);
	if ((!is || buf[0] == '\0') && e->session->logins != NULL)
		(void)strlcpy(buf, e->session->logins, size);
	return (EVAL_READY);
}

static enum eval_status
auth_evaluate(struct auth *a)
{
	enum eval_status	 status = EVAL_READY;

	for (; a->at < AUTH_AT_LOOKUP && status == EVAL_READY;) {
		if (a->at == AUTH_AT_DIRECTORY)
			status = auth_directory(&a->eval, a->ask.directory,
			    sizeof(a->ask.directory));
		else if (a->at == AUTH_AT_TOTAL)
			status = eval_number(&a->eval, SET_AUTH_ERRORS_TOTAL,
			    1, &a->total);
		else
			status = eval_number(&a->eval, SET_AUTH_ERRORS_WAIT,
			    0, &a->wait);
		if (status == EVAL_READY)
			a->at++;
	}
	return (status);
}

static void
auth_run(void *arg)
{
	struct auth		*a = arg;
	enum eval_status	 status;
	struct wbuf		 w;

	if ((status = auth_evaluate(a)) == EVAL_WAIT)
		return;
	/* in a network that is banned nobody hears whether it was right */
	if (status != EVAL_READY || draw_banned(a->session)) {
		auth_tempfail(a);
		return;
	}
	wbuf_init(&w);
	msg_put_login_ask(&w, &a->ask);
	explicit_bzero(&a->ask, sizeof(a->ask));
	(void)pending_ask(PROC_LOOKUP, 0, MSG_POLICY_LOGIN_ASK, -1, &w,
	    PENDING_POLICY, auth_found, a);
}

void
stage_auth(struct session *s, unsigned int inst, uint64_t question,
    const struct auth_ask *ask)
{
	struct auth_answer	 ans;
	struct auth		*a;

	if (s == NULL || s->auth != NULL || s->logins == NULL ||
	    (a = calloc(1, sizeof(*a))) == NULL) {
		memset(&ans, 0, sizeof(ans));
		ans.result = AUTH_TEMPFAIL;
		auth_send(inst, question, &ans);
		return;
	}
	s->auth = a;
	a->session = s;
	a->question = question;
	a->ask.q = ask->q;
	draw_begin(&a->draw, s, auth_end, a);
	trace_begins(s->trace, a);
	eval_begin(&a->eval, s, clock_mono(), auth_run, a);
	auth_run(a);
}

void
stage_auth_forget(struct session *s)
{
	if (s->auth != NULL)
		auth_free(s->auth);
}

enum eval_status
stage_auth_mechanisms(struct eval *e, unsigned int *bits)
{
	enum eval_status	 status;
	char			 buf[128];
	int			 is, list = 0;

	*bits = 0;
	if ((status = eval_string(e, SET_AUTH_MECHANISMS, &is, buf,
	    sizeof(buf))) == EVAL_WAIT)
		return (EVAL_WAIT);
	if (status == EVAL_READY && (list = sasl_parse_list(buf)) == -1)
		(void)eval_wanted(e, SET_AUTH_MECHANISMS, "mechanisms");
	else
		*bits = (unsigned int)list;
	return (EVAL_READY);
}

enum eval_status
stage_auth_owner(struct eval *e, const struct address *sender, pending_cb cb,
    void *arg)
{
	struct resolve_ask	 ask;
	enum eval_status	 status;
	struct wbuf		 w;

	memset(&ask, 0, sizeof(ask));
	if ((status = auth_directory(e, ask.directory,
	    sizeof(ask.directory))) != EVAL_READY)
		return (status);
	(void)strlcpy(ask.delims, policy_settings()->delims,
	    sizeof(ask.delims));
	ask.rcpt = ask.sender = *sender;
	ask.sub = ask.catchall = CANDIDATE_STANDARD;
	(void)strlcpy(ask.login, e->session->login, sizeof(ask.login));
	wbuf_init(&w);
	msg_put_resolve_ask(&w, &ask);
	(void)pending_ask(PROC_LOOKUP, 0, MSG_POLICY_OWNER_ASK, -1, &w,
	    PENDING_POLICY, cb, arg);
	return (EVAL_READY);
}
