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
 * Room-private: a question that waits for its answer, and rows that become
 * one.
 */

#ifndef SQL_JOB_H
#define SQL_JOB_H

#include <bsd/sys/queue.h>
#include <stdint.h>

#include "smtpd/base/proc.h"
#include "smtpd/msg/msg_sql.h"

struct sql_job {
	TAILQ_ENTRY(sql_job) entry;
	uint64_t	 question;	/* number of the ASK */
	struct sql_ask	 ask;
	void		*body;		/* what its parameters point into */
	/* what has been found so far */
	struct wbuf	 values;
	uint16_t	 ncolumns, nrows;
	char		 names[SQL_COLUMNS_MAX][SQL_NAME_MAX + 1];
};

TAILQ_HEAD(sql_jobs, sql_job);

/* NULL when the body is malformed. */
struct sql_job *sql_job_new(struct proc_msg *);

/* Answer, and free it.  BROKEN needs a reason, which is logged, bounded. */
void	 sql_job_rows(struct sql_job *);	/* what has been found */
void	 sql_job_done(struct sql_job *);
void	 sql_job_broken(struct sql_job *, const char *why);

/* Nobody waits for it any more, or nobody would when it is done. */
int	 sql_job_is_late(const struct sql_job *);

/*
 * The columns of the answer, then rows, value by value.  They return NULL,
 * or what is wrong: the answer would be too large.
 */
const char *sql_job_columns(struct sql_job *, int n);
void	 sql_job_name(struct sql_job *, int column, const char *);
int	 sql_job_is_full(const struct sql_job *); /* as many as were wanted */
const char *sql_job_row(struct sql_job *);	/* begins one */
const char *sql_job_value(struct sql_job *, const struct datum *);

/* All answers so far; failures among them. */
uint64_t sql_job_count(void);
uint64_t sql_job_failures(void);

/* Say what is wrong with the store: a few lines a minute. */
void	 sql_complain(const char *what, const char *why);
void	 sql_complain_name(const char *store);	/* who says it */

#endif
