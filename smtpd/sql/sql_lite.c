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
 * Statements on a file of SQLite.
 */

#include <sys/types.h>
#include <sys/stat.h>
#include <bsd/string.h>

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/sqlurl.h"
#include "smtpd/base/xmem.h"
#include "smtpd/msg/msg_conf.h"
#include "smtpd/sql/sql_job.h"
#include "smtpd/sql/sql_lite.h"

#define LITE_KEPT	64		/* statements that stay prepared */
#define LITE_STEPS	1000		/* of SQLite, and then the clock */
#define LITE_BUSY	2		/* ms between tries for a lock */
#define LITE_LOOK	1000		/* ms between looks at the file */
#define LITE_HEAP	(128 * 1024 * 1024)
#define LITE_LENGTH	(1024 * 1024)	/* octets of a row or value */

/* The one used last stands in front. */
struct kept {
	TAILQ_ENTRY(kept)	 entry;
	char			*text;
	sqlite3_stmt		*stmt;
};

static TAILQ_HEAD(kept_list, kept)
			 kept = TAILQ_HEAD_INITIALIZER(kept);
static unsigned int		 nkept;
static sqlite3			*db;
static const char		*path;
static int			 read_only;
static struct stat		 opened;	/* which file it was */
static uint64_t			 looked;	/* at the file, last */
static uint64_t			 deadline;	/* of the statement */

static void
kept_free(struct kept *k)
{
	TAILQ_REMOVE(&kept, k, entry);
	nkept--;
	(void)sqlite3_finalize(k->stmt);	/* its failure was seen */
	free(k->text);
	free(k);
}

static void
lite_close(void)
{
	struct kept	*k;

	while ((k = TAILQ_FIRST(&kept)) != NULL)
		kept_free(k);
	if (db != NULL && sqlite3_close(db) != SQLITE_OK)
		fatalx("sqlite3_close: %s", sqlite3_errmsg(db));
	db = NULL;
}

/* Is it time to end? */
static int
lite_progress(void *unused)
{
	return (clock_mono() >= deadline);
}

/* Another process has it locked: again, until the deadline. */
static int
lite_busy(void *unused, int tries)
{
	struct timespec	 ts = { .tv_nsec = LITE_BUSY * 1000000 };

	if (clock_mono() >= deadline)
		return (0);
	(void)nanosleep(&ts, NULL);	/* a signal makes it shorter */
	return (1);
}

/* The first column of its first row into buf, when it has one. */
static int
lite_pragma(const char *text, char *buf, size_t size)
{
	sqlite3_stmt	*stmt;
	int		 rc;

	if (buf != NULL)
		buf[0] = '\0';
	if ((rc = sqlite3_prepare_v2(db, text, -1, &stmt, NULL)) != SQLITE_OK)
		return (rc);
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
		if (buf != NULL && buf[0] == '\0')
			(void)strlcpy(buf, (const char *)
			    sqlite3_column_text(stmt, 0), size);
	(void)sqlite3_finalize(stmt);		/* the same failure again */
	return (rc == SQLITE_DONE ? SQLITE_OK : rc);
}

/*
 * A log in front of the file (WAL): readers and the writer do not wait for
 * each other, and a process that is killed loses nothing.  The journal of
 * the change to it is in memory, for folders where we cannot make files.
 */
static int
lite_wal(void)
{
	char	 mode[16];
	int	 rc, keep = 1;

	if ((rc = lite_pragma("PRAGMA journal_mode", mode, sizeof(mode))) !=
	    SQLITE_OK)
		return (rc);
	if (strcmp(mode, "wal") != 0 && !sqlite3_db_readonly(db, "main")) {
		(void)lite_pragma("PRAGMA journal_mode=MEMORY", NULL, 0);
		rc = lite_pragma("PRAGMA journal_mode=WAL", NULL, 0);
	}
	(void)sqlite3_file_control(db, "main", SQLITE_FCNTL_PERSIST_WAL,
	    &keep);
	return (rc);
}

