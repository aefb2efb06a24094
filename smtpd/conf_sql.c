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
 * Stores and directories with SQL.
 */

#include <bsd/string.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/xmem.h"
#include "smtpd/conf_parse.h"
#include "smtpd/conf_sqlurl.h"

#define TIMEOUT_MIN	100		/* ms */
#define TIMEOUT_MAX	8000		/* policy waits no longer for lookup */

static int
timeout_check(struct conf_parse *p, const struct conf_value *v,
    uint32_t *timeout)
{
	int64_t	 n = CONF_SQL_TIMEOUT;

	if (v != NULL && (value_duration(v->text, &n) == -1 ||
	    n < TIMEOUT_MIN || n > TIMEOUT_MAX)) {
		conf_error(p, &v->pos, "unexpected '%s', expected a duration "
		    "from %dms to %ds", conf_show(p, v->text), TIMEOUT_MIN,
		    TIMEOUT_MAX / 1000);
		return (-1);
	}
	*timeout = (uint32_t)n;
	return (0);
}

/* A process for it; NULL when something was wrong. */
static struct sql_conf *
sql_add(struct conf_parse *p, const struct conf_value *name,
    const struct conf_value *url, const struct conf_value *timeout)
{
	struct lookup_conf	*c = &p->conf->lookup;
	struct sql_conf		*q;
	uint32_t		 wait;

	if (conf_sqlurl_check(p, url) == -1 ||
	    timeout_check(p, timeout, &wait) == -1)
		return (NULL);
	if (c->nsqls == CONF_SQLS_MAX) {
		conf_error(p, &name->pos, "too many stores and directories "
		    "with SQL, expected at most %d", CONF_SQLS_MAX);
		return (NULL);
	}
	q = &c->sqls[c->nsqls++];
	(void)strlcpy(q->name, name->text, sizeof(q->name));
	(void)strlcpy(q->url, url->text, sizeof(q->url));
	q->timeout = wait;
	return (q);
}

/* The one that smtpd makes. */
static void
sql_default(struct conf_parse *p, const struct conf_pos *pos)
{
	struct lookup_conf	*c = &p->conf->lookup;
	struct sql_conf		*q = &c->sqls[c->nsqls++];
	char			 url[2 * CONF_PATH_MAX];

	(void)strlcpy(q->name, "default", sizeof(q->name));
	q->timeout = CONF_SQL_TIMEOUT;
	q->is_store = q->is_made = 1;
	(void)snprintf(url, sizeof(url), "sqlite://%s/sql/default.sqlite",
	    c->state);
	if (strlcpy(q->url, url, sizeof(q->url)) >= sizeof(q->url))
		conf_error(p, pos, "the path of 'state' is too long for an "
		    "SQL store in it, expected a 'store' statement");
}

void
conf_store_sql(struct conf_parse *p, const struct conf_value *name,
    const struct conf_value *url, const struct conf_value *timeout)
{
	struct sql_conf	*q;

	if (conf_store_name(p, name, SQL_STORE_MAX) == -1)
		return;
	if ((q = sql_add(p, name, url, timeout)) != NULL)
		q->is_store = 1;
}

void
conf_directory_sql(struct conf_parse *p, const struct conf_value *name,
    const struct conf_value *url, const struct conf_value *timeout)
{
	struct lookup_conf	*c = &p->conf->lookup;
	struct directory_conf	*d;

	p->directory = 0;
	if ((d = conf_directory_add(p, name)) == NULL ||
	    sql_add(p, name, url, timeout) == NULL)
		return;
	d->sql = (uint8_t)c->nsqls;
	p->directory = c->ndirectories;
}

void
conf_directory_statement(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *text)
{
	char	**at;

	if (p->directory == 0)
		return;			/* reported */
	at = &p->conf->lookup.statements[p->directory - 1][w->offset];
	if (*at != NULL)
		conf_error(p, &text->pos, "'%s' is there already, expected it "
		    "once", w->name);
	else if (text->text[0] == '\0' || strlen(text->text) > SQL_TEXT_MAX)
		conf_error(p, &text->pos, "%zu octets, expected a statement "
		    "of at most %d", strlen(text->text), SQL_TEXT_MAX);
	else
		*at = xstrdup(text->text);
}

void
conf_want_sql(struct conf_parse *p, const char *name,
    const struct conf_pos *pos)
{
	struct lookup_conf	*c = &p->conf->lookup;
	const struct conf_word	*w = word_find(BLOCK_TOP, "store");
	const char		*known = "a 'store' statement";
	size_t			 i, n = 0;

	for (i = 0; i < c->nsqls; i++) {
		if (!c->sqls[i].is_store)
			continue;
		if (name[0] == '\0' || strcmp(c->sqls[i].name, name) == 0)
			return;
		if (n++ == 0)
			known = c->sqls[i].name;
	}
	/* it may be one that was refused */
	if (p->incomplete || (size_t)p->tried[word_index(w)] > n +
	    c->nstores)
		return;
	if (name[0] == '\0' && c->nsqls < CONF_SQLS_MAX)
		sql_default(p, pos);
	else
		conf_error(p, pos, "there is no SQL store '%s', expected %s",
		    conf_show(p, name), known);
}

void
conf_want_logins(struct conf_parse *p, const char *name,
    const struct conf_pos *pos)
{
	const struct conf_word	*w = word_find(BLOCK_SQL, "secret");
	struct lookup_conf	*c = &p->conf->lookup;
	size_t			 i, n = 0;

	conf_want_directory(p, name, pos);
	for (i = 0; i < c->ndirectories; i++)
		n += c->statements[i][SQLDIR_SECRET] != NULL;
	/* it may be one that was refused */
	if (p->incomplete || (size_t)p->tried[word_index(w)] > n)
		return;
	for (i = 0; i < c->ndirectories; i++)
		if (strcmp(c->directories[i].name, name) == 0 &&
		    c->directories[i].sql != 0 &&
		    c->statements[i][SQLDIR_SECRET] == NULL)
			conf_error(p, pos, "directory '%s' has no 'secret', "
			    "so nobody could log in, expected one",
			    conf_show(p, name));
}

static void
check_statements(struct conf_parse *p, size_t i, size_t *octets)
{
	static const enum sqldir	 must[] = { SQLDIR_DOMAINS,
	    SQLDIR_RECIPIENTS, SQLDIR_EMAILS };
	struct lookup_conf		*c = &p->conf->lookup;
	struct conf_pos			 pos = { .file = p->name, .line = 1,
	    .column = 1 };
	size_t				 j;

	for (j = 0; j < SQLDIR_COUNT; j++)
		if (c->statements[i][j] != NULL)
			*octets += strlen(c->statements[i][j]);
	for (j = 0; j < sizeof(must) / sizeof(must[0]); j++)
		if (c->statements[i][must[j]] == NULL)
			conf_error(p, &pos, "directory '%s' has no '%s', "
			    "expected one", c->directories[i].name,
			    sqldir_name(must[j]));
}

void
conf_sql_check(struct conf_parse *p)
{
	struct lookup_conf	*c = &p->conf->lookup;
	struct conf_pos		 pos = { .file = p->name, .line = 1,
	    .column = 1 };
	size_t			 i, octets = 0;

	if (p->nerrors > 0)
		return;
	for (i = 0; i < c->ndirectories; i++)
		if (c->directories[i].sql != 0)
			check_statements(p, i, &octets);
	if (octets > CONF_STATEMENTS_MAX)
		conf_error(p, &pos, "the statements of directories have %zu "
		    "octets, expected at most %d", octets,
		    CONF_STATEMENTS_MAX);
}
