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
 * Room-private: questions to SQL stores, and what their answers are worth.
 *
 * Both functions take the name of a store ("" the default), the text of a
 * statement, and its parameters: an array, or anything else as the one.
 *
 * FUNC_SQL_QUERY, sql_query() of expressions, gives
 *	no row			""
 *	one row, one column	its value
 *	one row, more columns	an array of them
 *	more rows		an array of their first columns
 *	a statement without rows	1
 *
 * FUNC_SQL_ROW, for scripts, gives an array.  Its first element is the
 * truth: 1 when there was a row, or when the statement is one that gives
 * none; else 0.  Behind it stand the columns of the first row.  Rows after
 * that are not looked at.
 *
 * NULL is "".  A store that cannot be asked, a statement that it refuses,
 * too much of an answer: it could not be found out.
 */

#ifndef ASK_SQL_H
#define ASK_SQL_H

#include "smtpd/policy/ask.h"

/* MSG_POLICY_QUERY_ASK: PUT, or NOT for what no store could be asked. */
enum ask ask_sql_put(enum code_func, const struct datum *args,
	    struct wbuf *);

/* MSG_LOOKUP_QUERY_ANSWER: as ask_get; d lasts until the next call. */
enum ask ask_sql_get(enum code_func, struct rbuf *, struct datum *d);

#endif
