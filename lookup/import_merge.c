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
 * All records in the order of their keys: what stands twice, what is
 * spoken of and is not there, and the rest.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lookup/extsort.h"
#include "lookup/import.h"
#include "lookup/import_domain.h"
#include "lookup/import_tag.h"

#define MERGE_STEP	((uint64_t)1 << 14)	/* records between looks */

struct merge {
	struct import		*imp;
	struct import_where	 where;		/* of the last record */
	size_t			 keylen;	/* of it; 0: none yet */
	uint8_t			 key[RECORD_KEY_SIZE];
	size_t			 len;
	uint8_t			 value[RECORD_KEY_SIZE]; /* of a login */
};

static int
is_last(const struct merge *m, const struct extsort_item *item)
{
	return (m->keylen == item->keylen &&
	    memcmp(m->key, item->key, item->keylen) == 0);
}

/* The name in a key, as far as it can be shown. */
static const char *
name_of(const struct extsort_item *item, char buf[RECORD_KEY_SIZE])
{
	uint32_t	 number;

	if (record_key_name(item->key, item->keylen, buf, RECORD_KEY_SIZE,
	    &number) == -1)
		buf[0] = '\0';
	return (buf);
}

static void
twice(struct merge *m, const struct extsort_item *item,
    const struct import_where *where)
{
	const char	*what;
	char		 name[RECORD_KEY_SIZE];

	switch (*(const char *)item->key) {
	case RECORD_DOMAIN:
		what = "domain";
		break;
	case RECORD_ADDRESS:
		what = "address";
		break;
	case RECORD_ACCOUNT:
		what = "account";
		break;
	case RECORD_LOGIN:
		/* the account stands twice, which is said already */
		if (item->len == m->len &&
		    memcmp(item->value, m->value, m->len) == 0)
			return;
		what = "login";
		break;
	default:		/* goes with an address that stands twice */
		return;
	}
	problems_error(m->imp->problems, where, "%s '%.300s' stands in line "
	    "%lu%s already, expected it once", what, name_of(item, name),
	    m->where.pos.line, m->where.source != IMPORT_CHANGES ? "" :
	    " of the live changes");
}

/* What a reference says is not there. */
static void
missing(struct merge *m, const struct extsort_item *item,
    const struct import_where *where)
{
	char	 name[RECORD_KEY_SIZE];

	(void)name_of(item, name);
	if (*(const char *)item->key == RECORD_ACCOUNT)
		problems_error(m->imp->problems, where, "account '%.100s' "
		    "does not exist, expected an account of this directory "
		    "or an address", name);
	else if (import_domain_is_dead(m->imp->domains, name))
		problems_warning(m->imp->problems, where, "address '%.300s' "
		    "does not exist, mail for it goes nowhere", name);
}

static int
merge_record(struct merge *m, const struct extsort_item *item,
    const struct import_where *where, entry_put put, void *arg)
{
	if (is_last(m, item)) {
		twice(m, item, where);
		return (0);
	}
	m->where = *where;
	m->keylen = item->keylen;
	memcpy(m->key, item->key, item->keylen);
	m->len = 0;
	if (m->key[0] == RECORD_LOGIN && item->len <= sizeof(m->value)) {
		m->len = item->len;
		memcpy(m->value, item->value, item->len);
	}
	if (put == NULL || problems_errors(m->imp->problems) != 0)
		return (0);
	return (put(arg, item->key, item->keylen, item->value, item->len));
}

static int
merge_all(struct merge *m, entry_put put, void *arg)
{
	struct import_where	 where;
	struct extsort_item	 item;
	uint64_t		 n, total = extsort_count(m->imp->sort);
	int			 ret;

	for (n = 0; (ret = extsort_next(m->imp->sort, &item)) == 1; n++) {
		if (n % MERGE_STEP == 0)
			import_progress(m->imp, "writing", n, total);
		if (import_tag_get(item.tag, &where)) {
			if (!is_last(m, &item))
				missing(m, &item, &where);
		} else if (merge_record(m, &item, &where, put, arg) == -1)
			return (-1);
	}
	if (ret == -1)
		m->imp->error = errno;
	return (ret);
}

int
import_merge(struct import *imp, entry_put put, void *arg)
{
	static const struct import_where	 first = { IMPORT_FILE,
						    { 1, 1 } };
	struct merge				 m = { .imp = imp };
	int					 ret = 0;

	/* what is empty by mistake would refuse all mail for good */
	if (extsort_count(imp->sort) == 0 &&
	    problems_errors(imp->problems) == 0)
		problems_error(imp->problems, &first, "no record in it, "
		    "expected at least a domain");
	import_domains_check(imp->domains, imp->problems);
	import_progress(imp, "sorting", 0, 0);
	if (imp->error == 0 && extsort_finish(imp->sort) == -1)
		imp->error = errno;
	if (imp->error == 0)
		ret = merge_all(&m, put, arg);
	if (imp->error != 0) {
		import_say(imp->ctl, "sorting: %s", strerror(imp->error));
		return (-1);
	}
	return (ret);
}
