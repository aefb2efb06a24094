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
 * The session: greeting, EHLO, STARTTLS, AUTH, QUIT, and the end.
 * What is said of a message is in talk_tx.c.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "smtpd/smtp/ext.h"
#include "smtpd/smtp/talk.h"
#include "smtpd/smtp/talk_part.h"

void
talk_init(struct talk *t, const struct talk_conf *conf)
{
	memset(t, 0, sizeof(*t));
	t->conf = *conf;
	t->state = TALK_IN_GREETING;
	response_init(&t->reply);
}

int
talk_say(struct talk *t, const char *line, size_t len)
{
	/* one line is one command, whatever it was made of */
	if (len + 2 > sizeof(t->out) - t->outlen ||
	    memchr(line, '\r', len) != NULL ||
	    memchr(line, '\n', len) != NULL || memchr(line, '\0', len) !=
	    NULL)
		return (-1);
	memcpy(t->out + t->outlen, line, len);
	memcpy(t->out + t->outlen + len, "\r\n", 2);
	t->outlen += len + 2;
	return (0);
}

const char *
talk_out(struct talk *t, size_t *len)
{
	if (t->outpos == t->outlen) {
		t->outpos = t->outlen = 0;
		if (t->state == TALK_IN_GROUP)
			tx_fill(t);
	}
	*len = t->outlen - t->outpos;
	return (t->out + t->outpos);
}

void
talk_sent(struct talk *t, size_t n)
{
	t->outpos += n;
}

enum talk_event
talk_end(struct talk *t, enum talk_fault fault, const char *why)
{
	talk_lost(t, fault, why);
	return (TALK_ENDED);
}

void
talk_lost(struct talk *t, enum talk_fault fault, const char *why)
{
	if (t->fault == TALK_FINE) {
		t->fault = fault;
		response_clean(why, strlen(why), t->why, sizeof(t->why));
	}
	t->state = TALK_IN_END;
	if (t->tx != NULL)
		talk_settle(t->tx, TALK_LATER, 0, "", t->why);
	t->tx = NULL;
}

int
talk_may_repeat(const struct talk *t)
{
	return (!t->ended);
}

void
talk_settle(struct talk_tx *tx, enum talk_outcome outcome,
    unsigned int code, const char *enhanced, const char *text)
{
	struct talk_rcpt	*r;

	for (r = tx->rcpts; r < tx->rcpts + tx->nrcpts; r++)
		if (r->outcome == TALK_OPEN)
			talk_settle_rcpt(r, outcome, code, enhanced, text);
}

void
talk_settle_rcpt(struct talk_rcpt *r, enum talk_outcome outcome,
    unsigned int code, const char *enhanced, const char *text)
{
	r->outcome = outcome;
	r->code = code;
	(void)snprintf(r->enhanced, sizeof(r->enhanced), "%s", enhanced);
	response_clean(text, strlen(text), r->text, sizeof(r->text));
}

/* The session is refused, with the words of the server. */
static enum talk_event
refused(struct talk *t, enum talk_fault fault, const char *what)
{
	char	 why[sizeof(t->why)];

	if (t->reply.code == 521 || t->reply.code == 556)
		fault = TALK_UNWANTED;
	(void)snprintf(why, sizeof(why), "%s: %u %s%s%s", what,
	    t->reply.code, t->reply.enhanced, t->reply.enhanced[0] == '\0' ?
	    "" : " ", t->reply.text);
	return (talk_end(t, fault, why));
}

static enum talk_event
say_hello(struct talk *t, const char *verb, enum talk_state state)
{
	char	 line[512];
	int	 n;

	t->ext = t->auth = t->max_rcpts = 0;
	t->max_size = 0;
	t->nlines = 0;
	n = snprintf(line, sizeof(line), "%s %s", verb, t->conf.helo);
	if (n < 0 || (size_t)n >= sizeof(line) || talk_say(t, line,
	    (size_t)n) == -1)
		return (talk_end(t, TALK_NONSENSE, "our name is no name"));
	t->state = state;
	return (TALK_WAIT);
}

static enum talk_event
hello(struct talk *t)
{
	return (say_hello(t, t->conf.lmtp ? "LHLO" : "EHLO", TALK_IN_EHLO));
}

void
talk_secured(struct talk *t)
{
	t->conf.secure = 1;
	(void)hello(t);
}

/* The first word of the greeting and of EHLO is the server's name. */
static int
is_us(const struct talk *t)
{
	size_t	 n = strlen(t->conf.helo);

	return (!t->conf.lmtp && strncasecmp(t->reply.line, t->conf.helo,
	    n) == 0 && (t->reply.line[n] == '\0' || t->reply.line[n] == ' '));
}

static enum talk_event
loop(struct talk *t)
{
	return (talk_end(t, TALK_LOOP, "mail loops back to this server"));
}

static enum talk_event
greeting(struct talk *t)
{
	if (t->reply.code / 100 != 2)
		return (refused(t, TALK_REFUSED, "greeting"));
	if (is_us(t))
		return (loop(t));
	return (hello(t));
}

