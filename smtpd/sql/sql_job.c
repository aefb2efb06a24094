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
 * Questions and their answers, within their bounds.
 */

#include <bsd/string.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/xmem.h"
#include "smtpd/msg/msg.h"
#include "smtpd/sql/sql_job.h"

#define COMPLAIN_MAX	10		/* lines in each */
#define COMPLAIN_MS	60000
#define COMPLAIN_TEXT	200		/* octets of a statement or reason */

static const char	*store = "";
static uint64_t		 answers, failures;

uint64_t
sql_job_count(void)
{
	return (answers);
}

uint64_t
sql_job_failures(void)
{
	return (failures);
}

void
sql_complain_name(const char *name)
{
	store = name;
}

void
sql_complain(const char *what, const char *why)
{
	static uint64_t		 since;
	static unsigned int	 said;
	uint64_t		 now = clock_mono();
	char			 q1[COMPLAIN_TEXT], q2[COMPLAIN_TEXT];

	if (since == 0 || now - since >= COMPLAIN_MS) {
		since = now;
		said = 0;
	}
	if (said++ >= COMPLAIN_MAX)
		return;
	log_warnx("store %s: %s: %s", store,
	    log_quote(what, strlen(what), q1, sizeof(q1)),
	    log_quote(why, strcspn(why, "\n"), q2, sizeof(q2)));
}

struct sql_job *
sql_job_new(struct proc_msg *m)
{
	struct sql_job	*j;
	struct rbuf	 r;
	size_t		 len = rbuf_left(&m->body);

	j = xcalloc(1, sizeof(*j));
	j->body = xcalloc(1, len + 1);
	memcpy(j->body, m->body.p, len);
	rbuf_skip(&m->body);
	rbuf_init(&r, j->body, len);
	j->question = m->id;
	if (msg_get_sql_ask(&r, &j->ask) == -1) {
		free(j->body);
		free(j);
		return (NULL);
	}
	wbuf_init(&j->values);
	return (j);
}

static void
job_answer(struct sql_job *j, enum sql_status status)
{
	struct wbuf	 w;
	int		 rows = status == SQL_ROWS;

	wbuf_init(&w);
	msg_put_sql_head(&w, status, rows ? j->ncolumns : 0,
	    rows ? j->nrows : 0, j->names);
	if (rows)
		wbuf_raw(&w, j->values.data, j->values.len);
	/* lookup may be gone: then nobody waits */
	(void)proc_send(PROC_LOOKUP, 0, MSG_SQL_ROWS_ANSWER, j->question, -1,
	    &w);
	answers++;
	wbuf_free(&j->values);
	free(j->body);
	free(j);
}

void
sql_job_rows(struct sql_job *j)
{
	job_answer(j, SQL_ROWS);
}

void
sql_job_done(struct sql_job *j)
{
	job_answer(j, SQL_DONE);
}

void
sql_job_broken(struct sql_job *j, const char *why)
{
	failures++;
	sql_complain(j->ask.text, why);
	job_answer(j, SQL_BROKEN);
}

int
sql_job_is_late(const struct sql_job *j)
{
	return (clock_mono() >= j->ask.deadline);
}

const char *
sql_job_columns(struct sql_job *j, int n)
{
	if (n > SQL_COLUMNS_MAX)
		return ("too many columns");
	j->ncolumns = (uint16_t)n;
	return (NULL);
}

void
sql_job_name(struct sql_job *j, int column, const char *name)
{
	(void)strlcpy(j->names[column], name == NULL ? "" : name,
	    sizeof(j->names[0]));
}

int
sql_job_is_full(const struct sql_job *j)
{
	return (j->ask.first && j->nrows == j->ask.rows);
}

const char *
sql_job_row(struct sql_job *j)
{
	if (j->nrows == j->ask.rows)
		return ("too many rows: should it not have a LIMIT?");
	j->nrows++;
	return (NULL);
}

const char *
sql_job_value(struct sql_job *j, const struct datum *d)
{
	size_t	 len = d->type == DATUM_STRING ? d->len : 0;

	if (len > SQL_VALUE_MAX)
		return ("a value is too long");
	msg_put_sql_value(&j->values, d);
	if (j->values.bad || j->values.len > SQL_OCTETS_MAX)
		return ("the rows are too long");
	return (NULL);
}
