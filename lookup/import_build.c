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
 * The ends of an import: only checked, built, or compared.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "lookup/bdb.h"
#include "lookup/extsort.h"
#include "lookup/import.h"
#include "lookup/import_build.h"
#include "smtpd/base/clock.h"

/* A table that is read or written beside the records of an import. */
struct target {
	struct import		*imp;
	const char		*db;
	struct bdb_build	*build;
	struct bdb_table	*table;
	struct bdb_item		 item;		/* the next of the table */
	enum answer		 answer;	/* whether there is one */
	char			 why[512];
};

/* The status when all went well; problems are shown in any case. */
static int
end(struct import *imp, int ret, int status)
{
	if (problems_errors(imp->problems) != 0)
		status = EX_DATAERR;
	else if (ret == -1)
		status = EX_IOERR;
	problems_show(imp->problems);
	return (status);
}

int
import_check(struct import *imp)
{
	return (end(imp, import_merge(imp, NULL, NULL), EX_OK));
}

static int
target_put(void *arg, const void *key, size_t keylen, const void *value,
    size_t len)
{
	struct target	*t = arg;

	if (t->build == NULL) {
		t->build = bdb_build_open(t->db,
		    extsort_count(t->imp->sort), t->why, sizeof(t->why));
		if (t->build == NULL)
			return (-1);
	}
	if (bdb_build_put(t->build, key, keylen, value, len, t->why,
	    sizeof(t->why)) == -1) {
		t->build = NULL;
		return (-1);
	}
	return (0);
}

static void
info_of(const struct dirctl_counts *n, struct info_record *info)
{
	memset(info, 0, sizeof(*info));
	info->domains = n->domains;
	info->accounts = n->accounts;
	info->addresses = n->addresses;
	info->aliases = n->aliases;
	info->lists = n->lists;
}

/* The record that says what there is stands among the others. */
static void
add_info(struct import *imp)
{
	struct extsort_item	 item;
	struct info_record	 info;
	struct wbuf		 w;
	uint8_t			 key[RECORD_KEY_SIZE];

	info_of(&imp->counts, &info);
	info.created = clock_wall();
	memset(&item, 0, sizeof(item));
	item.keylen = record_key(RECORD_INFO, "", key);
	item.key = key;
	wbuf_init(&w);
	record_put_info(&w, key, item.keylen, &info);
	item.value = w.data;
	item.len = w.len;
	if (imp->error == 0 && extsort_add(imp->sort, &item) == -1)
		imp->error = errno;
	wbuf_free(&w);
}

int
import_build(struct import *imp, const char *db)
{
	struct target	 t = { .imp = imp, .db = db };
	int		 ret;

	if (extsort_count(imp->sort) > 0)
		add_info(imp);
	ret = import_merge(imp, target_put, &t);
	if (ret == -1 || problems_errors(imp->problems) != 0)
		bdb_build_abort(t.build);
	else {
		import_progress(imp, "verifying", 0, 0);
		ret = bdb_build_commit(t.build, t.why, sizeof(t.why));
	}
	if (t.why[0] != '\0')
		import_say(imp->ctl, "%s", t.why);
	return (end(imp, ret, EX_OK));
}

static void
target_next(struct target *t)
{
	t->answer = bdb_table_next(t->table, &t->item);
}

/* What stands in the table where the import has another record, or none. */
static void
differs(struct target *t, const void *key, size_t keylen)
{
	char		 name[RECORD_KEY_SIZE];
	uint32_t	 number;

	if (record_key_name(key, keylen, name, sizeof(name), &number) == -1)
		name[0] = '\0';
	(void)snprintf(t->why, sizeof(t->why), "%s: record '%c' of '%.300s' "
	    "is not what its entry says: import it anew", t->db,
	    *(const char *)key, name);
}

/* Over the record of what there is, which must count just that. */
static int
skip_info(struct target *t)
{
	struct info_record	 want, info;

	if (t->answer != ANSWER_FOUND || t->item.keylen != 1)
		return (0);
	info_of(&t->imp->counts, &want);
	if (record_get_info(t->item.key, t->item.keylen, t->item.value,
	    t->item.len, &info) == 0) {
		want.created = info.created;
		if (memcmp(&want, &info, sizeof(info)) == 0) {
			target_next(t);
			return (0);
		}
	}
	differs(t, t->item.key, t->item.keylen);
	return (-1);
}

/* The record of the table at which the two must meet. */
static int
target_same(void *arg, const void *key, size_t keylen, const void *value,
    size_t len)
{
	struct target	*t = arg;

	if (skip_info(t) == -1)
		return (-1);
	if (t->answer == ANSWER_TEMPFAIL) {
		(void)snprintf(t->why, sizeof(t->why), "%s: damaged", t->db);
		return (-1);
	}
	if (t->answer == ANSWER_NONE || t->item.keylen != keylen ||
	    t->item.len != len || memcmp(t->item.key, key, keylen) != 0 ||
	    memcmp(t->item.value, value, len) != 0) {
		differs(t, key, keylen);
		return (-1);
	}
	target_next(t);
	return (0);
}

/* What is left of the table when the entries are at their end. */
static void
compare_rest(struct target *t)
{
	if (skip_info(t) == -1)
		return;
	if (t->answer == ANSWER_TEMPFAIL)
		(void)snprintf(t->why, sizeof(t->why), "%s: damaged", t->db);
	else if (t->answer == ANSWER_FOUND)
		differs(t, t->item.key, t->item.keylen);
}

int
import_compare(struct import *imp, const char *db)
{
	struct target	 t = { .imp = imp, .db = db };
	int		 ret = -1;

	t.table = bdb_table_scan(db, t.why, sizeof(t.why));
	if (t.table != NULL) {
		t.answer = bdb_table_seek(t.table, NULL, 0, &t.item);
		ret = import_merge(imp, target_same, &t);
		if (ret == 0 && problems_errors(imp->problems) == 0)
			compare_rest(&t);
	}
	bdb_table_close(t.table);
	if (t.why[0] != '\0') {
		import_say(imp->ctl, "%s", t.why);
		return (end(imp, 0, EX_DATAERR));
	}
	return (end(imp, ret, EX_OK));
}
