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
 * Encoding of questions to throttles.
 */

#include <string.h>

#include "smtpd/base/wire.h"
#include "smtpd/msg/msg_throttle.h"

void
msg_put_throttle_ask(struct wbuf *w, const struct throttle_ask *m)
{
	const struct throttle_take	*t;
	size_t				 i;

	wbuf_u8(w, m->dry);
	wbuf_u8(w, m->n);
	for (i = 0, t = m->takes; i < m->n; i++, t++) {
		wbuf_u64(w, t->id);
		wbuf_raw(w, t->key, sizeof(t->key));
		wbuf_u32(w, t->rate.count);
		wbuf_u32(w, t->rate.period);
	}
}

int
msg_get_throttle_ask(struct rbuf *r, struct throttle_ask *m)
{
	struct throttle_take	*t;
	const void		*key;
	size_t			 i;

	m->dry = rbuf_u8(r, 1);
	m->n = rbuf_u8(r, CONF_THROTTLES_MAX);
	for (i = 0, t = m->takes; i < m->n && !r->bad; i++, t++) {
		t->id = rbuf_u64(r);
		if ((key = rbuf_raw(r, sizeof(t->key))) != NULL)
			memcpy(t->key, key, sizeof(t->key));
		t->rate.count = rbuf_u32(r);
		t->rate.period = rbuf_u32(r);
		/* less than one in a microsecond cannot be told apart */
		if (t->rate.count == 0 || t->rate.period == 0 ||
		    t->rate.count / 1000 > t->rate.period)
			rbuf_fail(r);
	}
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_throttle_answer(struct wbuf *w, const struct throttle_answer *m)
{
	wbuf_u8(w, (uint8_t)m->status);
	wbuf_u8(w, m->which);
	wbuf_u32(w, m->wait);
}

int
msg_get_throttle_answer(struct rbuf *r, struct throttle_answer *m)
{
	m->status = (enum throttle_status)rbuf_u8(r,
	    THROTTLE_STATUS_COUNT - 1);
	m->which = rbuf_u8(r, CONF_THROTTLES_MAX - 1);
	m->wait = rbuf_u32(r);
	return (rbuf_done(r) ? 0 : -1);
}
