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
 * A connection: made, prepared, asked, and dropped when it goes wrong.
 */

#include <event.h>
#include <libpq-fe.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/xmem.h"
#include "smtpd/msg/msg_conf.h"
#include "smtpd/sql/sql_conn.h"
#include "smtpd/sql/sql_job.h"
#include "smtpd/sql/sql_place.h"
#include "smtpd/sql/sql_value.h"

#define CONN_KEPT	64		/* statements that stay prepared */
#define CONN_GRACE	500		/* ms behind the server's own limit */
#define CONN_CONNECT	5000		/* ms until it must be there */
#define CONN_REST	10000		/* rows that are not looked at */

enum conn_state {
	CONN_CONNECTS,
	CONN_SETS,		/* the time of its statements */
	CONN_IDLE,
	CONN_PREPARES,
	CONN_RUNS
};

struct sql_conn {
	PGconn		*pg;
	enum conn_state	 state;
	struct event	 ev, timer;
	int		 was_up;
	struct sql_job	*job;
	char		*kept[CONN_KEPT];	/* "s0" and so on */
	unsigned int	 nkept;
	unsigned int	 rest;
	int		 described;	/* the columns are known */
	char		 why[256];	/* it has failed, or "" */
};

static const struct sql_conf		*conf;
static const char			*user;
static const struct sql_conn_hooks	*hooks;

static void	 conn_event(int, short, void *);

void
sql_conn_init(const struct sql_conf *c, const char *name,
    const struct sql_conn_hooks *h)
{
	static char	 buf[64];

	conf = c;
	(void)snprintf(buf, sizeof(buf), "%s", name);
	user = buf;
	hooks = h;
}

/* It is of no use any more; its job, if any, is broken. */
static void
conn_drop(struct sql_conn *c, const char *why)
{
	struct sql_job	*j = c->job;
	int		 was_up = c->was_up;
	unsigned int	 i;

	c->job = NULL;
	if (event_initialized(&c->ev))
		(void)event_del(&c->ev);
	evtimer_del(&c->timer);
	if (j != NULL)
		sql_job_broken(j, why);
	else
		sql_complain(was_up ? "connection" : "connect", why);
	PQfinish(c->pg);
	for (i = 0; i < c->nkept; i++)
		free(c->kept[i]);
	hooks->gone(c, was_up);
	free(c);
}

static void
conn_lost(struct sql_conn *c)
{
	char	 why[256];

	(void)snprintf(why, sizeof(why), "%s", PQerrorMessage(c->pg));
	conn_drop(c, why[0] == '\0' ? "connection lost" : why);
}

static void
conn_late(int fd, short what, void *arg)
{
	struct sql_conn	*c = arg;

	conn_drop(c, c->state <= CONN_SETS ? "the server does not answer" :
	    "it took too long");
}

static void
conn_wait(struct sql_conn *c, short what)
{
	if (event_initialized(&c->ev))
		(void)event_del(&c->ev);
	/* libpq may try another socket */
	event_set(&c->ev, PQsocket(c->pg), what, conn_event, c);
	if (PQsocket(c->pg) == -1 || event_add(&c->ev, NULL) == -1)
		fatalx("sql: event_add");
}

static void
conn_timer(struct sql_conn *c, unsigned int ms)
{
	struct timeval	 tv = clock_tv(ms);

	evtimer_add(&c->timer, &tv);
}

/* What was sent goes out; then the answer comes. */
static void
conn_flush(struct sql_conn *c)
{
	int	 more = PQflush(c->pg);

	if (more == -1)
		conn_lost(c);
	else
		conn_wait(c, more ? EV_READ | EV_WRITE : EV_READ);
}

static void
conn_idle(struct sql_conn *c)
{
	int	 first = !c->was_up;

	c->state = CONN_IDLE;
	evtimer_del(&c->timer);
	c->was_up = 1;
	conn_wait(c, EV_READ);
	hooks->idle(c, first);
}

