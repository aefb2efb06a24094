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
 * Opening a table: beside the one in use, with the live changes on top, and
 * then in its place.
 */

#include <sys/types.h>
#include <sys/stat.h>
#include <bsd/string.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lookup/bdb_env.h"
#include "lookup/change_apply.h"
#include "lookup/changes.h"
#include "lookup/mark.h"
#include "lookup/state.h"
#include "lookup/view_set.h"
#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"

static struct bdb_table *
table_open(struct view *v, char *why, size_t size)
{
	struct stat		 st;
	struct bdb_table	*table;
	char			 reason[VIEW_WHY_SIZE];

	if (stat(v->conf.path, &st) == -1 && errno == ENOENT) {
		(void)snprintf(why, size, "%s: no such table: make it with "
		    "smtpctl directory import FILE", v->conf.path);
		return (NULL);
	}
	if (view_is_banned(v)) {
		(void)snprintf(why, size, "%s: reading it did not end: not "
		    "opened again, build it anew", v->conf.path);
		return (NULL);
	}
	*mark = v->mark;
	table = bdb_table_open(v->conf.path, reason, sizeof(reason));
	*mark = MARK_NONE;
	if (table == NULL)
		(void)snprintf(why, size, "%s", reason);
	return (table);
}

static void
change_error(void *arg, const char *line)
{
	log_warnx("directory %s: live change: %s", (const char *)arg, line);
}

/*
 * Put the next changes on top of the new table; 1: there are more, -1: it
 * cannot be read.
 */
static int
next_changes(struct view *v)
{
	const struct change	*ch;
	struct change_op	 op;
	int			 n, ret;

	ch = changes_after(v->changes, v->serial);
	for (n = 0; ch != NULL && n < WORK_SLICE;
	    ch = TAILQ_NEXT(ch, entry), n++) {
		v->serial = ch->serial;
		if (change_op_parse(ch->line, change_error, v->conf.name,
		    &op) == -1)
			return (-1);
		ret = change_op_apply(&v->next, &op);
		change_op_free(&op);
		if (ret == -1)
			return (-1);
	}
	return (ch != NULL);
}

static void
open_end(struct view *v, const char *why)
{
	v->opening = 0;
	if (why[0] != '\0')
		layers_free(&v->next);
	v->done(v->arg, why);
}

/* From here on it is the one that is asked. */
static void
open_switch(void *arg)
{
	struct view	*v = arg;

	changes_forget(v->changes, v->drop);
	layers_free(&v->now);
	v->now = v->next;
	memset(&v->next, 0, sizeof(v->next));
	v->generation++;
	v->version++;
	v->lists++;
	v->opened = (int64_t)clock_wall();
	v->why[0] = '\0';
	log_info("directory %s: event=open table=%s generation=%" PRIu32
	    " changes=%zu", v->conf.name, v->conf.path, v->generation,
	    changes_count(v->changes));
	uses_sweep(v);
	open_end(v, "");
}

/* One turn of putting changes on top. */
static int
open_turn(void *arg)
{
	struct view	*v = arg;
	char		 why[VIEW_WHY_SIZE];

	switch (next_changes(v)) {
	case 1:
		return (1);
	case -1:
		(void)snprintf(why, sizeof(why), "%s: the live changes do "
		    "not go on top of it", v->conf.path);
		open_end(v, why);
		return (0);
	}
	if (v->drop == 0)
		open_switch(v);
	else if (changes_fold(v->changes, v->drop) == -1)
		open_end(v, "the state could not be changed");
	else
		bdb_env_sync(state_env(), open_switch, v);
	return (0);
}

static int
open_begin(struct view *v, char *why, size_t size)
{
	struct bdb_table	*table;

	if (v->changes == NULL && (v->changes = changes_load(v->conf.name,
	    why, size)) == NULL)
		return (-1);
	if ((table = table_open(v, why, size)) == NULL)
		return (-1);
	layers_init(&v->next, table, v->mark);
	v->opening = 1;
	v->serial = v->drop;
	return (0);
}

void
view_open(struct view *v, uint64_t drop, void (*done)(void *, const char *),
    void *arg)
{
	char	 why[VIEW_WHY_SIZE];

	if (v->opening)
		fatalx("view_open: directory %s is being opened",
		    v->conf.name);
	v->drop = drop;
	v->done = done;
	v->arg = arg;
	if (v->conf.sql != 0) {
		done(arg, "");		/* there is nothing to open */
		return;
	}
	if (open_begin(v, why, sizeof(why)) == -1)
		done(arg, why);
	else
		work_start(&v->work, open_turn, v);
}

static void
first_done(void *arg, const char *why)
{
	struct view	*v = arg;

	if (why[0] == '\0')
		return;
	(void)strlcpy(v->why, why, sizeof(v->why));
	log_warnx("directory %s: %s (until then its recipients get 451)",
	    v->conf.name, why);
}

void
view_open_first(struct view *v)
{
	char	 why[VIEW_WHY_SIZE];

	if (v->conf.sql != 0)
		return;
	v->drop = 0;
	v->done = first_done;
	v->arg = v;
	if (open_begin(v, why, sizeof(why)) == -1)
		first_done(v, why);
	else
		while (open_turn(v) != 0)
			;
}
