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
 * Domains of a text, in a tree.
 */

#include <bsd/sys/tree.h>

#include <stdlib.h>
#include <string.h>

#include "lookup/import_domain.h"
#include "smtpd/base/xmem.h"

struct import_domain {
	RB_ENTRY(import_domain)	 entry;
	struct import_where	 declared;	/* line 0: is not */
	struct import_where	 used;		/* the first time */
	int			 split;		/* another server knows more */
	char			*alias_of;	/* or NULL */
	char			 name[];
};

RB_HEAD(import_domain_tree, import_domain);

struct import_domains {
	struct import_domain_tree	 tree;
	struct import_domain		*last;	/* most come in rows */
};

static int
import_domain_cmp(const struct import_domain *a, const struct import_domain *b)
{
	return (strcmp(a->name, b->name));
}

RB_PROTOTYPE(import_domain_tree, import_domain, entry, import_domain_cmp)
RB_GENERATE(import_domain_tree, import_domain, entry, import_domain_cmp)

struct import_domains *
import_domains_new(void)
{
	struct import_domains	*d = xcalloc(1, sizeof(*d));

	RB_INIT(&d->tree);
	return (d);
}

void
import_domains_free(struct import_domains *d)
{
	struct import_domain	*one;

	if (d == NULL)
		return;
	while ((one = RB_ROOT(&d->tree)) != NULL) {
		RB_REMOVE(import_domain_tree, &d->tree, one);
		free(one->alias_of);
		free(one);
	}
	free(d);
}

static struct import_domain *
find(const struct import_domains *d, const char *name)
{
	struct import_domain	*one = RB_ROOT(&d->tree);
	int			 cmp;

	while (one != NULL && (cmp = strcmp(name, one->name)) != 0)
		one = cmp < 0 ? RB_LEFT(one, entry) : RB_RIGHT(one, entry);
	return (one);
}

static struct import_domain *
find_or_add(struct import_domains *d, const char *name)
{
	struct import_domain	*one = d->last;
	size_t			 size;

	if (one != NULL && strcmp(one->name, name) == 0)
		return (one);
	if ((one = find(d, name)) == NULL) {
		size = strlen(name) + 1;
		one = xcalloc(1, sizeof(*one) + size);
		memcpy(one->name, name, size);
		(void)RB_INSERT(import_domain_tree, &d->tree, one);
	}
	d->last = one;
	return (one);
}

void
import_domain_declare(struct import_domains *d, const char *folded,
    const struct domain_record *record, const struct import_where *where)
{
	struct import_domain	*one = find_or_add(d, folded);

	/* twice is an error that others find */
	if (one->declared.pos.line != 0)
		return;
	one->declared = *where;
	if (record->url[0] != '\0')
		one->split = 1;
	if (record->alias_of[0] != '\0')
		one->alias_of = xstrdup(record->alias_of);
}

void
import_domain_use(struct import_domains *d, const char *address,
    const struct import_where *where)
{
	struct import_domain	*one;

	one = find_or_add(d, strrchr(address, '@') + 1);
	if (one->used.pos.line == 0)
		one->used = *where;
}

void
import_domains_check(const struct import_domains *d, struct problems *p)
{
	const struct import_domain	*target;
	struct import_domains		 walk = *d;
	struct import_domain		*one;

	RB_FOREACH(one, import_domain_tree, &walk.tree) {
		if (one->declared.pos.line == 0) {
			problems_error(p, &one->used, "domain '%s' is not one "
			    "of this directory, expected a record: domain %s",
			    one->name, one->name);
			continue;
		}
		if (one->alias_of == NULL)
			continue;
		target = find(d, one->alias_of);
		if (target == NULL || target->declared.pos.line == 0)
			problems_error(p, &one->declared, "alias-of=%s is no "
			    "domain of this directory, expected a record: "
			    "domain %s", one->alias_of, one->alias_of);
		else if (target == one)
			problems_error(p, &one->declared, "alias-of=%s is the "
			    "domain itself, expected another one",
			    one->alias_of);
		else if (target->alias_of != NULL)
			problems_error(p, &one->declared, "alias-of=%s is "
			    "itself an alias, expected alias-of=%s",
			    one->alias_of, target->alias_of);
	}
}

int
import_domain_is_dead(const struct import_domains *d, const char *address)
{
	const struct import_domain	*one;

	one = find(d, strrchr(address, '@') + 1);
	return (one != NULL && one->declared.pos.line != 0 && !one->split &&
	    one->alias_of == NULL);
}
