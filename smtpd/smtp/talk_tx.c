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
 * A message: MAIL, its RCPTs and DATA as one group, the text, its end.
 *
 * The commands of a group are numbered: RSET 0, MAIL 1, the recipients from
 * 2 on, DATA last.  sent and heard are the next to be sent and to be heard
 * of; what was not sent before stop is never sent.
 */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "smtpd/smtp/ext.h"
#include "smtpd/smtp/talk.h"
#include "smtpd/smtp/talk_part.h"
#include "smtpd/smtp/utf8.h"
#include "smtpd/smtp/xtext.h"

#define TX_RSET		0
#define TX_MAIL		1
#define TX_RCPT		2

/* Path and parameters of one command at the most. */
#define TX_LINE_SIZE	1536

_Static_assert(ADDRESS_STR_SIZE + PARAM_ORCPT_MAX + 128 < TX_LINE_SIZE,
    "a command may not fit");
_Static_assert(TX_LINE_SIZE < TALK_OUT_SIZE, "out is too small");

static size_t
tx_data(const struct talk *t)
{
	return (TX_RCPT + t->tx->nrcpts);
}

static int
is_ascii(const struct address *a)
{
	return (utf8_is_ascii(a->local, strlen(a->local)) &&
	    utf8_is_ascii(a->domain, strlen(a->domain)));
}

static enum talk_outcome
outcome_of(unsigned int code)
{
	switch (code / 100) {
	case 2:
		return (TALK_OK);
	case 4:
		return (TALK_LATER);
	case 5:
		return (TALK_NEVER);
	default:
		return (TALK_OPEN);
	}
}

/* What the server lacks for all of the message, or for one recipient. */
static void
begin_refuse(struct talk *t)
{
	struct talk_tx		*tx = t->tx;
	struct talk_rcpt	*r;
	char			 path[ADDRESS_STR_SIZE];

	if (address_format(&tx->sender, path, sizeof(path)) == -1)
		talk_settle(tx, TALK_NEVER, 0, "5.1.7",
		    "the sender's address cannot be sent");
	for (r = tx->rcpts; r < tx->rcpts + tx->nrcpts; r++)
		if (r->outcome == TALK_OPEN && (address_is_null(&r->rcpt) ||
		    address_format(&r->rcpt, path, sizeof(path)) == -1))
			talk_settle_rcpt(r, TALK_NEVER, 0, "5.1.3",
			    "the address cannot be sent");
	if (t->max_size != 0 && tx->size > t->max_size)
		talk_settle(tx, TALK_NEVER, 0, "5.3.4",
		    "message is too big for the next host");
	if (tx->eight && !(t->ext & SMTP_EXT_8BITMIME))
		talk_settle(tx, TALK_NEVER, 0, "5.6.3",
		    "the next host takes no 8-bit text");
	if (t->ext & SMTP_EXT_SMTPUTF8)
		return;
	if (!is_ascii(&tx->sender) || (tx->utf8 && tx->utf8_head))
		talk_settle(tx, TALK_NEVER, 0, "5.6.7",
		    "the next host takes no addresses beyond ASCII");
	for (r = tx->rcpts; r < tx->rcpts + tx->nrcpts; r++)
		if (r->outcome == TALK_OPEN && !is_ascii(&r->rcpt))
			talk_settle_rcpt(r, TALK_NEVER, 0, "5.6.7",
			    "the next host takes no addresses beyond ASCII");
}

enum talk_event
talk_begin(struct talk *t, struct talk_tx *tx)
{
	struct talk_rcpt	*r;
	size_t			 n = 0;

	t->tx = tx;
	t->ended = 0;
	begin_refuse(t);
	t->utf8 = tx->utf8 || !is_ascii(&tx->sender);
	for (r = tx->rcpts; r < tx->rcpts + tx->nrcpts; r++) {
		r->accepted = 0;
		r->skip = r->outcome != TALK_OPEN ||
		    (t->max_rcpts != 0 && n >= t->max_rcpts);
		n += !r->skip;
		/* RFC 6531 3.4 */
		t->utf8 |= !r->skip && !is_ascii(&r->rcpt);
	}
	t->utf8 &= (t->ext & SMTP_EXT_SMTPUTF8) != 0;
	if (n == 0) {
		t->tx = NULL;
		return (TALK_DONE);
	}
	t->sent = t->heard = t->dirty ? TX_RSET : TX_MAIL;
	t->stop = tx_data(t) + 1;
	t->naccepted = t->final = 0;
	t->mail_ok = t->data_ok = 0;
	t->dirty = 1;
	if (t->ext & SMTP_EXT_DSN)
		tx->dsn = 1;
	t->state = TALK_IN_GROUP;
	return (TALK_WAIT);
}