static void
conn_connect(struct sql_conn *c)
{
	char	 text[64];

	switch (PQconnectPoll(c->pg)) {
	case PGRES_POLLING_READING:
		conn_wait(c, EV_READ);
		return;
	case PGRES_POLLING_WRITING:
		conn_wait(c, EV_WRITE);
		return;
	case PGRES_POLLING_OK:
		break;
	default:
		conn_lost(c);
		return;
	}
	(void)snprintf(text, sizeof(text), "SET statement_timeout = %u",
	    conf->timeout);
	c->state = CONN_SETS;
	if (PQsetnonblocking(c->pg, 1) == -1 || !PQsendQuery(c->pg, text))
		conn_lost(c);
	else
		conn_flush(c);
}

struct sql_conn *
sql_conn_new(void)
{
	const char *const	 keys[] = { "user", "gssencmode", "passfile",
	    "client_encoding", "fallback_application_name", "dbname", NULL };
	const char *const	 values[] = { user, "disable", "/nonexistent",
	    "UTF8", "smtpd", conf->url, NULL };
	struct sql_conn		*c;
	PGconn			*pg;

	pg = PQconnectStartParams(keys, values, 1);
	if (pg == NULL || PQstatus(pg) == CONNECTION_BAD) {
		sql_complain("connect", pg == NULL ? "out of memory" :
		    PQerrorMessage(pg));
		PQfinish(pg);
		return (NULL);
	}
	c = xcalloc(1, sizeof(*c));
	c->pg = pg;
	evtimer_set(&c->timer, conn_late, c);
	conn_timer(c, CONN_CONNECT);
	conn_wait(c, EV_WRITE);
	return (c);
}

/* The bound parameters, in text; the server finds out what they are. */
static int
conn_send(struct sql_conn *c, int number, const char *text)
{
	const char	*values[SQL_PARAMS_MAX];
	char		*texts[SQL_PARAMS_MAX], name[16];
	int		 i, ok, n = c->job->ask.nparams;

	for (i = 0; i < n; i++)
		values[i] = texts[i] = sql_value_text(&c->job->ask.params[i]);
	(void)snprintf(name, sizeof(name), "s%d", number);
	ok = number >= 0 ? PQsendQueryPrepared(c->pg, name, n, values, NULL,
	    NULL, 0) : PQsendQueryParams(c->pg, text, n, NULL, values, NULL,
	    NULL, 0);
	for (i = 0; i < n; i++)
		free(texts[i]);
	c->state = CONN_RUNS;
	return (ok && PQsetSingleRowMode(c->pg) ? 0 : -1);
}

static int
kept_find(const struct sql_conn *c, const char *text)
{
	unsigned int	 i;

	for (i = 0; i < c->nkept; i++)
		if (strcmp(c->kept[i], text) == 0)
			return ((int)i);
	return (-1);
}

void
sql_conn_run(struct sql_conn *c, struct sql_job *j)
{
	char	 text[2 * SQL_TEXT_MAX], name[16];
	int	 i, ok;

	c->job = j;
	c->rest = 0;
	c->described = 0;
	c->why[0] = '\0';
	conn_timer(c, conf->timeout + CONN_GRACE);
	i = kept_find(c, j->ask.text);
	if (sql_place(j->ask.text, text, sizeof(text)) == -1 ||
	    sql_value_check(&j->ask) == -1) {
		c->job = NULL;
		sql_job_broken(j, "a NUL in a parameter, or too many of them");
		conn_idle(c);
		return;
	}
	if (i != -1 || c->nkept == CONN_KEPT)
		ok = conn_send(c, i, text) == 0;
	else {
		(void)snprintf(name, sizeof(name), "s%u", c->nkept);
		c->state = CONN_PREPARES;
		ok = PQsendPrepare(c->pg, name, text, 0, NULL);
	}
	if (ok)
		conn_flush(c);
	else
		conn_lost(c);
}

/* The rows of one result; what is wrong goes to why. */
static void
conn_rows(struct sql_conn *c, PGresult *res)
{
	struct sql_job	*j = c->job;
	const char	*why = NULL;
	int		 i;

	if (!c->described) {
		c->described = 1;
		why = PQnfields(res) == 0 ? "rows without a column" :
		    sql_job_columns(j, PQnfields(res));
		for (i = 0; why == NULL && i < j->ncolumns; i++)
			sql_job_name(j, i, PQfname(res, i));
	}
	if (why == NULL && PQntuples(res) > 0) {
		if (sql_job_is_full(j)) {
			c->rest++;
			return;
		}
		why = sql_job_row(j);
		for (i = 0; why == NULL && i < j->ncolumns; i++)
			why = sql_value_result(j, res, i);
	}
	if (why != NULL)
		(void)snprintf(c->why, sizeof(c->why), "%s", why);
}

