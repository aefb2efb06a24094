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
 * The state environment: Berkeley DB with a log and transactions.
 *
 * One thread does all reads and changes, so there is no lock subsystem and
 * nothing can deadlock; another thread flushes the log and writes
 * checkpoints, for which the environment is free-threaded.
 */

#include <sys/types.h>
#include <sys/stat.h>

#include <db.h>
#include <errno.h>
#include <event.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lookup/bdb_env.h"
#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/worker.h"
#include "smtpd/base/xmem.h"

#define ENV_CACHE	(8 * 1024 * 1024)	/* octets */
#define ENV_LOG		(4 * 1024 * 1024)	/* of one log file */
#define ENV_CHECKPOINT	60000			/* ms, where much changes */
#define ENV_SYNCS	256			/* that share a flush */
#define ENV_STORES_MAX	16
#define ENV_PAUSE	5			/* s between tries to flush */
#define ENV_LINES	20			/* of Berkeley DB, a minute */

struct bdb_store {
	struct bdb_env	*env;
	DB		*db;
	char		*name;
	uint8_t		 key[BDB_ENV_KEY_MAX + 1];
	uint8_t		 value[BDB_ENV_VALUE_MAX];
};

struct bdb_env {
	DB_ENV		*env;
	char		*path;
	DB_TXN		*txn;
	int		 open;		/* between begin and commit */
	int		 broken;	/* a change of them failed */
	int		 changed;	/* since the last checkpoint */
	int		 checking;	/* a checkpoint is under way */
	struct worker	*syncs, *checkpoints;
	struct event	 timer;
	struct bdb_store *stores[ENV_STORES_MAX];
	size_t		 nstores;
};

struct bdb_sync {
	struct bdb_env	*e;
	void		(*done)(void *);
	void		*arg;
};

/* What Berkeley DB says: on a full disk that is a line a page. */
static void
env_error(const DB_ENV *env, const char *prefix, const char *text)
{
	static atomic_uint	 said, minute;
	unsigned int		 now = (unsigned int)(clock_mono() / 60000);

	if (atomic_exchange(&minute, now) != now)
		atomic_store(&said, 0);
	if (atomic_fetch_add(&said, 1) < ENV_LINES)
		log_warnx("state: %s", text);
}

/* What a call came to; DB_NOTFOUND is not for here. */
static int
env_result(const struct bdb_env *e, const char *what, int ret)
{
	if (ret == 0)
		return (0);
	if (ret == DB_RUNRECOVERY)
		fatalx("state %s: damaged, the next start recovers it",
		    e->path);
	log_warnx("state %s: %s: %s", e->path, what, db_strerror(ret));
	return (-1);
}

static void
syncs_run(void **args, size_t n)
{
	struct bdb_sync	*s = args[0];
	struct timespec	 pause = { .tv_sec = ENV_PAUSE };

	/*
	 * This covers all of them: they were committed before.  A full disk
	 * may have room again; until then nobody hears that it was done.
	 */
	while (env_result(s->e, "log", s->e->env->log_flush(s->e->env,
	    NULL)) == -1)
		(void)nanosleep(&pause, NULL);
}

static void
syncs_done(void *arg)
{
	struct bdb_sync	*s = arg;

	s->done(s->arg);
	free(s);
}

static void
checkpoints_run(void **args, size_t n)
{
	struct bdb_env	*e = args[0];

	(void)env_result(e, "checkpoint", e->env->txn_checkpoint(e->env, 0, 0,
	    0));
}

static void
checkpoints_done(void *arg)
{
	struct bdb_env	*e = arg;

	e->checking = 0;
}

static void
env_timer(int fd, short what, void *arg)
{
	struct bdb_env	*e = arg;
	struct timeval	 tv = clock_tv(ENV_CHECKPOINT);

	if (e->changed && !e->checking) {
		e->changed = 0;
		e->checking = 1;
		worker_add(e->checkpoints, e);
	}
	evtimer_add(&e->timer, &tv);
}

/* Berkeley DB obeys such a file: nobody else has a say here. */
static int
env_is_configured(const char *path, char *why, size_t size)
{
	char		 name[1100];
	struct stat	 st;

	if (snprintf(name, sizeof(name), "%s/DB_CONFIG", path) >=
	    (int)sizeof(name)) {
		(void)snprintf(why, size, "%s: name too long", path);
		return (1);
	}
	if (lstat(name, &st) == -1 && errno == ENOENT)
		return (0);
	(void)snprintf(why, size, "%s: must not exist", name);
	return (1);
}

