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
 * MAIL FROM, RFC 5321 4.1.1.2: begins a transaction.
 */

#include <bsd/string.h>

#include <string.h>

#include "smtpd/base/log.h"
#include "smtpd/base/wire.h"
#include "smtpd/front/front_policy.h"
#include "smtpd/front/session.h"
#include "smtpd/front/tx.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_session.h"
#include "smtpd/smtp/ext.h"
#include "smtpd/smtp/line.h"
#include "smtpd/smtp/utf8.h"

static const enum reply	 replies[VERDICT_COUNT] = {
	[VERDICT_ACCEPT]	= REPLY_MAIL_OK,
	[VERDICT_DUPLICATE]	= REPLY_MAIL_OK,
	[VERDICT_DISCARD]	= REPLY_MAIL_OK,
	[VERDICT_UNKNOWN]	= REPLY_MAIL_DENIED,
	[VERDICT_DISABLED]	= REPLY_MAIL_DENIED,
	[VERDICT_DEFERRED]	= REPLY_TEMPFAIL,
	[VERDICT_QUOTA]		= REPLY_TEMPFAIL,
	[VERDICT_SENDERS]	= REPLY_MAIL_DENIED,
	[VERDICT_RELAY]		= REPLY_MAIL_DENIED,
	[VERDICT_TOO_MANY]	= REPLY_RCPT_TOO_MANY,
	[VERDICT_TEMPFAIL]	= REPLY_TEMPFAIL,
	[VERDICT_CONFIG]	= REPLY_RCPT_CONFIG,
	[VERDICT_THROTTLED]	= REPLY_RCPT_THROTTLE,
	[VERDICT_HARVEST]	= REPLY_RCPT_HARVEST,
	[VERDICT_TEXT]		= REPLY_NONE,
	[VERDICT_SIZE]		= REPLY_SIZE_TOO_BIG,
	[VERDICT_DENIED]	= REPLY_MAIL_DENIED,
	[VERDICT_MORE]		= REPLY_TEMPFAIL,
	[VERDICT_SEQUENCE]	= REPLY_TEMPFAIL,
};

/* The reply to a transaction that policy let in, or why it is not. */
static enum reply
mail_accept(struct session *s, const struct mail_answer *a)
{
	struct tx	*tx = s->tx;

	if (a->max_size != 0 && tx->params.has_size &&
	    tx->params.size > a->max_size)
		return (REPLY_SIZE_TOO_BIG);
	tx->sender = a->sender;
	tx->extensions = a->extensions;
	tx->max_size = a->max_size;
	return (REPLY_MAIL_OK);
}

static int
mail_answer(void *arg, struct proc_msg *m)
{
	struct session		*s = arg;
	struct mail_answer	 a;
	enum reply		 r = REPLY_TEMPFAIL;

	if (m != NULL && msg_get_mail_answer(&m->body, &a) == -1)
		return (-1);
	s->asking = VERB_NONE;
	session_queue(s);
	if (m != NULL)
		r = replies[a.verdict];
	if (r == REPLY_MAIL_OK)
		r = mail_accept(s, &a);
	if (r == REPLY_NONE)
		session_reply_script(s, a.text);
	else
		session_reply(s, r, NULL);
	if (r != REPLY_MAIL_OK) {
		log_info("session=%016llx event=mail reply=\"%s\"",
		    (unsigned long long)s->id, r == REPLY_NONE ? "script" :
		    reply_get(r)->text);
		tx_reset(s);
	}
	return (0);
}

static enum reply
mail_parse(const struct session *s, const char *arg, size_t len,
    struct address *sender, struct mail_params *params)
{
	const char	*path;
	size_t		 pathlen, used;
	unsigned int	 flags = ADDRESS_ALLOW_NULL;

	if (smtp_line_path(arg, len, "FROM:", &path, &pathlen) == -1)
		return (REPLY_MAIL_BAD_SYNTAX);
	if (s->extensions & SMTP_EXT_SMTPUTF8)
		flags |= ADDRESS_UTF8_OK;
	if (address_parse_path(path, pathlen, flags, sender, &used) !=
	    ADDRESS_OK)
		return (REPLY_MAIL_BAD_SENDER);
	switch (params_mail(path + used, pathlen - used, s->extensions,
	    params)) {
	case PARAM_OK:
		break;
	case PARAM_UNKNOWN:
		return (REPLY_PARAM_UNKNOWN);
	case PARAM_TOO_BIG:
		return (REPLY_SIZE_TOO_BIG);
	default:
		return (REPLY_PARAM_SYNTAX);
	}
	/* RFC 6531 3.4: the parameter comes behind what needs it */
	if (!params->smtputf8 &&
	    (!utf8_is_ascii(sender->local, strlen(sender->local)) ||
	    !utf8_is_ascii(sender->domain, strlen(sender->domain))))
		return (REPLY_MAIL_BAD_SENDER);
	return (REPLY_NONE);
}

enum reply
front_mail(struct session *s, const char *arg, size_t len)
{
	struct mail_ask		 ask;
	struct mail_params	 params;
	struct wbuf		 w;
	enum reply		 why;

	if (s->tx != NULL)
		return (REPLY_MAIL_NESTED);
	if (s->helo == NULL)
		return (REPLY_BAD_SEQUENCE);
	memset(&ask, 0, sizeof(ask));
	if ((why = mail_parse(s, arg, len, &ask.sender, &params)) !=
	    REPLY_NONE)
		return (why);
	if (tx_new(s, &ask.sender, &params) == NULL)
		return (REPLY_TEMPFAIL);
	ask.session = s->id;
	ask.size = params.has_size ? params.size : 0;
	ask.smtputf8 = params.smtputf8 != 0;
	(void)strlcpy(ask.envid, params.envid, sizeof(ask.envid));
	wbuf_init(&w);
	msg_put_mail_ask(&w, &ask);
	s->asking = VERB_MAIL;
	front_policy_ask(s, MSG_FRONT_MAIL_ASK, &w, mail_answer, s);
	return (REPLY_NONE);
}
