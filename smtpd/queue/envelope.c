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
 * Messages in memory and the encoding of their envelopes.
 */

#include <sys/types.h>

#include <stdlib.h>
#include <string.h>

#include "smtpd/base/keyset.h"
#include "smtpd/base/wire.h"
#include "smtpd/base/xmem.h"
#include "smtpd/queue/envelope.h"
#include "smtpd/queue/spool_record.h"
#include "smtpd/smtp/param.h"

static int
message_cmp(const struct message *a, const struct message *b)
{
	return (a->id < b->id ? -1 : a->id > b->id);
}

RB_GENERATE(message_tree, message, entry, message_cmp)

static void
put_address(struct wbuf *w, const struct address *a)
{
	record_put_line(w, a->local);
	record_put_line(w, a->domain);
}

static void
get_address(struct rbuf *r, struct address *a)
{
	record_get_line(r, a->local, sizeof(a->local));
	record_get_line(r, a->domain, sizeof(a->domain));
}

void
envelope_put(struct wbuf *w, const struct envelope *e)
{
	wbuf_u64(w, (uint64_t)e->created);
	put_address(w, &e->sender);
	wbuf_u8(w, e->smtputf8);
	wbuf_u8(w, e->body8);
	wbuf_u8(w, e->ret);
	record_put_line(w, e->envid);
	wbuf_u32(w, e->nrcpts);
}

static void
envelope_get(struct rbuf *r, struct envelope *e)
{
	e->created = record_get_time(r);
	get_address(r, &e->sender);
	e->smtputf8 = rbuf_u8(r, 1);
	e->body8 = rbuf_u8(r, 1);
	e->ret = rbuf_u8(r, TX_RET_HDRS);
	record_get_line(r, e->envid, sizeof(e->envid));
	e->nrcpts = rbuf_u32(r);
	if (e->nrcpts == 0 || e->nrcpts > ENVELOPE_RCPTS_MAX)
		rbuf_fail(r);
}

void
envelope_put_rcpt(struct wbuf *w, const struct envelope_note *n)
{
	put_address(w, &n->rcpt);
	wbuf_u8(w, (uint8_t)n->route);
	wbuf_u8(w, n->notify);
	record_put_line(w, n->directory);
	record_put_line(w, n->via);
	record_put_line(w, n->url);
	record_put_line(w, n->orcpt);
}

static void
envelope_get_rcpt(struct rbuf *r, struct envelope_note *n)
{
	get_address(r, &n->rcpt);
	n->route = (enum route_kind)rbuf_u8(r, ROUTE_COUNT - 1);
	n->notify = rbuf_u8(r, NOTIFY_ALL);
	record_get_line(r, n->directory, sizeof(n->directory));
	record_get_line(r, n->via, sizeof(n->via));
	record_get_line(r, n->url, sizeof(n->url));
	record_get_line(r, n->orcpt, sizeof(n->orcpt));
}

struct message *
message_new(uint64_t id, const void *body, size_t len)
{
	struct envelope_note	 note;
	struct envelope		 e;
	struct message		*m;
	struct rbuf		 r;
	size_t			 room;
	uint32_t		 i;

	rbuf_init(&r, body, len);
	envelope_get(&r, &e);
	if (r.bad || len > RECORD_BODY_MAX)
		return (NULL);
	/* one piece: the message, its recipients, the body */
	room = sizeof(*m) + e.nrcpts * sizeof(m->rcpts[0]);
	m = xcalloc(1, room + len);
	m->body = (uint8_t *)m + room;
	memcpy(m->body, body, len);
	m->bodylen = (uint32_t)len;
	m->id = id;
	m->created = e.created;
	m->nrcpts = m->nopen = e.nrcpts;
	for (i = 0; i < m->nrcpts && !r.bad; i++) {
		m->rcpts[i].at = (uint32_t)(len - rbuf_left(&r));
		envelope_get_rcpt(&r, &note);
	}
	if (rbuf_done(&r))
		return (m);
	message_free(m);
	return (NULL);
}

void
message_free(struct message *m)
{
	uint32_t	 i;

	if (m == NULL)
		return;
	for (i = 0; i < m->nrcpts; i++) {
		keyset_free(m->rcpts[i].had);
		free(m->rcpts[i].text);
	}
	free(m);
}

void
message_envelope(const struct message *m, struct envelope *e)
{
	struct rbuf	 r;

	rbuf_init(&r, m->body, m->bodylen);
	envelope_get(&r, e);
}

void
message_rcpt(const struct message *m, uint32_t i, struct envelope_note *n)
{
	struct rbuf	 r;

	n->id = m->id;
	rbuf_init(&r, m->body + m->rcpts[i].at, m->bodylen - m->rcpts[i].at);
	envelope_get_rcpt(&r, n);
}

void
message_set(struct message *m, uint32_t i, enum rcpt_state state,
    const char *text)
{
	struct rcpt	*rc = &m->rcpts[i];

	m->nopen -= rc->state == RCPT_WAIT;
	m->ntell -= rc->state != RCPT_WAIT && rc->state != RCPT_DONE;
	rc->state = (uint8_t)state;
	m->nopen += rc->state == RCPT_WAIT;
	m->ntell += rc->state != RCPT_WAIT && rc->state != RCPT_DONE;
	xstrset(&rc->text, text);
}
