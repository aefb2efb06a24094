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
 * Encoding of questions to SQL stores.
 */

#include "smtpd/base/wire.h"
#include "smtpd/code/datum_wire.h"
#include "smtpd/msg/msg_sql.h"

void
msg_put_sql_value(struct wbuf *w, const struct datum *d)
{
	if (d->type == DATUM_ARRAY)
		w->bad = 1;
	else
		datum_put(w, d);
}

int
msg_get_sql_value(struct rbuf *r, struct datum *d)
{
	datum_get(r, d, NULL, 0);
	if (d->type == DATUM_ARRAY || (d->type == DATUM_STRING &&
	    d->len > SQL_VALUE_MAX))
		rbuf_fail(r);
	if (r->bad)
		*d = datum_string("", 0);
	return (r->bad ? -1 : 0);
}

void
msg_put_sql_ask(struct wbuf *w, const struct sql_ask *m)
{
	uint16_t	 i;

	wbuf_str(w, m->store);
	wbuf_str(w, m->text);
	wbuf_u64(w, m->deadline);
	wbuf_u16(w, m->rows);
	wbuf_u8(w, m->first);
	wbuf_u16(w, m->nparams);
	for (i = 0; i < m->nparams; i++)
		msg_put_sql_value(w, &m->params[i]);
}

int
msg_get_sql_ask(struct rbuf *r, struct sql_ask *m)
{
	uint16_t	 i;

	rbuf_str(r, m->store, sizeof(m->store));
	rbuf_str(r, m->text, sizeof(m->text));
	m->deadline = rbuf_u64(r);
	m->rows = rbuf_u16(r);
	m->first = rbuf_u8(r, 1);
	m->nparams = rbuf_u16(r);
	if (m->rows == 0 || m->rows > SQL_ROWS_MAX ||
	    m->nparams > SQL_PARAMS_MAX)
		rbuf_fail(r);
	for (i = 0; !r->bad && i < m->nparams; i++)
		(void)msg_get_sql_value(r, &m->params[i]);
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_sql_head(struct wbuf *w, enum sql_status status, uint16_t ncolumns,
    uint16_t nrows, char names[][SQL_NAME_MAX + 1])
{
	uint16_t	 i;

	wbuf_u8(w, (uint8_t)status);
	wbuf_u16(w, ncolumns);
	wbuf_u16(w, nrows);
	for (i = 0; i < ncolumns; i++)
		wbuf_str(w, names[i]);
}

int
msg_get_sql_answer(struct rbuf *r, struct sql_answer *m)
{
	struct datum	 d;
	uint32_t	 i, n;

	m->status = (enum sql_status)rbuf_u8(r, SQL_STATUS_COUNT - 1);
	m->ncolumns = rbuf_u16(r);
	m->nrows = rbuf_u16(r);
	if (m->ncolumns > SQL_COLUMNS_MAX || m->nrows > SQL_ROWS_MAX ||
	    (m->status != SQL_ROWS && (m->ncolumns | m->nrows) != 0) ||
	    (m->status == SQL_ROWS && m->ncolumns == 0))
		rbuf_fail(r);
	for (i = 0; !r->bad && i < m->ncolumns; i++)
		rbuf_str(r, m->names[i], sizeof(m->names[0]));
	m->values = *r;
	n = (uint32_t)m->ncolumns * m->nrows;
	for (i = 0; !r->bad && i < n; i++)
		(void)msg_get_sql_value(r, &d);
	return (rbuf_done(r) ? 0 : -1);
}
