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
 * Encoding of explanations.
 */

#include "smtpd/base/wire.h"
#include "smtpd/msg/msg_explain.h"
#include "smtpd/msg/msg_part.h"

static void
put_explain(struct wbuf *w, const struct explain_ask *m)
{
	msg_put_ip(w, &m->remote);
	msg_put_ip(w, &m->local);
	wbuf_u16(w, m->local_port);
	wbuf_str(w, m->listener);
	wbuf_u8(w, m->tls);
	wbuf_str(w, m->login);
	wbuf_str(w, m->helo);
	wbuf_str(w, m->from);
	wbuf_str(w, m->rcpt);
}

static void
get_explain(struct rbuf *r, struct explain_ask *m)
{
	msg_get_ip(r, &m->remote);
	msg_get_ip(r, &m->local);
	m->local_port = rbuf_u16(r);
	rbuf_str(r, m->listener, sizeof(m->listener));
	m->tls = rbuf_u8(r, 1);
	rbuf_str(r, m->login, sizeof(m->login));
	rbuf_str(r, m->helo, sizeof(m->helo));
	rbuf_str(r, m->from, sizeof(m->from));
	rbuf_str(r, m->rcpt, sizeof(m->rcpt));
}

void
msg_put_explain_ask(struct wbuf *w, const struct explain_ask *m)
{
	put_explain(w, m);
}

int
msg_get_explain_ask(struct rbuf *r, struct explain_ask *m)
{
	get_explain(r, m);
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_answers_ask(struct wbuf *w, const struct answers_ask *m)
{
	uint8_t	 i;

	put_explain(w, &m->client);
	wbuf_u8(w, m->n);
	for (i = 0; i < m->n; i++)
		wbuf_str(w, m->rcpts[i]);
}

int
msg_get_answers_ask(struct rbuf *r, struct answers_ask *m)
{
	uint8_t	 i;

	get_explain(r, &m->client);
	m->n = rbuf_u8(r, ANSWERS_MAX);
	if (m->n == 0)
		rbuf_fail(r);
	for (i = 0; i < m->n; i++)
		rbuf_str(r, m->rcpts[i], sizeof(m->rcpts[i]));
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_explain_head(struct wbuf *w, const struct explain_head *m)
{
	wbuf_u8(w, (uint8_t)m->status);
	wbuf_str(w, m->text);
}

int
msg_get_explain_head(struct rbuf *r, struct explain_head *m)
{
	m->status = rbuf_u8(r, 127);
	rbuf_str(r, m->text, sizeof(m->text));
	return (r->bad ? -1 : 0);
}
