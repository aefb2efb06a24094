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
 * RCPT TO, RFC 5321 4.1.1.3: asked of policy without waiting for one
 * another, answered in order.
 */

#include <bsd/string.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/pending.h"
#include "smtpd/base/wire.h"
#include "smtpd/front/front_policy.h"
#include "smtpd/front/session.h"
#include "smtpd/front/tx.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_session.h"
#include "smtpd/msg/verdict.h"
#include "smtpd/smtp/mailcmd.h"
#include "smtpd/smtp/utf8.h"
#include "smtpd/smtp/xtext.h"

struct rcpt {
	TAILQ_ENTRY(rcpt)	 entry;
	struct session		*session;
	struct address		 given;
	uint64_t		 number;	/* of the question, or 0 */
	uint8_t			 notify;
	uint8_t			 known;		/* what is to be replied */
	uint8_t			 last;		/* and then 421 */
	enum verdict		 verdict;
	enum reply		 reply;
	uint32_t		 wait;		/* ms before the reply */
	uint64_t		 due;		/* when it has begun to wait */
	struct tx_rcpt		*accepted;	/* to be stored, or NULL */
	char			*text;		/* or NULL */
	char			*orcpt;		/* or NULL */
};

static struct rcpt *
rcpt_new(struct session *s)
{
	struct rcpt	*r;

	if ((r = calloc(1, sizeof(*r))) == NULL)
		return (NULL);
	r->session = s;
	TAILQ_INSERT_TAIL(&s->tx->asked, r, entry);
	s->tx->nasked++;
	return (r);
}

void
front_rcpt_free(struct tx *tx, struct rcpt *r)
{
	if (!r->known)
		pending_forget(r);
	TAILQ_REMOVE(&tx->asked, r, entry);
	tx->nasked--;
	free(r->accepted);
	free(r->text);
	free(r->orcpt);
	free(r);
}

/* RFC 3461 4.2 and RFC 6533 3, where the client gave none. */
static void
rcpt_orcpt(const struct address *a, char *buf, size_t size)
{
	char	 text[ADDRESS_STR_SIZE], xtext[3 * ADDRESS_STR_SIZE];
	int	 len, n;

	buf[0] = '\0';
	if (a->domain[0] == '\0')
		len = (int)strlcpy(text, a->local, sizeof(text));
	else
		len = address_format(a, text, sizeof(text));
	/* UTF-8 stays absent: "rfc822" could not tell it */
	if (len == -1 || !utf8_is_ascii(text, (size_t)len) ||
	    xtext_encode(text, (size_t)len, xtext, sizeof(xtext)) == -1)
		return;
	n = snprintf(buf, size, "rfc822;%s", xtext);
	if (n < 0 || (size_t)n >= size)
		buf[0] = '\0';
}

/* Keep of the answer what the reply and the envelope need. */
static enum reply
rcpt_keep(struct rcpt *r, const struct rcpt_answer *a)
{
	char		 orcpt[SESSION_ORCPT_MAX + 1];

	r->verdict = a->verdict;
	r->wait = a->wait;
	r->last = a->last;
	r->session->errors += a->error;
	if (a->text[0] != '\0' && (r->text = strdup(a->text)) == NULL)
		return (REPLY_TEMPFAIL);
	if (a->verdict == VERDICT_ACCEPT) {
		if (r->orcpt == NULL)
			rcpt_orcpt(&r->given, orcpt, sizeof(orcpt));
		r->accepted = tx_rcpt_new(a, r->notify,
		    r->orcpt == NULL ? orcpt : r->orcpt);
		if (r->accepted == NULL)
			return (REPLY_TEMPFAIL);
		if (a->resent)
			r->session->tx->sender = a->sender;
	}
	return (verdict_rcpt(a->verdict));
}

static int
rcpt_answer(void *arg, struct proc_msg *m)
{
	struct rcpt		*r = arg;
	struct rcpt_answer	 a;

	if (m != NULL && msg_get_rcpt_answer(&m->body, &a) == -1)
		return (-1);
	r->known = 1;
	r->verdict = VERDICT_TEMPFAIL;
	r->reply = m == NULL ? REPLY_TEMPFAIL : rcpt_keep(r, &a);
	front_rcpt_flush(r->session);
	return (0);
}

/* Of a ban there is one line, lookup's, and none of each attempt: RCPT.md 4. */
static void
rcpt_log(struct session *s, const struct rcpt *r)
{
	const struct reply_entry	*e;
	char				 text[ADDRESS_STR_SIZE];
	char				 quoted[2 * ADDRESS_STR_SIZE];
	char				 client[IP_STR_SIZE];

	if (r->verdict == VERDICT_HARVEST || !session_may_log(s))
		return;
	if (address_format(&r->given, text, sizeof(text)) == -1)
		text[0] = '\0';
	(void)log_quote(text, strlen(text), quoted, sizeof(quoted));
	(void)ip_format(&s->remote, client, sizeof(client));
	if (r->reply == REPLY_NONE) {
		log_info("session=%016llx event=rcpt client=%s rcpt=<%s> "
		    "reply=script generation=%u id=%016llx",
		    (unsigned long long)s->id, client, quoted,
		    front_policy_number(s), (unsigned long long)r->number);
		return;
	}
	e = reply_get(r->reply);
	log_info("session=%016llx event=rcpt client=%s rcpt=<%s> "
	    "reply=\"%u %s\" generation=%u id=%016llx",
	    (unsigned long long)s->id, client, quoted, e->code, e->enhanced,
	    front_policy_number(s), (unsigned long long)r->number);
}

