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
 * Encoding of draws on the harvest memory, and of bans.
 */

#include "smtpd/base/bans.h"
#include "smtpd/base/wire.h"
#include "smtpd/msg/msg_harvest.h"

void
msg_put_harvest_ask(struct wbuf *w, const struct harvest_ask *m)
{
	network_put(w, &m->network);
}

int
msg_get_harvest_ask(struct rbuf *r, struct harvest_ask *m)
{
	network_get(r, &m->network);
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_harvest_answer(struct wbuf *w, enum harvest_draw draw)
{
	wbuf_u8(w, (uint8_t)draw);
}

int
msg_get_harvest_answer(struct rbuf *r, enum harvest_draw *draw)
{
	*draw = (enum harvest_draw)rbuf_u8(r, HARVEST_DRAW_COUNT - 1);
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_ban(struct wbuf *w, const struct ban_note *m)
{
	network_put(w, &m->network);
	wbuf_u64(w, m->left);
}

int
msg_get_ban(struct rbuf *r, struct ban_note *m)
{
	network_get(r, &m->network);
	m->left = rbuf_u64(r);
	return (rbuf_done(r) ? 0 : -1);
}

int
msg_take_ban(struct rbuf *r, struct ban_note *m)
{
	if (msg_get_ban(r, m) == -1)
		return (-1);
	if (m->network.family == 0)
		bans_clear();
	else
		bans_set(&m->network, m->left);
	return (0);
}
