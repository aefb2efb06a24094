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
 * What differs between two configurations: whether a reload may go from one
 * to the other, and which processes have to be told.
 */

#include <bsd/string.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/wire.h"
#include "smtpd/base/xmem.h"
#include "smtpd/conf.h"
#include "smtpd/parent.h"

/* Those that have settings. */
static const enum proc_id	 ids[] = { PROC_FRONT, PROC_POLICY,
    PROC_LOOKUP, PROC_QUEUE, PROC_DELIVER, PROC_RELAY, PROC_CONTROL };

#define NIDS	(sizeof(ids) / sizeof(ids[0]))

static int
same_slice(enum proc_id id, const struct conf *a, const struct conf *b)
{
	uint8_t	 x[CHILD_DIGEST_SIZE], y[CHILD_DIGEST_SIZE];

	child_digest(id, 0, a, x);
	child_digest(id, 0, b, y);
	return (memcmp(x, y, sizeof(x)) == 0);
}

static int
same_sql(const struct conf *a, const struct conf *b)
{
	uint8_t		 x[CHILD_DIGEST_SIZE], y[CHILD_DIGEST_SIZE];
	unsigned int	 i;

	if (a->lookup.nsqls != b->lookup.nsqls)
		return (0);
	for (i = 0; i < a->lookup.nsqls; i++) {
		child_digest(PROC_SQL, i, a, x);
		child_digest(PROC_SQL, i, b, y);
		if (memcmp(x, y, sizeof(x)) != 0)
			return (0);
	}
	return (1);
}

/* As octets: what is behind the end of a string does not count. */
static int
same_listeners(const struct conf *a, const struct conf *b)
{
	struct wbuf	 x, y;
	size_t		 i;
	int		 same;

	wbuf_init(&x);
	wbuf_init(&y);
	for (i = 0; i < a->nlisteners; i++)
		msg_put_listener(&x, &a->listeners[i]);
	for (i = 0; i < b->nlisteners; i++)
		msg_put_listener(&y, &b->listeners[i]);
	same = !x.bad && !y.bad && x.len == y.len &&
	    (x.len == 0 || memcmp(x.data, y.data, x.len) == 0);
	wbuf_free(&x);
	wbuf_free(&y);
	return (same);
}

/* Listeners know them by number. */
static int
same_pkis(const struct conf *a, const struct conf *b)
{
	size_t	 i;

	if (a->npkis != b->npkis)
		return (0);
	for (i = 0; i < a->npkis; i++)
		if (strcmp(a->pkis[i].name, b->pkis[i].name) != 0)
			return (0);
	return (1);
}

int
reload_same(const struct conf *a, const struct conf *b)
{
	size_t	 i;

	for (i = 0; i < NIDS; i++)
		if (!same_slice(ids[i], a, b))
			return (0);
	return (same_listeners(a, b) && same_pkis(a, b) &&
	    same_sql(a, b) && a->prefork == b->prefork &&
	    a->hashes == b->hashes &&
	    strcmp(a->control_socket, b->control_socket) == 0);
}

struct check {
	const char	*file;
	conf_report	 report;
	void		*arg;
	int		 bad;
};

static void
check_that(struct check *c, int same, const char *what)
{
	char	 line[CONF_PATH_MAX + 256];

	if (same)
		return;
	(void)snprintf(line, sizeof(line), "%s: %s changed, which takes "
	    "effect with a restart only", c->file, what);
	c->report(c->arg, line);
	c->bad = 1;
}

/*
 * What is left of a slice when all is put aside that may change or has its
 * own report.
 */
static int
same_rest(enum proc_id id, const struct conf *new, const struct conf *old)
{
	struct conf	*rest;
	int		 same;

	rest = xcalloc(1, sizeof(*rest));
	*rest = *new;
	(void)strlcpy(rest->deliver.hostname, old->deliver.hostname,
	    sizeof(rest->deliver.hostname));
	(void)strlcpy(rest->relay.hostname, old->relay.hostname,
	    sizeof(rest->relay.hostname));
	rest->relay.nown = old->relay.nown;
	memcpy(rest->relay.own, old->relay.own, sizeof(rest->relay.own));
	(void)strlcpy(rest->lookup.state, old->lookup.state,
	    sizeof(rest->lookup.state));
	rest->lookup.harvest = old->lookup.harvest;
	rest->lookup.max_depth = old->lookup.max_depth;
	rest->lookup.max_expansion = old->lookup.max_expansion;
	same = same_slice(id, rest, old);
	free(rest);
	return (same);
}

static int
same_harvest(const struct conf *a, const struct conf *b)
{
	const struct harvest_conf	*x = &a->lookup.harvest;
	const struct harvest_conf	*y = &b->lookup.harvest;

	return (x->budget.count == y->budget.count &&
	    x->budget.period == y->budget.period && x->ban == y->ban);
}

int
reload_check(const struct conf *new, const struct conf *old,
    const char *file, conf_report report, void *arg)
{
	struct check	 c = { file, report, arg, 0 };

	check_that(&c, strcmp(new->front.hostname, old->front.hostname) == 0,
	    "'hostname'");
	check_that(&c, strcmp(new->queue.spool, old->queue.spool) == 0,
	    "'spool'");
	check_that(&c, strcmp(new->lookup.state, old->lookup.state) == 0,
	    "'state'");
	check_that(&c, strcmp(new->control_socket, old->control_socket) == 0,
	    "'control'");
	check_that(&c, new->prefork == old->prefork, "'prefork'");
	check_that(&c, same_listeners(new, old), "'listen'");
	check_that(&c, same_pkis(new, old), "the names of 'pki'");
	check_that(&c, new->hashes == old->hashes, "'processes' of 'auth'");
	check_that(&c, same_harvest(new, old), "'harvest'");
	check_that(&c, same_rest(PROC_LOOKUP, new, old) &&
	    same_sql(new, old), "'directory' or 'store'");
	check_that(&c, strcmp(new->queue.lmtp, old->queue.lmtp) == 0 &&
	    same_rest(PROC_DELIVER, new, old), "'deliver'");
	check_that(&c, same_rest(PROC_RELAY, new, old), "'resolver' or a "
	    "secret of 'relay'");
	return (c.bad ? -1 : 0);
}

void
reload_tell(const struct conf *old, const struct conf *new)
{
	unsigned int	 i;

	for (i = 0; i < new->prefork; i++)
		if (!same_slice(PROC_FRONT, old, new))
			child_configure(PROC_FRONT, i, new);
	if (!same_slice(PROC_LOOKUP, old, new))
		child_configure(PROC_LOOKUP, 0, new);
	if (!same_slice(PROC_QUEUE, old, new))
		child_configure(PROC_QUEUE, 0, new);
	if (!same_slice(PROC_CONTROL, old, new))
		child_configure(PROC_CONTROL, 0, new);
}
