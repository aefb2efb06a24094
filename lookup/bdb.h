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
 * Tables: sorted Berkeley DB btrees with page checksums, opened for reading
 * only, without environment and without mmap; built aside and renamed in.
 * A DB_CONFIG beside a table is refused.  No other header knows Berkeley
 * DB; only the files bdb*.c do.
 */

#ifndef BDB_H
#define BDB_H

#include <stddef.h>
#include <stdint.h>

#include "lookup/answer.h"

#define BDB_KEY_MAX	1023		/* octets */
#define BDB_VALUE_MAX	(64 * 1024)	/* octets */

/* Octets that the table owns: valid until the next call on it. */
struct bdb_item {
	const void	*key;
	size_t		 keylen;
	const void	*value;
	size_t		 len;
};

struct bdb_table;

/* Does the file begin as a table does?  -1 with errno: it cannot be read. */
int	 bdb_is_table(const char *path);

/* NULL and why (its size octets, terminated) when it is no good table. */
struct bdb_table *bdb_table_open(const char *path, char *why, size_t size);
void	 bdb_table_close(struct bdb_table *);		/* NULL is fine */

/* The same with little memory, to walk over it in order. */
struct bdb_table *bdb_table_scan(const char *path, char *why, size_t size);

/*
 * Read every page of the closed table path: 0 when it is whole, else -1
 * and why.  A table with an empty page can make get and seek spin; what is
 * not to hang checks first.
 */
int	 bdb_table_verify(const char *path, char *why, size_t size);

/*
 * TEMPFAIL when the table is damaged; it is from then on for every key,
 * and that was logged once.  Empty and over-long keys are NONE.
 */
enum answer bdb_table_get(struct bdb_table *, const void *key, size_t keylen,
	    struct bdb_item *);

/* The first record at or behind key (keylen 0: of all); the next one. */
enum answer bdb_table_seek(struct bdb_table *, const void *key,
	    size_t keylen, struct bdb_item *);
enum answer bdb_table_next(struct bdb_table *, struct bdb_item *);

/*
 * Build the table path: records in strictly ascending order of their keys
 * go to a file beside it, which commit makes durable, verifies and renames
 * to path; abort, or a failure of any call, removes it.  records (about) is
 * for the size of the cache.  -1 or NULL is failure, why says of what;
 * commit and a failed put free the build.
 */
struct bdb_build;

struct bdb_build *bdb_build_open(const char *path, uint64_t records,
	    char *why, size_t size);
int	 bdb_build_put(struct bdb_build *, const void *key, size_t keylen,
	    const void *value, size_t len, char *why, size_t size);
int	 bdb_build_commit(struct bdb_build *, char *why, size_t size);
void	 bdb_build_abort(struct bdb_build *);		/* NULL is fine */

#endif
