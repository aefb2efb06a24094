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
 * One command line: which handler it has.  And the only place from which
 * replies are written.
 */

#include <stdio.h>
#include <string.h>

#include "smtpd/base/log.h"
#include "smtpd/front/front_trace.h"
#include "smtpd/front/session.h"
#include "smtpd/front/tx.h"
#include "smtpd/msg/verdict.h"
#include "smtpd/smtp/line.h"

static enum reply	 command_rset(struct session *, const char *, size_t);
static enum reply	 command_noop(struct session *, const char *, size_t);
static enum reply	 command_help(struct session *, const char *, size_t);
static enum reply	 command_quit(struct session *, const char *, size_t);
static enum reply	 command_absent(struct session *, const char *,
			    size_t);

/*
 * Where an argument must not be, the handler is not asked; nor where TLS is
 * required first, but for the four verbs of RFC 3207 4; nor where a login
 * is, RFC 4954 6.
 */
static const struct {
	enum reply	(*run)(struct session *, const char *, size_t);
	int		 bare;		/* takes no argument */
	int		 clear;		/* may come before STARTTLS */
	int		 mail;		/* is for users only, to submit */
} verbs[VERB_COUNT] = {
	[VERB_HELO]	= { front_helo,		0, 0, 0 },
	[VERB_EHLO]	= { front_ehlo,		0, 1, 0 },
	[VERB_MAIL]	= { front_mail,		0, 0, 1 },
	[VERB_RCPT]	= { front_rcpt,		0, 0, 1 },
	[VERB_DATA]	= { front_data,		1, 0, 1 },
	[VERB_RSET]	= { command_rset,	1, 0, 0 },
	[VERB_NOOP]	= { command_noop,	0, 1, 0 },
	[VERB_QUIT]	= { command_quit,	1, 1, 0 },
	[VERB_VRFY]	= { front_vrfy,		0, 0, 1 },
	[VERB_EXPN]	= { front_expn,		0, 0, 1 },
	[VERB_HELP]	= { command_help,	0, 0, 0 },
	[VERB_STARTTLS]	= { front_starttls,	1, 1, 0 },
	[VERB_AUTH]	= { front_auth,		0, 0, 0 },
	[VERB_OTHER]	= { command_absent,	0, 0, 0 },
};

static enum reply
command_rset(struct session *s, const char *arg, size_t len)
{
	tx_reset(s);
	return (REPLY_OK);
}

static enum reply
command_noop(struct session *s, const char *arg, size_t len)
{
	return (REPLY_OK);
}

static enum reply
command_help(struct session *s, const char *arg, size_t len)
{
	return (REPLY_HELP);
}

static enum reply
command_quit(struct session *s, const char *arg, size_t len)
{
	session_finish(s, REPLY_QUIT);
	return (REPLY_NONE);
}

static enum reply
command_absent(struct session *s, const char *arg, size_t len)
{
	return (REPLY_NOT_IMPLEMENTED);
}

int
session_may_run(const struct session *s, const char *line, size_t len)
{
	const char	*arg;
	size_t		 arglen;
	unsigned int	 asked = tx_asked(s->tx);

	return (asked == 0 || (asked < SESSION_ASKED_MAX &&
	    smtp_line_verb(line, len, &arg, &arglen) == VERB_RCPT));
}

/* A client that says nothing but rubbish speaks to somebody else. */
static void
session_bad(struct session *s, enum reply reply)
{
	session_reply(s, reply, NULL);
	if (++s->bad >= SESSION_BAD_MAX)
		session_finish(s, REPLY_TOO_MANY_ERRORS);
}

void
session_command(struct session *s, const char *line, size_t len)
{
	const char	*arg;
	size_t		 arglen;
	enum verb	 v;
	enum reply	 r;

	v = smtp_line_verb(line, len, &arg, &arglen);
	front_stats.commands++;
	if (v == VERB_AUTH)
		s->secretive = 1;
	if (v == VERB_HTTP) {
		session_finish(s, REPLY_NOT_SMTP);
		return;
	}
	if (verbs[v].run == NULL) {
		session_bad(s, REPLY_BAD_COMMAND);
		return;
	}
	if (s->listener->require && s->tls == NULL && !verbs[v].clear)
		r = REPLY_NEED_TLS;
	else if (s->listener->submission && s->login == NULL &&
	    verbs[v].mail)
		r = REPLY_AUTH_REQUIRED;
	else if (verbs[v].bare && arglen > 0)
		r = REPLY_BAD_ARGUMENT;
	else
		r = verbs[v].run(s, arg, arglen);
	if (r == REPLY_NOT_IMPLEMENTED) {
		session_bad(s, r);
		return;
	}
	if (v != VERB_AUTH)	/* front_auth.c counts them itself */
		s->bad = 0;
	if (r != REPLY_NONE)
		session_reply(s, r, NULL);
}

void
session_overlong(struct session *s)
{
	if (s->auth != NULL)
		front_auth_overlong(s);
	else
		session_bad(s, REPLY_LINE_TOO_LONG);
}

static unsigned int
reply_flags(const struct session *s)
{
	return (s->tx != NULL && s->tx->params.smtputf8 ? REPLY_UTF8 : 0);
}

/* The writer of every reply; n is what a function of reply.h returned. */
static void
reply_out(struct session *s, const char *text, int n)
{
	if (n == -1)
		fatalx("reply_out: a reply does not fit");
	if (s->phase != SESSION_OPEN)
		return;
	if (s->watched != 0)
		front_trace_reply(s, text, (size_t)n);
	session_write(s, text, (size_t)n);
}

void
session_reply(struct session *s, enum reply reply, const char *detail)
{
	char	 buf[REPLY_LINE_SIZE];

	reply_out(s, buf, reply_format(reply, detail, buf, sizeof(buf)));
}

void
session_reply_text(struct session *s, unsigned int code,
    const char *enhanced, const char *text)
{
	char	 buf[REPLY_SIZE];

	reply_out(s, buf, reply_lines(code, enhanced, text, strlen(text),
	    reply_flags(s), buf, sizeof(buf)));
}

unsigned int
session_reply_verdict(struct session *s, enum reply reply,
    enum verdict verdict, const char *text)
{
	char		 buf[REPLY_SIZE];
	unsigned int	 code;

	reply_out(s, buf, verdict_write(reply, verdict, text, reply_flags(s),
	    &code, buf, sizeof(buf)));
	if (reply == REPLY_NONE && code == 421)
		session_finish(s, REPLY_NONE);
	return (code);
}

void
session_reply_line(struct session *s, unsigned int code,
    const char *enhanced, const char *text, unsigned int flags)
{
	char	 buf[REPLY_LINE_SIZE];

	reply_out(s, buf, reply_line(code, enhanced, text, strlen(text),
	    flags, buf, sizeof(buf)));
}
