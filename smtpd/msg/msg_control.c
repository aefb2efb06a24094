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
 * Rows, lists and commands.
 */

#include <stdlib.h>
#include <string.h>

#include "smtpd/msg/msg_control.h"

enum {
	ROW_END,
	ROW_STRING,
	ROW_NUMBER
};

void
row_str(struct wbuf *w, const char *key, const char *value)
{
	wbuf_u8(w, ROW_STRING);
	wbuf_str(w, key);
	wbuf_str(w, value);
}

void
row_num(struct wbuf *w, const char *key, int64_t value)
{
	wbuf_u8(w, ROW_NUMBER);
	wbuf_str(w, key);
	wbuf_u64(w, (uint64_t)value);
}

void
row_end(struct wbuf *w)
{
	wbuf_u8(w, ROW_END);
}

int
row_next(struct rbuf *r, struct row_field *f)
{
	uint8_t	 kind;

	memset(f, 0, sizeof(*f));
	kind = rbuf_u8(r, ROW_NUMBER);
	if (r->bad)
		return (-1);
	if (kind == ROW_END)
		return (0);
	rbuf_str(r, f->key, sizeof(f->key));
	if (kind == ROW_NUMBER) {
		f->is_number = 1;
		f->number = (int64_t)rbuf_u64(r);
	} else
		f->value = rbuf_data(r, &f->len, ROW_VALUE_MAX);
	return (r->bad ? -1 : 1);
}

int
row_more(const struct rbuf *r)
{
	return (rbuf_left(r) != 0);
}

void
msg_put_list_ask(struct wbuf *w, const struct list_ask *m)
{
	wbuf_u8(w, (uint8_t)m->what);
	wbuf_u64(w, m->after);
	wbuf_u32(w, m->part);
	wbuf_u64(w, m->id);
	wbuf_str(w, m->from);
	wbuf_str(w, m->to);
	wbuf_u32(w, m->older);
}

int
msg_get_list_ask(struct rbuf *r, struct list_ask *m)
{
	m->what = (enum list_what)rbuf_u8(r, LIST_WHAT_COUNT - 1);
	m->after = rbuf_u64(r);
	m->part = rbuf_u32(r);
	m->id = rbuf_u64(r);
	rbuf_str(r, m->from, sizeof(m->from));
	rbuf_str(r, m->to, sizeof(m->to));
	m->older = rbuf_u32(r);
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_list_head(struct wbuf *w, const struct list_head *m)
{
	wbuf_u64(w, m->next);
	wbuf_u32(w, m->part);
	wbuf_u32(w, m->changed);
}

/* Rows follow: the body is not read to its end. */
int
msg_get_list_head(struct rbuf *r, struct list_head *m)
{
	m->next = rbuf_u64(r);
	m->part = rbuf_u32(r);
	m->changed = rbuf_u32(r);
	return (r->bad ? -1 : 0);
}

void
msg_put_command(struct wbuf *w, const struct command_ask *m)
{
	size_t	 i;

	wbuf_u32(w, m->version);
	wbuf_u8(w, (uint8_t)m->n);
	for (i = 0; i < m->n; i++)
		wbuf_str(w, m->args[i]);
}

int
msg_get_command(struct rbuf *r, struct command_ask *m)
{
	size_t	 i, n;

	memset(m, 0, sizeof(*m));
	m->version = rbuf_u32(r);
	n = rbuf_u8(r, COMMAND_ARGS_MAX);
	for (i = 0; i < n && !r->bad; i++)
		if ((m->args[i] = rbuf_strdup(r, COMMAND_ARG_MAX)) != NULL)
			m->n++;
	if (rbuf_done(r))
		return (0);
	command_free(m);
	return (-1);
}

void
command_free(struct command_ask *m)
{
	size_t	 i;

	for (i = 0; i < m->n; i++)
		free(m->args[i]);
	m->n = 0;
}

void
msg_put_end(struct wbuf *w, const struct end_answer *m)
{
	wbuf_u8(w, (uint8_t)m->status);
	wbuf_str(w, m->text);
}

int
msg_get_end(struct rbuf *r, struct end_answer *m)
{
	m->status = rbuf_u8(r, 127);
	rbuf_str(r, m->text, sizeof(m->text));
	return (rbuf_done(r) ? 0 : -1);
}
