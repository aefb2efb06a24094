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
 * AUTH, RFC 4954.  Each message of the client ends a group: what comes
 * behind it before it is answered was not meant for us, and ends the
 * session.  That is looked for when the turn ends, so replies wait for it.
 */

#include <sys/types.h>
#include <bsd/stdlib.h>
#include <bsd/string.h>

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/pending.h"
#include "smtpd/base/wire.h"
#include "smtpd/front/auth.h"
#include "smtpd/front/front_policy.h"
#include "smtpd/front/front_trace.h"
#include "smtpd/front/session.h"
#include "smtpd/front/tx.h"
#include "smtpd/msg/msg.h"
#include "smtpd/smtp/base64.h"
#include "smtpd/smtp/line.h"

int
front_auth_offered(const struct session *s)
{
	return (s->mechanisms != 0 && s->login == NULL &&
	    (s->tls != NULL || s->listener->auth_clear));
}

size_t
front_auth_line_max(const struct session *s, const char *line, size_t len)
{
	return (s->listener->auth[0] != '\0' && (s->auth != NULL ||
	    (len > 5 && strncasecmp(line, "AUTH ", 5) == 0)) ?
	    SASL_LINE_MAX : SESSION_LINE_MAX);
}

uint64_t
front_auth_due(const struct session *s)
{
	return (s->auth == NULL ? 0 : s->auth->due);
}

void
front_auth_forget(struct session *s)
{
	if (s->auth != NULL)
		freezero(s->auth, sizeof(*s->auth));
	s->auth = NULL;
}

void
auth_reply(struct session *s, enum reply reply)
{
	s->asking = VERB_AUTH;
	s->auth->say = AUTH_SAY_REPLY;
	s->auth->reply = reply;
	session_queue(s);
}

void
auth_challenge(struct session *s, const char *text)
{
	s->asking = VERB_AUTH;
	s->auth->say = AUTH_SAY_CHALLENGE;
	(void)strlcpy(s->auth->challenge, text, sizeof(s->auth->challenge));
	session_queue(s);
}

static void
auth_log(const struct session *s, enum reply reply)
{
	const struct reply_entry	*e = reply_get(reply);
	char				 quoted[4 * SASL_NAME_MAX + 1];
	char				 client[IP_STR_SIZE];

	(void)log_quote(s->auth->name, strlen(s->auth->name), quoted,
	    sizeof(quoted));
	log_info("session=%016llx event=auth client=%s mechanism=%s "
	    "login=\"%s\" reply=\"%u %s\"", (unsigned long long)s->id,
	    ip_format(&s->remote, client, sizeof(client)),
	    sasl_name(s->auth->mech), quoted, e->code, e->enhanced);
}

/* From now on the session is somebody's. */
static enum reply
auth_accept(struct session *s)
{
	if ((s->login = strdup(s->auth->name)) == NULL)
		return (REPLY_AUTH_TEMPFAIL);
	front_policy_again(s);
	front_stats.logins++;
	if (s->watched != 0)
		front_trace(s, "login", s->login, "mechanism",
		    sasl_name(s->auth->mech), NULL);
	return (REPLY_AUTH_OK);
}

static int
auth_answer(void *arg, struct proc_msg *m)
{
	struct session		*s = arg;
	struct auth		*a = s->auth;
	struct auth_answer	 ans = { .result = AUTH_TEMPFAIL };

	if (m != NULL && msg_get_auth_answer(&m->body, &ans) == -1)
		return (-1);
	s->auth_errors += ans.error;
	if (ans.result == AUTH_OK && a->mech == SASL_SCRAM_SHA_256) {
		auth_scram_answer(s, &ans);
		return (0);
	}
	if (ans.result == AUTH_NO) {
		front_stats.logins_failed++;
		a->last = ans.last;
		a->counted = 1;
		a->due = ans.wait == 0 ? 0 : clock_mono() + ans.wait;
	}
	auth_reply(s, ans.result == AUTH_OK ? REPLY_AUTH_OK :
	    ans.result == AUTH_NO ? REPLY_AUTH_NO : REPLY_AUTH_TEMPFAIL);
	return (0);
}

