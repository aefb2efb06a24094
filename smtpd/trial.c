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
 * A trial: a server without clients, mail and listeners that answers what it
 * would say to a recipient, and writes into a folder of its own alone.
 */

#include <bsd/string.h>

#include <event.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/base/log.h"
#include "smtpd/base/scratch.h"
#include "smtpd/conf.h"
#include "smtpd/parent.h"

static const char	*folder;	/* NULL: this is none */
static struct event	 ev_stdin;

static void
trial_path(char path[CONF_PATH_MAX + 1], const char *name)
{
	if (snprintf(path, CONF_PATH_MAX + 1, "%s/%s", folder, name) >
	    CONF_PATH_MAX)
		fatalx("%s: name too long", folder);
}

/* Its table is not the configured one. */
static void
trial_directory(struct conf *conf, const char *name)
{
	struct directory_conf	*d = conf->lookup.directories;
	size_t			 i, n = conf->lookup.ndirectories;

	for (i = 0; i < n; i++)
		if (name[0] == '\0' || strcmp(d[i].name, name) == 0)
			break;
	if (i == n)
		fatalx("no directory '%s' in the configuration", name);
	if (d[i].sql != 0)
		fatalx("directory '%s' is with SQL: it has no table",
		    d[i].name);
	trial_path(d[i].path, SCRATCH_TABLE);
}

/* Whoever wanted it is gone, or has had enough. */
static void
trial_over(int fd, short what, void *arg)
{
	char	 unused[64];

	if (read(fd, unused, sizeof(unused)) > 0)
		return;
	(void)event_del(&ev_stdin);
	parent_stop();
}

void
trial_init(struct conf *conf, const struct parent_options *o)
{
	size_t	 i;

	folder = o->trial;
	trial_path(conf->control_socket, SCRATCH_SOCKET);
	trial_path(conf->lookup.state, SCRATCH_STATE);
	if (o->trial_table != NULL)
		trial_directory(conf, o->trial_table);
	for (i = 0; i < conf->lookup.nsqls; i++)
		conf->lookup.sqls[i].is_read_only = 1;
	conf->prefork = 1;
}

void
trial_watch(void)
{
	if (folder == NULL)
		return;
	event_set(&ev_stdin, STDIN_FILENO, EV_READ | EV_PERSIST, trial_over,
	    NULL);
	if (event_add(&ev_stdin, NULL) == -1)
		fatalx("a trial ends with its standard input: no pipe there");
}

void
trial_ready(void)
{
	static const char	 word[] = SCRATCH_READY;

	/* who does not read it has gone, and standard input says so */
	if (folder != NULL && write(STDOUT_FILENO, word, sizeof(word) - 1) ==
	    -1)
		log_warn("standard output");
}
