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
#include <stdio.h>
#include <string.h>

#include "smtpd/base/log.h"
#include "smtpd/base/wire.h"
#include "smtpd/front/front_policy.h"
#include "smtpd/front/session.h"
#include "smtpd/front/tx.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_session.h"
#include "smtpd/msg/verdict.h"
#include "smtpd/smtp/line.h"
#include "smtpd/smtp/mailcmd.h"

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

static void
mail_log(const struct session *s, enum reply r)
{
	const struct reply_entry	*e;
	char				 sender[ADDRESS_STR_SIZE];
	char				 quoted[2 * ADDRESS_STR_SIZE];
	char				 client[IP_STR_SIZE], reply[32];

	if (address_format(&s->tx->sender, sender, sizeof(sender)) == -1)
		sender[0] = '\0';
	(void)log_quote(sender, strlen(sender), quoted, sizeof(quoted));
	if (r == REPLY_NONE)
		(void)strlcpy(reply, "script", sizeof(reply));
	else {
		e = reply_get(r);
		(void)snprintf(reply, sizeof(reply), "\"%u %s\"", e->code,
		    e->enhanced);
	}
	log_info("session=%016llx event=mail client=%s from=<%s> reply=%s "
	    "generation=%u", (unsigned long long)s->id, ip_format(&s->remote,
	    client, sizeof(client)), quoted, reply, front_policy_number(s));
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
		r = verdict_mail(a.verdict);
	if (r == REPLY_MAIL_OK)
		r = mail_accept(s, &a);
	if (r != REPLY_MAIL_OK && session_may_log(s))
		mail_log(s, r);
	/* with a 421 the session ends, and its transaction */
	(void)session_reply_verdict(s, r, VERDICT_TEXT, r == REPLY_NONE ?
	    a.text : NULL);
	if (r != REPLY_MAIL_OK)
		tx_reset(s);
	return (0);
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
	if ((why = mailcmd_mail(arg, len, s->extensions, &ask.sender,
	    &params)) != REPLY_NONE)
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
	(void)front_policy_ask(s, MSG_FRONT_MAIL_ASK, &w, mail_answer, s);
	return (REPLY_NONE);
}