static int
mail_line(const struct talk *t, char *line)
{
	const struct talk_tx	*tx = t->tx;
	char			 path[ADDRESS_STR_SIZE], size[32] = "";
	int			 dsn = (t->ext & SMTP_EXT_DSN) != 0;
	int			 envid = dsn && tx->envid[0] != '\0' &&
	    xtext_valid(tx->envid, strlen(tx->envid));

	if (address_format(&tx->sender, path, sizeof(path)) == -1)
		return (-1);
	if (t->ext & SMTP_EXT_SIZE)
		(void)snprintf(size, sizeof(size), " SIZE=%" PRIu64,
		    tx->size);
	return (snprintf(line, TX_LINE_SIZE, "MAIL FROM:<%s>%s%s%s%s%s%s",
	    path, size,
	    tx->eight ? " BODY=8BITMIME" : "",
	    t->utf8 ? " SMTPUTF8" : "",
	    !dsn || tx->ret == MAIL_RET_NONE ? "" : tx->ret ==
	    MAIL_RET_FULL ? " RET=FULL" : " RET=HDRS",
	    envid ? " ENVID=" : "", envid ? tx->envid : ""));
}

static const char *
notify_words(uint8_t notify)
{
	static const char *const	 words[] = {
		"", "SUCCESS", "FAILURE", "SUCCESS,FAILURE", "DELAY",
		"SUCCESS,DELAY", "FAILURE,DELAY", "SUCCESS,FAILURE,DELAY"
	};

	return (notify & NOTIFY_NEVER ? "NEVER" : words[notify >> 1 & 7]);
}

/* May it stand in a command as one word? */
static int
is_word(const char *s, int utf8)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s <= 32 || *s == 127 ||
		    ((unsigned char)*s > 127 && !utf8))
			return (0);
	return (1);
}

static int
rcpt_line(const struct talk *t, const struct talk_rcpt *r, char *line)
{
	const char	*notify = notify_words(r->notify);
	char		 path[ADDRESS_STR_SIZE];
	int		 dsn = (t->ext & SMTP_EXT_DSN) != 0;
	int		 orcpt = dsn && r->orcpt[0] != '\0' &&
	    is_word(r->orcpt, t->utf8);

	if (address_format(&r->rcpt, path, sizeof(path)) == -1)
		return (-1);
	return (snprintf(line, TX_LINE_SIZE, "RCPT TO:<%s>%s%s%s%s", path,
	    dsn && notify[0] != '\0' ? " NOTIFY=" : "", dsn ? notify : "",
	    orcpt ? " ORCPT=" : "", orcpt ? r->orcpt : ""));
}

/* The line of command i. */
static int
tx_line(struct talk *t, size_t i, char *line)
{
	int	 n;

	if (i == TX_RSET)
		n = snprintf(line, TX_LINE_SIZE, "RSET");
	else if (i == TX_MAIL)
		n = mail_line(t, line);
	else if (i == tx_data(t))
		n = snprintf(line, TX_LINE_SIZE, "DATA");
	else
		n = rcpt_line(t, &t->tx->rcpts[i - TX_RCPT], line);
	return (n < 0 || n >= TX_LINE_SIZE ? -1 : n);
}

/* The first command from i on that is sent at all. */
static size_t
tx_next(const struct talk *t, size_t i)
{
	while (i >= TX_RCPT && i < tx_data(t) &&
	    t->tx->rcpts[i - TX_RCPT].skip)
		i++;
	return (i);
}

void
tx_fill(struct talk *t)
{
	char	 line[TX_LINE_SIZE];
	int	 n;

	for (;;) {
		t->sent = tx_next(t, t->sent);
		t->heard = tx_next(t, t->heard);
		if (t->sent >= t->stop || (!(t->ext & SMTP_EXT_PIPELINING) &&
		    t->sent != t->heard) ||
		    sizeof(t->out) - t->outlen < TX_LINE_SIZE + 2)
			return;
		if ((n = tx_line(t, t->sent, line)) == -1 ||
		    talk_say(t, line, (size_t)n) == -1) {
			talk_lost(t, TALK_NONSENSE,
			    "a command that cannot be sent");
			return;
		}
		t->sent++;
	}
}

static void
rcpt_reply(struct talk *t, struct talk_rcpt *r)
{
	enum talk_outcome	 o = outcome_of(t->reply.code);

	if (!t->mail_ok)
		return;
	if (o == TALK_OK) {
		r->accepted = 1;
		t->naccepted++;
		return;
	}
	/* RFC 5321 4.5.3.1.10: 552 was "too many recipients" once */
	if (t->reply.code == 552 && (t->reply.enhanced[0] == '\0' ||
	    strcmp(t->reply.enhanced, "5.5.3") == 0))
		o = TALK_LATER;
	/* the rest has its turn when these are through */
	if (o == TALK_LATER && t->naccepted > 0 && (t->reply.code == 552 ||
	    strcmp(t->reply.enhanced, "4.5.3") == 0))
		return;
	talk_settle_rcpt(r, o, t->reply.code, t->reply.enhanced,
	    t->reply.text);
}

