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
 * Questions that are looked at until nothing is missing.
 */

#include <bsd/string.h>

#include <stdlib.h>
#include <string.h>

#include "lookup/fact.h"
#include "lookup/remote.h"
#include "lookup/remote_record.h"
#include "lookup/sql.h"
#include "smtpd/base/clock.h"
#include "smtpd/base/pending.h"
#include "smtpd/base/xmem.h"
#include "smtpd/msg/msg_conf.h"

#define REMOTE_MAX	1024		/* questions that wait */
#define REMOTE_ASKED	32		/* statements of one at a time */
#define REMOTE_FACTS	50000		/* of one question */
#define REMOTE_MS	(PENDING_LOOKUP - 1000)	/* for all of one */

struct remote {
	struct facts	 facts;
	unsigned int	 asked;
	uint64_t	 begun;
	int		 touched, missing;
	struct proc_msg	 m;		/* the question, */
	void		*body;		/* whose body this is, */
	int		(*take)(struct proc_msg *);	/* and its taker */
};

static const struct lookup_conf	*conf;
static int			 any;		/* directory with SQL */
static struct remote		*now;		/* that is looked at */
static unsigned int		 nwaiting;
static uint64_t			 nlooks;

void
remote_init(const struct lookup_conf *c)
{
	size_t	 i;

	conf = c;
	for (i = 0; i < c->ndirectories; i++)
		any |= c->directories[i].sql != 0;
}

int
remote_is_looking(void)
{
	return (now != NULL && now->touched);
}

uint64_t
remote_looks(void)
{
	return (nlooks);
}

int
remote_is_missing(void)
{
	return (now != NULL && now->missing);
}

unsigned int
remote_waiting(void)
{
	return (nwaiting);
}

/* What a statement gives; NULL: it is not known, or broken. */
static const struct fact *
remote_fact(unsigned int dir, enum sqldir what, const char *arg)
{
	struct fact	*f;

	if (now == NULL)
		return (NULL);
	now->touched = 1;
	if (now->facts.n >= REMOTE_FACTS ||
	    clock_mono() - now->begun > REMOTE_MS)
		return (NULL);
	f = facts_get(&now->facts, dir, what, arg);
	now->missing |= !f->known;
	return (f->ans == ANSWER_TEMPFAIL ? NULL : f);
}

enum answer
remote_get(unsigned int dir, const void *key, size_t keylen,
    struct bdb_item *item)
{
	return (remote_record(remote_fact, dir, conf->statements[dir], key,
	    keylen, item));
}

enum answer
remote_seek(unsigned int dir, const void *key, size_t keylen,
    struct bdb_item *item)
{
	return (remote_record_seek(remote_fact, dir, conf->statements[dir],
	    key, keylen, item));
}

enum answer
remote_next(struct bdb_item *item)
{
	return (remote_record_next(item));
}

static void
remote_free(struct remote *r)
{
	facts_free(&r->facts);
	explicit_bzero(r->body, rbuf_left(&r->m.body));
	free(r->body);
	free(r);
	nwaiting--;
}

static void	 remote_look(struct remote *);

static void
remote_found(void *arg, struct sql_answer *ans)
{
	struct fact	*f = arg;
	struct remote	*r = f->owner;

	fact_fill(f, ans);
	r->asked--;
	remote_look(r);
}

/* Ask for what is wanted, as much of it as may be under way. */
static void
remote_ask(struct remote *r)
{
	static struct sql_ask	 ask;
	struct fact		*f;

	while (r->asked < REMOTE_ASKED &&
	    (f = TAILQ_FIRST(&r->facts.wanted)) != NULL) {
		TAILQ_REMOVE(&r->facts.wanted, f, entry);
		f->owner = r;
		(void)strlcpy(ask.text, conf->statements[f->dir][f->what],
		    sizeof(ask.text));
		ask.first = f->what != SQLDIR_EXPAND &&
		    f->what != SQLDIR_RECIPIENTS;
		ask.rows = f->what == SQLDIR_EMAILS ||
		    f->what == SQLDIR_VERIFY ? SQL_ROWS_EXPR : ask.first ? 1 :
		    SQL_ROWS_MAX;
		ask.nparams = 1;
		ask.params[0] = datum_string(f->arg, strlen(f->arg));
		if (sql_ask(conf->directories[f->dir].sql - 1U, &ask,
		    remote_found, f) == -1)
			fact_fill(f, NULL);
		else
			r->asked++;
	}
}

/* From the start; the message is read once more. */
static int
remote_run(struct remote *r)
{
	struct rbuf	 body = r->m.body;
	int		 ret;

	r->missing = 0;
	nlooks++;
	now = r;
	ret = r->take(&r->m);
	now = NULL;
	r->m.body = body;
	return (ret);
}

static void
remote_look(struct remote *r)
{
	for (;;) {
		remote_ask(r);
		if (r->asked > 0)
			return;
		/* well formed: it was read before */
		(void)remote_run(r);
		if (!r->missing)
			break;
	}
	remote_free(r);
}

int
remote_take(struct proc_msg *m, int (*take)(struct proc_msg *))
{
	struct remote	*r;
	size_t		 len = rbuf_left(&m->body);
	int		 ret;

	if (!any || nwaiting >= REMOTE_MAX)
		return (take(m));
	r = xcalloc(1, sizeof(*r));
	nwaiting++;
	facts_init(&r->facts);
	r->begun = clock_mono();
	r->take = take;
	r->m = *m;
	r->body = xcalloc(1, len + 1);
	memcpy(r->body, m->body.p, len);
	rbuf_init(&r->m.body, r->body, len);
	nlooks++;
	now = r;
	ret = take(m);
	now = NULL;
	if (ret == -1 || !r->missing)
		remote_free(r);
	else
		remote_look(r);
	return (ret);
}
