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
 * A ring of refusals.
 */

#include <bsd/string.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/clock.h"
#include "smtpd/msg/verdict.h"
#include "smtpd/policy/rcpt.h"
#include "smtpd/policy/recent.h"
#include "smtpd/policy/session.h"

static struct recent	*ring[RECENT_MAX];	/* made when first used */
static size_t		 next;

/* What the client is, and said: folded, and the sender after rewriting. */
static void
recent_ask(struct explain_ask *ask, const struct rcpt *r)
{
	const struct session	*s = r->session;
	const char		*key = r->said != NULL ? r->said : r->key;

	memset(ask, 0, sizeof(*ask));
	ask->remote = s->remote;
	ask->local = s->local;
	ask->local_port = s->local_port;
	ask->tls = s->tls;
	(void)strlcpy(ask->listener, s->listener == NULL ? "" : s->listener,
	    sizeof(ask->listener));
	(void)strlcpy(ask->login, s->login == NULL ? "" : s->login,
	    sizeof(ask->login));
	(void)strlcpy(ask->helo, s->helo == NULL ? "" : s->helo,
	    sizeof(ask->helo));
	(void)snprintf(ask->from, sizeof(ask->from), "<%s>",
	    s->tx == NULL ? "" : s->tx->sender_key);
	(void)snprintf(ask->rcpt, sizeof(ask->rcpt), "<%s>",
	    key == NULL ? "" : key);
}

/* The octets that front will write. */
static void
recent_reply(struct recent *e, const struct rcpt_answer *a)
{
	char		 buf[REPLY_SIZE];
	unsigned int	 code;

	if (verdict_write(verdict_rcpt(a->verdict), a->verdict, a->text,
	    REPLY_UTF8, &code, buf, sizeof(buf)) == -1)
		buf[0] = '\0';
	buf[strcspn(buf, "\r\n")] = '\0';
	(void)strlcpy(e->reply, buf, sizeof(e->reply));
}

void
recent_note(const struct rcpt *r, const struct rcpt_answer *a)
{
	struct recent	*e = ring[next];

	if (e == NULL && (e = ring[next] = malloc(sizeof(*e))) == NULL)
		return;
	next = (next + 1) % RECENT_MAX;
	e->number = r->number;
	e->session = r->session->id;
	e->when = clock_mono();
	e->generation = r->prep == PREP_FOUND ? r->found.generation : 0;
	e->wait = a->wait;
	e->verdict = verdict_name(a->verdict);
	e->step = stage_rcpt_name(r);
	recent_reply(e, a);
	recent_ask(&e->ask, r);
}

const struct recent *
recent_find(uint64_t number)
{
	size_t	 i;

	for (i = 0; i < RECENT_MAX; i++)
		if (ring[i] != NULL && ring[i]->number == number)
			return (ring[i]);
	return (NULL);
}
