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
 * Encoding of questions to the directory.
 */

#include "smtpd/base/wire.h"
#include "smtpd/msg/msg_part.h"
#include "smtpd/msg/msg_resolve.h"
#include "smtpd/msg/trace.h"

const char *
resolve_status_name(enum resolve_status status)
{
	static const char *const	 names[RESOLVE_STATUS_COUNT] = {
		[RESOLVE_FOUND]		= "found",
		[RESOLVE_DISCARD]	= "to be dropped",
		[RESOLVE_RELAY]		= "for another server",
		[RESOLVE_NONE]		= "no such address",
		[RESOLVE_NOT_LOCAL]	= "not local",
		[RESOLVE_DISABLED]	= "disabled",
		[RESOLVE_DEFERRED]	= "deferred",
		[RESOLVE_QUOTA]		= "full",
		[RESOLVE_SENDERS]	= "not for this sender",
		[RESOLVE_TEMPFAIL]	= "cannot be known",
	};

	return (names[status]);
}

static void
put_resolve(struct wbuf *w, const struct resolve_ask *m)
{
	wbuf_u8(w, m->flags);
	wbuf_str(w, m->directory);
	msg_put_address(w, &m->rcpt);
	wbuf_u8(w, (uint8_t)m->sub);
	wbuf_str(w, m->sub_given);
	wbuf_str(w, m->delims);
	wbuf_u8(w, (uint8_t)m->catchall);
	wbuf_str(w, m->catchall_given);
	msg_put_address(w, &m->sender);
	wbuf_str(w, m->login);
}

static void
get_resolve(struct rbuf *r, struct resolve_ask *m)
{
	m->flags = rbuf_u8(r, RESOLVE_STEPS | RESOLVE_DRY |
	    RESOLVE_FRESH);
	rbuf_str(r, m->directory, sizeof(m->directory));
	msg_get_address(r, &m->rcpt);
	m->sub = (enum candidate)rbuf_u8(r, CANDIDATE_COUNT - 1);
	rbuf_str(r, m->sub_given, sizeof(m->sub_given));
	rbuf_str(r, m->delims, sizeof(m->delims));
	m->catchall = (enum candidate)rbuf_u8(r, CANDIDATE_COUNT - 1);
	rbuf_str(r, m->catchall_given, sizeof(m->catchall_given));
	msg_get_address(r, &m->sender);
	rbuf_str(r, m->login, sizeof(m->login));
}

void
msg_put_resolve_ask(struct wbuf *w, const struct resolve_ask *m)
{
	put_resolve(w, m);
}

