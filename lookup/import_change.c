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
 * Live changes, folded into an import.
 */

#include <bsd/sys/tree.h>

#include <stdlib.h>
#include <string.h>

#include "lookup/change_apply.h"
#include "lookup/entry_read.h"
#include "lookup/import.h"
#include "lookup/import_change.h"
#include "smtpd/base/xmem.h"

/* A name that was changed, or an address that a change took. */
struct import_change {
	RB_ENTRY(import_change)	 entry;
	unsigned long		 number;	/* line, from 1; 0: the file */
	struct entry		*added;		/* NULL: deleted */
	size_t			 keylen;
	uint8_t			 key[RECORD_KEY_SIZE];
};

RB_HEAD(import_change_tree, import_change);

struct import_changes {
	struct import_change_tree	 names;
	struct import_change_tree	 taken;
};

static int
import_change_cmp(const struct import_change *a, const struct import_change *b)
{
	if (a->keylen != b->keylen)
		return (a->keylen < b->keylen ? -1 : 1);
	return (memcmp(a->key, b->key, a->keylen));
}

RB_PROTOTYPE(import_change_tree, import_change, entry, import_change_cmp)
RB_GENERATE(import_change_tree, import_change, entry, import_change_cmp)

static void
tree_free(struct import_change_tree *tree)
{
	struct import_change	*c;

	while ((c = RB_ROOT(tree)) != NULL) {
		RB_REMOVE(import_change_tree, tree, c);
		entry_free(c->added);
		free(c);
	}
}

void
import_changes_free(struct import_changes *changes)
{
	if (changes == NULL)
		return;
	tree_free(&changes->names);
	tree_free(&changes->taken);
	free(changes);
}

static struct import_change *
find(struct import_change_tree *tree, enum entry_kind kind, const char *name)
{
	struct import_change	 key;

	key.keylen = change_key(kind, name, key.key);
	return (RB_FIND(import_change_tree, tree, &key));
}

/* The last one about a name stays. */
static void
note(struct import_change_tree *tree, enum entry_kind kind, const char *name,
    unsigned long number, struct entry *added)
{
	struct import_change	*c = find(tree, kind, name);

	if (c == NULL) {
		c = xcalloc(1, sizeof(*c));
		c->keylen = change_key(kind, name, c->key);
		(void)RB_INSERT(import_change_tree, tree, c);
	}
	entry_free(c->added);
	c->number = number;
	c->added = added;
}

static void
hear(void *arg, const char *line)
{
	struct import	*imp = arg;

	problems_line(imp->problems, IMPORT_CHANGES, line);
}

static void
read_delete(struct import *imp, const char *line, unsigned long number)
{
	struct import_where	 where = { IMPORT_CHANGES, { number, 8 } };
	uint8_t			 key[RECORD_KEY_SIZE];
	enum entry_kind		 kind;
	const char		*name = change_deleted(line, &kind);

	if (name != NULL && change_key(kind, name, key) != 0)
		note(&imp->changes->names, kind, name, number, NULL);
	else
		problems_error(imp->problems, &where, "nothing to delete, "
		    "expected address, account or domain and its name");
}

static void
read_line(struct import *imp, const char *line, unsigned long number)
{
	struct import_where	 where = { IMPORT_CHANGES, { number, 1 } };
	struct entry		*e;

	if (strncmp(line, "add ", 4) == 0) {
		if (entry_parse(line + 4, strlen(line + 4), "live changes",
		    number, hear, imp, &e) == 0)
			note(&imp->changes->names, e->kind, change_name(e),
			    number, e);
	} else if (strncmp(line, "delete ", 7) == 0)
		read_delete(imp, line + 7, number);
	else if (line[0] != '\0')
		problems_error(imp->problems, &where, "no change, expected "
		    "add or delete");
}

/* Of two changes that want an address the later has it. */
static void
take(struct import_changes *changes, const struct import_change *c)
{
	const struct entry	*e = c->added;
	struct import_change	*other;
	size_t			 i;

	if (e == NULL || e->kind == ENTRY_DOMAIN)
		return;
	for (i = 0; e->kind == ENTRY_ACCOUNT && i < e->nstrings; i++) {
		other = find(&changes->taken, ENTRY_ALIAS, e->strings[i]);
		if (other == NULL || other->number < c->number)
			note(&changes->taken, ENTRY_ALIAS, e->strings[i],
			    c->number, NULL);
	}
	if (e->kind == ENTRY_ACCOUNT)
		return;
	other = find(&changes->taken, ENTRY_ALIAS, e->address.shown);
	if (other == NULL || other->number < c->number)
		note(&changes->taken, ENTRY_ALIAS, e->address.shown,
		    c->number, NULL);
}

void
import_changes_read(struct import *imp, const char *text)
{
	struct import_change	*c;
	const char		*end;
	char			*line;
	unsigned long		 number = 0;

	imp->changes = xcalloc(1, sizeof(*imp->changes));
	RB_INIT(&imp->changes->names);
	RB_INIT(&imp->changes->taken);
	problems_name(imp->problems, IMPORT_CHANGES, "live changes");
	for (; *text != '\0'; text = *end == '\0' ? end : end + 1) {
		end = text + strcspn(text, "\n");
		line = xstrndup(text, (size_t)(end - text));
		read_line(imp, line, ++number);
		free(line);
	}
	RB_FOREACH(c, import_change_tree, &imp->changes->names)
		take(imp->changes, c);
}

static void
drop_string(struct entry *e, size_t i)
{
	free(e->strings[i]);
	e->nstrings--;
	memmove(e->strings + i, e->strings + i + 1,
	    (e->nstrings - i) * sizeof(*e->strings));
	memmove(e->pos + i, e->pos + i + 1,
	    (e->nstrings - i) * sizeof(*e->pos));
	e->account.addresses.n = (uint32_t)e->nstrings;
}

/*
 * What others took of the entry is no longer in it; 0: nothing is left of
 * it, or *whole unset: nothing that could be.
 */
static int
leave(struct import *imp, struct entry *e, enum import_source source,
    unsigned long number, int *whole)
{
	struct import_where	 where = { source, e->name };
	struct import_change	*c;
	size_t			 i, had = e->nstrings;

	if (e->kind == ENTRY_DOMAIN)
		return (1);
	if (e->kind != ENTRY_ACCOUNT) {
		c = find(&imp->changes->taken, ENTRY_ALIAS, e->address.shown);
		return (c == NULL || c->number <= number);
	}
	for (i = e->nstrings; i-- > 0; ) {
		c = find(&imp->changes->taken, ENTRY_ALIAS, e->strings[i]);
		if (c != NULL && c->number > number)
			drop_string(e, i);
	}
	if (had > 0 && (e->nstrings == 0 || e->strings[0][0] == '@')) {
		problems_error(imp->problems, &where, "a live change took the "
		    "addresses of account '%.64s', expected it to have one",
		    e->account.name);
		*whole = 0;
	}
	return (1);
}

int
import_changes_leave(struct import *imp, struct entry *e, int *whole)
{
	if (find(&imp->changes->names, e->kind, change_name(e)) != NULL)
		return (0);
	return (leave(imp, e, IMPORT_FILE, 0, whole));
}

void
import_changes_add(struct import *imp)
{
	struct import_change	*c;
	int			 whole;

	RB_FOREACH(c, import_change_tree, &imp->changes->names) {
		whole = 1;
		if (c->added != NULL && leave(imp, c->added, IMPORT_CHANGES,
		    c->number, &whole))
			import_entry(imp, c->added, IMPORT_CHANGES, whole);
	}
}
