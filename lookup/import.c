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
 * From entries to what is sorted: their records, each with the place of
 * what it was made of, and their references to others.
 */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lookup/extsort.h"
#include "lookup/import.h"
#include "lookup/import_change.h"
#include "lookup/import_domain.h"
#include "lookup/import_tag.h"
#include "smtpd/base/idn.h"
#include "smtpd/base/xmem.h"

/* One entry on its way into the sort. */
struct import_item {
	struct import		*imp;
	const struct entry	*e;
	struct import_where	 where;
	size_t			 nth;		/* of its addresses */
};

struct import *
import_new(const struct dirctl *ctl, const char *dir)
{
	struct import	*imp = xcalloc(1, sizeof(*imp));

	imp->ctl = ctl;
	imp->problems = problems_new(ctl);
	imp->sort = extsort_new(dir, IMPORT_MEMORY);
	imp->domains = import_domains_new();
	return (imp);
}

void
import_free(struct import *imp)
{
	if (imp == NULL)
		return;
	problems_free(imp->problems);
	extsort_free(imp->sort);
	import_domains_free(imp->domains);
	import_changes_free(imp->changes);
	free(imp);
}

void
import_progress(const struct import *imp, const char *what, uint64_t done,
    uint64_t total)
{
	if (imp->ctl->progress != NULL)
		imp->ctl->progress(imp->ctl->arg, what, done, total);
}

void
import_say(const struct dirctl *ctl, const char *fmt, ...)
{
	char	 line[1024];
	va_list	 ap;

	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);	/* may be cut */
	va_end(ap);
	ctl->report(ctl->arg, line);
}

static void
import_add(struct import *imp, int reference, const struct import_where *where,
    const void *key, size_t keylen, const void *value, size_t len)
{
	struct extsort_item	 item = { key, keylen, 0, value, len };

	item.tag = import_tag(reference, where);
	if (imp->error == 0 && extsort_add(imp->sort, &item) == -1)
		imp->error = errno;
}

/* A record of the entry; addresses of an account have a place each. */
static int
item_put(void *arg, const void *key, size_t keylen, const void *value,
    size_t len)
{
	struct import_item	*it = arg;

	if (it->e->kind == ENTRY_ACCOUNT &&
	    *(const char *)key == RECORD_ADDRESS)
		it->where.pos = it->e->pos[it->nth++];
	import_add(it->imp, 0, &it->where, key, keylen, value, len);
	return (0);
}

/* Another record must be there, or should. */
static void
item_refer(struct import_item *it, size_t i)
{
	const char	*s = it->e->strings[i];
	char		 folded[ADDRESS_STR_SIZE];
	uint8_t		 key[RECORD_KEY_SIZE];
	size_t		 len = 0;

	it->where.pos = it->e->pos[i];
	if (strchr(s, '@') == NULL)
		len = record_key(RECORD_ACCOUNT, s, key);
	else if (record_fold(s, folded, sizeof(folded)) == 0)
		len = record_key(RECORD_ADDRESS, folded, key);
	import_add(it->imp, 1, &it->where, key, len, NULL, 0);
}

/* Only the names: there is an error, so that there will be no table. */
static void
item_names(struct import_item *it)
{
	const struct entry	*e = it->e;
	char			 folded[ADDRESS_STR_SIZE];
	uint8_t			 key[RECORD_KEY_SIZE];
	size_t			 i, len = 0;

	if (e->kind == ENTRY_DOMAIN && idn_fold(e->domain.name, folded,
	    sizeof(folded)) == 0)
		len = record_key(RECORD_DOMAIN, folded, key);
	else if (e->kind == ENTRY_ACCOUNT)
		len = record_key(RECORD_ACCOUNT, e->account.name, key);
	else if (record_fold(e->address.shown, folded, sizeof(folded)) == 0)
		len = record_key(RECORD_ADDRESS, folded, key);
	import_add(it->imp, 0, &it->where, key, len, NULL, 0);
	for (i = 0; e->kind == ENTRY_ACCOUNT && i < e->nstrings; i++) {
		it->where.pos = e->pos[i];
		if (record_fold(e->strings[i], folded, sizeof(folded)) == 0)
			import_add(it->imp, 0, &it->where, key,
			    record_key(RECORD_ADDRESS, folded, key), NULL, 0);
	}
}

static void
use_domain(struct import_item *it, const char *address,
    const struct entry_pos *pos)
{
	char	 folded[ADDRESS_STR_SIZE];

	it->where.pos = *pos;
	if (record_fold(address, folded, sizeof(folded)) == 0)
		import_domain_use(it->imp->domains, folded, &it->where);
}

static void
item_domains(struct import_item *it)
{
	const struct entry	*e = it->e;
	char			 folded[ADDRESS_DOMAIN_MAX + 1];
	size_t			 i;

	switch (e->kind) {
	case ENTRY_DOMAIN:
		if (idn_fold(e->domain.name, folded, sizeof(folded)) == 0)
			import_domain_declare(it->imp->domains, folded,
			    &e->domain, &it->where);
		break;
	case ENTRY_ACCOUNT:
		for (i = 0; i < e->nstrings; i++)
			use_domain(it, e->strings[i], &e->pos[i]);
		break;
	default:
		use_domain(it, e->address.shown, &e->name);
		break;
	}
	it->where.pos = e->name;
}

static void
count(struct dirctl_counts *n, const struct entry *e)
{
	switch (e->kind) {
	case ENTRY_DOMAIN:
		n->domains++;
		break;
	case ENTRY_ACCOUNT:
		n->accounts++;
		n->addresses += e->nstrings;
		break;
	case ENTRY_ALIAS:
		n->aliases++;
		break;
	default:
		n->lists++;
		break;
	}
}

void
import_entry(struct import *imp, const struct entry *e,
    enum import_source source, int whole)
{
	struct import_item	 it = { imp, e, { source, e->name }, 0 };
	size_t			 i;

	count(&imp->counts, e);
	item_domains(&it);
	if (!whole) {
		item_names(&it);
		return;
	}
	(void)entry_records(e, item_put, &it);
	if (e->kind == ENTRY_ALIAS || e->kind == ENTRY_LIST)
		for (i = 0; i < e->nstrings; i++)
			item_refer(&it, i);
}

void
import_file_entry(struct import *imp, struct entry *e, int whole)
{
	if (imp->changes == NULL || import_changes_leave(imp, e, &whole))
		import_entry(imp, e, IMPORT_FILE, whole);
}
