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
 * The directories, and reading them.
 */

#include <bsd/string.h>

#include <stdlib.h>
#include <string.h>

#include "lookup/changes.h"
#include "lookup/record.h"
#include "lookup/remote.h"
#include "lookup/view_set.h"
#include "smtpd/base/xmem.h"

static struct view	*views;
static size_t		 nviews;

void
view_init(const struct lookup_conf *conf)
{
	size_t	 i;

	nviews = conf->ndirectories;
	views = xcalloc(nviews + 1, sizeof(*views));
	for (i = 0; i < nviews; i++) {
		views[i].conf = conf->directories[i];
		views[i].mark = (unsigned int)i + 1;
		layers_init(&views[i].now, NULL, views[i].mark);
	}
}

void
view_end(void)
{
	size_t	 i;

	for (i = 0; i < nviews; i++) {
		work_stop(&views[i].work);
		work_stop(&views[i].sweep);
		if (views[i].opening)
			layers_free(&views[i].next);
		layers_free(&views[i].now);
		changes_free(views[i].changes);
	}
	free(views);
	views = NULL;
	nviews = 0;
}

struct view *
view_at(size_t i)
{
	return (i < nviews ? &views[i] : NULL);
}

struct view *
view_find(const char *name)
{
	size_t	 i;

	if (name[0] == '\0')
		return (view_at(0));
	for (i = 0; i < nviews; i++)
		if (strcmp(views[i].conf.name, name) == 0)
			return (&views[i]);
	return (NULL);
}

enum answer
view_get(struct view *v, const void *key, size_t keylen,
    struct bdb_item *item)
{
	if (v->conf.sql != 0)
		return (remote_get(v->mark - 1, key, keylen, item));
	return (layers_get(&v->now, key, keylen, item));
}

enum answer
view_seek(struct view *v, const void *key, size_t keylen,
    struct bdb_item *item)
{
	if (v->conf.sql != 0)
		return (remote_seek(v->mark - 1, key, keylen, item));
	return (layers_seek(&v->now, key, keylen, item));
}

enum answer
view_next(struct view *v, struct bdb_item *item)
{
	if (v->conf.sql != 0)
		return (remote_next(item));
	return (layers_next(&v->now, item));
}

uint32_t
view_generation(const struct view *v)
{
	return (v->generation);
}

uint64_t
view_version(const struct view *v)
{
	/* what was found for one question is not for the next */
	return (v->conf.sql != 0 ? remote_looks() : v->version);
}

uint64_t
view_lists(const struct view *v)
{
	return (v->lists);
}

struct layers *
view_layers(struct view *v)
{
	return (&v->now);
}

struct changes *
view_changes(struct view *v)
{
	return (v->changes);
}

void
view_close(struct view *v, const char *why)
{
	layers_free(&v->now);
	layers_init(&v->now, NULL, v->mark);
	(void)strlcpy(v->why, why, sizeof(v->why));
}

void
view_changed(struct view *v, char kind)
{
	v->version++;
	if (kind == RECORD_ADDRESS)
		v->lists++;
}

int
view_is_sql(const struct view *v)
{
	return (v->conf.sql != 0);
}

const char *
view_name(const struct view *v)
{
	return (v->conf.name);
}

const char *
view_path(const struct view *v)
{
	return (v->conf.path);
}

const char *
view_why(const struct view *v)
{
	return (v->why);
}

int64_t
view_opened(const struct view *v)
{
	return (v->opened);
}
