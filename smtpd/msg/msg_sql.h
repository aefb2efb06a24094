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
 * Questions to SQL stores, by way of lookup.
 *
 * Policy asks lookup, MSG_POLICY_QUERY_ASK, with the name of a store; lookup
 * asks the process of that store, MSG_LOOKUP_SQL_ASK, where store is "".
 * The answers, MSG_LOOKUP_QUERY_ANSWER and MSG_SQL_ROWS_ANSWER, have one
 * form.  Text of a statement is the administrator's; what strangers say is
 * in its parameters, which are bound.
 */

#ifndef MSG_SQL_H
#define MSG_SQL_H

#include <stddef.h>
#include <stdint.h>

#include "smtpd/base/wire.h"
#include "smtpd/code/datum.h"

#define SQL_STORE_MAX		63	/* octets of a store's name */
#define SQL_TEXT_MAX		4096	/* of a statement */
#define SQL_PARAMS_MAX		32
#define SQL_VALUE_MAX		65536	/* octets of a parameter or value */
#define SQL_COLUMNS_MAX		32
#define SQL_NAME_MAX		63	/* octets of a column's name; cut */
#define SQL_ROWS_MAX		10000
#define SQL_OCTETS_MAX		(192 * 1024)	/* of all values */

/* What an expression may get. */
#define SQL_ROWS_EXPR		1000

struct sql_ask {
	char		 store[SQL_STORE_MAX + 1];	/* "": the default */
	char		 text[SQL_TEXT_MAX + 1];
	uint64_t	 deadline;	/* clock_mono; 0 is lookup's to say */
	uint16_t	 rows;		/* more than so many are a failure, */
	uint8_t		 first;		/* or are not looked at */
	uint16_t	 nparams;
	/* no arrays; strings point into the body */
	struct datum	 params[SQL_PARAMS_MAX];
};

enum sql_status {
	SQL_BROKEN,		/* it could not be found out; logged */
	SQL_DONE,		/* a statement that gives no rows: it ran */
	SQL_ROWS,		/* one that does, maybe none */
	SQL_STATUS_COUNT
};

/*
 * The values of all rows follow each other in values: see
 * msg_get_sql_value.  NULL is the empty string.
 */
struct sql_answer {
	enum sql_status	 status;
	uint16_t	 ncolumns, nrows;
	char		 names[SQL_COLUMNS_MAX][SQL_NAME_MAX + 1];
	struct rbuf	 values;	/* into the body */
};

void	 msg_put_sql_ask(struct wbuf *, const struct sql_ask *);
int	 msg_get_sql_ask(struct rbuf *, struct sql_ask *);

/* The head, without values: nrows * ncolumns of them must follow. */
void	 msg_put_sql_head(struct wbuf *, enum sql_status, uint16_t ncolumns,
	    uint16_t nrows, char names[][SQL_NAME_MAX + 1]);
void	 msg_put_sql_value(struct wbuf *, const struct datum *);

/* Every value has been looked at when this returns 0. */
int	 msg_get_sql_answer(struct rbuf *, struct sql_answer *);

/* The next one of values; those of an answer do not fail. */
int	 msg_get_sql_value(struct rbuf *, struct datum *);

#endif
