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
 * VRFY and EXPN, RFC 5321 3.5.  They never touch the transaction.
 */

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "smtpd/base/wire.h"
#include "smtpd/front/front_policy.h"
#include "smtpd/front/session.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_session.h"
#include "smtpd/smtp/ext.h"
#include "smtpd/smtp/line.h"

static const char	 keyword[] = " SMTPUTF8";	/* RFC 6531 3.7.4.2 */

/* Refusals; those with names are none.  Every verdict has its row. */
static const enum reply	 replies[VERDICT_COUNT] = {
	[VERDICT_ACCEPT]	= REPLY_NONE,
	[VERDICT_DUPLICATE]	= REPLY_VRFY_TEMPFAIL,
	[VERDICT_DISCARD]	= REPLY_VRFY_TEMPFAIL,
	[VERDICT_UNKNOWN]	= REPLY_VRFY_NONE,
	[VERDICT_DISABLED]	= REPLY_VRFY_NONE,
	[VERDICT_DEFERRED]	= REPLY_VRFY_TEMPFAIL,
	[VERDICT_QUOTA]		= REPLY_VRFY_TEMPFAIL,
	[VERDICT_SENDERS]	= REPLY_VRFY_NO,
	[VERDICT_RELAY]		= REPLY_VRFY_NONE,
	[VERDICT_TOO_MANY]	= REPLY_VRFY_TEMPFAIL,
	[VERDICT_TEMPFAIL]	= REPLY_VRFY_TEMPFAIL,
	[VERDICT_CONFIG]	= REPLY_RCPT_CONFIG,
	[VERDICT_THROTTLED]	= REPLY_RCPT_THROTTLE,
	[VERDICT_HARVEST]	= REPLY_RCPT_HARVEST,
	[VERDICT_GREYLIST]	= REPLY_VRFY_TEMPFAIL,
	[VERDICT_TEXT]		= REPLY_VRFY_TEMPFAIL,
	[VERDICT_SIZE]		= REPLY_VRFY_TEMPFAIL,
	[VERDICT_DENIED]	= REPLY_VRFY_NO,
	[VERDICT_MORE]		= REPLY_NONE,
	[VERDICT_SEQUENCE]	= REPLY_TEMPFAIL,
	[VERDICT_AUTH]		= REPLY_AUTH_REQUIRED,
	[VERDICT_OWNER]		= REPLY_VRFY_NO,
};

/* One line a name; the code is the same on all: RFC 5321 4.2.1. */
static void
vrfy_names(struct session *s, const struct vrfy_answer *a)
{
	const struct reply_entry	*more = reply_get(REPLY_VRFY_MORE);
	char				 text[ADDRESS_STR_SIZE + 2];
	unsigned int			 code, i, flags;

	code = a->verdict == VERDICT_MORE ? more->code : 250;
	for (i = 0; i < a->n; i++) {
		(void)snprintf(text, sizeof(text), "<%s>", a->names[i]);
		flags = s->utf8 ? REPLY_UTF8 : 0;
		if (i + 1 < a->n || a->verdict == VERDICT_MORE)
			flags |= REPLY_MORE;
		session_reply_line(s, code, "2.1.5", text, flags);
	}
	if (a->verdict == VERDICT_MORE)
		session_reply(s, REPLY_VRFY_MORE, NULL);
}

static int
vrfy_answer(void *arg, struct proc_msg *m)
{
	struct session		*s = arg;
	struct vrfy_answer	 a;
	enum reply		 r = REPLY_TEMPFAIL;

	if (m != NULL && msg_get_vrfy_answer(&m->body, &a) == -1)
		return (-1);
	s->asking = VERB_NONE;
	session_queue(s);
	if (m != NULL)
		r = replies[a.verdict];
	if (r == REPLY_NONE && a.verdict == VERDICT_ACCEPT && a.n == 0)
		r = REPLY_VRFY_NONE;
	if (r == REPLY_NONE)
		vrfy_names(s, &a);
	else
		session_reply(s, r, NULL);
	return (0);
}

static enum reply
vrfy(struct session *s, const char *arg, size_t len, enum verb verb)
{
	struct vrfy_ask	 ask;
	struct wbuf	 w;
	size_t		 n = sizeof(keyword) - 1;

	memset(&ask, 0, sizeof(ask));
	s->utf8 = 0;
	if (s->extensions & SMTP_EXT_SMTPUTF8 && len > n &&
	    strncasecmp(arg + len - n, keyword, n) == 0) {
		s->utf8 = 1;
		for (len -= n; len > 0 && arg[len - 1] == ' '; len--)
			;
	}
	if (len == 0 || len >= sizeof(ask.arg))
		return (REPLY_BAD_ARGUMENT);
	ask.session = s->id;
	ask.expand = verb == VERB_EXPN;
	memcpy(ask.arg, arg, len);
	wbuf_init(&w);
	msg_put_vrfy_ask(&w, &ask);
	s->asking = (uint8_t)verb;
	(void)front_policy_ask(s, MSG_FRONT_VRFY_ASK, &w, vrfy_answer, s);
	return (REPLY_NONE);
}

enum reply
front_vrfy(struct session *s, const char *arg, size_t len)
{
	return (vrfy(s, arg, len, VERB_VRFY));
}

enum reply
front_expn(struct session *s, const char *arg, size_t len)
{
	return (vrfy(s, arg, len, VERB_EXPN));
}
