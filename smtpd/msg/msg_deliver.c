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
 * Encoding of what queue and deliver tell each other.
 */

#include "smtpd/base/wire.h"
#include "smtpd/msg/msg_deliver.h"
#include "smtpd/msg/msg_part.h"

void
msg_put_deliver_ask(struct wbuf *w, const struct deliver_ask *m)
{
	wbuf_u64(w, m->id);
	wbuf_u32(w, m->rcpt);
	wbuf_u32(w, m->item);
	wbuf_u64(w, m->offset);
	wbuf_u64(w, m->length);
	wbuf_u64(w, (uint64_t)m->created);
	msg_put_address(w, &m->sender);
	msg_put_address(w, &m->stored);
	wbuf_str(w, m->directory);
	wbuf_str(w, m->account);
	wbuf_str(w, m->address);
	wbuf_u64(w, m->quota);
}

int
msg_get_deliver_ask(struct rbuf *r, struct deliver_ask *m)
{
	m->id = rbuf_u64(r);
	m->rcpt = rbuf_u32(r);
	m->item = rbuf_u32(r);
	m->offset = rbuf_u64(r);
	m->length = rbuf_u64(r);
	m->created = (int64_t)rbuf_u64(r);
	msg_get_address(r, &m->sender);
	msg_get_address(r, &m->stored);
	rbuf_str(r, m->directory, sizeof(m->directory));
	rbuf_str(r, m->account, sizeof(m->account));
	rbuf_str(r, m->address, sizeof(m->address));
	m->quota = rbuf_u64(r);
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_deliver_answer(struct wbuf *w, const struct deliver_answer *m)
{
	wbuf_u8(w, (uint8_t)m->status);
	wbuf_str(w, m->text);
}

int
msg_get_deliver_answer(struct rbuf *r, struct deliver_answer *m)
{
	m->status = (enum deliver_status)rbuf_u8(r, DELIVER_STATUS_COUNT - 1);
	rbuf_str(r, m->text, sizeof(m->text));
	return (rbuf_done(r) ? 0 : -1);
}
