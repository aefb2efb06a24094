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
 * What is known of a configuration beside its text, and whether a server
 * could be started with it: rows for the check of smtpctl(8).
 */

#include <sys/types.h>
#include <sys/stat.h>
#include <bsd/string.h>

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/base/priv.h"
#include "smtpd/base/template.h"
#include "smtpd/base/wire.h"
#include "smtpd/conf.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_control.h"
#include "smtpd/parent.h"

#define PREFLIGHT_ADDRESS	(IP_STR_SIZE + 8)

static const struct parent_options	*options;
static struct wbuf			 rows;

static void
row(const char *kind, const char *what, const char *value)
{
	row_str(&rows, "kind", kind);
	row_str(&rows, "what", what);
	row_str(&rows, "value", value);
	row_end(&rows);
}

static void __attribute__((format(printf, 1, 2)))
problem(const char *fmt, ...)
{
	char	 text[2 * CONF_PATH_MAX];
	va_list	 ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	row("error", text, "");
}

/* The folder that stands above it, in place. */
static void
folder_above(char *path)
{
	char	*slash = strrchr(path, '/');

	slash[slash == path] = '\0';
}

/*
 * A folder of the server, or one above it in which it will be made: itself
 * alone, or with folders on the way there.
 */
static void
try_folder(const char *what, const char *path, int deep, int alone)
{
	struct stat	 st;
	char		 at[CONF_PATH_MAX + 1];
	int		 above = 0;

	(void)strlcpy(at, path, sizeof(at));
	while (stat(at, &st) == -1 && errno == ENOENT && (deep || !above) &&
	    strcmp(at, "/") != 0) {
		folder_above(at);
		above = 1;
	}
	if (stat(at, &st) == -1)
		problem("%s %s: %s: %s", what, path, at, strerror(errno));
	else if (!S_ISDIR(st.st_mode))
		problem("%s %s: %s is no directory", what, path, at);
	else if (!above && alone && (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		problem("%s %s: others may write to it", what, path);
	else if (!priv_is_root() && !above && alone &&
	    st.st_uid != geteuid())
		problem("%s %s: belongs to another user", what, path);
	else if (access(at, W_OK | X_OK) == -1)
		problem("%s %s: %s: %s", what, path, at, strerror(errno));
}

static void
try_folders(const struct conf *conf)
{
	char	 path[CONF_PATH_MAX + 1];

	try_folder("spool", conf->queue.spool, 0, 1);
	try_folder("state", conf->lookup.state, 0, 1);
	(void)strlcpy(path, conf->control_socket, sizeof(path));
	folder_above(path);
	try_folder("control: the folder", path, 0, 0);
	if (conf->queue.lmtp[0] == '\0' && template_root(conf->deliver.maildir,
	    path, sizeof(path)) == 0)
		try_folder("deliver: the folder", path, 1, 0);
}

/* Where it listens, and what hinders it. */
static void
preflight_listener(const struct listener_conf *l, int try)
{
	char	 ip[IP_STR_SIZE], text[PREFLIGHT_ADDRESS];
	int	 why;

	(void)snprintf(text, sizeof(text), "%s port %u", ip_format(&l->ip, ip,
	    sizeof(ip)), l->port);
	why = try ? listen_try(l) : 0;
	row("listen", text, why == 0 ? "" : why == EADDRINUSE ? "in use" :
	    strerror(why));
}

static void
preflight_rows(const struct conf *conf, int try)
{
	char	 text[ASPECT_TEXT_SIZE];
	size_t	 i;

	row("file", options->file, "");
	for (i = 0; options->defines[i] != NULL; i++)
		row("define", options->defines[i], "");
	for (i = 0; aspect_name(i) != NULL; i++) {
		aspect_text(i, conf, text);
		row("aspect", aspect_name(i), text);
	}
	for (i = 0; i < conf->lookup.ndirectories; i++)
		row("directory", conf->lookup.directories[i].name,
		    conf->lookup.directories[i].sql != 0 ? "sql" : "");
	row("delimiters", conf->policy.delims, "");
	for (i = 0; i < conf->nlisteners; i++)
		preflight_listener(&conf->listeners[i], try);
	if (try)
		try_folders(conf);
}

void
preflight_init(const struct conf *conf, const struct parent_options *o)
{
	options = o;
	wbuf_init(&rows);
	if (o->trial != NULL)
		preflight_rows(conf, 1);
}

int
preflight_take_ask(struct proc_msg *m)
{
	struct wbuf	 w;

	if (options->trial == NULL)
		preflight_rows(generation_conf(generation_slot()), 0);
	wbuf_init(&w);
	wbuf_raw(&w, rows.data, rows.len);
	if (options->trial == NULL)
		wbuf_free(&rows);
	return (proc_answer(m, MSG_PARENT_PREFLIGHT_ANSWER, -1, &w));
}
