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
 * Encoding of what the parent says and hears.
 */

#include "smtpd/base/wire.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_parent.h"

void
msg_put_reload_answer(struct wbuf *w, const struct reload_answer *m)
{
	wbuf_str(w, m->text);
	wbuf_u32(w, m->generation);
}

int
msg_get_reload_answer(struct rbuf *r, struct reload_answer *m)
{
	rbuf_str(r, m->text, sizeof(m->text));
	m->generation = rbuf_u32(r);
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_peer(struct wbuf *w, enum proc_id id, unsigned int inst)
{
	wbuf_u8(w, (uint8_t)id);
	wbuf_u16(w, (uint16_t)inst);
}

void
msg_put_start(struct wbuf *w, const struct start_note *m)
{
	wbuf_u8(w, m->stuck);
}

int
msg_get_start(struct rbuf *r, struct start_note *m)
{
	m->stuck = rbuf_u8(r, 1);
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_generation(struct wbuf *w, const struct generation_note *m)
{
	wbuf_u8(w, m->slot);
	wbuf_u32(w, m->number);
	wbuf_u8(w, m->retired);
}

int
msg_get_generation(struct rbuf *r, struct generation_note *m)
{
	m->slot = rbuf_u8(r, PROC_SLOTS_MAX - 1);
	m->number = rbuf_u32(r);
	m->retired = rbuf_u8(r, PROC_SLOTS_MAX);
	return (rbuf_done(r) ? 0 : -1);
}

int
msg_take_alive(struct proc_msg *m)
{
	(void)proc_answer(m, MSG_CHILD_ALIVE_ANSWER, -1, NULL);
	return (0);
}
