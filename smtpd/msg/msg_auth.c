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
 * Encoding of what is asked and answered about logins.
 */

#include <string.h>

#include "smtpd/base/wire.h"
#include "smtpd/msg/msg_auth.h"

static void
put_question(struct wbuf *w, const struct auth_question *q)
{
	wbuf_u8(w, (uint8_t)q->step);
	wbuf_str(w, q->name);
	if (q->step == AUTH_PASSWORD)
		wbuf_str(w, q->password);
	if (q->step == AUTH_PROOF) {
		wbuf_str(w, q->message);
		wbuf_raw(w, q->proof, sizeof(q->proof));
	}
}

static void
get_question(struct rbuf *r, struct auth_question *q)
{
	q->step = (enum auth_step)rbuf_u8(r, AUTH_STEP_COUNT - 1);
	rbuf_str(r, q->name, sizeof(q->name));
	q->password[0] = q->message[0] = '\0';
	if (q->step == AUTH_PASSWORD)
		rbuf_str(r, q->password, sizeof(q->password));
	if (q->step == AUTH_PROOF) {
		rbuf_str(r, q->message, sizeof(q->message));
		rbuf_octets(r, q->proof, sizeof(q->proof));
	} else
		memset(q->proof, 0, sizeof(q->proof));
}

static void
put_scram(struct wbuf *w, const struct auth_scram *s)
{
	wbuf_u32(w, s->iterations);
	wbuf_data(w, s->salt, s->saltlen);
	wbuf_raw(w, s->signature, sizeof(s->signature));
}

static void
get_scram(struct rbuf *r, struct auth_scram *s)
{
	const void	*p;

	s->iterations = rbuf_u32(r);
	if (s->iterations > SCRAM_ITERATIONS_MAX)
		rbuf_fail(r);
	memset(s->salt, 0, sizeof(s->salt));
	if ((p = rbuf_data(r, &s->saltlen, sizeof(s->salt))) != NULL)
		memcpy(s->salt, p, s->saltlen);
	else
		s->saltlen = 0;
	rbuf_octets(r, s->signature, sizeof(s->signature));
}

void
msg_put_auth_ask(struct wbuf *w, const struct auth_ask *m)
{
	wbuf_secret(w);
	wbuf_u64(w, m->session);
	put_question(w, &m->q);
}

int
msg_get_auth_ask(struct rbuf *r, struct auth_ask *m)
{
	m->session = rbuf_u64(r);
	get_question(r, &m->q);
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_auth_answer(struct wbuf *w, const struct auth_answer *m)
{
	wbuf_u8(w, (uint8_t)m->result);
	wbuf_u32(w, m->wait);
	wbuf_u8(w, m->last);
	wbuf_u8(w, m->error);
	put_scram(w, &m->scram);
}

int
msg_get_auth_answer(struct rbuf *r, struct auth_answer *m)
{
	m->result = (enum auth_result)rbuf_u8(r, AUTH_RESULT_COUNT - 1);
	m->wait = rbuf_u32(r);
	m->last = rbuf_u8(r, 1);
	m->error = rbuf_u8(r, 1);
	get_scram(r, &m->scram);
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_login_ask(struct wbuf *w, const struct login_ask *m)
{
	wbuf_secret(w);
	wbuf_str(w, m->directory);
	put_question(w, &m->q);
}

int
msg_get_login_ask(struct rbuf *r, struct login_ask *m)
{
	rbuf_str(r, m->directory, sizeof(m->directory));
	get_question(r, &m->q);
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_login_answer(struct wbuf *w, const struct login_answer *m)
{
	wbuf_u8(w, (uint8_t)m->result);
	put_scram(w, &m->scram);
}

int
msg_get_login_answer(struct rbuf *r, struct login_answer *m)
{
	m->result = (enum auth_result)rbuf_u8(r, AUTH_RESULT_COUNT - 1);
	get_scram(r, &m->scram);
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_owner_answer(struct wbuf *w, const struct owner_answer *m)
{
	wbuf_u8(w, (uint8_t)m->result);
}

int
msg_get_owner_answer(struct rbuf *r, struct owner_answer *m)
{
	m->result = (enum auth_result)rbuf_u8(r, AUTH_RESULT_COUNT - 1);
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_hash_ask(struct wbuf *w, const struct hash_ask *m)
{
	wbuf_secret(w);
	wbuf_u8(w, m->never);
	wbuf_str(w, m->password);
	wbuf_str(w, m->secret);
}

int
msg_get_hash_ask(struct rbuf *r, struct hash_ask *m)
{
	m->never = rbuf_u8(r, 1);
	rbuf_str(r, m->password, sizeof(m->password));
	rbuf_str(r, m->secret, sizeof(m->secret));
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_hash_answer(struct wbuf *w, const struct hash_answer *m)
{
	wbuf_u8(w, (uint8_t)m->result);
}

int
msg_get_hash_answer(struct rbuf *r, struct hash_answer *m)
{
	m->result = (enum auth_result)rbuf_u8(r, AUTH_RESULT_COUNT - 1);
	return (rbuf_done(r) ? 0 : -1);
}
