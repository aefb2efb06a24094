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
 * HELO and EHLO, RFC 5321 4.1.1.1, and the list of extensions.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/wire.h"
#include "smtpd/front/front_policy.h"
#include "smtpd/front/session.h"
#include "smtpd/front/tx.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_session.h"
#include "smtpd/smtp/ext.h"
#include "smtpd/smtp/line.h"
#include "smtpd/smtp/mailcmd.h"
#include "smtpd/smtp/sasl.h"

/* Not policy's to offer. */
#define HELO_NEVER	(SMTP_EXT_STARTTLS | SMTP_EXT_AUTH)

/* The lines behind the first; a keyword is never empty. */
static void
helo_extensions(struct session *s, const struct helo_answer *a)
{
	char		 lines[SMTP_EXT_COUNT][64], names[SASL_LIST_SIZE];
	unsigned int	 bit, i, n = 0;

	for (i = 0; i < SMTP_EXT_COUNT; i++) {
		bit = 1U << i;
		if (!(s->extensions & bit))
			continue;
		if (bit == SMTP_EXT_SIZE && a->max_size != 0)
			(void)snprintf(lines[n++], sizeof(lines[0]),
			    "%s %llu", ext_keyword(bit),
			    (unsigned long long)a->max_size);
		else if (bit == SMTP_EXT_AUTH)
			(void)snprintf(lines[n++], sizeof(lines[0]), "%s %s",
			    ext_keyword(bit),
			    sasl_format_list(s->mechanisms, names));
		else if (bit == SMTP_EXT_LIMITS)
			(void)snprintf(lines[n++], sizeof(lines[0]),
			    "%s RCPTMAX=%u", ext_keyword(bit),
			    a->max_recipients);
		else
			(void)snprintf(lines[n++], sizeof(lines[0]), "%s",
			    ext_keyword(bit));
	}
	session_reply_line(s, 250, "", front_conf.hostname,
	    n > 0 ? REPLY_MORE : 0);
	for (i = 0; i < n; i++)
		session_reply_line(s, 250, "", lines[i],
		    i + 1 < n ? REPLY_MORE : 0);
}

static int
helo_answer(void *arg, struct proc_msg *m)
{
	struct session		*s = arg;
	struct helo_answer	 a;

	if (m != NULL && msg_get_helo_answer(&m->body, &a) == -1)
		return (-1);
	s->asking = VERB_NONE;
	session_queue(s);
	if (m == NULL) {
		free(s->helo);
		s->helo = NULL;
		session_reply(s, REPLY_TEMPFAIL, NULL);
		return (0);
	}
	s->extensions = a.extensions & ~(uint32_t)HELO_NEVER;
	if (session_offers_tls(s))
		s->extensions |= SMTP_EXT_STARTTLS;
	s->mechanisms = a.mechanisms;
	if (front_auth_offered(s))
		s->extensions |= SMTP_EXT_AUTH;
	if (s->esmtp)
		helo_extensions(s, &a);
	else
		session_reply_line(s, 250, "", front_conf.hostname, 0);
	return (0);
}

/* RFC 5321 4.1.4: a valid one ends the transaction. */
static enum reply
helo(struct session *s, const char *arg, size_t len, int esmtp)
{
	struct helo_ask	 ask;
	struct wbuf	 w;
	enum reply	 why;
	char		*name;

	if ((why = mailcmd_helo(arg, len)) != REPLY_NONE)
		return (why);
	if ((name = strndup(arg, len)) == NULL)
		return (REPLY_TEMPFAIL);
	tx_reset(s);
	free(s->helo);
	s->helo = name;
	s->esmtp = (uint8_t)esmtp;
	s->mechanisms = 0;
	memset(&ask, 0, sizeof(ask));
	ask.session = s->id;
	memcpy(ask.helo, name, len);
	ask.esmtp = (uint8_t)esmtp;
	wbuf_init(&w);
	msg_put_helo_ask(&w, &ask);
	s->asking = esmtp ? VERB_EHLO : VERB_HELO;
	(void)front_policy_ask(s, MSG_FRONT_HELO_ASK, &w, helo_answer, s);
	return (REPLY_NONE);
}

enum reply
front_helo(struct session *s, const char *arg, size_t len)
{
	return (helo(s, arg, len, 0));
}

enum reply
front_ehlo(struct session *s, const char *arg, size_t len)
{
	return (helo(s, arg, len, 1));
}