static int
env_configure(DB_ENV *env)
{
	int	 ret;

	env->set_errcall(env, env_error);
	if ((ret = env->set_cachesize(env, 0, ENV_CACHE, 1)) != 0 ||
	    (ret = env->set_lg_max(env, ENV_LOG)) != 0 ||
	    (ret = env->log_set_config(env, DB_LOG_AUTO_REMOVE, 1)) != 0)
		return (ret);
	/* to the system at commit; to the disk by bdb_env_sync */
	return (env->set_flags(env, DB_TXN_WRITE_NOSYNC, 1));
}

struct bdb_env *
bdb_env_open(const char *path, char *why, size_t size)
{
	struct bdb_env	*e;
	DB_ENV		*env;
	struct timeval	 tv = clock_tv(ENV_CHECKPOINT);
	int		 ret;

	if (env_is_configured(path, why, size))
		return (NULL);
	if ((ret = db_env_create(&env, 0)) != 0)
		fatalx("state: %s", db_strerror(ret));
	if ((ret = env_configure(env)) != 0 || (ret = env->open(env, path,
	    DB_CREATE | DB_RECOVER | DB_PRIVATE | DB_THREAD | DB_INIT_MPOOL |
	    DB_INIT_LOG | DB_INIT_TXN, 0600)) != 0) {
		(void)snprintf(why, size, "%s: %s", path, db_strerror(ret));
		(void)env->close(env, 0);
		return (NULL);
	}
	e = xcalloc(1, sizeof(*e));
	e->env = env;
	e->path = xstrdup(path);
	e->syncs = worker_start(1, ENV_SYNCS, syncs_run, syncs_done);
	e->checkpoints = worker_start(1, 1, checkpoints_run,
	    checkpoints_done);
	evtimer_set(&e->timer, env_timer, e);
	evtimer_add(&e->timer, &tv);
	return (e);
}

void
bdb_env_close(struct bdb_env *e)
{
	size_t	 i;

	if (e == NULL)
		return;
	worker_stop(e->syncs);
	worker_stop(e->checkpoints);
	evtimer_del(&e->timer);
	for (i = 0; i < e->nstores; i++) {
		(void)env_result(e, e->stores[i]->name,
		    e->stores[i]->db->close(e->stores[i]->db, 0));
		free(e->stores[i]->name);
		free(e->stores[i]);
	}
	/* so that the next start has nothing to recover */
	(void)env_result(e, "checkpoint", e->env->txn_checkpoint(e->env, 0, 0,
	    0));
	(void)env_result(e, "close", e->env->close(e->env, 0));
	free(e->path);
	free(e);
}

struct bdb_store *
bdb_env_store(struct bdb_env *e, const char *name, char *why, size_t size)
{
	struct bdb_store	*s;
	DB			*db;
	char			 file[64];
	int			 ret;

	if (e->nstores == ENV_STORES_MAX)
		fatalx("state: more than %d stores", ENV_STORES_MAX);
	(void)snprintf(file, sizeof(file), "%s.db", name);
	if ((ret = db_create(&db, e->env, 0)) != 0)
		fatalx("state: %s", db_strerror(ret));
	if ((ret = db->set_flags(db, DB_CHKSUM)) != 0 ||
	    (ret = db->open(db, NULL, file, NULL, DB_BTREE, DB_CREATE |
	    DB_AUTO_COMMIT | DB_THREAD, 0600)) != 0) {
		(void)snprintf(why, size, "%s/%s: %s", e->path, file,
		    db_strerror(ret));
		(void)db->close(db, 0);
		return (NULL);
	}
	s = xcalloc(1, sizeof(*s));
	s->env = e;
	s->db = db;
	s->name = xstrdup(name);
	e->stores[e->nstores++] = s;
	return (s);
}

static void
store_dbt(DBT *dbt, void *data, size_t len, size_t room)
{
	memset(dbt, 0, sizeof(*dbt));
	dbt->data = data;
	dbt->size = (u_int32_t)len;
	dbt->ulen = (u_int32_t)room;
	dbt->flags = DB_DBT_USERMEM;
}

/* Keys are copied: the caller's may be const, and may be our own. */
static int
store_key(struct bdb_store *s, const void *key, size_t keylen)
{
	if (keylen == 0 || keylen > sizeof(s->key))
		return (-1);
	memmove(s->key, key, keylen);
	return (0);
}

static enum answer
store_answer(struct bdb_store *s, int ret, const DBT *k, const DBT *v,
    struct bdb_item *item)
{
	if (ret == DB_NOTFOUND)
		return (ANSWER_NONE);
	if (env_result(s->env, s->name, ret) == -1)
		return (ANSWER_TEMPFAIL);
	item->key = k->data;
	item->keylen = k->size;
	item->value = v->data;
	item->len = v->size;
	return (ANSWER_FOUND);
}

