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
 * Room-private: values of PostgreSQL.
 */

#ifndef SQL_VALUE_H
#define SQL_VALUE_H

#include <libpq-fe.h>

#include "smtpd/sql/sql_job.h"

/* A parameter as text, to be freed. */
char	*sql_value_text(const struct datum *);

/* Can all of them be sent?  0 or -1. */
int	 sql_value_check(const struct sql_ask *);

/* A value of the first row of res, added to the job; as sql_job_value. */
const char *sql_value_result(struct sql_job *, const PGresult *res,
	    int column);

#endif