/* All that the server was told of and that have no outcome. */
static void
settle_by_reply(struct talk *t)
{
	struct talk_rcpt	*r;

	for (r = t->tx->rcpts; r < t->tx->rcpts + t->tx->nrcpts; r++)
		if (!r->skip && r->outcome == TALK_OPEN)
			talk_settle_rcpt(r, outcome_of(t->reply.code),
			    t->reply.code, t->reply.enhanced, t->reply.text);
}

static enum talk_event
group_end(struct talk *t)
{
	if (!t->data_ok) {
		t->tx = NULL;
		t->state = TALK_IN_IDLE;
		return (TALK_DONE);
	}
	if (t->naccepted > 0) {
		dot_writer_init(&t->dot);
		t->state = TALK_IN_TEXT;
		return (TALK_TEXT);
	}
	/* LMTP would have nothing to say of nobody */
	if (t->conf.lmtp)
		return (talk_end(t, TALK_NONSENSE, "DATA taken for nobody"));
	/* RFC 2920 3.1 */
	t->state = TALK_IN_FINAL;
	(void)talk_say(t, ".", 1);
	return (TALK_WAIT);
}

enum talk_event
tx_group(struct talk *t)
{
	size_t	 i = t->heard = tx_next(t, t->heard);

	if (i >= t->sent)
		return (talk_end(t, TALK_NONSENSE,
		    "a reply to nothing that was asked"));
	if (t->reply.code / 100 == 3 && i != tx_data(t))
		return (talk_end(t, TALK_NONSENSE,
		    "a reply that does not fit the command"));
	t->heard++;
	if (i == TX_RSET) {
		if (t->reply.code / 100 != 2)
			return (talk_end(t, TALK_LOST, "RSET was refused"));
	} else if (i == TX_MAIL) {
		t->mail_ok = t->reply.code / 100 == 2;
		if (!t->mail_ok)
			settle_by_reply(t);
	} else if (i < tx_data(t))
		rcpt_reply(t, &t->tx->rcpts[i - TX_RCPT]);
	else if (t->reply.code == 354)
		t->data_ok = 1;
	else if (t->reply.code < 400)
		return (talk_end(t, TALK_NONSENSE,
		    "a reply to DATA that is none"));
	else
		settle_by_reply(t);
	t->heard = tx_next(t, t->heard);
	if (i >= TX_MAIL && (!t->mail_ok || (t->heard == tx_data(t) &&
	    t->naccepted == 0)) && t->sent < t->stop)
		t->stop = t->sent;
	return (t->heard >= t->stop ? group_end(t) : TALK_WAIT);
}

int
talk_text(struct talk *t, const char *in, size_t len, char *out,
    size_t *outlen)
{
	if (t->state != TALK_IN_TEXT)
		return (-1);
	if (dot_stuff(&t->dot, in, len, out, outlen) == 0)
		return (0);
	talk_settle(t->tx, TALK_NEVER, 0, "5.6.0",
	    "the text has lines that do not end in CRLF");
	return (-1);
}

int
talk_text_end(struct talk *t)
{
	size_t	 n;

	if (t->state != TALK_IN_TEXT ||
	    sizeof(t->out) - t->outlen < DOT_FINISH_MAX)
		return (-1);
	if (dot_finish(&t->dot, t->out + t->outlen, &n) == -1) {
		talk_settle(t->tx, TALK_NEVER, 0, "5.6.0",
		    "the text has lines that do not end in CRLF");
		return (-1);
	}
	t->outlen += n;
	t->ended = 1;
	t->state = TALK_IN_FINAL;
	return (0);
}

/* The server speaks before the text has ended: it has heard enough. */
enum talk_event
tx_early(struct talk *t)
{
	if (t->reply.code < 400)
		return (talk_end(t, TALK_NONSENSE,
		    "a reply before the end of the text"));
	settle_by_reply(t);
	return (talk_end(t, TALK_LOST, "refused within the text"));
}

static enum talk_event
final_done(struct talk *t)
{
	t->ended = t->dirty = 0;
	t->tx = NULL;
	t->state = TALK_IN_IDLE;
	return (TALK_DONE);
}

enum talk_event
tx_final(struct talk *t)
{
	enum talk_outcome	 o = outcome_of(t->reply.code);
	struct talk_rcpt	*r;
	int			 left = 0;

	if (t->naccepted == 0)
		return (final_done(t));
	if (o == TALK_OPEN)
		return (talk_end(t, TALK_NONSENSE,
		    "a reply to the end of data that is none"));
	/* RFC 2033 4.2: LMTP has one reply for each that was accepted */
	for (; t->final < t->tx->nrcpts; t->final++) {
		r = &t->tx->rcpts[t->final];
		if (!r->accepted)
			continue;
		if (left)
			return (TALK_WAIT);
		talk_settle_rcpt(r, o, t->reply.code, t->reply.enhanced,
		    t->reply.text);
		left = t->conf.lmtp;
	}
	return (final_done(t));
}

/* 421 instead of the last reply: the message was not taken. */
void
tx_closing(struct talk *t)
{
	if (t->state == TALK_IN_FINAL)
		t->ended = 0;
}
