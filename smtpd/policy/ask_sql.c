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
 * sql_query() and the query of scripts.
 */

#include <string.h>

#include "smtpd/msg/msg_sql.h"
#include "smtpd/policy/ask_sql.h"

enum ask
ask_sql_put(enum code_func func, const struct datum *args, struct wbuf *w)
{
	static struct sql_ask	 ask;
	const struct datum	*params = &args[2];
	uint32_t		 i, n = 1;

	if (datum_text(&args[0], ask.store, sizeof(ask.store)) == -1 ||
	    datum_text(&args[1], ask.text, sizeof(ask.text)) == -1)
		return (ASK_NOT);
	if (params->type == DATUM_ARRAY) {
		n = params->len;
		params = params->array;
	}
	if (n > SQL_PARAMS_MAX)
		return (ASK_NOT);
	for (i = 0; i < n; i++) {
		if (params[i].type == DATUM_STRING &&
		    params[i].len > SQL_VALUE_MAX)
			return (ASK_NOT);
		ask.params[i] = params[i];
	}
	ask.nparams = (uint16_t)n;
	ask.first = func == FUNC_SQL_ROW;
	ask.rows = ask.first ? 1 : SQL_ROWS_EXPR;
	ask.deadline = 0;
	msg_put_sql_ask(w, &ask);
	/* parameters may be more than a message holds */
	return (w->bad ? ASK_NOT : ASK_PUT);
}

/* The first columns of all rows, or all columns of the first. */
static void
sql_elements(struct sql_answer *ans, int rows, struct datum *out)
{
	struct datum	 d;
	uint32_t	 i, n = (uint32_t)ans->nrows * ans->ncolumns;

	for (i = 0; i < n && msg_get_sql_value(&ans->values, &d) == 0; i++)
		if (!rows)
			out[i] = d;
		else if (i % ans->ncolumns == 0)
			out[i / ans->ncolumns] = d;
}

static void
sql_value(struct sql_answer *ans, struct datum *d)
{
	static struct datum	 elements[SQL_ROWS_EXPR];
	int			 rows = ans->nrows > 1;

	if (ans->status == SQL_DONE) {
		*d = datum_integer(1);
		return;
	}
	if (ans->nrows == 0) {
		*d = datum_string("", 0);
		return;
	}
	sql_elements(ans, rows, elements);
	if (!rows && ans->ncolumns == 1) {
		*d = elements[0];
		return;
	}
	d->type = DATUM_ARRAY;
	d->len = rows ? ans->nrows : ans->ncolumns;
	d->array = elements;
}

static void
sql_row(struct sql_answer *ans, struct datum *d)
{
	static struct datum	 elements[1 + SQL_COLUMNS_MAX];

	elements[0] = datum_integer(ans->status == SQL_DONE ||
	    ans->nrows > 0);
	if (ans->nrows > 0)
		sql_elements(ans, 0, elements + 1);
	d->type = DATUM_ARRAY;
	d->len = 1 + (ans->nrows > 0 ? ans->ncolumns : 0);
	d->array = elements;
}

enum ask
ask_sql_get(enum code_func func, struct rbuf *r, struct datum *d)
{
	static struct sql_answer	 ans;

	if (msg_get_sql_answer(r, &ans) == -1)
		return (ASK_BAD);
	/* no more was asked for */
	if (ans.nrows > (func == FUNC_SQL_ROW ? 1 : SQL_ROWS_EXPR))
		return (ASK_BAD);
	if (ans.status == SQL_BROKEN)
		return (ASK_NOT);
	if (func == FUNC_SQL_ROW)
		sql_row(&ans, d);
	else
		sql_value(&ans, d);
	return (ASK_KNOWN);
}
