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
 * Encoding of certificates, keys and what is signed with them.
 */

#include <stdlib.h>
#include <string.h>

#include "smtpd/base/wire.h"
#include "smtpd/msg/msg_keys.h"

/* At most KEYS_DATA_MAX octets, with their length. */
static size_t
get_data(struct rbuf *r, uint8_t *dst)
{
	const void	*p;
	size_t		 len;

	if ((p = rbuf_data(r, &len, KEYS_DATA_MAX)) == NULL)
		return (0);
	memcpy(dst, p, len);
	return (len);
}

void
msg_put_pem(struct wbuf *w, const struct pem_note *m)
{
	wbuf_u16(w, m->index);
	wbuf_u16(w, m->count);
	wbuf_str(w, m->name);
	wbuf_raw(w, m->id, sizeof(m->id));
	wbuf_str(w, m->pem);
}

int
msg_get_pem(struct rbuf *r, struct pem_note *m, size_t max)
{
	m->index = rbuf_u16(r);
	m->count = rbuf_u16(r);
	if (m->index >= m->count)
		rbuf_fail(r);
	rbuf_str(r, m->name, sizeof(m->name));
	rbuf_octets(r, m->id, sizeof(m->id));
	m->pem = rbuf_strdup(r, max);
	if (rbuf_done(r))
		return (0);
	free(m->pem);
	m->pem = NULL;
	return (-1);
}

void
msg_put_tickets(struct wbuf *w, const struct tickets_note *m)
{
	size_t	 i;

	for (i = 0; i < KEYS_TICKETS; i++) {
		wbuf_raw(w, m->keys[i].name, sizeof(m->keys[i].name));
		wbuf_raw(w, m->keys[i].aes, sizeof(m->keys[i].aes));
		wbuf_raw(w, m->keys[i].hmac, sizeof(m->keys[i].hmac));
	}
}

int
msg_get_tickets(struct rbuf *r, struct tickets_note *m)
{
	size_t	 i;

	for (i = 0; i < KEYS_TICKETS; i++) {
		rbuf_octets(r, m->keys[i].name, sizeof(m->keys[i].name));
		rbuf_octets(r, m->keys[i].aes, sizeof(m->keys[i].aes));
		rbuf_octets(r, m->keys[i].hmac, sizeof(m->keys[i].hmac));
	}
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_sign_ask(struct wbuf *w, const struct sign_ask *m)
{
	wbuf_raw(w, m->id, sizeof(m->id));
	wbuf_u8(w, (uint8_t)m->how);
	wbuf_data(w, m->data, m->len);
}

int
msg_get_sign_ask(struct rbuf *r, struct sign_ask *m)
{
	rbuf_octets(r, m->id, sizeof(m->id));
	m->how = (enum sign_how)rbuf_u8(r, SIGN_HOW_COUNT - 1);
	m->len = get_data(r, m->data);
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_sign_answer(struct wbuf *w, const struct sign_answer *m)
{
	wbuf_data(w, m->data, m->len);
}

int
msg_get_sign_answer(struct rbuf *r, struct sign_answer *m)
{
	m->len = get_data(r, m->data);
	return (rbuf_done(r) ? 0 : -1);
}
