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
 * Tables, built.
 */

#include <db.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lookup/bdb.h"
#include "lookup/bdb_handle.h"
#include "lookup/newfile.h"
#include "smtpd/base/xmem.h"

#define BUILD_RECORD	64		/* octets of one, on average */
#define BUILD_PAGE	8192		/* verifies twice as fast as 4096 */
#define BUILD_CACHE	((uint64_t)64 << 20)

struct bdb_build {
	DB		*db;
	struct newfile	*file;
	char		*path;
	char		 said[BDB_SAID_SIZE];
	size_t		 lastlen;
	uint8_t		 last[BDB_KEY_MAX];
};

struct bdb_build *
bdb_build_open(const char *path, uint64_t records, char *why, size_t size)
{
	struct bdb_build	*b;
	uint64_t		 cache = BUILD_CACHE;
	int			 ret;

	if (bdb_no_config(path, why, size) == -1)
		return (NULL);
	b = xcalloc(1, sizeof(*b));
	b->path = xstrdup(path);
	if ((b->file = newfile_begin(path, why, size)) == NULL) {
		bdb_build_abort(b);
		return (NULL);
	}
	/* pages are written once, in order: they need not all stay */
	if (records < cache / BUILD_RECORD)
		cache = records * BUILD_RECORD;
	if ((b->db = bdb_handle(cache, b->said)) == NULL) {
		(void)snprintf(why, size, "%s: %s", path, b->said);
		bdb_build_abort(b);
		return (NULL);
	}
	if ((ret = b->db->set_pagesize(b->db, BUILD_PAGE)) != 0 ||
	    (ret = b->db->set_flags(b->db, DB_CHKSUM)) != 0 ||
	    (ret = b->db->open(b->db, NULL, newfile_name(b->file), NULL,
	    DB_BTREE, DB_CREATE | DB_TRUNCATE, 0600)) != 0) {
		bdb_why(newfile_name(b->file), ret, b->said, why, size);
		bdb_build_abort(b);
		return (NULL);
	}
	return (b);
}

/* Is key behind the last one? */
static int
build_ascends(const struct bdb_build *b, const void *key, size_t keylen)
{
	size_t	 n = keylen < b->lastlen ? keylen : b->lastlen;
	int	 cmp = memcmp(key, b->last, n);

	return (cmp > 0 || (cmp == 0 && keylen > b->lastlen));
}

int
bdb_build_put(struct bdb_build *b, const void *key, size_t keylen,
    const void *value, size_t len, char *why, size_t size)
{
	DBT	 k, v;
	int	 ret;

	if (keylen == 0 || keylen > BDB_KEY_MAX || len > BDB_VALUE_MAX ||
	    !build_ascends(b, key, keylen)) {
		(void)snprintf(why, size, "%s: a record of %zu and %zu octets "
		    "is too long or out of order", b->path, keylen, len);
		bdb_build_abort(b);
		return (-1);
	}
	memcpy(b->last, key, keylen);
	b->lastlen = keylen;
	memset(&k, 0, sizeof(k));
	memset(&v, 0, sizeof(v));
	k.data = b->last;
	k.size = (u_int32_t)keylen;
	memcpy(&v.data, &value, sizeof(v.data));	/* only read */
	v.size = (u_int32_t)len;
	if ((ret = b->db->put(b->db, NULL, &k, &v, 0)) != 0) {
		bdb_why(newfile_name(b->file), ret, b->said, why, size);
		bdb_build_abort(b);
		return (-1);
	}
	return (0);
}

int
bdb_build_commit(struct bdb_build *b, char *why, size_t size)
{
	int	 ret;

	if ((ret = b->db->close(b->db, 0)) != 0) {
		b->db = NULL;
		bdb_why(newfile_name(b->file), ret, b->said, why, size);
		bdb_build_abort(b);
		return (-1);
	}
	b->db = NULL;
	if (bdb_table_verify(newfile_name(b->file), why, size) == -1) {
		bdb_build_abort(b);
		return (-1);
	}
	ret = newfile_commit(b->file, why, size);
	b->file = NULL;
	bdb_build_abort(b);
	return (ret);
}

void
bdb_build_abort(struct bdb_build *b)
{
	if (b == NULL)
		return;
	if (b->db != NULL)
		bdb_drop(b->db);
	newfile_abort(b->file);
	free(b->path);
	free(b);
}
