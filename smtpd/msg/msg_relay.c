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
 * Encoding of what queue and relay tell each other.
 */

#include <stdlib.h>

#include "smtpd/base/wire.h"
#include "smtpd/base/xmem.h"
#include "smtpd/msg/msg_part.h"
#include "smtpd/msg/msg_relay.h"

/* How many follow; the memory for them, or NULL and the body is bad. */
static void *
get_count(struct rbuf *r, uint32_t *n, size_t size)
{
	*n = rbuf_u32(r);
	if (!r->bad && (*n == 0 || *n > RELAY_RCPTS_MAX))
		rbuf_fail(r);
	if (r->bad) {
		*n = 0;
		return (NULL);
	}
	return (xcalloc(*n, size));
}

void
msg_put_relay_ask(struct wbuf *w, const struct relay_ask *m)
{
	uint32_t	 i;

	wbuf_u64(w, m->id);
	wbuf_u64(w, m->offset);
	wbuf_u64(w, m->length);
	wbuf_str(w, m->nexthop);
	msg_put_address(w, &m->sender);
	wbuf_u8(w, m->smtputf8);
	wbuf_u8(w, m->body8);
	wbuf_u8(w, m->ret);
	wbuf_str(w, m->envid);
	wbuf_u32(w, m->nrcpts);
	for (i = 0; i < m->nrcpts; i++) {
		msg_put_address(w, &m->rcpts[i].rcpt);
		wbuf_u8(w, m->rcpts[i].notify);
		wbuf_str(w, m->rcpts[i].orcpt);
	}
}

int
msg_get_relay_ask(struct rbuf *r, struct relay_ask *m)
{
	uint32_t	 i;

	m->id = rbuf_u64(r);
	m->offset = rbuf_u64(r);
	m->length = rbuf_u64(r);
	rbuf_str(r, m->nexthop, sizeof(m->nexthop));
	msg_get_address(r, &m->sender);
	m->smtputf8 = rbuf_u8(r, 1);
	m->body8 = rbuf_u8(r, 1);
	m->ret = rbuf_u8(r, TX_RET_HDRS);
	rbuf_str(r, m->envid, sizeof(m->envid));
	m->rcpts = get_count(r, &m->nrcpts, sizeof(*m->rcpts));
	for (i = 0; i < m->nrcpts && !r->bad; i++) {
		msg_get_address(r, &m->rcpts[i].rcpt);
		m->rcpts[i].notify = rbuf_u8(r, NOTIFY_ALL);
		rbuf_str(r, m->rcpts[i].orcpt, sizeof(m->rcpts[i].orcpt));
	}
	if (rbuf_done(r))
		return (0);
	free(m->rcpts);
	m->rcpts = NULL;
	return (-1);
}

void
msg_put_relay_answer(struct wbuf *w, const struct relay_answer *m)
{
	uint32_t	 i;

	wbuf_u8(w, m->down);
	wbuf_u8(w, m->dsn);
	wbuf_str(w, m->mta);
	wbuf_u32(w, m->nrcpts);
	for (i = 0; i < m->nrcpts; i++) {
		wbuf_u8(w, (uint8_t)m->results[i].outcome);
		wbuf_u16(w, m->results[i].code);
		wbuf_str(w, m->results[i].enhanced);
		wbuf_str(w, m->results[i].text);
	}
}

int
msg_get_relay_answer(struct rbuf *r, struct relay_answer *m)
{
	struct relay_result	*p;
	uint32_t		 i;

	m->down = rbuf_u8(r, 1);
	m->dsn = rbuf_u8(r, 1);
	msg_get_line(r, m->mta, sizeof(m->mta));
	p = m->results = get_count(r, &m->nrcpts, sizeof(*m->results));
	for (i = 0; i < m->nrcpts && !r->bad; i++, p++) {
		p->outcome = (enum relay_outcome)rbuf_u8(r,
		    RELAY_OUTCOME_COUNT - 1);
		p->code = rbuf_u16(r);
		if (p->code > 599)
			rbuf_fail(r);
		msg_get_line(r, p->enhanced, sizeof(p->enhanced));
		rbuf_str(r, p->text, sizeof(p->text));
	}
	if (rbuf_done(r))
		return (0);
	free(m->results);
	m->results = NULL;
	return (-1);
}

void
msg_put_relay_conf(struct wbuf *w, const struct relay_conf *c)
{
	size_t	 i;

	wbuf_str(w, c->hostname);
	wbuf_str(w, c->resolver);
	wbuf_u8(w, (uint8_t)c->nown);
	for (i = 0; i < c->nown; i++) {
		msg_put_ip(w, &c->own[i].ip);
		wbuf_u16(w, c->own[i].port);
	}
	wbuf_u8(w, (uint8_t)c->nsecrets);
	for (i = 0; i < c->nsecrets; i++) {
		wbuf_str(w, c->secrets[i].where);
		wbuf_str(w, c->secrets[i].secret);
	}
}

int
msg_get_relay_conf(struct rbuf *r, struct relay_conf *c)
{
	size_t	 i;

	rbuf_str(r, c->hostname, sizeof(c->hostname));
	rbuf_str(r, c->resolver, sizeof(c->resolver));
	c->nown = rbuf_u8(r, CONF_LISTENERS_MAX);
	for (i = 0; i < c->nown && !r->bad; i++) {
		msg_get_ip(r, &c->own[i].ip);
		c->own[i].port = rbuf_u16(r);
	}
	c->nsecrets = rbuf_u8(r, RELAY_SECRETS_MAX);
	for (i = 0; i < c->nsecrets && !r->bad; i++) {
		rbuf_str(r, c->secrets[i].where, sizeof(c->secrets[i].where));
		rbuf_str(r, c->secrets[i].secret,
		    sizeof(c->secrets[i].secret));
	}
	return (rbuf_done(r) ? 0 : -1);
}
