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
 * Room-private: one connection to a PostgreSQL server.
 */

#ifndef SQL_CONN_H
#define SQL_CONN_H

struct sql_conf;
struct sql_conn;
struct sql_job;

/* What sql_server.c hears of a connection. */
struct sql_conn_hooks {
	void	(*idle)(struct sql_conn *, int first);	/* it may have a job */
	void	(*gone)(struct sql_conn *, int was_up);	/* it is freed */
};

/* Once, before any. */
void	 sql_conn_init(const struct sql_conf *, const char *user,
	    const struct sql_conn_hooks *);

/* Begin to connect; idle or gone will be called, not before it returns. */
struct sql_conn *sql_conn_new(void);

/* Run it; idle or gone follows its answer.  The connection must be idle. */
void	 sql_conn_run(struct sql_conn *, struct sql_job *);

#endif
