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
 * The process: its route table and its start.
 */

#include <bsd/string.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/base/log.h"
#include "smtpd/base/priv.h"
#include "smtpd/base/proc.h"
#include "smtpd/base/sandbox.h"
#include "smtpd/base/sqlurl.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_conf.h"
#include "smtpd/msg/msg_control.h"
#include "smtpd/msg/msg_parent.h"
#include "smtpd/sql/sql.h"
#include "smtpd/sql/sql_job.h"
#include "smtpd/sql/sql_lite.h"
#include "smtpd/sql/sql_server.h"

#define SQL_USER	"_smtpsql"

static struct sql_conf	 conf;
static int		 configured, started;

static int
sql_conf(struct proc_msg *m)
{
	if (configured || msg_get_sql_conf(&m->body, &conf) == -1 ||
	    (sqlurl_file(conf.url) == NULL && !sqlurl_is_server(conf.url)))
		return (-1);
	configured = 1;
	return (0);
}

static void
sql_start_file(void)
{
	static char		 folder[CONF_PATH_MAX + 1];
	struct sandbox_path	 paths = { folder, 1 };
	size_t			 n = 1;

	if (!conf.is_read_only)
		sql_lite_prepare(&conf, SQL_USER);
	priv_drop(SQL_USER, NULL);
	(void)strlcpy(folder, sqlurl_file(conf.url), sizeof(folder));
	*(strrchr(folder, '/') + 1) = '\0';
	if (access(folder, X_OK) == -1) {
		log_warn("store %s: %s: make it, then start again", conf.name,
		    folder);
		n = 0;
	}
	sql_lite_init(&conf);
	sandbox_enter(PROC_SQL, &paths, n);
}

/* Names of hosts are looked up by libc, and certificates read by TLS. */
static void
sql_start_server(void)
{
	static const char *const	 files[] = { "/etc/hosts",
	    "/etc/resolv.conf", "/etc/nsswitch.conf", "/etc/gai.conf",
	    "/etc/services", "/etc/ssl" };
	static struct sql_folders	 folders;
	struct sandbox_path		 paths[8 + SQL_FOLDERS];
	size_t				 i, n = 0;

	/* libpq reads it at each connection */
	if (conf.is_read_only && setenv("PGOPTIONS",
	    "-c default_transaction_read_only=on", 1) == -1)
		fatal("setenv");
	priv_drop(SQL_USER, NULL);
	sql_server_init(&conf, &folders);
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (access(files[i], R_OK) == 0) {
			paths[n].path = files[i];
			paths[n++].write = 0;
		}
	for (i = 0; i < folders.n; i++)
		if (access(folders.paths[i], X_OK) == 0) {
			paths[n].path = folders.paths[i];
			paths[n++].write = 0;
		}
	sandbox_network();
	sandbox_enter(PROC_SQL, paths, n);
}

static int
sql_start(struct proc_msg *m)
{
	struct start_note	 start;

	if (!configured || started || msg_get_start(&m->body, &start) == -1)
		return (-1);
	started = 1;
	sql_complain_name(conf.name);
	if (sqlurl_is_server(conf.url))
		sql_start_server();
	else
		sql_start_file();
	proc_open();
	(void)proc_send(PROC_PARENT, 0, MSG_CHILD_READY_NOTE, 0, -1, NULL);
	return (0);
}

static int
sql_ask(struct proc_msg *m)
{
	struct sql_job	*j;

	if (!started || (j = sql_job_new(m)) == NULL)
		return (-1);
	if (sqlurl_is_server(conf.url))
		sql_server_run(j);
	else
		sql_lite_run(j);
	return (0);
}

static int
sql_stats(struct proc_msg *m)
{
	struct wbuf	 w;

	wbuf_init(&w);
	row_str(&w, "store", conf.name);
	row_num(&w, "answered", (int64_t)sql_job_count());
	row_num(&w, "failed", (int64_t)sql_job_failures());
	row_num(&w, "waiting", sql_server_waiting());
	row_num(&w, "connections", sql_server_connections());
	row_end(&w);
	(void)proc_answer(m, MSG_CHILD_STATS_ANSWER, -1, &w);
	return (0);
}

/* Everything this process will ever listen to. */
static const struct proc_route routes[] = {
	{ MSG_PARENT_PEER_NOTE, PROC_PARENT, PROC_FD_MUST, proc_take_peer },
	{ MSG_PARENT_VERBOSE_NOTE, PROC_PARENT, PROC_FD_NONE,
	    proc_take_verbose },
	{ MSG_PARENT_ALIVE_ASK, PROC_PARENT, PROC_FD_NONE, msg_take_alive },
	{ MSG_PARENT_CONF_NOTE, PROC_PARENT, PROC_FD_NONE, sql_conf },
	{ MSG_PARENT_START_NOTE, PROC_PARENT, PROC_FD_NONE, sql_start },
	{ MSG_LOOKUP_SQL_ASK, PROC_LOOKUP, PROC_FD_NONE, sql_ask },
	{ MSG_CONTROL_STATS_ASK, PROC_CONTROL, PROC_FD_NONE, sql_stats },
};

void
sql_main(unsigned int inst)
{
	proc_init(PROC_SQL, inst, 3, routes,
	    sizeof(routes) / sizeof(routes[0]));
	proc_run();
	sql_lite_end();
}
