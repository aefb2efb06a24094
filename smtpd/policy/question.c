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
 * Questions to the directory, from settings and session.
 */

#include <sys/socket.h>
#include <bsd/string.h>

#include <stdlib.h>
#include <string.h>

#include "smtpd/base/ip.h"
#include "smtpd/msg/trace.h"
#include "smtpd/policy/question.h"
#include "smtpd/policy/session.h"
#include "smtpd/policy/setting.h"

static int
is_own_literal(const struct session *s, const char *domain)
{
	unsigned char	 octets[16];
	struct ip	 ip;
	int		 family;

	if (domain[0] != '[' ||
	    address_literal(domain, &family, octets) == -1)
		return (0);
	memset(&ip, 0, sizeof(ip));
	ip.family = family == AF_INET ? 4 : 6;
	memcpy(ip.octets, octets, family == AF_INET ? 4 : 16);
	return (ip_equal(&ip, &s->local));
}

void
question_own(const struct session *s, struct address *a)
{
	if (a->domain[0] == '\0' || is_own_literal(s, a->domain))
		(void)strlcpy(a->domain, policy_settings()->hostname,
		    sizeof(a->domain));
}

void
question_begin(struct question *q, const struct session *s, uint64_t begin,
    void (*wake)(void *), void *arg)
{
	eval_begin(&q->eval, s, begin, wake, arg);
	q->sender = NULL;
	q->step = 0;
	q->directory[0] = '\0';
	q->sub.kind = q->catchall.kind = CANDIDATE_NONE;
	q->sub.given = q->catchall.given = NULL;
}

void
question_again(struct question *q)
{
	eval_end(&q->eval);
	free(q->sub.given);
	free(q->catchall.given);
	q->step = 0;
	q->sub.given = q->catchall.given = NULL;
}

void
question_end(struct question *q)
{
	question_again(q);
}

static enum question_status
question_failed(enum eval_status status)
{
	switch (status) {
	case EVAL_WAIT:
		return (QUESTION_WAIT);
	case EVAL_FAULT:
		return (QUESTION_FAULT);
	default:
		return (QUESTION_TEMPFAIL);
	}
}

static enum question_status
question_directory(struct question *q)
{
	enum eval_status	 status;
	int			 is;

	if ((status = eval_string(&q->eval, SET_RCPT_DIRECTORY, &is,
	    q->directory, sizeof(q->directory))) != EVAL_READY)
		return (question_failed(status));
	return (is && q->directory[0] != '\0' ? QUESTION_READY :
	    QUESTION_NOBODY);
}

/*
 * A string is itself the candidate; the empty one is none, as is one that
 * is too long for an address.  True is the standard one.
 */
static enum question_status
question_candidate(struct question *q, enum policy_setting set,
    struct question_candidate *c)
{
	enum eval_status	 status;
	struct datum		 d;

	if ((status = eval_setting(&q->eval, set, &d)) != EVAL_READY)
		return (question_failed(status));
	c->kind = CANDIDATE_NONE;
	if (d.type == DATUM_ARRAY)
		return (question_failed(eval_wanted(&q->eval, set,
		    "string")));
	if (!datum_truth(&d))
		return (QUESTION_READY);
	if (d.type != DATUM_STRING) {
		c->kind = CANDIDATE_STANDARD;
		return (QUESTION_READY);
	}
	if (d.len >= ADDRESS_STR_SIZE)
		return (QUESTION_READY);
	if ((c->given = strndup(d.string, d.len)) == NULL)
		return (QUESTION_TEMPFAIL);
	c->kind = CANDIDATE_GIVEN;
	return (QUESTION_READY);
}

static const char *
candidate_word(const struct question_candidate *c)
{
	return (c->kind == CANDIDATE_NONE ? "no" : c->kind ==
	    CANDIDATE_GIVEN ? c->given : "yes");
}

static void
question_trace(const struct question *q)
{
	trace_step(q->eval.session->trace, "directory", q->directory,
	    "sub-addressing", candidate_word(&q->sub),
	    "delimiters", q->sub.kind == CANDIDATE_STANDARD ?
	    policy_settings()->delims : "",
	    "catch-all", candidate_word(&q->catchall), NULL);
}

enum question_status
question_make(struct question *q)
{
	enum question_status	 status = QUESTION_READY;

	for (; q->step < 3; q->step++) {
		if (q->step == 0)
			status = question_directory(q);
		else if (q->step == 1)
			status = question_candidate(q,
			    SET_RCPT_SUB_ADDRESSING, &q->sub);
		else
			status = question_candidate(q, SET_RCPT_CATCH_ALL,
			    &q->catchall);
		if (status != QUESTION_READY)
			return (status);
	}
	/* what was found is kept: the run is not needed any more */
	eval_end(&q->eval);
	if (q->eval.session->trace != NULL)
		question_trace(q);
	return (QUESTION_READY);
}

void
question_fill(const struct question *q, const struct address *rcpt,
    struct resolve_ask *ask)
{
	const struct session	*s = q->eval.session;

	ask->flags = (s->trace != NULL ? RESOLVE_STEPS : 0) |
	    (s->dry ? RESOLVE_DRY : 0) | (s->fresh ? RESOLVE_FRESH : 0);
	(void)strlcpy(ask->directory, q->directory, sizeof(ask->directory));
	(void)strlcpy(ask->delims, policy_settings()->delims,
	    sizeof(ask->delims));
	ask->rcpt = *rcpt;
	ask->sub = q->sub.kind;
	(void)strlcpy(ask->sub_given, q->sub.given == NULL ? "" :
	    q->sub.given, sizeof(ask->sub_given));
	ask->catchall = q->catchall.kind;
	(void)strlcpy(ask->catchall_given, q->catchall.given == NULL ? "" :
	    q->catchall.given, sizeof(ask->catchall_given));
	if (q->sender != NULL)
		ask->sender = *q->sender;
	else if (s->tx != NULL)
		ask->sender = s->tx->sender;
	else
		memset(&ask->sender, 0, sizeof(ask->sender));
	(void)strlcpy(ask->login, s->login == NULL ? "" : s->login,
	    sizeof(ask->login));
}
