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
 * Room-private: a Berkeley DB handle without environment, for bdb.c and
 * bdb_build.c.
 */

#ifndef BDB_HANDLE_H
#define BDB_HANDLE_H

#include <stddef.h>
#include <stdint.h>

struct __db;

#define BDB_SAID_SIZE	192

/*
 * A handle with a cache for a file of that many octets.  What the library
 * has to say goes to said, of BDB_SAID_SIZE, which must outlive it.  NULL
 * with why in said.
 */
struct __db *bdb_handle(uint64_t octets, char *said);

/*
 * Close what was read only, or is not wanted.  After a checksum error the
 * library would leave its cache behind; this does not.
 */
void	 bdb_drop(struct __db *);

/*
 * The words for ret, with what the library said before; said is emptied.
 */
void	 bdb_why(const char *path, int ret, char *said, char *why,
	    size_t size);

/* 0, or -1 and why: a DB_CONFIG stands beside path or in the cwd. */
int	 bdb_no_config(const char *path, char *why, size_t size);

#endif
