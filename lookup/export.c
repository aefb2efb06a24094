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
 * From the records of a table back to entries.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "lookup/bdb.h"
#include "lookup/export.h"
#include "lookup/import.h"
#include "smtpd/base/xmem.h"

#define EXPORT_STEP	((uint64_t)1 << 12)	/* entries between looks */

struct export {
	const struct dirctl	*ctl;
	const char		*db;
	struct bdb_table	*table;
	struct bdb_table	*members;	/* the same, another cursor */
	int			(*take)(void *, struct entry *);
	void			*arg;
	uint64_t		 n;		/* entries */
	uint64_t		 total;		/* as the table says */
};

static int
export_fail(const struct export *x, const struct bdb_item *item,
    const char *what)
{
	char		 name[RECORD_KEY_SIZE];
	uint32_t	 number;

	if (record_key_name(item->key, item->keylen, name, sizeof(name),
	    &number) == -1)
		name[0] = '\0';
	import_say(x->ctl, "%s: record '%c' of '%.300s' %s", x->db,
	    *(const char *)item->key, name, what);
	return (EX_DATAERR);
}

static void
add_string(struct entry *e, size_t n, const char *s)
{
	if (e->strings == NULL) {
		e->strings = xcalloc(n, sizeof(*e->strings));
		e->pos = xcalloc(n, sizeof(*e->pos));
	}
	e->strings[e->nstrings] = xstrdup(s);
	e->pos[e->nstrings++] = e->name;
}

static void
add_strings(struct entry *e, struct record_strings s)
{
	char	 buf[ADDRESS_STR_SIZE];
	size_t	 n = s.n;

	while (record_next(&s, buf, sizeof(buf)) != NULL)
		add_string(e, n, buf);
}

/* Members stand in records of their own, in the order of their lists. */
static int
export_members(struct export *x, struct entry *e, const struct bdb_item *list)
{
	struct bdb_item	 item;
	enum answer	 a = ANSWER_NONE;
	char		 name[RECORD_KEY_SIZE], buf[ADDRESS_STR_SIZE];
	uint8_t		 key[RECORD_KEY_SIZE];
	uint32_t	 i, n = e->address.nmembers;
	size_t		 len;

	if (record_key_name(list->key, list->keylen, name, sizeof(name), &i)
	    == -1)
		return (export_fail(x, list, "has no name"));
	for (i = 0; i < n; i++) {
		len = record_key_member(name, i, key);
		a = i == 0 ? bdb_table_seek(x->members, key, len, &item) :
		    bdb_table_next(x->members, &item);
		if (a != ANSWER_FOUND || item.keylen != len ||
		    memcmp(item.key, key, len) != 0 ||
		    record_get_string(key, len, item.value, item.len, buf,
		    sizeof(buf)) == -1)
			return (export_fail(x, list, "lacks a member"));
		add_string(e, n, buf);
	}
	return (EX_OK);
}

/*
 * The record as an entry: EX_OK, with *wanted unset when it belongs to
 * another round or to an account.
 */
static int
export_decode(struct export *x, const struct bdb_item *item, struct entry *e,
    int *wanted)
{
	struct address_record	*a = &e->address;

	*wanted = 1;
	switch (e->kind) {
	case ENTRY_DOMAIN:
		if (record_get_domain(item->key, item->keylen, item->value,
		    item->len, &e->domain) == -1)
			return (export_fail(x, item, "is damaged"));
		return (EX_OK);
	case ENTRY_ACCOUNT:
		if (record_get_account(item->key, item->keylen, item->value,
		    item->len, &e->account) == -1)
			return (export_fail(x, item, "is damaged"));
		add_strings(e, e->account.addresses);
		return (EX_OK);
	default:
		if (record_get_address(item->key, item->keylen, item->value,
		    item->len, a) == -1)
			return (export_fail(x, item, "is damaged"));
		*wanted = a->kind == (e->kind == ENTRY_ALIAS ?
		    RESOLVE_ALIAS : RESOLVE_LIST);
		if (*wanted && e->kind == ENTRY_LIST)
			return (export_members(x, e, item));
		add_strings(e, a->targets);
		return (EX_OK);
	}
}