/* Say what became of a recipient; 0 when the session ended by that. */
static int
rcpt_finish(struct session *s, struct rcpt *r)
{
	struct tx	*tx = s->tx;
	unsigned int	 code;
	int		 asked = r->number != 0;

	if (r->reply == REPLY_RCPT_OK) {
		front_stats.rcpts_accepted++;
		if (r->verdict != VERDICT_DUPLICATE)
			tx_rcpt_add(tx, r->accepted, &r->given);
		r->accepted = NULL;
	} else if (asked) {
		/* the others were no recipients that policy has heard of */
		front_stats.rcpts_refused++;
		rcpt_log(s, r);
	}
	/* with a 421 the session ends, and r with it */
	code = session_reply_verdict(s, r->reply, r->verdict, r->text);
	if (asked && code >= 400 && code < 500)
		front_stats.rcpts_deferred++;
	if (s->phase == SESSION_OPEN && r->last)
		session_finish(s, REPLY_TOO_MANY_ERRORS);
	if (s->phase != SESSION_OPEN)
		return (0);
	front_rcpt_free(tx, r);
	return (1);
}

void
front_rcpt_flush(struct session *s)
{
	struct rcpt	*r;
	uint64_t	 now;

	session_queue(s);
	while (s->tx != NULL && (r = TAILQ_FIRST(&s->tx->asked)) != NULL) {
		if (!r->known)
			return;
		if (r->wait > 0) {
			now = clock_mono();
			if (r->due == 0)
				r->due = now + r->wait;
			if (now < r->due)
				return;
		}
		if (!rcpt_finish(s, r))
			return;
	}
}

uint64_t
front_rcpt_due(const struct session *s)
{
	const struct rcpt	*r;

	if (s->tx == NULL || (r = TAILQ_FIRST(&s->tx->asked)) == NULL)
		return (0);
	return (r->due);
}

static enum reply
rcpt_parse(const struct session *s, const char *arg, size_t len,
    struct address *rcpt, struct rcpt_params *params)
{
	const struct tx	*tx = s->tx;
	enum reply	 why;

	if ((why = mailcmd_rcpt(arg, len, tx->extensions, tx->params.smtputf8,
	    rcpt, params)) != REPLY_NONE)
		return (why);
	/* what an earlier policy knew of this transaction is lost */
	if (tx->policy != front_policy_generation(s))
		return (REPLY_TEMPFAIL);
	if (tx_accepted(tx) + tx->nasked >= TX_RCPTS_MAX)
		return (REPLY_RCPT_TOO_MANY);
	return (REPLY_NONE);
}

/* An answer that needs nobody, behind those that do. */
static enum reply
rcpt_later(struct session *s, enum reply reply)
{
	struct rcpt	*r;

	if (s->tx->nasked == 0)
		return (reply);
	if ((r = rcpt_new(s)) == NULL) {
		session_abandon(s, "out of memory");
		return (REPLY_NONE);
	}
	r->known = 1;
	r->verdict = VERDICT_COUNT;
	r->reply = reply;
	return (REPLY_NONE);
}

enum reply
front_rcpt(struct session *s, const char *arg, size_t len)
{
	struct rcpt_params	 params;
	struct rcpt_ask		 ask;
	struct rcpt		*r;
	struct wbuf		 w;
	enum reply		 why;

	if (s->tx == NULL)
		return (REPLY_BAD_SEQUENCE);
	memset(&ask, 0, sizeof(ask));
	if ((why = rcpt_parse(s, arg, len, &ask.rcpt, &params)) != REPLY_NONE)
		return (rcpt_later(s, why));
	if ((r = rcpt_new(s)) == NULL)
		return (rcpt_later(s, REPLY_TEMPFAIL));
	r->given = ask.rcpt;
	r->notify = params.notify;
	if (params.orcpt[0] != '\0' &&
	    (r->orcpt = strdup(params.orcpt)) == NULL) {
		r->known = 1;
		r->reply = REPLY_TEMPFAIL;
		front_rcpt_flush(s);
		return (REPLY_NONE);
	}
	ask.session = s->id;
	ask.notify = params.notify;
	(void)strlcpy(ask.orcpt, params.orcpt, sizeof(ask.orcpt));
	wbuf_init(&w);
	msg_put_rcpt_ask(&w, &ask);
	r->number = front_policy_ask(s, MSG_FRONT_RCPT_ASK, &w, rcpt_answer,
	    r);
	return (REPLY_NONE);
}