/* One line of EHLO behind the first: "SIZE 50000000". */
static void
keyword(struct talk *t)
{
	const char	*p = t->reply.line, *arg;
	size_t		 n = strcspn(p, " =");
	unsigned int	 i;

	arg = p + n + strspn(p + n, " =");
	for (i = 0; i < SMTP_EXT_COUNT; i++)
		if (strlen(ext_keyword(1U << i)) == n && strncasecmp(p,
		    ext_keyword(1U << i), n) == 0)
			break;
	if (i == SMTP_EXT_COUNT)
		return;
	t->ext |= 1U << i;
	if (1U << i == SMTP_EXT_SIZE)
		t->max_size = strtoull(arg, NULL, 10);
	else if (1U << i == SMTP_EXT_AUTH)
		t->auth |= auth_offered(arg);
	else if (1U << i == SMTP_EXT_LIMITS && (arg = strstr(arg,
	    "RCPTMAX=")) != NULL)
		t->max_rcpts = (uint32_t)strtoul(arg + 8, NULL, 10);
}

static enum talk_event
ready(struct talk *t)
{
	if (t->conf.user != NULL && t->step == 0)
		return (auth_begin(t));
	t->state = TALK_IN_IDLE;
	return (TALK_READY);
}

/* EHLO is answered: go on with STARTTLS, AUTH or the message. */
static enum talk_event
greeted(struct talk *t)
{
	enum nexthop_tls	 tls = t->conf.tls;

	if (t->conf.secure || tls == NEXTHOP_TLS_NEVER)
		return (ready(t));
	if (t->ext & SMTP_EXT_STARTTLS && !t->conf.plain) {
		t->state = TALK_IN_STARTTLS;
		(void)talk_say(t, "STARTTLS", 8);
		return (TALK_WAIT);
	}
	if (tls != NEXTHOP_TLS_DEFAULT)
		return (talk_end(t, TALK_NO_TLS,
		    "TLS is required and not offered"));
	return (ready(t));
}

static enum talk_event
ehlo(struct talk *t, int last)
{
	if (t->reply.code / 100 == 2) {
		if (t->nlines++ > 0)
			keyword(t);
		else if (is_us(t))
			return (loop(t));
		return (last ? greeted(t) : TALK_WAIT);
	}
	if (!last)
		return (TALK_WAIT);
	/* RFC 5321 3.2: an old server; TLS and AUTH are out of reach then */
	if (t->reply.code / 100 == 5 && t->reply.code != 521 &&
	    t->reply.code != 556 && !t->conf.lmtp && !t->conf.secure)
		return (say_hello(t, "HELO", TALK_IN_HELO));
	return (refused(t, TALK_REFUSED, "EHLO"));
}

static enum talk_event
helo(struct talk *t)
{
	if (t->reply.code / 100 != 2)
		return (refused(t, TALK_REFUSED, "HELO"));
	if (is_us(t))
		return (loop(t));
	return (greeted(t));
}

static enum talk_event
starttls(struct talk *t)
{
	if (t->reply.code == 220) {
		t->state = TALK_IN_HANDSHAKE;
		return (TALK_STARTTLS);
	}
	if (t->conf.tls != NEXTHOP_TLS_DEFAULT)
		return (refused(t, TALK_NO_TLS, "STARTTLS"));
	return (ready(t));
}

static enum talk_event
auth(struct talk *t)
{
	enum talk_event	 e = auth_step(t);

	if (e != TALK_READY)
		return (e == TALK_ENDED ? refused(t, TALK_NO_AUTH, "AUTH") :
		    e);
	return (ready(t));
}

/* One whole line of the server; last: it completes the reply. */
static enum talk_event
take(struct talk *t, int last)
{
	if (t->state == TALK_IN_EHLO)
		return (ehlo(t, last));
	if (!last)
		return (TALK_WAIT);
	if (t->reply.code == 421 && t->state != TALK_IN_QUIT &&
	    t->state != TALK_IN_GREETING) {
		tx_closing(t);
		return (refused(t, TALK_LOST, "closing"));
	}
	switch (t->state) {
	case TALK_IN_GREETING:
		return (greeting(t));
	case TALK_IN_HELO:
		return (helo(t));
	case TALK_IN_STARTTLS:
		return (starttls(t));
	case TALK_IN_AUTH:
		return (auth(t));
	case TALK_IN_GROUP:
		return (tx_group(t));
	case TALK_IN_TEXT:
		return (tx_early(t));
	case TALK_IN_FINAL:
		return (tx_final(t));
	case TALK_IN_QUIT:
		return (talk_end(t, TALK_FINE, ""));
	default:
		return (talk_end(t, TALK_NONSENSE,
		    "a reply to nothing that was asked"));
	}
}

enum talk_event
talk_read(struct talk *t, const char *in, size_t len, size_t *used)
{
	enum response_step	 step;
	enum talk_event		 e;

	*used = 0;
	if (t->state == TALK_IN_END)
		return (TALK_ENDED);
	step = response_read(&t->reply, in, len, used);
	if (step == RESPONSE_MORE)
		return (TALK_WAIT);
	if (step == RESPONSE_BAD)
		return (talk_end(t, TALK_NONSENSE,
		    "what the server says is not the protocol"));
	e = take(t, step == RESPONSE_DONE);
	if (step == RESPONSE_DONE)
		response_init(&t->reply);
	return (e);
}

void
talk_quit(struct talk *t)
{
	if (t->state == TALK_IN_IDLE && talk_say(t, "QUIT", 4) == 0)
		t->state = TALK_IN_QUIT;
	else
		talk_lost(t, TALK_FINE, "");
}
