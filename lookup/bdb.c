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
 * Tables, read.
 */

#include <sys/stat.h>

#include <db.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lookup/bdb.h"
#include "lookup/bdb_handle.h"
#include "smtpd/base/log.h"
#include "smtpd/base/xmem.h"

#define SCAN_CACHE	((uint64_t)8 << 20)	/* each page is read once */

struct bdb_table {
	DB	*db;
	DBC	*cursor;
	char	*path;
	int	 damaged;
	char	 said[BDB_SAID_SIZE];
	uint8_t	 key[BDB_KEY_MAX];	/* of the last get or seek */
};

int
bdb_is_table(const char *path)
{
	/* a btree's number, which stands behind place and checksum */
	static const uint32_t	 magic = 0x053162;
	uint32_t		 head[4];
	ssize_t			 n;
	int			 fd;

	if ((fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)) == -1)
		return (-1);
	n = pread(fd, head, sizeof(head), 0);
	(void)close(fd);		/* only read */
	if (n == -1)
		return (-1);
	return (n == (ssize_t)sizeof(head) && (head[3] == magic ||
	    head[3] == __builtin_bswap32(magic)));
}

/* Is path a file of some size?  0, or -1 and why. */
static int
table_look(const char *path, uint64_t *octets, char *why, size_t size)
{
	struct stat	 st;

	if (bdb_no_config(path, why, size) == -1)
		return (-1);
	if (stat(path, &st) == -1) {
		(void)snprintf(why, size, "%s: %s", path, strerror(errno));
		return (-1);
	}
	/* the library would wait for the other end of a fifo */
	if (!S_ISREG(st.st_mode)) {
		(void)snprintf(why, size, "%s: not a regular file", path);
		return (-1);
	}
	/* the library takes the start of a text for all kinds of things */
	if (bdb_is_table(path) == 0) {
		(void)snprintf(why, size, "%s: not a table, or damaged", path);
		return (-1);
	}
	*octets = (uint64_t)st.st_size;
	return (0);
}

/* With a cache for so many octets, at most for the file. */
static struct bdb_table *
table_open(const char *path, uint64_t cache, char *why, size_t size)
{
	struct bdb_table	*t;
	uint64_t		 octets;
	u_int32_t		 flags = 0;
	int			 ret;

	if (table_look(path, &octets, why, size) == -1)
		return (NULL);
	if (octets > cache)
		octets = cache;
	t = xcalloc(1, sizeof(*t));
	t->path = xstrdup(path);
	if ((t->db = bdb_handle(octets, t->said)) == NULL) {
		(void)snprintf(why, size, "%s: %s", path, t->said);
		goto fail;
	}
	/* a file that is mapped and cut short is a SIGBUS: not mapped */
	ret = t->db->open(t->db, NULL, path, NULL, DB_BTREE,
	    DB_RDONLY | DB_NOMMAP, 0);
	if (ret == EINVAL || ret == DB_RUNRECOVERY) {
		(void)snprintf(why, size, "%s: not a table, or damaged", path);
		goto fail;
	}
	if (ret == 0)
		ret = t->db->get_flags(t->db, &flags);
	if (ret != 0) {
		bdb_why(path, ret, t->said, why, size);
		goto fail;
	}
	if (!(flags & DB_CHKSUM)) {
		(void)snprintf(why, size, "%s: its pages have no checksums, "
		    "expected a table of smtpctl directory import", path);
		goto fail;
	}
	return (t);

fail:
	bdb_table_close(t);
	return (NULL);
}

struct bdb_table *
bdb_table_open(const char *path, char *why, size_t size)
{
	return (table_open(path, UINT64_MAX, why, size));
}

struct bdb_table *
bdb_table_scan(const char *path, char *why, size_t size)
{
	return (table_open(path, SCAN_CACHE, why, size));
}

void
bdb_table_close(struct bdb_table *t)
{
	if (t == NULL)
		return;
	/* closes its cursor, too */
	if (t->db != NULL)
		bdb_drop(t->db);
	free(t->path);
	free(t);
}

/* What ret comes to; value is what was found. */
static enum answer
table_answer(struct bdb_table *t, int ret, const DBT *key, const DBT *value,
    struct bdb_item *item)
{
	char	 why[1024];

	if (ret == DB_NOTFOUND)
		return (ANSWER_NONE);
	if (ret == 0 && (value->size > BDB_VALUE_MAX ||
	    key->size > BDB_KEY_MAX))
		ret = EINVAL;
	if (ret == ENOMEM) {
		bdb_why(t->path, ret, t->said, why, sizeof(why));
		log_warnx("table cannot be read now: %s", why);
		return (ANSWER_TEMPFAIL);
	}
	if (ret != 0) {
		bdb_why(t->path, ret, t->said, why, sizeof(why));
		log_warnx("table damaged: %s: not asked again until it is "
		    "replaced", why);
		t->damaged = 1;
		return (ANSWER_TEMPFAIL);
	}
	item->key = key->data;
	item->keylen = key->size;
	item->value = value->data;
	item->len = value->size;
	return (ANSWER_FOUND);
}

enum answer
bdb_table_get(struct bdb_table *t, const void *key, size_t keylen,
    struct bdb_item *item)
{
	DBT	 k, v;

	if (t->damaged)
		return (ANSWER_TEMPFAIL);
	if (keylen == 0 || keylen > BDB_KEY_MAX)
		return (ANSWER_NONE);
	memset(&k, 0, sizeof(k));
	memset(&v, 0, sizeof(v));
	memcpy(t->key, key, keylen);
	k.data = t->key;
	k.size = (u_int32_t)keylen;
	return (table_answer(t, t->db->get(t->db, NULL, &k, &v, 0), &k, &v,
	    item));
}

static enum answer
table_move(struct bdb_table *t, DBT *k, u_int32_t how, struct bdb_item *item)
{
	DBT	 v;
	int	 ret = 0;

	if (t->damaged)
		return (ANSWER_TEMPFAIL);
	memset(&v, 0, sizeof(v));
	if (t->cursor == NULL)
		ret = t->db->cursor(t->db, NULL, &t->cursor, 0);
	if (ret == 0)
		ret = t->cursor->get(t->cursor, k, &v, how);
	return (table_answer(t, ret, k, &v, item));
}

enum answer
bdb_table_seek(struct bdb_table *t, const void *key, size_t keylen,
    struct bdb_item *item)
{
	DBT	 k;

	if (keylen > BDB_KEY_MAX)
		return (ANSWER_NONE);
	memset(&k, 0, sizeof(k));
	if (keylen == 0)
		return (table_move(t, &k, DB_FIRST, item));
	memcpy(t->key, key, keylen);
	k.data = t->key;
	k.size = (u_int32_t)keylen;
	return (table_move(t, &k, DB_SET_RANGE, item));
}

enum answer
bdb_table_next(struct bdb_table *t, struct bdb_item *item)
{
	DBT	 k;

	memset(&k, 0, sizeof(k));
	return (table_move(t, &k, DB_NEXT, item));
}

int
bdb_table_verify(const char *path, char *why, size_t size)
{
	char		 said[BDB_SAID_SIZE];
	DB		*db;
	uint64_t	 octets;
	int		 ret;

	if (table_look(path, &octets, why, size) == -1)
		return (-1);
	if ((db = bdb_handle(SCAN_CACHE, said)) == NULL) {
		(void)snprintf(why, size, "%s: %s", path, said);
		return (-1);
	}
	/* frees the handle */
	if ((ret = db->verify(db, path, NULL, NULL, 0)) != 0) {
		bdb_why(path, ret, said, why, size);
		return (-1);
	}
	return (0);
}
