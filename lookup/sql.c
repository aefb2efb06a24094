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
 * Questions to the processes of stores, as many as may wait for each.
 */

#include <stdlib.h>
#include <string.h>

#include "lookup/asker.h"
#include "lookup/sql.h"
#include "smtpd/base/clock.h"
#include "smtpd/base/pending.h"
#include "smtpd/base/xmem.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_conf.h"

#define WAITING_MAX	256		/* for one store */
#define GRACE		1000		/* ms behind a statement's own time */

/* One that is on its way. */
struct sql_question {
	unsigned int	 inst;
	void		(*done)(void *, struct sql_answer *);
	void		*arg;
};

static const struct lookup_conf	*conf;
static unsigned int		 waiting[CONF_SQLS_MAX], nbusy;

void
sql_init(const struct lookup_conf *c)
{
	conf = c;
}

int
sql_find(const char *store)
{
	size_t	 i;

	for (i = 0; i < conf->nsqls; i++)
		if (conf->sqls[i].is_store && (store[0] == '\0' ||
		    strcmp(conf->sqls[i].name, store) == 0))
			return ((int)i);
	return (-1);
}

unsigned int
sql_busy(void)
{
	return (nbusy);
}

/* m is NULL when the process did not answer, or is gone. */
static int
sql_answered(void *arg, struct proc_msg *m)
{
	static struct sql_answer	 ans;
	struct sql_question		*q = arg;

	if (m != NULL && msg_get_sql_answer(&m->body, &ans) == -1)
		return (-1);
	waiting[q->inst]--;
	nbusy--;
	q->done(q->arg, m == NULL || ans.status == SQL_BROKEN ? NULL : &ans);
	free(q);
	return (0);
}

int
sql_ask(unsigned int inst, struct sql_ask *ask,
    void (*done)(void *, struct sql_answer *), void *arg)
{
	struct sql_question	*q;
	struct wbuf		 w;

	if (waiting[inst] >= WAITING_MAX)
		return (-1);
	waiting[inst]++;
	nbusy++;
	q = xcalloc(1, sizeof(*q));
	q->inst = inst;
	q->done = done;
	q->arg = arg;
	ask->store[0] = '\0';
	ask->deadline = clock_mono() + conf->sqls[inst].timeout;
	wbuf_init(&w);
	msg_put_sql_ask(&w, ask);
	(void)pending_ask(PROC_SQL, inst, MSG_LOOKUP_SQL_ASK, -1, &w,
	    conf->sqls[inst].timeout + GRACE, sql_answered, q);
	return (0);
}

/* To the policy that asked, as it came. */
static void
query_answer(const struct asker *a, struct sql_answer *ans)
{
	struct wbuf	 w;

	wbuf_init(&w);
	if (ans == NULL)
		msg_put_sql_head(&w, SQL_BROKEN, 0, 0, NULL);
	else {
		msg_put_sql_head(&w, ans->status, ans->ncolumns, ans->nrows,
		    ans->names);
		/* every one of them has been looked at */
		wbuf_raw(&w, ans->values.p, rbuf_left(&ans->values));
	}
	asker_answer(a, MSG_LOOKUP_QUERY_ANSWER, &w);
}

static void
query_done(void *arg, struct sql_answer *ans)
{
	struct asker	*a = arg;

	query_answer(a, ans);
	free(a);
}

int
sql_take(struct proc_msg *m)
{
	static struct sql_ask	 ask;
	struct asker		*a;
	int			 inst;

	if (msg_get_sql_ask(&m->body, &ask) == -1)
		return (-1);
	a = xcalloc(1, sizeof(*a));
	asker_init(a, m);
	inst = sql_find(ask.store);
	if (inst == -1 || sql_ask((unsigned int)inst, &ask, query_done, a) ==
	    -1)
		query_done(a, NULL);
	return (0);
}