int
msg_get_resolve_ask(struct rbuf *r, struct resolve_ask *m)
{
	get_resolve(r, m);
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_resolve_answer(struct wbuf *w, const struct resolve_answer *m)
{
	wbuf_u8(w, (uint8_t)m->status);
	wbuf_u8(w, (uint8_t)m->kind);
	wbuf_str(w, m->via);
	wbuf_str(w, m->primary);
	wbuf_str(w, m->account);
	wbuf_str(w, m->url);
	wbuf_str(w, m->text);
	wbuf_u32(w, m->generation);
	wbuf_data(w, m->steps, m->nsteps);
}

int
msg_get_resolve_answer(struct rbuf *r, struct resolve_answer *m)
{
	m->status = (enum resolve_status)rbuf_u8(r, RESOLVE_STATUS_COUNT - 1);
	m->kind = (enum resolve_kind)rbuf_u8(r, RESOLVE_KIND_COUNT - 1);
	rbuf_str(r, m->via, sizeof(m->via));
	rbuf_str(r, m->primary, sizeof(m->primary));
	rbuf_str(r, m->account, sizeof(m->account));
	rbuf_str(r, m->url, sizeof(m->url));
	rbuf_str(r, m->text, sizeof(m->text));
	m->generation = rbuf_u32(r);
	m->steps = rbuf_data(r, &m->nsteps, WIRE_MAX);
	return (rbuf_done(r) && trace_rows(NULL, m->steps, m->nsteps) == 0 ?
	    0 : -1);
}

void
msg_put_names_ask(struct wbuf *w, const struct names_ask *m)
{
	wbuf_u8(w, m->expand);
	wbuf_u16(w, m->max);
	put_resolve(w, &m->ask);
}

int
msg_get_names_ask(struct rbuf *r, struct names_ask *m)
{
	m->expand = rbuf_u8(r, 1);
	m->max = rbuf_u16(r);
	if (m->max > SESSION_NAMES_MAX)
		rbuf_fail(r);
	get_resolve(r, &m->ask);
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_names_answer(struct wbuf *w, const struct names_answer *m)
{
	unsigned int	 i;

	wbuf_u8(w, (uint8_t)m->status);
	wbuf_u8(w, m->more);
	wbuf_u16(w, m->n);
	for (i = 0; i < m->n; i++)
		wbuf_str(w, m->names[i]);
}

int
msg_get_names_answer(struct rbuf *r, struct names_answer *m)
{
	unsigned int	 i;

	m->status = (enum resolve_status)rbuf_u8(r, RESOLVE_STATUS_COUNT - 1);
	m->more = rbuf_u8(r, 1);
	m->n = rbuf_u16(r);
	if (m->n > SESSION_NAMES_MAX)
		rbuf_fail(r);
	for (i = 0; i < m->n && !r->bad; i++)
		rbuf_str(r, m->names[i], sizeof(m->names[i]));
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_expand_ask(struct wbuf *w, const struct expand_ask *m)
{
	wbuf_str(w, m->directory);
	msg_put_address(w, &m->rcpt);
	wbuf_str(w, m->via);
	wbuf_u32(w, m->skip);
	wbuf_u8(w, m->count_use);
	wbuf_u64(w, m->message);
}

int
msg_get_expand_ask(struct rbuf *r, struct expand_ask *m)
{
	rbuf_str(r, m->directory, sizeof(m->directory));
	msg_get_address(r, &m->rcpt);
	rbuf_str(r, m->via, sizeof(m->via));
	m->skip = rbuf_u32(r);
	m->count_use = rbuf_u8(r, 1);
	m->message = rbuf_u64(r);
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_expand_answer(struct wbuf *w, const struct expand_answer *m)
{
	const struct expand_item	*it;
	unsigned int			 i;

	wbuf_u8(w, (uint8_t)m->status);
	wbuf_str(w, m->text);
	wbuf_str(w, m->owner);
	wbuf_u32(w, m->total);
	wbuf_u16(w, m->n);
	for (i = 0; i < m->n; i++) {
		it = &m->items[i];
		wbuf_u8(w, (uint8_t)it->kind);
		wbuf_str(w, it->account);
		wbuf_str(w, it->address);
		wbuf_str(w, it->url);
		wbuf_u64(w, it->quota);
	}
}

int
msg_get_expand_answer(struct rbuf *r, struct expand_answer *m)
{
	struct expand_item	*it;
	unsigned int		 i;

	m->status = (enum resolve_status)rbuf_u8(r, RESOLVE_STATUS_COUNT - 1);
	rbuf_str(r, m->text, sizeof(m->text));
	msg_get_line(r, m->owner, sizeof(m->owner));
	m->total = rbuf_u32(r);
	m->n = rbuf_u16(r);
	if (m->n > RESOLVE_ITEMS_MAX)
		rbuf_fail(r);
	for (i = 0; i < m->n && !r->bad; i++) {
		it = &m->items[i];
		it->kind = (enum expand_kind)rbuf_u8(r,
		    EXPAND_KIND_COUNT - 1);
		msg_get_line(r, it->account, sizeof(it->account));
		msg_get_line(r, it->address, sizeof(it->address));
		rbuf_str(r, it->url, sizeof(it->url));
		it->quota = rbuf_u64(r);
	}
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_usage(struct wbuf *w, const struct usage_note *m)
{
	wbuf_str(w, m->directory);
	wbuf_str(w, m->account);
	wbuf_u64(w, m->octets);
}

int
msg_get_usage(struct rbuf *r, struct usage_note *m)
{
	rbuf_str(r, m->directory, sizeof(m->directory));
	rbuf_str(r, m->account, sizeof(m->account));
	m->octets = rbuf_u64(r);
	return (rbuf_done(r) ? 0 : -1);
}
