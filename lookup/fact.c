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
 * Facts and their table.
 */

#include <bsd/string.h>

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lookup/fact.h"
#include "lookup/record.h"
#include "smtpd/base/xmem.h"
#include "smtpd/msg/msg_sql.h"

#define FACTS_TABLE	256

void
facts_init(struct facts *fs)
{
	memset(fs, 0, sizeof(*fs));
	TAILQ_INIT(&fs->wanted);
}

static void
fact_free(struct fact *f)
{
	uint32_t	 i;

	for (i = 0; i < (f->nrows == 1 ? f->ncolumns : f->nrows); i++) {
		if (f->what == SQLDIR_SECRET && f->rows[i] != NULL)
			explicit_bzero(f->rows[i], strlen(f->rows[i]));
		free(f->rows[i]);
	}
	for (i = 0; f->names != NULL && i < f->ncolumns; i++)
		free(f->names[i]);
	free(f->rows);
	free(f->names);
	free(f);
}

void
facts_free(struct facts *fs)
{
	struct fact	*f;
	size_t		 i;

	for (i = 0; fs->table != NULL && i < FACTS_TABLE; i++)
		while ((f = SLIST_FIRST(&fs->table[i])) != NULL) {
			SLIST_REMOVE_HEAD(&fs->table[i], hash);
			fact_free(f);
		}
	free(fs->table);
	facts_init(fs);
}

static size_t
fact_slot(unsigned int dir, enum sqldir what, const char *arg)
{
	uint32_t	 h = 2166136261U;	/* FNV-1a */

	h = (h ^ dir) * 16777619U;
	h = (h ^ (uint32_t)what) * 16777619U;
	for (; *arg != '\0'; arg++)
		h = (h ^ (uint8_t)*arg) * 16777619U;
	return ((h ^ h >> 16) & (FACTS_TABLE - 1));
}

struct fact *
facts_get(struct facts *fs, unsigned int dir, enum sqldir what,
    const char *arg)
{
	struct fact	*f;
	size_t		 i = fact_slot(dir, what, arg), len = strlen(arg);

	if (fs->table == NULL)
		fs->table = xcalloc(FACTS_TABLE, sizeof(*fs->table));
	SLIST_FOREACH(f, &fs->table[i], hash)
		if (f->dir == dir && f->what == what &&
		    strcmp(f->arg, arg) == 0)
			return (f);
	f = xcalloc(1, sizeof(*f) + len + 1);
	memcpy(f->arg, arg, len);
	f->dir = dir;
	f->what = what;
	f->ans = ANSWER_TEMPFAIL;
	SLIST_INSERT_HEAD(&fs->table[i], f, hash);
	TAILQ_INSERT_TAIL(&fs->wanted, f, entry);
	fs->n++;
	return (f);
}

/* As text of a record; NULL when no record could hold it. */
static char *
fact_text(const struct datum *d)
{
	char		 buf[DATUM_TEXT_SIZE];
	uint32_t	 i;

	if (d->type != DATUM_STRING)
		return (xstrdup(datum_format(d, buf)));
	for (i = 0; i < d->len; i++)
		if ((unsigned char)d->string[i] < 0x20 ||
		    d->string[i] == 0x7f)
			return (NULL);
	return (xstrndup(d->string, d->len));
}

void
fact_fill(struct fact *f, struct sql_answer *ans)
{
	struct datum	 d;
	uint32_t	 i, n, kept;
	char		*text;

	f->known = 1;
	if (ans == NULL || ans->status != SQL_ROWS)
		return;
	n = (uint32_t)ans->nrows * ans->ncolumns;
	kept = ans->nrows == 1 ? ans->ncolumns : ans->nrows;
	f->ans = ans->nrows == 0 ? ANSWER_NONE : ANSWER_FOUND;
	f->rows = xcalloc((size_t)kept + 1, sizeof(*f->rows));
	f->names = xcalloc((size_t)ans->ncolumns + 1, sizeof(*f->names));
	f->nrows = ans->nrows;
	f->ncolumns = ans->ncolumns;
	for (i = 0; i < ans->ncolumns; i++)
		f->names[i] = xstrdup(ans->names[i]);
	for (i = 0; i < n && msg_get_sql_value(&ans->values, &d) == 0; i++) {
		if (ans->nrows != 1 && i % ans->ncolumns != 0)
			continue;
		if ((text = fact_text(&d)) == NULL) {
			f->ans = ANSWER_TEMPFAIL;
			text = xstrdup("");
		}
		f->rows[ans->nrows == 1 ? i : i / ans->ncolumns] = text;
	}
}

const char *
fact_column(const struct fact *f, const char *name)
{
	uint32_t	 i;

	for (i = 0; f->nrows == 1 && i < f->ncolumns; i++)
		if (strcasecmp(f->names[i], name) == 0)
			return (f->rows[i]);
	return ("");
}
