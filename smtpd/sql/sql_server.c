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
 * Which connections there are, and who waits for one.
 */

#include <bsd/string.h>

#include <event.h>
#include <libpq-fe.h>
#include <netdb.h>
#include <openssl/ssl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/msg/msg_conf.h"
#include "smtpd/sql/sql_conn.h"
#include "smtpd/sql/sql_job.h"
#include "smtpd/sql/sql_server.h"

#define CONNECTIONS	4
#define WAITING_MAX	256		/* jobs */
#define PAUSE		200		/* ms before the second try, doubled */
#define PAUSE_MAX	10000
#define LOOK		250		/* ms between looks at who waits */

static struct sql_conn	*idle[CONNECTIONS];
static unsigned int	 nidle, nconns, nup;
static struct sql_jobs	 waiting = TAILQ_HEAD_INITIALIZER(waiting);
static unsigned int	 nwaiting;
static unsigned int	 pause_ms;
static uint64_t		 next;		/* not before that one is tried */
static struct event	 look;

unsigned int
sql_server_waiting(void)
{
	return (nwaiting);
}

unsigned int
sql_server_connections(void)
{
	return (nup);
}

static struct sql_job *
waiting_take(struct sql_job *j)
{
	TAILQ_REMOVE(&waiting, j, entry);
	nwaiting--;
	return (j);
}

static void
waiting_fail(const char *why)
{
	struct sql_job	*j;

	while ((j = TAILQ_FIRST(&waiting)) != NULL)
		sql_job_broken(waiting_take(j), why);
}

/* Deadlines are in their order, since all have the same time. */
static void
server_look(int fd, short what, void *unused)
{
	struct timeval	 tv = clock_tv(LOOK);
	struct sql_job	*j;

	while ((j = TAILQ_FIRST(&waiting)) != NULL && sql_job_is_late(j))
		sql_job_broken(waiting_take(j), "no connection was free");
	if (nwaiting > 0)
		evtimer_add(&look, &tv);
}

static void
server_pause(void)
{
	pause_ms = pause_ms == 0 ? PAUSE : pause_ms * 2;
	if (pause_ms > PAUSE_MAX)
		pause_ms = PAUSE_MAX;
	next = clock_mono() + pause_ms;
}

/* A connection more, when there is work for it and it may be tried. */
static void
server_connect(void)
{
	if (nconns >= CONNECTIONS || nwaiting <= nconns - nup ||
	    clock_mono() < next)
		return;
	if (sql_conn_new() == NULL)
		server_pause();
	else
		nconns++;
}

static void
server_give(void)
{
	while (nwaiting > 0 && nidle > 0)
		sql_conn_run(idle[--nidle],
		    waiting_take(TAILQ_FIRST(&waiting)));
	if (nwaiting > 0)
		server_connect();
	if (nwaiting > 0 && nconns == 0)
		waiting_fail("the server cannot be reached");
}

static void
server_idle(struct sql_conn *c, int first)
{
	nup += first != 0;
	idle[nidle++] = c;
	pause_ms = 0;
	next = 0;
	server_give();
}

static void
server_gone(struct sql_conn *c, int was_up)
{
	unsigned int	 i;

	for (i = 0; i < nidle; i++)
		if (idle[i] == c) {
			idle[i] = idle[--nidle];
			break;
		}
	nconns--;
	if (was_up)
		nup--;
	else
		server_pause();
	server_give();
}

void
sql_server_run(struct sql_job *j)
{
	struct timeval	 tv = clock_tv(LOOK);

	if (nwaiting >= WAITING_MAX) {
		sql_job_broken(j, "too many wait");
		return;
	}
	TAILQ_INSERT_TAIL(&waiting, j, entry);
	if (nwaiting++ == 0)
		evtimer_add(&look, &tv);
	server_give();
}

/* Modules of libc that look up names are loaded now: later they cannot be. */
static void
server_names(const char *host)
{
	struct addrinfo	 hints, *res;

	if (host == NULL || host[0] == '\0' || host[0] == '/')
		return;
	memset(&hints, 0, sizeof(hints));
	hints.ai_socktype = SOCK_STREAM;
	if (getaddrinfo(host, NULL, &hints, &res) == 0)
		freeaddrinfo(res);
}

/* Nothing but its address says where a server is. */
static void
server_environment(void)
{
	static const char *const	 names[] = { "PGHOST", "PGHOSTADDR",
	    "PGPORT", "PGDATABASE", "PGUSER", "PGPASSWORD", "PGPASSFILE",
	    "PGSERVICE", "PGSERVICEFILE", "PGOPTIONS", "PGAPPNAME",
	    "PGSSLMODE", "PGREQUIRESSL", "PGSSLCERT", "PGSSLKEY",
	    "PGSSLROOTCERT", "PGSSLCRL", "PGSSLCRLDIR", "PGREQUIREPEER",
	    "PGCONNECT_TIMEOUT", "PGCLIENTENCODING", "PGTARGETSESSIONATTRS",
	    "PGCHANNELBINDING", "PGGSSENCMODE", "PGTZ", "PGDATESTYLE" };
	size_t				 i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (unsetenv(names[i]) == -1)
			fatal("unsetenv");
	/*
	 * libpq looks for files of a user below HOME, else in the passwd;
	 * names are looked up while all else waits, so not for long
	 */
	if (setenv("HOME", "/nonexistent", 1) == -1 ||
	    setenv("RES_OPTIONS", "timeout:1 attempts:2", 1) == -1)
		fatal("setenv");
}

/* The folder of a file that libpq will read: another may take its place. */
static void
server_folder(struct sql_folders *f, const char *path)
{
	const char	*slash = strrchr(path, '/');
	char		*to = f->paths[f->n];

	if (path[0] != '/' || slash == path ||
	    strlcpy(to, path, sizeof(f->paths[0])) >= sizeof(f->paths[0]))
		return;
	to[slash - path] = '\0';
	f->n++;
}

void
sql_server_init(const struct sql_conf *conf, struct sql_folders *folders)
{
	static const char *const	 files[SQL_FOLDERS] = { "sslrootcert",
	    "sslcrl", "sslcert", "sslkey" };
	static const struct sql_conn_hooks hooks = { server_idle,
	    server_gone };
	PQconninfoOption		*o, *options;
	struct passwd			*pw;
	size_t				 i;

	server_environment();
	pw = getpwuid(geteuid());
	sql_conn_init(conf, pw == NULL ? "smtpd" : pw->pw_name, &hooks);
	evtimer_set(&look, server_look, NULL);
	if (OPENSSL_init_ssl(0, NULL) != 1)
		fatalx("OPENSSL_init_ssl");
	if ((options = PQconninfoParse(conf->url, NULL)) == NULL)
		fatalx("store %s: its address", conf->name);
	folders->n = 0;
	for (o = options; o->keyword != NULL; o++) {
		if (o->val == NULL)
			continue;
		if (strcmp(o->keyword, "host") == 0)
			server_names(o->val);
		for (i = 0; i < SQL_FOLDERS; i++)
			if (strcmp(o->keyword, files[i]) == 0)
				server_folder(folders, o->val);
	}
	PQconninfoFree(options);
}
