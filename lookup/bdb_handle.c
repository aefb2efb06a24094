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
 * Handles without environment: cache, words, and no DB_CONFIG.
 */

#include <bsd/string.h>

#include <db.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lookup/bdb_handle.h"

#define CACHE_MIN	((uint64_t)1 << 20)
#define CACHE_MAX	((uint64_t)1 << 30)

/* The first thing said is the cause, what follows are its consequences. */
static void
handle_said(const DB_ENV *env, const char *prefix, const char *text)
{
	char	*said = env->app_private;

	if (said != NULL && said[0] == '\0')
		(void)strlcpy(said, text, BDB_SAID_SIZE);
}

static void
handle_quiet(const DB_ENV *env, const char *text)
{
}

struct __db *
bdb_handle(uint64_t octets, char *said)
{
	DB	*db;
	DB_ENV	*env;
	int	 ret;

	said[0] = '\0';
	/* inner pages, and what the library keeps for each page */
	octets += octets / 4;
	if (octets < CACHE_MIN)
		octets = CACHE_MIN;
	if (octets > CACHE_MAX)
		octets = CACHE_MAX;
	if ((ret = db_create(&db, NULL, 0)) != 0) {
		(void)strlcpy(said, db_strerror(ret), BDB_SAID_SIZE);
		return (NULL);
	}
	env = db->get_env(db);
	env->app_private = said;
	db->set_errcall(db, handle_said);
	db->set_msgcall(db, handle_quiet);
	if ((ret = db->set_cachesize(db, (u_int32_t)(octets >> 30),
	    (u_int32_t)(octets & ((1 << 30) - 1)), 1)) != 0) {
		bdb_drop(db);
		(void)strlcpy(said, db_strerror(ret), BDB_SAID_SIZE);
		return (NULL);
	}
	return (db);
}

void
bdb_drop(struct __db *db)
{
	DB_ENV	*env = db->get_env(db);

	/* it would only refuse */
	(void)env->set_flags(env, DB_NOPANIC, 1);
	/* there is nothing to lose */
	(void)db->close(db, DB_NOSYNC);
}

void
bdb_why(const char *path, int ret, char *said, char *why, size_t size)
{
	(void)snprintf(why, size, "%s: %s", path,
	    said[0] != '\0' ? said : db_strerror(ret));
	said[0] = '\0';
}

int
bdb_no_config(const char *path, char *why, size_t size)
{
	char		 beside[PATH_MAX];
	const char	*slash = strrchr(path, '/');
	int		 len = slash == NULL ? 0 : (int)(slash + 1 - path);

	if (snprintf(beside, sizeof(beside), "%.*sDB_CONFIG", len, path) >=
	    (int)sizeof(beside)) {
		(void)snprintf(why, size, "%s: %s", path,
		    strerror(ENAMETOOLONG));
		return (-1);
	}
	/* some versions of the library read the one in the cwd */
	if (access(beside, F_OK) == 0 || access("DB_CONFIG", F_OK) == 0) {
		(void)snprintf(why, size, "%s: there is a file DB_CONFIG: "
		    "remove it", access(beside, F_OK) == 0 ? beside :
		    "current directory");
		return (-1);
	}
	return (0);
}
