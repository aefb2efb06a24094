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
 * Encoding of what front and policy tell each other.
 */

#include "smtpd/base/wire.h"
#include "smtpd/msg/msg_part.h"
#include "smtpd/msg/msg_session.h"
#include "smtpd/smtp/sasl.h"

void
msg_put_session_id(struct wbuf *w, uint64_t id)
{
	wbuf_u64(w, id);
}

int
msg_get_session_id(struct rbuf *r, uint64_t *id)
{
	*id = rbuf_u64(r);
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_session(struct wbuf *w, const struct session_note *m)
{
	wbuf_u64(w, m->session);
	msg_put_ip(w, &m->remote);
	msg_put_ip(w, &m->local);
	wbuf_u16(w, m->remote_port);
	wbuf_u16(w, m->local_port);
	wbuf_str(w, m->listener);
	wbuf_str(w, m->login);
	wbuf_str(w, m->logins);
	wbuf_str(w, m->helo);
	wbuf_u8(w, m->tls);
	wbuf_str(w, m->tls_version);
	wbuf_str(w, m->tls_cipher);
	wbuf_u32(w, m->errors);
	wbuf_u32(w, m->auth_errors);
}

int
msg_get_session(struct rbuf *r, struct session_note *m)
{
	m->session = rbuf_u64(r);
	msg_get_ip(r, &m->remote);
	msg_get_ip(r, &m->local);
	m->remote_port = rbuf_u16(r);
	m->local_port = rbuf_u16(r);
	rbuf_str(r, m->listener, sizeof(m->listener));
	rbuf_str(r, m->login, sizeof(m->login));
	rbuf_str(r, m->logins, sizeof(m->logins));
	rbuf_str(r, m->helo, sizeof(m->helo));
	m->tls = rbuf_u8(r, 1);
	rbuf_str(r, m->tls_version, sizeof(m->tls_version));
	rbuf_str(r, m->tls_cipher, sizeof(m->tls_cipher));
	m->errors = rbuf_u32(r);
	m->auth_errors = rbuf_u32(r);
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_helo_ask(struct wbuf *w, const struct helo_ask *m)
{
	wbuf_u64(w, m->session);
	wbuf_str(w, m->helo);
	wbuf_u8(w, m->esmtp);
}

int
msg_get_helo_ask(struct rbuf *r, struct helo_ask *m)
{
	m->session = rbuf_u64(r);
	rbuf_str(r, m->helo, sizeof(m->helo));
	m->esmtp = rbuf_u8(r, 1);
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_helo_answer(struct wbuf *w, const struct helo_answer *m)
{
	wbuf_u32(w, m->extensions);
	wbuf_u32(w, m->max_recipients);
	wbuf_u64(w, m->max_size);
	wbuf_u8(w, m->mechanisms);
}

int
msg_get_helo_answer(struct rbuf *r, struct helo_answer *m)
{
	m->extensions = rbuf_u32(r);
	m->max_recipients = rbuf_u32(r);
	m->max_size = rbuf_u64(r);
	m->mechanisms = rbuf_u8(r, SASL_ALL);
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_mail_ask(struct wbuf *w, const struct mail_ask *m)
{
	wbuf_u64(w, m->session);
	msg_put_address(w, &m->sender);
	wbuf_u64(w, m->size);
	wbuf_u8(w, m->smtputf8);
	wbuf_str(w, m->envid);
}

int
msg_get_mail_ask(struct rbuf *r, struct mail_ask *m)
{
	m->session = rbuf_u64(r);
	msg_get_address(r, &m->sender);
	m->size = rbuf_u64(r);
	m->smtputf8 = rbuf_u8(r, 1);
	rbuf_str(r, m->envid, sizeof(m->envid));
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_mail_answer(struct wbuf *w, const struct mail_answer *m)
{
	wbuf_u8(w, (uint8_t)m->verdict);
	wbuf_u32(w, m->extensions);
	wbuf_u64(w, m->max_size);
	msg_put_address(w, &m->sender);
	wbuf_str(w, m->text);
}

int
msg_get_mail_answer(struct rbuf *r, struct mail_answer *m)
{
	m->verdict = (enum verdict)rbuf_u8(r, VERDICT_COUNT - 1);
	m->extensions = rbuf_u32(r);
	m->max_size = rbuf_u64(r);
	msg_get_address(r, &m->sender);
	rbuf_str(r, m->text, sizeof(m->text));
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_rcpt_ask(struct wbuf *w, const struct rcpt_ask *m)
{
	wbuf_u64(w, m->session);
	msg_put_address(w, &m->rcpt);
	wbuf_u8(w, m->notify);
	wbuf_str(w, m->orcpt);
}

int
msg_get_rcpt_ask(struct rbuf *r, struct rcpt_ask *m)
{
	m->session = rbuf_u64(r);
	msg_get_address(r, &m->rcpt);
	m->notify = rbuf_u8(r, UINT8_MAX);
	rbuf_str(r, m->orcpt, sizeof(m->orcpt));
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_rcpt_answer(struct wbuf *w, const struct rcpt_answer *m)
{
	wbuf_u8(w, (uint8_t)m->verdict);
	wbuf_u32(w, m->wait);
	wbuf_u8(w, m->last);
	wbuf_u8(w, m->error);
	wbuf_str(w, m->text);
	msg_put_address(w, &m->stored);
	wbuf_u8(w, m->resent);
	msg_put_address(w, &m->sender);
	wbuf_u8(w, (uint8_t)m->route);
	wbuf_str(w, m->directory);
	wbuf_str(w, m->via);
	wbuf_str(w, m->url);
}

int
msg_get_rcpt_answer(struct rbuf *r, struct rcpt_answer *m)
{
	m->verdict = (enum verdict)rbuf_u8(r, VERDICT_COUNT - 1);
	m->wait = rbuf_u32(r);
	m->last = rbuf_u8(r, 1);
	m->error = rbuf_u8(r, 1);
	rbuf_str(r, m->text, sizeof(m->text));
	msg_get_address(r, &m->stored);
	m->resent = rbuf_u8(r, 1);
	msg_get_address(r, &m->sender);
	m->route = (enum route_kind)rbuf_u8(r, ROUTE_COUNT - 1);
	rbuf_str(r, m->directory, sizeof(m->directory));
	rbuf_str(r, m->via, sizeof(m->via));
	rbuf_str(r, m->url, sizeof(m->url));
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_vrfy_ask(struct wbuf *w, const struct vrfy_ask *m)
{
	wbuf_u64(w, m->session);
	wbuf_u8(w, m->expand);
	wbuf_str(w, m->arg);
}

int
msg_get_vrfy_ask(struct rbuf *r, struct vrfy_ask *m)
{
	m->session = rbuf_u64(r);
	m->expand = rbuf_u8(r, 1);
	rbuf_str(r, m->arg, sizeof(m->arg));
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_vrfy_answer(struct wbuf *w, const struct vrfy_answer *m)
{
	unsigned int	 i;

	wbuf_u8(w, (uint8_t)m->verdict);
	wbuf_u16(w, m->n);
	for (i = 0; i < m->n; i++)
		wbuf_str(w, m->names[i]);
}

int
msg_get_vrfy_answer(struct rbuf *r, struct vrfy_answer *m)
{
	unsigned int	 i;

	m->verdict = (enum verdict)rbuf_u8(r, VERDICT_COUNT - 1);
	m->n = rbuf_u16(r);
	if (m->n > SESSION_NAMES_MAX)
		rbuf_fail(r);
	for (i = 0; i < m->n && !r->bad; i++)
		rbuf_str(r, m->names[i], sizeof(m->names[i]));
	return (rbuf_done(r) ? 0 : -1);
}
