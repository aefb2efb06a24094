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
 * Encoding of the slices that name directories and stores.
 */

#include <stdlib.h>
#include <string.h>

#include "smtpd/base/wire.h"
#include "smtpd/msg/msg_conf.h"

const char *
sqldir_name(enum sqldir what)
{
	static const char *const	 names[SQLDIR_COUNT] = {
#define SQLDIR_NAME(statement, name)	[statement] = name,
		SQLDIR_STATEMENTS(SQLDIR_NAME)
#undef SQLDIR_NAME
	};

	return (names[what]);
}

static void
put_statements(struct wbuf *w, const struct lookup_conf *c)
{
	size_t	 i, j;

	for (i = 0; i < c->ndirectories; i++)
		for (j = 0; c->directories[i].sql != 0 && j < SQLDIR_COUNT;
		    j++)
			wbuf_str(w, c->statements[i][j]);
}

/* One that is not there is NULL. */
static void
get_statements(struct rbuf *r, struct lookup_conf *c)
{
	size_t	 i, j;
	char	*text;

	for (i = 0; i < c->ndirectories; i++) {
		if (c->directories[i].sql > c->nsqls)
			rbuf_fail(r);
		for (j = 0; c->directories[i].sql != 0 && j < SQLDIR_COUNT;
		    j++) {
			text = rbuf_strdup(r, SQL_TEXT_MAX);
			if (text != NULL && text[0] == '\0') {
				free(text);
				text = NULL;
			}
			c->statements[i][j] = text;
		}
	}
}

void
msg_put_lookup_conf(struct wbuf *w, const struct lookup_conf *c)
{
	size_t	 i;

	wbuf_str(w, c->state);
	wbuf_u8(w, (uint8_t)c->nstores);
	for (i = 0; i < c->nstores; i++)
		wbuf_str(w, c->stores[i].name);
	msg_put_directories(w, c->directories, c->ndirectories);
	wbuf_u8(w, (uint8_t)c->nsqls);
	for (i = 0; i < c->nsqls; i++) {
		wbuf_str(w, c->sqls[i].name);
		wbuf_u32(w, c->sqls[i].timeout);
		wbuf_u8(w, c->sqls[i].is_store);
	}
	put_statements(w, c);
	wbuf_u32(w, c->max_depth);
	wbuf_u32(w, c->max_expansion);
	wbuf_u32(w, c->harvest.budget.count);
	wbuf_u32(w, c->harvest.budget.period);
	wbuf_u32(w, c->harvest.ban);
	wbuf_u32(w, c->greylist.delay);
	wbuf_u32(w, c->greylist.window);
	wbuf_u32(w, c->greylist.expire);
	wbuf_u32(w, c->greylist.pass_after);
}

int
msg_get_lookup_conf(struct rbuf *r, struct lookup_conf *c)
{
	size_t	 i;

	memset(c, 0, sizeof(*c));
	rbuf_str(r, c->state, sizeof(c->state));
	c->nstores = rbuf_u8(r, CONF_STORES_MAX);
	for (i = 0; i < c->nstores; i++)
		rbuf_str(r, c->stores[i].name, sizeof(c->stores[i].name));
	c->ndirectories = msg_get_directories(r, c->directories);
	c->nsqls = rbuf_u8(r, CONF_SQLS_MAX);
	for (i = 0; i < c->nsqls; i++) {
		rbuf_str(r, c->sqls[i].name, sizeof(c->sqls[i].name));
		c->sqls[i].timeout = rbuf_u32(r);
		c->sqls[i].is_store = rbuf_u8(r, 1);
	}
	get_statements(r, c);
	c->max_depth = rbuf_u32(r);
	c->max_expansion = rbuf_u32(r);
	c->harvest.budget.count = rbuf_u32(r);
	c->harvest.budget.period = rbuf_u32(r);
	c->harvest.ban = rbuf_u32(r);
	c->greylist.delay = rbuf_u32(r);
	c->greylist.window = rbuf_u32(r);
	c->greylist.expire = rbuf_u32(r);
	c->greylist.pass_after = rbuf_u32(r);
	/* a token takes a microsecond at least */
	if (c->harvest.budget.count == 0 || c->harvest.budget.count >
	    c->harvest.budget.period * UINT64_C(1000))
		rbuf_fail(r);
	if (rbuf_done(r))
		return (0);
	lookup_conf_free(c);
	return (-1);
}

void
lookup_conf_free(struct lookup_conf *c)
{
	size_t	 i, j;

	for (i = 0; i < CONF_DIRECTORIES_MAX; i++)
		for (j = 0; j < SQLDIR_COUNT; j++) {
			free(c->statements[i][j]);
			c->statements[i][j] = NULL;
		}
}

void
msg_put_sql_conf(struct wbuf *w, const struct sql_conf *c)
{
	wbuf_str(w, c->name);
	wbuf_str(w, c->url);
	wbuf_u32(w, c->timeout);
	wbuf_u8(w, c->is_store);
	wbuf_u8(w, c->is_read_only);
	wbuf_u8(w, c->is_made);
}

int
msg_get_sql_conf(struct rbuf *r, struct sql_conf *c)
{
	rbuf_str(r, c->name, sizeof(c->name));
	rbuf_str(r, c->url, sizeof(c->url));
	c->timeout = rbuf_u32(r);
	c->is_store = rbuf_u8(r, 1);
	c->is_read_only = rbuf_u8(r, 1);
	c->is_made = rbuf_u8(r, 1);
	return (rbuf_done(r) ? 0 : -1);
}
