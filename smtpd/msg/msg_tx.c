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
 * Encoding of what front and queue tell each other.
 */

#include "smtpd/base/wire.h"
#include "smtpd/msg/msg_part.h"
#include "smtpd/msg/msg_tx.h"

void
msg_put_data_answer(struct wbuf *w, const struct data_answer *m)
{
	wbuf_u8(w, (uint8_t)m->status);
	wbuf_u64(w, m->id);
}

int
msg_get_data_answer(struct rbuf *r, struct data_answer *m)
{
	m->status = (enum tx_status)rbuf_u8(r, TX_STATUS_COUNT - 1);
	m->id = rbuf_u64(r);
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_envelope(struct wbuf *w, const struct envelope_note *m)
{
	wbuf_u64(w, m->id);
	msg_put_address(w, &m->rcpt);
	wbuf_u8(w, (uint8_t)m->route);
	wbuf_u8(w, m->notify);
	wbuf_str(w, m->directory);
	wbuf_str(w, m->via);
	wbuf_str(w, m->url);
	wbuf_str(w, m->orcpt);
}

int
msg_get_envelope(struct rbuf *r, struct envelope_note *m)
{
	m->id = rbuf_u64(r);
	msg_get_address(r, &m->rcpt);
	m->route = (enum route_kind)rbuf_u8(r, ROUTE_COUNT - 1);
	m->notify = rbuf_u8(r, UINT8_MAX);
	rbuf_str(r, m->directory, sizeof(m->directory));
	rbuf_str(r, m->via, sizeof(m->via));
	rbuf_str(r, m->url, sizeof(m->url));
	rbuf_str(r, m->orcpt, sizeof(m->orcpt));
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_commit_ask(struct wbuf *w, const struct commit_ask *m)
{
	wbuf_u64(w, m->id);
	wbuf_u64(w, m->size);
	wbuf_u32(w, m->rcpts);
	msg_put_address(w, &m->sender);
	wbuf_u8(w, m->smtputf8);
	wbuf_u8(w, m->body8);
	wbuf_u8(w, m->ret);
	wbuf_str(w, m->envid);
}

int
msg_get_commit_ask(struct rbuf *r, struct commit_ask *m)
{
	m->id = rbuf_u64(r);
	m->size = rbuf_u64(r);
	m->rcpts = rbuf_u32(r);
	msg_get_address(r, &m->sender);
	m->smtputf8 = rbuf_u8(r, 1);
	m->body8 = rbuf_u8(r, 1);
	m->ret = rbuf_u8(r, TX_RET_HDRS);
	rbuf_str(r, m->envid, sizeof(m->envid));
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_commit_answer(struct wbuf *w, const struct commit_answer *m)
{
	wbuf_u8(w, (uint8_t)m->status);
}

int
msg_get_commit_answer(struct rbuf *r, struct commit_answer *m)
{
	m->status = (enum tx_status)rbuf_u8(r, TX_STATUS_COUNT - 1);
	return (rbuf_done(r) ? 0 : -1);
}
