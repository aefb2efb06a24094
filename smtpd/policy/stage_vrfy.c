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
 * VRFY shows whose mailbox an address is, EXPN who is behind a list.
 */

#include <bsd/string.h>

#include <stdlib.h>
#include <string.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/pending.h"
#include "smtpd/base/proc.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_resolve.h"
#include "smtpd/msg/trace.h"
#include "smtpd/msg/verdict.h"
#include "smtpd/policy/draw.h"
#include "smtpd/policy/question.h"
#include "smtpd/policy/session.h"
#include "smtpd/policy/stage_vrfy.h"

#define VRFY_NAMES_MAX	5		/* of a part without '@' */

struct vrfy {
	LIST_ENTRY(vrfy)	 entry;
	struct session		*session;
	uint64_t		 number;	/* front's, of its question */
	uint8_t			 expand;
	uint8_t			 allowed;	/* by the setting */
	uint8_t			 part;		/* of a local part only */
	uint8_t			 asked;		/* lookup is */
	struct draw		 draw;
	struct address		 target;
	char			*key;		/* target, folded */
	struct question		 q;
};

static void
vrfy_answer(unsigned int inst, uint64_t number,
    const struct vrfy_answer *ans)
{
	struct wbuf	 w;

	wbuf_init(&w);
	msg_put_vrfy_answer(&w, ans);
	/* a front that is gone has taken its sessions with it */
	(void)proc_send(PROC_FRONT, inst, MSG_POLICY_VRFY_ANSWER, number,
	    -1, &w);
}

static void
vrfy_refuse(unsigned int inst, uint64_t number, enum verdict verdict)
{
	struct vrfy_answer	 ans;

	ans.verdict = verdict;
	ans.n = 0;
	vrfy_answer(inst, number, &ans);
}

static void
vrfy_free(struct vrfy *v)
{
	LIST_REMOVE(v, entry);
	if (v->asked)
		pending_forget(v);
	draw_end(&v->draw);
	question_end(&v->q);
	free(v->key);
	free(v);
}

void
stage_vrfy_forget(struct session *s)
{
	struct vrfy	*v;

	while ((v = LIST_FIRST(&s->vrfys)) != NULL)
		vrfy_free(v);
}

/*
 * The answer, and the end.  One that found nothing draws on the harvest
 * memory, and beyond its budget nobody is told that it did.
 */
static void
vrfy_done(struct vrfy *v, struct vrfy_answer *ans)
{
	if (ans->verdict == VERDICT_UNKNOWN) {
		switch (draw_take(&v->draw)) {
		case DRAW_GRANTED:
			break;
		case DRAW_WAIT:
			return;
		case DRAW_SPENT:
			ans->verdict = VERDICT_HARVEST;
			break;
		default:
			ans->verdict = VERDICT_TEMPFAIL;
			break;
		}
	}
	trace_step(v->session->trace, "decision", verdict_name(ans->verdict),
	    NULL);
	vrfy_answer(v->session->inst, v->number, ans);
	vrfy_free(v);
}

static void
vrfy_end(struct vrfy *v, enum verdict verdict)
{
	struct vrfy_answer	 ans;

	ans.verdict = verdict;
	ans.n = 0;
	vrfy_done(v, &ans);
}

static void
vrfy_drawn(void *arg)
{
	vrfy_end(arg, VERDICT_UNKNOWN);
}

/* What a resolved address means to somebody who only wants to know. */
static enum verdict
vrfy_verdict(enum resolve_status status)
{
	switch (status) {
	case RESOLVE_FOUND:
	case RESOLVE_DISCARD:
	case RESOLVE_DEFERRED:
	case RESOLVE_QUOTA:
	case RESOLVE_SENDERS:
		return (VERDICT_ACCEPT);
	case RESOLVE_NONE:
	case RESOLVE_NOT_LOCAL:
	case RESOLVE_DISABLED:
		return (VERDICT_UNKNOWN);
	case RESOLVE_RELAY:
		/* another server knows: cannot say, but would take it */
		return (VERDICT_DENIED);
	default:
		return (VERDICT_TEMPFAIL);
	}
}

/* One full address; m is NULL when lookup did not answer. */
static int
vrfy_found(void *arg, struct proc_msg *m)
{
	struct vrfy		*v = arg;
	struct resolve_answer	 found;
	struct vrfy_answer	 ans;

	ans.verdict = VERDICT_TEMPFAIL;
	ans.n = 0;
	if (m != NULL) {
		if (msg_get_resolve_answer(&m->body, &found) == -1)
			return (-1);
		(void)trace_rows(v->session->trace, found.steps,
		    found.nsteps);
		ans.verdict = vrfy_verdict(found.status);
		if (ans.verdict == VERDICT_ACCEPT) {
			ans.n = 1;
			(void)strlcpy(ans.names[0], found.primary,
			    sizeof(ans.names[0]));
		}
	}
	v->asked = 0;
	vrfy_done(v, &ans);
	return (0);
}

/* Several names; m is NULL when lookup did not answer. */
static int
vrfy_names(void *arg, struct proc_msg *m)
{
	struct vrfy		*v = arg;
	struct names_answer	 names;
	struct vrfy_answer	 ans;
	uint16_t		 i;

	ans.verdict = VERDICT_TEMPFAIL;
	ans.n = 0;
	if (m != NULL) {
		if (msg_get_names_answer(&m->body, &names) == -1)
			return (-1);
		ans.verdict = vrfy_verdict(names.status);
		if (ans.verdict == VERDICT_ACCEPT && names.n == 0)
			ans.verdict = VERDICT_UNKNOWN;
		if (ans.verdict == VERDICT_ACCEPT && v->expand && names.more)
			ans.verdict = VERDICT_MORE;
		for (i = 0; i < names.n && names.n <= SESSION_NAMES_MAX; i++)
			(void)strlcpy(ans.names[i], names.names[i],
			    sizeof(ans.names[i]));
		ans.n = i;
	}
	v->asked = 0;
	vrfy_done(v, &ans);
	return (0);
}

