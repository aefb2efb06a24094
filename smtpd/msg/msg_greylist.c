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
 * Encoding of questions about the greylist.
 */

#include <string.h>

#include "smtpd/base/wire.h"
#include "smtpd/msg/msg_greylist.h"

void
msg_put_greylist_ask(struct wbuf *w, const struct greylist_ask *m)
{
	wbuf_u8(w, m->dry);
	network_put(w, &m->network);
	wbuf_str(w, m->sender);
	wbuf_str(w, m->rcpt);
}

int
msg_get_greylist_ask(struct rbuf *r, struct greylist_ask *m)
{
	m->dry = rbuf_u8(r, 1);
	network_get(r, &m->network);
	rbuf_str(r, m->sender, sizeof(m->sender));
	rbuf_str(r, m->rcpt, sizeof(m->rcpt));
	if (m->network.family == 0 || m->rcpt[0] == '\0')
		rbuf_fail(r);
	return (rbuf_done(r) ? 0 : -1);
}

static void
put_cursor(struct wbuf *w, const struct greylist_cursor *c)
{
	wbuf_data(w, c->key, c->len);
}

static void
get_cursor(struct rbuf *r, struct greylist_cursor *c)
{
	const void	*p;
	size_t		 len;

	c->len = 0;
	if ((p = rbuf_data(r, &len, sizeof(c->key))) == NULL)
		return;
	memcpy(c->key, p, len);
	c->len = (uint16_t)len;
}

void
msg_put_greylist_list(struct wbuf *w, const struct greylist_list_ask *m)
{
	wbuf_u8(w, (uint8_t)m->what);
	network_put(w, &m->network);
	put_cursor(w, &m->after);
}

int
msg_get_greylist_list(struct rbuf *r, struct greylist_list_ask *m)
{
	m->what = (enum greylist_what)rbuf_u8(r, GREYLIST_WHAT_COUNT - 1);
	network_get(r, &m->network);
	get_cursor(r, &m->after);
	if (m->what == GREYLIST_PASS && m->network.family == 0)
		rbuf_fail(r);
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_greylist_answer(struct wbuf *w, const struct greylist_list_answer *m)
{
	wbuf_u8(w, m->failed);
	wbuf_u32(w, m->changed);
	put_cursor(w, &m->next);
}

/* The rows follow. */
int
msg_get_greylist_answer(struct rbuf *r, struct greylist_list_answer *m)
{
	m->failed = rbuf_u8(r, 1);
	m->changed = rbuf_u32(r);
	get_cursor(r, &m->next);
	return (r->bad ? -1 : 0);
}
