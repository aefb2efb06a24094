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
 * State: what the server remembers by itself, in stores that outlive it.
 * One transactional Berkeley DB environment in a directory of its own, for
 * this process alone (DB_PRIVATE): another process that had it open would
 * hang when this one is killed.
 *
 * All calls are for the event loop's thread.  What was committed survives
 * the death of the process at once, and the machine's when bdb_env_sync
 * says so; nothing here waits for a disk.
 *
 * A damaged environment is fatal: the next process recovers it.  -1 and
 * TEMPFAIL have been logged, and mean that nothing was changed.
 */

#ifndef BDB_ENV_H
#define BDB_ENV_H

#include <stddef.h>

#include "lookup/answer.h"
#include "lookup/bdb.h"

#define BDB_ENV_KEY_MAX		1023	/* octets; never 0 */
#define BDB_ENV_VALUE_MAX	(64 * 1024)

struct bdb_env;
struct bdb_store;

/*
 * Open and recover the environment in directory path.  NULL and why when
 * that cannot be done.
 */
struct bdb_env *bdb_env_open(const char *path, char *why, size_t size);

/* All is made durable, and what waits for that is called.  NULL is fine. */
void	 bdb_env_close(struct bdb_env *);

/* The store of that name, made when need be.  The environment closes it. */
struct bdb_store *bdb_env_store(struct bdb_env *, const char *name,
	    char *why, size_t size);

/* Octets are valid until the next call on this store. */
enum answer bdb_store_get(struct bdb_store *, const void *key, size_t keylen,
	    struct bdb_item *);

/* The first at or behind key; strictly behind it. */
enum answer bdb_store_seek(struct bdb_store *, const void *key,
	    size_t keylen, struct bdb_item *);
enum answer bdb_store_after(struct bdb_store *, const void *key,
	    size_t keylen, struct bdb_item *);

/*
 * Change: put replaces, and deleting what is not there is fine.  Outside of
 * begin and commit each change is committed by itself; between them all
 * are, or none.  A change that failed has undone them all.
 */
int	 bdb_store_put(struct bdb_store *, const void *key, size_t keylen,
	    const void *value, size_t len);
int	 bdb_store_delete(struct bdb_store *, const void *key,
	    size_t keylen);
void	 bdb_env_begin(struct bdb_env *);
int	 bdb_env_commit(struct bdb_env *);
void	 bdb_env_undo(struct bdb_env *);	/* commit will say -1 */

/*
 * Call done, later, when all that is committed by now is on stable storage.
 * Those who wait at the same time share one flush.
 */
void	 bdb_env_sync(struct bdb_env *, void (*done)(void *), void *arg);

#endif
