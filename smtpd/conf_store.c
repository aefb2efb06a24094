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
 * Stores of keys and counters.
 */

#include <bsd/string.h>

#include <string.h>

#include "smtpd/conf_parse.h"

#define STORE_DEFAULT	"default"	/* the one that '' means */

/* Is it one of keys and counters? */
static int
conf_is_store(const struct lookup_conf *c, const char *name)
{
	size_t	 i;

	for (i = 0; i < c->nstores; i++)
		if (strcmp(c->stores[i].name, name) == 0)
			return (1);
	return (0);
}

int
conf_store_name(struct conf_parse *p, const struct conf_value *name,
    size_t max)
{
	const struct lookup_conf	*c = &p->conf->lookup;
	size_t				 i;

	if (conf_name(p, name, max) == -1)
		return (-1);
	for (i = 0; i < c->nsqls; i++)
		if (c->sqls[i].is_store &&
		    strcmp(c->sqls[i].name, name->text) == 0)
			break;
	if (i == c->nsqls && !conf_is_store(c, name->text))
		return (0);
	conf_error(p, &name->pos, "there is a store '%s' already, expected "
	    "another name", name->text);
	return (-1);
}

void
conf_store(struct conf_parse *p, const struct conf_value *name)
{
	struct lookup_conf	*c = &p->conf->lookup;

	if (conf_store_name(p, name, STORE_NAME_MAX) == -1)
		return;
	if (c->nstores == CONF_STORES_MAX) {
		conf_error(p, &name->pos, "too many stores, expected at most "
		    "%d", CONF_STORES_MAX);
		return;
	}
	(void)strlcpy(c->stores[c->nstores++].name, name->text,
	    STORE_NAME_MAX + 1);
}

void
conf_want_store(struct conf_parse *p, const char *name,
    const struct conf_pos *pos)
{
	const struct lookup_conf	*c = &p->conf->lookup;
	const struct conf_word		*w = word_find(BLOCK_TOP, "store");

	if (name[0] == '\0')
		name = STORE_DEFAULT;
	/* it may be one that was refused */
	if (conf_is_store(c, name) || p->incomplete ||
	    (size_t)p->tried[word_index(w)] > c->nstores + c->nsqls)
		return;
	conf_error(p, pos, "there is no store '%s', expected store %s db",
	    conf_show(p, name), lex_is_word(name) ? name : "NAME");
}