/*
 * Without the brackets or quotes around all of it: <a@b>, "a@b", "a".
 * A local part in quotes stays: "a b"@c ends in something else.
 */
static void
vrfy_strip(const char *arg, char *buf, size_t size)
{
	size_t	 len = strlen(arg);

	if (len >= 2 && ((arg[0] == '<' && arg[len - 1] == '>') ||
	    (arg[0] == '"' && arg[len - 1] == '"'))) {
		arg++;
		len -= 2;
	}
	if (len >= size)
		len = size - 1;
	memcpy(buf, arg, len);
	buf[len] = '\0';
}

/*
 * Who is meant: a full address, or the beginning of a local part.  -1 when
 * it can be neither.
 */
static int
vrfy_target(struct vrfy *v, const char *arg)
{
	char	 text[ADDRESS_STR_SIZE];

	vrfy_strip(arg, text, sizeof(text));
	v->part = strchr(text, '@') == NULL;
	if (v->part && (text[0] == '\0' || v->expand ||
	    strlcpy(v->target.local, text, sizeof(v->target.local)) >=
	    sizeof(v->target.local)))
		return (-1);
	if (!v->part && address_parse(text, strlen(text), ADDRESS_UTF8_OK,
	    &v->target) != ADDRESS_OK)
		return (-1);
	if (!v->part)
		question_own(v->session, &v->target);
	return (0);
}

/* Put the question; the callbacks answer. */
static void
vrfy_ask(struct vrfy *v)
{
	struct names_ask	 names;
	struct wbuf		 w;

	wbuf_init(&w);
	v->asked = 1;
	question_fill(&v->q, &v->target, &names.ask);
	if (!v->expand && !v->part) {
		msg_put_resolve_ask(&w, &names.ask);
		(void)pending_ask(PROC_LOOKUP, 0, MSG_POLICY_RESOLVE_ASK, -1,
		    &w, PENDING_POLICY, vrfy_found, v);
		return;
	}
	names.expand = v->expand;
	names.max = v->expand ? SESSION_NAMES_MAX : VRFY_NAMES_MAX;
	msg_put_names_ask(&w, &names);
	(void)pending_ask(PROC_LOOKUP, 0, MSG_POLICY_NAMES_ASK, -1, &w,
	    PENDING_POLICY, vrfy_names, v);
}

static enum verdict
vrfy_failed(enum question_status status)
{
	switch (status) {
	case QUESTION_NOBODY:
		return (VERDICT_DENIED);
	case QUESTION_FAULT:
		return (VERDICT_CONFIG);
	default:
		return (VERDICT_TEMPFAIL);
	}
}

/* May it be asked, and what: as far as that is known. */
static void
vrfy_run(void *arg)
{
	struct vrfy		*v = arg;
	enum question_status	 status;
	enum eval_status	 allowed;
	int			 truth = 1;

	if (!v->allowed) {
		allowed = eval_truth(&v->q.eval, v->expand ?
		    SET_EXTENSIONS_EXPN : SET_EXTENSIONS_VRFY, &truth);
		if (allowed == EVAL_WAIT)
			return;
		if (allowed != EVAL_READY || !truth) {
			vrfy_end(v, allowed == EVAL_FAULT ? VERDICT_CONFIG :
			    allowed == EVAL_READY ? VERDICT_DENIED :
			    VERDICT_TEMPFAIL);
			return;
		}
		v->allowed = 1;
		if (draw_banned(v->session)) {
			vrfy_end(v, VERDICT_HARVEST);
			return;
		}
		if (v->target.local[0] == '\0') {
			vrfy_end(v, VERDICT_UNKNOWN);
			return;
		}
	}
	if ((status = question_make(&v->q)) == QUESTION_READY)
		vrfy_ask(v);
	else if (status != QUESTION_WAIT)
		vrfy_end(v, vrfy_failed(status));
}

void
stage_vrfy(struct session *s, unsigned int inst, uint64_t number,
    const struct vrfy_ask *m)
{
	struct vrfy	*v;

	if (s == NULL || (v = calloc(1, sizeof(*v))) == NULL) {
		vrfy_refuse(inst, number, VERDICT_TEMPFAIL);
		return;
	}
	v->session = s;
	v->number = number;
	v->expand = m->expand;
	LIST_INSERT_HEAD(&s->vrfys, v, entry);
	trace_begins(s->trace, v);
	question_begin(&v->q, s, clock_mono(), vrfy_run, v);
	draw_begin(&v->draw, s, vrfy_drawn, v);
	/* what is nobody is found out only by those who may */
	if (vrfy_target(v, m->arg) == -1)
		v->target.local[0] = '\0';
	else if ((v->key = v->part ? strdup(v->target.local) :
	    rcptset_fold(&v->target)) == NULL) {
		vrfy_end(v, VERDICT_TEMPFAIL);
		return;
	}
	/* without a sender: a transaction may end meanwhile */
	v->q.eval.rcpt = v->key;
	vrfy_run(v);
}