/* What we want of it; a file may hold traps for those who read it. */
static int
lite_settings(void)
{
	static const char *const	 pragmas[] = {
		"PRAGMA synchronous=NORMAL",
		"PRAGMA temp_store=MEMORY",
		"PRAGMA mmap_size=0",
		"PRAGMA cell_size_check=ON",
		"PRAGMA journal_size_limit=67108864",
	};
	size_t				 i;
	int				 rc;

	(void)sqlite3_extended_result_codes(db, 1);
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void)sqlite3_limit(db, SQLITE_LIMIT_LENGTH, LITE_LENGTH);
	(void)sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_progress_handler(db, LITE_STEPS, lite_progress, NULL);
	(void)sqlite3_busy_handler(db, lite_busy, NULL);
	if ((rc = lite_wal()) != SQLITE_OK)
		return (rc);
	for (i = 0; i < sizeof(pragmas) / sizeof(pragmas[0]); i++)
		if ((rc = lite_pragma(pragmas[i], NULL, 0)) != SQLITE_OK)
			return (rc);
	return (SQLITE_OK);
}

static void
lite_open(void)
{
	int	 rc;

	looked = clock_mono();
	rc = sqlite3_open_v2(path, &db, SQLITE_OPEN_NOMUTEX | (read_only ?
	    SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_CREATE), NULL);
	if (rc == SQLITE_OK)
		rc = lite_settings();
	if (rc == SQLITE_OK && stat(path, &opened) == 0)
		return;
	sql_complain(path, db == NULL ? sqlite3_errstr(rc) :
	    sqlite3_errmsg(db));
	lite_close();
}

/* Open, and the file that stands there?  Found out once a second. */
static int
lite_is_open(void)
{
	struct stat	 st;

	if (clock_mono() - looked < LITE_LOOK)
		return (db != NULL);
	looked = clock_mono();
	if (db != NULL && stat(path, &st) == 0 &&
	    st.st_dev == opened.st_dev && st.st_ino == opened.st_ino)
		return (1);
	if (db != NULL)
		log_info("%s: another file: opened anew", path);
	lite_close();
	lite_open();
	return (db != NULL);
}

static struct kept *
kept_find(const char *text)
{
	struct kept	*k;

	TAILQ_FOREACH(k, &kept, entry)
		if (strcmp(k->text, text) == 0)
			break;
	if (k == NULL)
		return (NULL);
	TAILQ_REMOVE(&kept, k, entry);
	TAILQ_INSERT_HEAD(&kept, k, entry);
	return (k);
}

/* Prepared, or NULL and why. */
static sqlite3_stmt *
lite_prepare(const char *text, const char **why)
{
	struct kept	*k;
	sqlite3_stmt	*stmt;
	const char	*rest;

	if ((k = kept_find(text)) != NULL)
		return (k->stmt);
	if (sqlite3_prepare_v3(db, text, -1, SQLITE_PREPARE_PERSISTENT, &stmt,
	    &rest) != SQLITE_OK) {
		*why = sqlite3_errmsg(db);
		return (NULL);
	}
	rest += strspn(rest, " \t\r\n;");
	if (stmt == NULL || *rest != '\0') {
		(void)sqlite3_finalize(stmt);	/* it has not run */
		*why = "not one statement";
		return (NULL);
	}
	if (nkept == LITE_KEPT)
		kept_free(TAILQ_LAST(&kept, kept_list));
	k = xcalloc(1, sizeof(*k));
	k->text = xstrdup(text);
	k->stmt = stmt;
	TAILQ_INSERT_HEAD(&kept, k, entry);
	nkept++;
	return (stmt);
}

static const char *
lite_bind(sqlite3_stmt *stmt, const struct sql_ask *ask)
{
	const struct datum	*d;
	int			 i, rc;

	if (sqlite3_bind_parameter_count(stmt) != ask->nparams)
		return ("another number of parameters");
	for (i = 0; i < ask->nparams; i++) {
		d = &ask->params[i];
		if (d->type == DATUM_INTEGER)
			rc = sqlite3_bind_int64(stmt, i + 1, d->integer);
		else if (d->type == DATUM_FLOAT)
			rc = sqlite3_bind_double(stmt, i + 1, d->real);
		else if (d->len > 0 && memchr(d->string, '\0', d->len))
			return ("a NUL in a parameter");
		else
			rc = sqlite3_bind_text(stmt, i + 1, d->string,
			    (int)d->len, SQLITE_STATIC);
		if (rc != SQLITE_OK)
			return (sqlite3_errstr(rc));
	}
	return (NULL);
}

