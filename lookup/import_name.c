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
 * Domains and mailboxes of files that do not declare them.
 */

#include <bsd/string.h>
#include <bsd/sys/tree.h>

#include <stdlib.h>
#include <string.h>

#include "lookup/entry_read.h"
#include "lookup/import_name.h"
#include "smtpd/base/xmem.h"

/* Found by a domain or, with its @, by an address. */
struct import_name {
	RB_ENTRY(import_name)	 entry;
	struct entry_pos	 pos;		/* where it was first */
	int			 left;
	char			*written;
	char			*alias_of;	/* or NULL */
	char			 folded[];
};

RB_HEAD(import_name_tree, import_name);

struct import_names {
	struct import_name_tree	 tree;
};

static int
import_name_cmp(const struct import_name *a, const struct import_name *b)
{
	return (strcmp(a->folded, b->folded));
}

RB_PROTOTYPE(import_name_tree, import_name, entry, import_name_cmp)
RB_GENERATE(import_name_tree, import_name, entry, import_name_cmp)

struct import_names *
import_names_new(void)
{
	struct import_names	*names = xcalloc(1, sizeof(*names));

	RB_INIT(&names->tree);
	return (names);
}

void
import_names_free(struct import_names *names)
{
	struct import_name	*n;

	if (names == NULL)
		return;
	while ((n = RB_ROOT(&names->tree)) != NULL) {
		RB_REMOVE(import_name_tree, &names->tree, n);
		free(n->written);
		free(n->alias_of);
		free(n);
	}
	free(names);
}

static struct import_name *
note(struct import_names *names, const char *written, const char *folded,
    const struct entry_pos *pos)
{
	struct import_name	*n = RB_ROOT(&names->tree);
	size_t			 size = strlen(folded) + 1;
	int			 cmp;

	while (n != NULL && (cmp = strcmp(folded, n->folded)) != 0)
		n = cmp < 0 ? RB_LEFT(n, entry) : RB_RIGHT(n, entry);
	if (n != NULL)
		return (n);
	n = xcalloc(1, sizeof(*n) + size);
	memcpy(n->folded, folded, size);
	n->written = xstrdup(written);
	n->pos = *pos;
	(void)RB_INSERT(import_name_tree, &names->tree, n);
	return (n);
}

void
import_names_domain(struct import_names *names, const char *name,
    const char *folded, const struct entry_pos *pos)
{
	(void)note(names, name, folded, pos);
}

int
import_names_alias_of(struct import_names *names, const char *folded,
    const char *target)
{
	static const struct entry_pos	 nowhere = { 0, 0 };
	struct import_name		*n;

	n = note(names, folded, folded, &nowhere);
	if (n->alias_of != NULL)
		return (-1);
	n->alias_of = xstrdup(target);
	return (0);
}

void
import_names_left(struct import_names *names, const char *address,
    const char *folded, const struct entry_pos *pos)
{
	note(names, address, folded, pos)->left = 1;
}

void
import_names_mailbox(struct import_names *names, const char *address,
    const char *folded, const struct entry_pos *pos)
{
	(void)note(names, address, folded, pos);
}

static void
add_domain(const struct import_name *n, struct entry_reader *r)
{
	struct domain_record	*d;

	entry_begin(r, ENTRY_DOMAIN, &n->pos);
	d = &r->entry->domain;
	(void)strlcpy(d->name, n->written, sizeof(d->name));
	if (n->alias_of != NULL)
		(void)strlcpy(d->alias_of, n->alias_of, sizeof(d->alias_of));
}

/* Named like its address before the @. */
static void
add_account(const struct import_name *n, struct entry_reader *r)
{
	struct entry_word	 name = { n->written,
				    strcspn(n->written, "@"), n->pos };
	struct entry_word	 address = { n->written, strlen(n->written),
				    n->pos };

	entry_begin(r, ENTRY_ACCOUNT, &n->pos);
	if (entry_name(r, &name) == 0) {
		(void)entry_string(r, &address);
		entry_finish(r);
	}
}

void
import_names_add(struct import_names *names, struct import *imp,
    const char *file)
{
	struct entry_reader	 r = { file, import_hear, imp, 0, NULL };
	struct import_name	*n;

	RB_FOREACH(n, import_name_tree, &names->tree) {
		if (n->left)
			continue;
		if (strchr(n->folded, '@') == NULL)
			add_domain(n, &r);
		else
			add_account(n, &r);
		if (r.errors == 0)
			import_file_entry(imp, r.entry, 1);
		entry_free(r.entry);
		r.errors = 0;
		r.entry = NULL;
	}
}
