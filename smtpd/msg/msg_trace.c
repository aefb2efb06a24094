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
 * Encoding of traces.
 */

#include <string.h>

#include "smtpd/base/watch.h"
#include "smtpd/base/wire.h"
#include "smtpd/msg/msg_part.h"
#include "smtpd/msg/msg_trace.h"

void
msg_put_trace_ask(struct wbuf *w, const struct trace_ask *m)
{
	wbuf_u64(w, m->number);
	wbuf_u64(w, m->session);
	msg_put_net(w, &m->net);
}

int
msg_get_trace_ask(struct rbuf *r, struct trace_ask *m)
{
	m->number = rbuf_u64(r);
	m->session = rbuf_u64(r);
	msg_get_net(r, &m->net);
	if (m->number == 0)
		rbuf_fail(r);
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_trace_answer(struct wbuf *w, const struct trace_answer *m)
{
	wbuf_u32(w, m->sessions);
}

int
msg_get_trace_answer(struct rbuf *r, struct trace_answer *m)
{
	m->sessions = rbuf_u32(r);
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_trace_note(struct wbuf *w, const struct trace_note *m)
{
	wbuf_u64(w, m->number);
	wbuf_u8(w, (uint8_t)m->change);
}

int
msg_get_trace_note(struct rbuf *r, struct trace_note *m)
{
	m->number = rbuf_u64(r);
	m->change = (enum trace_change)rbuf_u8(r, TRACE_CHANGE_COUNT - 1);
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_trace_told(struct wbuf *w, const struct trace_told *m)
{
	wbuf_u32(w, m->lost);
	wbuf_u8(w, m->over);
}

int
msg_get_trace_told(struct rbuf *r, struct trace_told *m)
{
	m->lost = rbuf_u32(r);
	m->over = rbuf_u8(r, 1);
	return (r->bad ? -1 : 0);
}

void
msg_put_steps(struct wbuf *w, const struct steps_note *m)
{
	wbuf_u64(w, m->session);
	wbuf_u32(w, m->lost);
}

int
msg_get_steps(struct rbuf *r, struct steps_note *m)
{
	m->session = rbuf_u64(r);
	m->lost = rbuf_u32(r);
	return (r->bad ? -1 : 0);
}

int
msg_take_trace_ask(struct rbuf *r)
{
	struct trace_ask	 ask;
	struct watch		 w;

	if (msg_get_trace_ask(r, &ask) == -1)
		return (-1);
	memset(&w, 0, sizeof(w));
	w.number = ask.number;
	w.session = ask.session;
	w.net = ask.net;
	/* control has as many places, and says when one is free */
	return (watch_set(&w));
}

int
msg_take_trace_note(struct rbuf *r)
{
	struct trace_note	 note;
	struct watch		*w;

	if (msg_get_trace_note(r, &note) == -1)
		return (-1);
	if ((w = watch_find(note.number)) == NULL)
		return (0);
	if (note.change == TRACE_END)
		watch_end(w);
	else
		watch_pause(w, note.change == TRACE_PAUSE);
	return (0);
}