static const char *
lite_value(struct sql_job *j, sqlite3_stmt *stmt, int i)
{
	struct datum	 d;
	const void	*p;

	switch (sqlite3_column_type(stmt, i)) {
	case SQLITE_INTEGER:
		d = datum_integer(sqlite3_column_int64(stmt, i));
		break;
	case SQLITE_FLOAT:
		d = datum_float(sqlite3_column_double(stmt, i));
		break;
	case SQLITE_NULL:
		d = datum_string("", 0);
		break;
	default:
		p = sqlite3_column_blob(stmt, i);
		d = datum_string(p == NULL ? "" : p,
		    (size_t)sqlite3_column_bytes(stmt, i));
		break;
	}
	return (sql_job_value(j, &d));
}

static const char *
lite_row(struct sql_job *j, sqlite3_stmt *stmt)
{
	const char	*why;
	int		 i;

	if ((why = sql_job_row(j)) != NULL)
		return (why);
	for (i = 0; i < j->ncolumns && why == NULL; i++)
		why = lite_value(j, stmt, i);
	return (why);
}

/* All rows that are wanted; *rc is what SQLite said last. */
static const char *
lite_rows(struct sql_job *j, sqlite3_stmt *stmt, int *rc)
{
	const char	*why;
	int		 i;

	if ((why = sql_job_columns(j, sqlite3_column_count(stmt))) != NULL)
		return (why);
	for (i = 0; i < j->ncolumns; i++)
		sql_job_name(j, i, sqlite3_column_name(stmt, i));
	while ((*rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		if ((why = lite_row(j, stmt)) != NULL)
			return (why);
		if (sql_job_is_full(j))
			return (NULL);
	}
	if (*rc == SQLITE_DONE)
		return (NULL);
	return (*rc == SQLITE_INTERRUPT ? "it took too long" :
	    sqlite3_errmsg(db));
}

/* Is the file of no use, until it is opened again at least? */
static int
lite_is_damaged(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
		return (1);
	default:
		return (rc == SQLITE_READONLY_DBMOVED);
	}
}

/* NULL, or what was wrong: in buf, since much may be done to undo it. */
static const char *
lite_statement(struct sql_job *j, char *buf, size_t size)
{
	const char	*why = NULL;
	sqlite3_stmt	*stmt;
	int		 rc = SQLITE_OK;

	if ((stmt = lite_prepare(j->ask.text, &why)) == NULL)
		rc = sqlite3_extended_errcode(db);
	else {
		if ((why = lite_bind(stmt, &j->ask)) == NULL)
			why = lite_rows(j, stmt, &rc);
		if (why != NULL)
			(void)strlcpy(buf, why, size);
		(void)sqlite3_reset(stmt);	/* the same failure again */
		(void)sqlite3_clear_bindings(stmt);
	}
	if (why != NULL && stmt == NULL)
		(void)strlcpy(buf, why, size);
	if (!sqlite3_get_autocommit(db)) {
		(void)lite_pragma("ROLLBACK", NULL, 0);
		(void)strlcpy(buf, "a transaction cannot last longer than a "
		    "statement", size);
		why = buf;
	}
	if (lite_is_damaged(rc)) {
		lite_close();
		looked = clock_mono();
	}
	return (why == NULL ? NULL : buf);
}

void
sql_lite_run(struct sql_job *j)
{
	const char	*why;
	char		 buf[256];

	deadline = j->ask.deadline;
	if (sql_job_is_late(j))
		sql_job_broken(j, "it came too late");
	else if (!lite_is_open())
		sql_job_broken(j, "the file could not be opened");
	else if ((why = lite_statement(j, buf, sizeof(buf))) != NULL)
		sql_job_broken(j, why);
	else if (j->ncolumns == 0)
		sql_job_done(j);
	else
		sql_job_rows(j);
}

void
sql_lite_init(const struct sql_conf *conf)
{
	unsigned char	 seed[8];

	path = sqlurl_file(conf->url);
	read_only = conf->is_read_only;
	if (sqlite3_initialize() != SQLITE_OK)
		fatalx("sqlite3_initialize");
	(void)sqlite3_hard_heap_limit64(LITE_HEAP);
	/* they read /dev/urandom and /etc/localtime, which is out of reach
	 * afterwards */
	sqlite3_randomness(sizeof(seed), seed);
	tzset();
	deadline = UINT64_MAX;
	lite_open();
}

void
sql_lite_end(void)
{
	lite_close();
}
