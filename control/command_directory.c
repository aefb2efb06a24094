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
 * Directory commands: handed on to the lookup process, part by part.
 */

#include <bsd/string.h>

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "control/client.h"
#include "control/command.h"
#include "smtpd/base/log.h"
#include "smtpd/base/pending.h"
#include "smtpd/base/wire.h"
#include "smtpd/msg/msg.h"

static void	 directory_next(struct client *);

static int
directory_reply(void *arg, struct proc_msg *m)
{
	struct client			*c = arg;
	struct directory_answer		 a;

	if (m == NULL) {
		client_end(c, EX_TEMPFAIL, "lookup did not answer in time");
		return (0);
	}
	if (msg_get_directory_answer(&m->body, &a) == -1)
		return (-1);
	if (rbuf_left(&m->body) != 0)
		client_rows(c, m->body.p, rbuf_left(&m->body));
	rbuf_skip(&m->body);
	if (a.status != EX_OK || a.next[0] == '\0') {
		client_end(c, a.status, a.text);
		return (0);
	}
	free(c->directory.arg);
	if ((c->directory.arg = strdup(a.next)) == NULL)
		client_end(c, EX_OSERR, "out of memory");
	else if (!client_busy(c, directory_next))
		directory_next(c);
	return (0);
}

static void
directory_next(struct client *c)
{
	struct wbuf	 w;

	wbuf_init(&w);
	msg_put_directory_ask(&w, &c->directory);
	(void)pending_ask(PROC_LOOKUP, 0, MSG_CONTROL_DIRECTORY_ASK, -1, &w,
	    PENDING_DELIVER, directory_reply, c);
}

/* Of a record that is added, kind and name alone: the rest may be secret. */
static void
change_log(const struct client *c, const char *what, const char *arg)
{
	char	 quoted[512];
	size_t	 len = strlen(arg);

	if (c->directory.what == DIRECTORY_ADD) {
		len = strcspn(arg, " \t=");
		len += strspn(arg + len, " \t");
		len += strcspn(arg + len, " \t=");
		if (arg[len] == '=')
			len = 0;
	}
	log_info("directory %s by uid %u: %s", what, (unsigned int)c->uid,
	    log_quote(arg, len, quoted, sizeof(quoted)));
}

void
command_directory(struct client *c, struct command_ask *ask)
{
	static const char *const	 whats[DIRECTORY_WHAT_COUNT] = {
		[DIRECTORY_GET]		= "get",
		[DIRECTORY_ADD]		= "add",
		[DIRECTORY_DELETE]	= "delete",
		[DIRECTORY_EXPORT]	= "export",
		[DIRECTORY_CHANGES]	= "changes",
		[DIRECTORY_REOPEN]	= "reopen",
		[DIRECTORY_STATUS]	= "status",
		[DIRECTORY_LOGIN]	= "login",
	};
	int	 i;

	for (i = 0; i < DIRECTORY_WHAT_COUNT; i++)
		if (strcmp(ask->args[2], whats[i]) == 0)
			break;
	if (i == DIRECTORY_WHAT_COUNT ||
	    strlcpy(c->directory.directory, ask->args[3],
	    sizeof(c->directory.directory)) >=
	    sizeof(c->directory.directory) ||
	    strlen(ask->args[4]) > DIRECTORY_LINE_MAX) {
		client_end(c, EX_USAGE, "no such directory command");
		return;
	}
	c->directory.what = (enum directory_what)i;
	if (i == DIRECTORY_ADD || i == DIRECTORY_DELETE ||
	    i == DIRECTORY_REOPEN)
		change_log(c, whats[i], ask->args[4]);
	if ((c->directory.arg = strdup(ask->args[4])) == NULL) {
		client_end(c, EX_OSERR, "out of memory");
		return;
	}
	directory_next(c);
}

void
command_path(struct client *c, struct command_ask *ask)
{
	const struct directory_conf	*d;
	struct wbuf			 w;
	size_t				 i;

	for (i = 0; i < control_conf.ndirectories; i++) {
		d = &control_conf.directories[i];
		if (ask->args[2][0] != '\0' &&
		    strcmp(ask->args[2], d->name) != 0)
			continue;
		if (d->sql != 0) {
			client_end(c, EX_UNAVAILABLE, "this directory is with "
			    "SQL: it has no table");
			return;
		}
		wbuf_init(&w);
		row_str(&w, "name", d->name);
		row_str(&w, "path", d->path);
		row_end(&w);
		client_rows(c, w.data, w.len);
		wbuf_free(&w);
		client_end(c, EX_OK, NULL);
		return;
	}
	client_end(c, EX_NOINPUT, "no such directory in the configuration");
}