static void
conn_result(struct sql_conn *c, PGresult *res)
{
	switch (PQresultStatus(res)) {
	case PGRES_COMMAND_OK:
		break;
	case PGRES_SINGLE_TUPLE:
	case PGRES_TUPLES_OK:
		if (c->state == CONN_RUNS && c->why[0] == '\0')
			conn_rows(c, res);
		break;
	case PGRES_FATAL_ERROR:
		(void)snprintf(c->why, sizeof(c->why), "%s",
		    PQresultErrorMessage(res));
		break;
	default:
		(void)snprintf(c->why, sizeof(c->why), "%s: not possible "
		    "here", PQresStatus(PQresultStatus(res)));
		c->rest = CONN_REST;
		break;
	}
}

/* Does it fit no more to what was prepared? */
static int
conn_is_stale(const struct sql_conn *c)
{
	return (strstr(c->why, "cached plan") != NULL ||
	    strstr(c->why, "prepared statement") != NULL);
}

/* All results of what was sent have come. */
static void
conn_end(struct sql_conn *c)
{
	struct sql_job	*j = c->job;

	if (c->state == CONN_SETS) {
		conn_idle(c);
		return;
	}
	if (PQtransactionStatus(c->pg) != PQTRANS_IDLE) {
		conn_drop(c, "a transaction cannot last longer than a "
		    "statement");
		return;
	}
	if (c->state == CONN_PREPARES && c->why[0] == '\0') {
		c->kept[c->nkept] = xstrdup(j->ask.text);
		if (conn_send(c, (int)c->nkept++, NULL) == -1)
			conn_lost(c);
		else
			conn_flush(c);
		return;
	}
	if (conn_is_stale(c)) {
		conn_drop(c, c->why);
		return;
	}
	c->job = NULL;
	if (c->why[0] != '\0')
		sql_job_broken(j, c->why);
	else if (c->described)
		sql_job_rows(j);
	else
		sql_job_done(j);
	conn_idle(c);
}

/*
 * What TLS has decoded and libpq not taken: the socket would not say so, as
 * the last record of an answer may be larger than what libpq takes at once.
 */
static int
conn_has_more(const struct sql_conn *c)
{
	const SSL	*ssl = PQsslStruct(c->pg, "OpenSSL");

	return (ssl != NULL && SSL_pending(ssl) > 0);
}

/* Results that are complete.  0: more is to come; 1: all has, or it is gone. */
static int
conn_results(struct sql_conn *c)
{
	PGresult	*res;

	while (!PQisBusy(c->pg)) {
		if ((res = PQgetResult(c->pg)) == NULL) {
			if (PQstatus(c->pg) == CONNECTION_BAD)
				conn_lost(c);
			else if (c->state != CONN_IDLE)
				conn_end(c);
			return (1);
		}
		conn_result(c, res);
		PQclear(res);
		/* the rest of it is too much to wait for */
		if (c->rest >= CONN_REST || (c->why[0] != '\0' &&
		    PQstatus(c->pg) == CONNECTION_BAD) ||
		    (c->why[0] != '\0' && c->described)) {
			conn_drop(c, c->why[0] == '\0' ?
			    "too many rows: should it not have a LIMIT?" :
			    c->why);
			return (1);
		}
	}
	return (0);
}

static void
conn_read(struct sql_conn *c)
{
	do {
		if (!PQconsumeInput(c->pg)) {
			conn_lost(c);
			return;
		}
		if (conn_results(c))
			return;
	} while (conn_has_more(c));
	conn_flush(c);
}

static void
conn_event(int fd, short what, void *arg)
{
	struct sql_conn	*c = arg;

	if (c->state == CONN_CONNECTS)
		conn_connect(c);
	else if (what & EV_READ)
		conn_read(c);
	else
		conn_flush(c);
}
