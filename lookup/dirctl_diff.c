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
 * What differs between two directories, each a text or a table.
 */

#include <bsd/string.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "lookup/dirctl.h"
#include "lookup/entry_read.h"
#include "lookup/export.h"
#include "lookup/extsort.h"
#include "lookup/import.h"
#include "lookup/import_tag.h"
#include "lookup/textfile.h"
#include "smtpd/base/idn.h"
#include "smtpd/base/xmem.h"

/* The entries of both are sorted by kind and name, as text. */
struct diff {
	struct import	*imp;
	int		 new;		/* which of the two is read */
};

/* The entries of one name in one directory: one, if it is in order. */
struct side {
	char	**texts;
	size_t	 n;
};

/* The octet of its kind, and its name, folded. */
static size_t
entry_key(const struct entry *e, char key[RECORD_KEY_SIZE])
{
	char	*name = key + 1;
	int	 ret = 0;

	key[0] = (char)('0' + e->kind);
	switch (e->kind) {
	case ENTRY_DOMAIN:
		ret = idn_fold(e->domain.name, name, RECORD_KEY_SIZE - 1);
		break;
	case ENTRY_ACCOUNT:
		(void)strlcpy(name, e->account.name, RECORD_KEY_SIZE - 1);
		address_fold_local(name);
		break;
	default:
		ret = record_fold(e->address.shown, name,
		    RECORD_KEY_SIZE - 1);
		break;
	}
	return (ret == -1 ? 0 : 1 + strlen(name));
}

static int
diff_take(void *arg, struct entry *e)
{
	struct diff		*d = arg;
	struct import_where	 where = { IMPORT_FILE, e->name };
	struct extsort_item	 item;
	char			 key[RECORD_KEY_SIZE];
	char			*text = entry_format(e);

	item.key = key;
	item.keylen = entry_key(e, key);
	item.tag = import_tag(d->new, &where);
	item.value = text;
	item.len = strlen(text);
	if (d->imp->error == 0 && extsort_add(d->imp->sort, &item) == -1)
		d->imp->error = errno;
	free(text);
	return (d->imp->error == 0 ? 0 : -1);
}

static void
diff_record(void *arg, const char *name, const char *text, size_t len,
    unsigned long line)
{
	struct diff	*d = arg;
	struct entry	*e;

	if (entry_parse(text, len, name, line, import_hear, d->imp, &e) == -1)
		return;
	(void)diff_take(d, e);
	entry_free(e);
}

/* All entries of one of the two. */
static int
diff_read(struct diff *d, const char *file)
{
	int	 status = EX_OK;

	if (dirctl_is_table(file))
		status = export_walk(d->imp->ctl, file, diff_take, d);
	else if (import_records(d->imp, file, diff_record, d) == -1)
		status = EX_NOINPUT;
	if (problems_errors(d->imp->problems) != 0)
		status = EX_DATAERR;
	problems_show(d->imp->problems);
	return (status);
}

static void
side_add(struct side *s, const struct extsort_item *item)
{
	s->texts = xreallocarray(s->texts, s->n + 1, sizeof(*s->texts));
	s->texts[s->n] = xcalloc(1, item->len + 1);
	memcpy(s->texts[s->n++], item->value, item->len);
}

static void
side_clear(struct side *s)
{
	while (s->n > 0)
		free(s->texts[--s->n]);
	free(s->texts);
	s->texts = NULL;
}

static int
sides_same(const struct side *old, const struct side *new)
{
	size_t	 i;

	if (old->n != new->n)
		return (0);
	for (i = 0; i < old->n; i++)
		if (strcmp(old->texts[i], new->texts[i]) != 0)
			return (0);
	return (1);
}

/* What both say of one name; then they are empty. */
static void
diff_show(struct side *old, struct side *new, FILE *f, int *differ)
{
	size_t	 i;

	if (!sides_same(old, new)) {
		*differ = 1;
		for (i = 0; i < old->n; i++)
			fprintf(f, "- %s\n", old->texts[i]);
		for (i = 0; i < new->n; i++)
			fprintf(f, "+ %s\n", new->texts[i]);
	}
	side_clear(old);
	side_clear(new);
}

static int
diff_print(struct import *imp, FILE *f, int *differ)
{
	struct side		 old = { NULL, 0 }, new = { NULL, 0 };
	struct extsort_item	 item;
	struct import_where	 where;
	char			 key[RECORD_KEY_SIZE];
	size_t			 keylen = 0;
	int			 ret = -1;

	if (extsort_finish(imp->sort) == 0)
		while ((ret = extsort_next(imp->sort, &item)) == 1) {
			if (item.keylen != keylen ||
			    memcmp(item.key, key, keylen) != 0)
				diff_show(&old, &new, f, differ);
			keylen = item.keylen;
			memcpy(key, item.key, keylen);
			side_add(import_tag_get(item.tag, &where) ? &new :
			    &old, &item);
		}
	diff_show(&old, &new, f, differ);
	return (ret);
}

int
dirctl_diff(const struct dirctl *ctl, const char *old, const char *new,
    FILE *f, int *differ)
{
	struct import	*imp = import_new(ctl, DIRCTL_TEMPORARY);
	struct diff	 d = { imp, 0 };
	int		 status;

	*differ = 0;
	status = diff_read(&d, old);
	d.new = 1;
	if (status == EX_OK)
		status = diff_read(&d, new);
	if (status == EX_OK && (imp->error != 0 ||
	    diff_print(imp, f, differ) == -1 || fflush(f) == EOF))
		status = EX_IOERR;
	if (status == EX_IOERR)
		import_say(ctl, "diff: %s", strerror(imp->error != 0 ?
		    imp->error : errno));
	import_free(imp);
	return (status);
}
