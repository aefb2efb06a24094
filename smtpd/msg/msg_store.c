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
 * Encoding of questions to stores.
 */

#include "smtpd/base/wire.h"
#include "smtpd/msg/msg_store.h"

void
msg_put_store_ask(struct wbuf *w, const struct store_ask *m)
{
	wbuf_u8(w, (uint8_t)m->op);
	wbuf_str(w, m->store);
	wbuf_data(w, m->key, m->keylen);
	wbuf_data(w, m->value, m->len);
	wbuf_u64(w, (uint64_t)m->by);
	wbuf_u64(w, m->expiry);
}

int
msg_get_store_ask(struct rbuf *r, struct store_ask *m)
{
	m->op = (enum store_op)rbuf_u8(r, STORE_OP_COUNT - 1);
	rbuf_str(r, m->store, sizeof(m->store));
	m->key = rbuf_data(r, &m->keylen, STORE_KEY_MAX);
	m->value = rbuf_data(r, &m->len, STORE_VALUE_MAX);
	m->by = (int64_t)rbuf_u64(r);
	m->expiry = rbuf_u64(r);
	return (rbuf_done(r) ? 0 : -1);
}