void
auth_ask(struct session *s, struct auth_question *q)
{
	struct auth_ask	 ask;
	struct wbuf	 w;

	(void)strlcpy(q->name, s->auth->name, sizeof(q->name));
	ask.session = s->id;
	ask.q = *q;
	explicit_bzero(q, sizeof(*q));
	wbuf_init(&w);
	msg_put_auth_ask(&w, &ask);
	explicit_bzero(&ask, sizeof(ask));
	s->asking = VERB_AUTH;
	s->auth->say = AUTH_SAY_NOTHING;
	(void)front_policy_ask(s, MSG_FRONT_AUTH_ASK, &w, auth_answer, s);
}

static void
auth_plain(struct session *s, const char *text, size_t len)
{
	struct auth_question	 q;
	struct sasl_plain	 p;

	memset(&q, 0, sizeof(q));
	if (sasl_plain(text, len, &p) == -1)
		auth_reply(s, REPLY_AUTH_SYNTAX);
	else if (p.authzid[0] != '\0' && strcmp(p.authzid, p.name) != 0) {
		/* nobody acts for somebody else here */
		(void)strlcpy(s->auth->name, p.name, sizeof(s->auth->name));
		auth_reply(s, REPLY_AUTH_NO);
	} else {
		(void)strlcpy(s->auth->name, p.name, sizeof(s->auth->name));
		(void)strlcpy(q.password, p.password, sizeof(q.password));
		auth_ask(s, &q);
	}
	explicit_bzero(&p, sizeof(p));
}

static void
auth_name(struct session *s, const char *text, size_t len)
{
	if (!sasl_is_text(text, len, SASL_NAME_MAX)) {
		auth_reply(s, REPLY_AUTH_SYNTAX);
		return;
	}
	memcpy(s->auth->name, text, len);
	s->auth->name[len] = '\0';
	s->auth->state = AUTH_STATE_PASSWORD;
	auth_challenge(s, "Password:");
}

static void
auth_password(struct session *s, const char *text, size_t len)
{
	struct auth_question	 q;

	if (!sasl_is_text(text, len, SASL_PASSWORD_MAX)) {
		auth_reply(s, REPLY_AUTH_SYNTAX);
		return;
	}
	memset(&q, 0, sizeof(q));
	memcpy(q.password, text, len);
	auth_ask(s, &q);
}

/* The client's next message, decoded. */
static void
auth_step(struct session *s, const char *text, size_t len)
{
	switch (s->auth->state) {
	case AUTH_STATE_PLAIN:
		auth_plain(s, text, len);
		break;
	case AUTH_STATE_NAME:
		auth_name(s, text, len);
		break;
	case AUTH_STATE_PASSWORD:
		auth_password(s, text, len);
		break;
	case AUTH_STATE_FIRST:
		auth_scram_first(s, text, len);
		break;
	case AUTH_STATE_FINAL:
		auth_scram_final(s, text, len);
		break;
	case AUTH_STATE_LAST:
		auth_reply(s, len == 0 ? REPLY_AUTH_OK : REPLY_AUTH_SYNTAX);
		break;
	}
}

void
front_auth_line(struct session *s, const char *line, size_t len)
{
	char	 text[SASL_LINE_MAX / 4 * 3];
	int	 n;

	if (len == 1 && line[0] == '*') {
		auth_reply(s, REPLY_AUTH_CANCELLED);
		return;
	}
	if ((n = base64_decode(line, len, text, sizeof(text))) == -1)
		auth_reply(s, REPLY_AUTH_SYNTAX);
	else
		auth_step(s, text, (size_t)n);
	explicit_bzero(text, sizeof(text));
}

void
front_auth_overlong(struct session *s)
{
	auth_reply(s, REPLY_AUTH_TOO_LONG);
}

