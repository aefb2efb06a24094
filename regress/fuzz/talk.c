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
 * Fuzz target: what a server says to the client.  The first octet chooses
 * the kind of session, the rest is the server's, cut in two ways that must
 * come to the same.  No recipient is delivered unless its text was ended,
 * and every one has an outcome when the connection is over.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/smtp/talk.h"

#define RCPTS	3
#define WIRE_MAX 8192

struct outcome {
	struct talk		 talk;
	struct talk_tx		 tx;
	struct talk_rcpt	 rcpts[RCPTS];
	char			 said[WIRE_MAX];
	size_t			 nsaid;
	unsigned int		 begun;
};

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
drain(struct outcome *o)
{
	const char	*out;
	size_t		 n;

	while ((out = talk_out(&o->talk, &n)), n != 0) {
		if (n > TALK_OUT_SIZE)
			abort();
		if (n > sizeof(o->said) - o->nsaid)
			n = sizeof(o->said) - o->nsaid;
		memcpy(o->said + o->nsaid, out, n);
		o->nsaid += n;
		if (n == 0)
			return;
		talk_sent(&o->talk, n);
	}
}

static void
check_open(const struct outcome *o)
{
	size_t	 i;

	for (i = 0; i < RCPTS; i++)
		if (o->rcpts[i].outcome == TALK_OK)
			abort();
}

static void
event(struct outcome *o, enum talk_event e)
{
	char	 out[64];
	size_t	 n;

	switch (e) {
	case TALK_STARTTLS:
		talk_secured(&o->talk);
		break;
	case TALK_READY:
	case TALK_DONE:
		if (o->begun++ < 4)
			(void)talk_begin(&o->talk, &o->tx);
		else
			talk_quit(&o->talk);
		break;
	case TALK_TEXT:
		if (o->begun == 1)
			check_open(o);
		if (talk_text(&o->talk, ".a\r\n", 4, out, &n) == -1 ||
		    talk_text_end(&o->talk) == -1)
			abort();
		break;
	default:
		break;
	}
}

static void
run(const char *in, size_t len, uint8_t kind, size_t step,
    struct outcome *o)
{
	struct talk_conf	 conf = { .helo = "us.test",
	    .user = kind & 1 ? "u" : NULL, .secret = "p",
	    .lmtp = kind >> 1 & 1, .secure = kind >> 2 & 1,
	    .tls = (enum nexthop_tls)(kind >> 3 & 3) };
	enum talk_event		 e = TALK_WAIT;
	size_t			 at = 0, i, n, used;

	memset(o, 0, sizeof(*o));
	o->tx.rcpts = o->rcpts;
	o->tx.nrcpts = RCPTS;
	o->tx.sender.local[0] = o->tx.sender.domain[0] = 's';
	for (i = 0; i < RCPTS; i++)
		o->rcpts[i].rcpt = o->tx.sender;
	talk_init(&o->talk, &conf);
	while (at < len && e != TALK_ENDED) {
		n = step < len - at ? step : len - at;
		e = talk_read(&o->talk, in + at, n, &used);
		if (used > n || (used == 0 && e != TALK_ENDED))
			abort();
		at += used;
		event(o, e);
		drain(o);
	}
	talk_lost(&o->talk, TALK_LOST, "end");
	for (i = 0; i < RCPTS && o->begun == 1; i++)
		if (o->rcpts[i].outcome == TALK_OPEN)
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct outcome	 a, b;

	if (len == 0 || len > WIRE_MAX)
		return (0);
	run((const char *)data + 1, len - 1, data[0], len, &a);
	run((const char *)data + 1, len - 1, data[0], 1, &b);
	if (a.nsaid != b.nsaid || memcmp(a.said, b.said, a.nsaid) != 0 ||
	    a.talk.fault != b.talk.fault)
		abort();
	return (0);
}