enum answer
bdb_store_get(struct bdb_store *s, const void *key, size_t keylen,
    struct bdb_item *item)
{
	DBT	 k, v;
	int	 ret;

	if (store_key(s, key, keylen) == -1)
		return (ANSWER_NONE);
	store_dbt(&k, s->key, keylen, sizeof(s->key));
	store_dbt(&v, s->value, 0, sizeof(s->value));
	ret = s->db->get(s->db, s->env->txn, &k, &v, 0);
	return (store_answer(s, ret, &k, &v, item));
}

enum answer
bdb_store_seek(struct bdb_store *s, const void *key, size_t keylen,
    struct bdb_item *item)
{
	DBC	*c;
	DBT	 k, v;
	int	 ret;

	if (store_key(s, key, keylen) == -1)
		return (ANSWER_NONE);
	store_dbt(&k, s->key, keylen, sizeof(s->key));
	store_dbt(&v, s->value, 0, sizeof(s->value));
	ret = s->db->cursor(s->db, s->env->txn, &c, 0);
	if (env_result(s->env, s->name, ret) == -1)
		return (ANSWER_TEMPFAIL);
	ret = c->get(c, &k, &v, DB_SET_RANGE);
	(void)env_result(s->env, s->name, c->close(c));
	return (store_answer(s, ret, &k, &v, item));
}

enum answer
bdb_store_after(struct bdb_store *s, const void *key, size_t keylen,
    struct bdb_item *item)
{
	uint8_t	 next[BDB_ENV_KEY_MAX + 1];

	/* nothing is between a key and that key with a NUL behind it */
	if (keylen >= sizeof(next))
		return (ANSWER_NONE);
	memcpy(next, key, keylen);
	next[keylen] = 0;
	return (bdb_store_seek(s, next, keylen + 1, item));
}

void
bdb_env_begin(struct bdb_env *e)
{
	if (e->open)
		fatalx("bdb_env_begin: there is one");
	e->open = 1;
	e->broken = env_result(e, "begin", e->env->txn_begin(e->env, NULL,
	    &e->txn, 0)) == -1;
}

void
bdb_env_undo(struct bdb_env *e)
{
	DB_TXN	*txn = e->txn;

	e->txn = NULL;
	e->broken = 1;
	if (txn != NULL && env_result(e, "abort", txn->abort(txn)) == -1)
		fatalx("state %s: could not undo a change", e->path);
}

int
bdb_env_commit(struct bdb_env *e)
{
	DB_TXN	*txn = e->txn;

	e->txn = NULL;
	e->open = 0;
	e->changed = 1;
	if (e->broken)
		return (-1);
	/* a commit that fails has undone all */
	return (env_result(e, "commit", txn->commit(txn, 0)));
}

/* One change, within a transaction or as one. */
static int
store_change(struct bdb_store *s, DBT *k, DBT *v)
{
	struct bdb_env	*e = s->env;
	int		 ret, alone = !e->open;

	if (alone)
		bdb_env_begin(e);
	if (!e->broken) {
		ret = v == NULL ? s->db->del(s->db, e->txn, k, 0) :
		    s->db->put(s->db, e->txn, k, v, 0);
		if (ret != DB_NOTFOUND && env_result(e, s->name, ret) == -1)
			bdb_env_undo(e);
	}
	if (alone)
		return (bdb_env_commit(e));
	return (e->broken ? -1 : 0);
}

int
bdb_store_put(struct bdb_store *s, const void *key, size_t keylen,
    const void *value, size_t len)
{
	DBT	 k, v;

	if (store_key(s, key, keylen) == -1 || len > sizeof(s->value))
		fatalx("bdb_store_put: key or value too long");
	memmove(s->value, value, len);
	store_dbt(&k, s->key, keylen, sizeof(s->key));
	store_dbt(&v, s->value, len, sizeof(s->value));
	return (store_change(s, &k, &v));
}

int
bdb_store_delete(struct bdb_store *s, const void *key, size_t keylen)
{
	DBT	 k;

	if (store_key(s, key, keylen) == -1)
		return (0);
	store_dbt(&k, s->key, keylen, sizeof(s->key));
	return (store_change(s, &k, NULL));
}

void
bdb_env_sync(struct bdb_env *e, void (*done)(void *), void *arg)
{
	struct bdb_sync	*s;

	s = xcalloc(1, sizeof(*s));
	s->e = e;
	s->done = done;
	s->arg = arg;
	worker_add(e->syncs, s);
}