static int
export_entry(struct export *x, const struct bdb_item *item,
    enum entry_kind kind)
{
	struct entry	*e = xcalloc(1, sizeof(*e));
	int		 status, wanted;

	e->kind = kind;
	e->line = e->name.line = (unsigned long)x->n + 1;
	e->name.column = 1;
	status = export_decode(x, item, e, &wanted);
	if (status == EX_OK && wanted) {
		x->n++;
		if (x->n % EXPORT_STEP == 0 && x->ctl->progress != NULL)
			x->ctl->progress(x->ctl->arg, "reading", x->n,
			    x->total);
		if (x->take(x->arg, e) == -1)
			status = EX_IOERR;
	}
	entry_free(e);
	return (status);
}

static int
export_round(struct export *x, char record, enum entry_kind kind)
{
	struct bdb_item	 item;
	enum answer	 a;
	int		 status = EX_OK;

	for (a = bdb_table_seek(x->table, &record, 1, &item);
	    a == ANSWER_FOUND && *(const char *)item.key == record;
	    a = bdb_table_next(x->table, &item)) {
		status = export_entry(x, &item, kind);
		if (status != EX_OK)
			return (status);
	}
	if (a == ANSWER_TEMPFAIL) {
		import_say(x->ctl, "%s: damaged", x->db);
		return (EX_DATAERR);
	}
	return (EX_OK);
}

/* Made by an import of this version? */
static int
export_info(struct export *x)
{
	struct info_record	 info;
	struct bdb_item		 item;
	uint8_t			 key[RECORD_KEY_SIZE];
	size_t			 len = record_key(RECORD_INFO, "", key);

	if (bdb_table_get(x->table, key, len, &item) != ANSWER_FOUND ||
	    record_get_info(key, len, item.value, item.len, &info) == -1) {
		import_say(x->ctl, "%s: not a table of a directory, or of "
		    "another version", x->db);
		return (EX_DATAERR);
	}
	x->total = info.domains + info.accounts + info.aliases + info.lists;
	return (EX_OK);
}

static int
export_rounds(struct export *x)
{
	static const struct {
		char		 record;
		enum entry_kind	 kind;
	} rounds[] = {
		{ RECORD_DOMAIN, ENTRY_DOMAIN },
		{ RECORD_ACCOUNT, ENTRY_ACCOUNT },
		{ RECORD_ADDRESS, ENTRY_ALIAS },
		{ RECORD_ADDRESS, ENTRY_LIST },
	};
	size_t	 i;
	int	 status = export_info(x);

	for (i = 0; status == EX_OK &&
	    i < sizeof(rounds) / sizeof(rounds[0]); i++)
		status = export_round(x, rounds[i].record, rounds[i].kind);
	return (status);
}

int
export_walk(const struct dirctl *ctl, const char *db,
    int (*take)(void *arg, struct entry *), void *arg)
{
	struct export	 x = { .ctl = ctl, .db = db, .take = take,
			    .arg = arg };
	char		 why[512];
	int		 status;

	if (access(db, R_OK) == -1) {
		import_say(ctl, "%s: %s", db, strerror(errno));
		return (EX_NOINPUT);
	}
	if (ctl->progress != NULL)
		ctl->progress(ctl->arg, "verifying", 0, 0);
	if (bdb_table_verify(db, why, sizeof(why)) == -1 ||
	    (x.table = bdb_table_scan(db, why, sizeof(why))) == NULL ||
	    (x.members = bdb_table_scan(db, why, sizeof(why))) == NULL) {
		import_say(ctl, "%s", why);
		status = EX_DATAERR;
	} else
		status = export_rounds(&x);
	bdb_table_close(x.table);
	bdb_table_close(x.members);
	return (status);
}
