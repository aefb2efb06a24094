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
 * Values between PostgreSQL and us, in text.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/xmem.h"
#include "smtpd/sql/sql_value.h"

/* Types that are more than text: pg_type.dat. */
#define TYPE_BOOL	16
#define TYPE_BYTEA	17
#define TYPE_INT8	20
#define TYPE_INT2	21
#define TYPE_INT4	23
#define TYPE_OID	26
#define TYPE_FLOAT4	700
#define TYPE_FLOAT8	701

char *
sql_value_text(const struct datum *d)
{
	char	 buf[DATUM_TEXT_SIZE];

	if (d->type == DATUM_STRING)
		return (xstrndup(d->string, d->len));
	return (xstrdup(datum_format(d, buf)));
}

int
sql_value_check(const struct sql_ask *ask)
{
	const struct datum	*d = ask->params;
	unsigned int		 i;

	for (i = 0; i < ask->nparams; i++, d++)
		if (d->type == DATUM_STRING && d->len > 0 &&
		    memchr(d->string, '\0', d->len) != NULL)
			return (-1);
	return (0);
}

static struct datum
value_integer(const char *text, size_t len)
{
	long long	 n;
	char		*end;

	errno = 0;
	n = strtoll(text, &end, 10);
	if (errno != 0 || *end != '\0')
		return (datum_string(text, len));
	return (datum_integer(n));
}

static const char *
value_octets(struct sql_job *j, const char *text)
{
	unsigned char	*octets;
	struct datum	 d;
	const char	*why;
	size_t		 len;

	octets = PQunescapeBytea((const unsigned char *)text, &len);
	if (octets == NULL)
		return ("out of memory");
	d = datum_string((const char *)octets, len);
	why = sql_job_value(j, &d);
	PQfreemem(octets);
	return (why);
}

const char *
sql_value_result(struct sql_job *j, const PGresult *res, int column)
{
	const char	*text = PQgetvalue(res, 0, column);
	size_t		 len = (size_t)PQgetlength(res, 0, column);
	struct datum	 d = datum_string(text, len);

	if (PQgetisnull(res, 0, column))
		d = datum_string("", 0);
	else
		switch (PQftype(res, column)) {
		case TYPE_BOOL:
			d = datum_integer(text[0] == 't');
			break;
		case TYPE_INT8:
		case TYPE_INT2:
		case TYPE_INT4:
		case TYPE_OID:
			d = value_integer(text, len);
			break;
		case TYPE_FLOAT4:
		case TYPE_FLOAT8:
			d = datum_float(strtod(text, NULL));
			break;
		case TYPE_BYTEA:
			return (value_octets(j, text));
		default:
			break;
		}
	return (sql_job_value(j, &d));
}