/* The first message, which may stand in the command: "=" is an empty one. */
static void
auth_begin(struct session *s, const char *initial, size_t len)
{
	static const struct {
		enum auth_state	 state;
		const char	*challenge;
	} begins[SASL_MECH_COUNT] = {
		[SASL_PLAIN]		= { AUTH_STATE_PLAIN, "" },
		[SASL_LOGIN]		= { AUTH_STATE_NAME, "Username:" },
		[SASL_SCRAM_SHA_256]	= { AUTH_STATE_FIRST, "" },
	};

	s->auth->state = begins[s->auth->mech].state;
	if (len == 0)
		auth_challenge(s, begins[s->auth->mech].challenge);
	else if (len == 1 && initial[0] == '=')
		auth_step(s, "", 0);
	else
		front_auth_line(s, initial, len);
}

enum reply
front_auth(struct session *s, const char *arg, size_t len)
{
	const char	*blank = len == 0 ? NULL : memchr(arg, ' ', len);
	size_t		 n = blank == NULL ? len : (size_t)(blank - arg);

	if (s->listener->auth[0] == '\0')
		return (REPLY_NOT_IMPLEMENTED);
	if ((s->auth = calloc(1, sizeof(*s->auth))) == NULL)
		return (REPLY_AUTH_TEMPFAIL);
	s->auth->mech = sasl_find(arg, n);
	if (s->login != NULL || s->tx != NULL || s->helo == NULL || !s->esmtp)
		auth_reply(s, REPLY_BAD_SEQUENCE);
	else if (s->tls == NULL && !s->listener->auth_clear)
		auth_reply(s, REPLY_AUTH_NEED_TLS);
	else if (len == 0)
		auth_reply(s, REPLY_BAD_ARGUMENT);
	else if (s->auth->mech == SASL_MECH_COUNT ||
	    !(s->mechanisms & SASL_BIT(s->auth->mech)))
		auth_reply(s, REPLY_AUTH_MECHANISM);
	else if (blank == NULL)
		auth_begin(s, "", 0);
	else
		auth_begin(s, blank + 1, len - n - 1);
	return (REPLY_NONE);
}

static void
auth_say_challenge(struct session *s)
{
	char	 text[BASE64_LEN(SASL_FIRST_MAX) + 3];
	int	 n;

	n = base64_encode(s->auth->challenge, strlen(s->auth->challenge),
	    text, sizeof(text) - 2);
	if (n == -1)
		fatalx("auth_say_challenge: it does not fit");
	if (s->watched != 0)
		front_trace_hidden(s, "reply", "334", (uint64_t)n);
	session_write(s, "334 ", 4);
	memcpy(text + n, "\r\n", 2);
	session_write(s, text, (size_t)n + 2);
}

/* What no password was compared for has no other limit. */
static int
auth_count(struct session *s, enum reply reply)
{
	if (reply == REPLY_AUTH_OK)
		s->bad = 0;
	else if (!s->auth->counted)
		s->bad++;
	return (s->auth->last || s->bad >= SESSION_BAD_MAX);
}

static void
auth_say_reply(struct session *s)
{
	enum reply	 reply = s->auth->reply;
	int		 last;

	if (reply == REPLY_AUTH_OK)
		reply = auth_accept(s);
	last = auth_count(s, reply);
	if (s->auth->name[0] != '\0' && (reply == REPLY_AUTH_OK ||
	    session_may_log(s)))
		auth_log(s, reply);
	front_auth_forget(s);
	session_reply(s, reply, NULL);
	if (last)
		session_finish(s, REPLY_TOO_MANY_ERRORS);
}

void
front_auth_turn(struct session *s)
{
	struct auth	*a = s->auth;

	if (a->say == AUTH_SAY_NOTHING)
		return;
	if (session_early(s) > 0) {
		session_finish(s, REPLY_SYNC);
		return;
	}
	if (a->due != 0 && clock_mono() < a->due)
		return;
	s->asking = VERB_NONE;
	if (a->say == AUTH_SAY_CHALLENGE) {
		a->say = AUTH_SAY_NOTHING;
		auth_say_challenge(s);
	} else
		auth_say_reply(s);
}
