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
 * The commands: those that only read are answered at once, the others stand
 * in line.
 */

#include <bsd/string.h>
#include <bsd/sys/queue.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "lookup/asker.h"
#include "lookup/changes.h"
#include "lookup/directory_change.h"
#include "lookup/directory_part.h"
#include "lookup/find.h"
#include "lookup/lookup_directory.h"
#include "lookup/view.h"
#include "smtpd/base/log.h"
#include "smtpd/base/xmem.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_control.h"
#include "smtpd/msg/msg_directory.h"
#include "smtpd/msg/msg_parent.h"

#define COMMANDS_MAX	1024		/* that stand in line */
#define CHANGES_PART	(48 * 1024)	/* octets of rows that are enough */

struct command {
	TAILQ_ENTRY(command)	 entry;
	struct asker		 asker;
	struct directory_ask	 ask;
	struct view		*view;
	int			 tables;	/* reload: all of them */
	size_t			 next;		/* of the views */
	char			 text[PARENT_TEXT_MAX + 1];
};

static TAILQ_HEAD(, command)	 line = TAILQ_HEAD_INITIALIZER(line);
static unsigned int		 ncommands;
static int			 running;

static void	 command_next(void);

/* Answer with rows, or NULL for none; takes them over. */
static void
directory_answer(const struct asker *a, int status, const char *text,
    const char *next, struct wbuf *rows)
{
	struct directory_answer	 ans;
	struct wbuf		 w;

	memset(&ans, 0, sizeof(ans));
	ans.status = status;
	(void)strlcpy(ans.text, text, sizeof(ans.text));
	(void)strlcpy(ans.next, next, sizeof(ans.next));
	wbuf_init(&w);
	msg_put_directory_answer(&w, &ans);
	if (rows != NULL) {
		wbuf_raw(&w, rows->data, rows->len);
		wbuf_free(rows);
	}
	asker_answer(a, MSG_LOOKUP_DIRECTORY_ANSWER, &w);
}

/* Get and export: rows of records, part by part. */
static void
command_records(const struct asker *a, struct view *v,
    const struct directory_ask *ask)
{
	char		 next[DIRECTORY_CURSOR_SIZE];
	struct wbuf	 rows;
	enum answer	 ans;

	wbuf_init(&rows);
	ans = ask->what == DIRECTORY_GET ?
	    directory_get(v, ask->arg, &rows, next) :
	    directory_part(v, ask->arg, &rows, next);
	if (ans == ANSWER_FOUND)
		directory_answer(a, EX_OK, "", next, &rows);
	else if (ans == ANSWER_NONE)
		directory_answer(a, EX_NOINPUT, "no such address, account or "
		    "domain", "", &rows);
	else
		directory_answer(a, EX_TEMPFAIL, view_why(v)[0] != '\0' ?
		    view_why(v) : "the directory cannot be read", "", &rows);
}

/* The live changes behind the cursor, a serial number. */
static void
command_changes(const struct asker *a, struct view *v, const char *cursor)
{
	const struct change	*ch;
	char			 next[32] = "";
	struct wbuf		 rows;
	uint64_t		 serial = 0;

	wbuf_init(&rows);
	if (view_changes(v) == NULL) {
		directory_answer(a, EX_TEMPFAIL, view_why(v), "", &rows);
		return;
	}
	if (cursor[0] != '\0')
		serial = strtoull(cursor, NULL, 10);
	for (ch = changes_after(view_changes(v), serial); ch != NULL;
	    ch = TAILQ_NEXT(ch, entry)) {
		if (rows.len >= CHANGES_PART) {
			(void)snprintf(next, sizeof(next), "%" PRIu64,
			    serial);
			break;
		}
		row_str(&rows, "change", ch->line);
		row_end(&rows);
		serial = ch->serial;
	}
	directory_answer(a, EX_OK, "", next, &rows);
}

static void
command_status(const struct asker *a, struct view *v)
{
	const struct changes	*c = view_changes(v);
	struct wbuf		 rows;

	wbuf_init(&rows);
	row_str(&rows, "directory", view_name(v));
	row_str(&rows, "table", view_is_sql(v) ? "sql" : view_path(v));
	row_str(&rows, "state", view_why(v)[0] == '\0' ? "open" :
	    view_why(v));
	row_num(&rows, "generation", view_generation(v));
	row_num(&rows, "opened", view_opened(v));
	row_num(&rows, "changes", c == NULL ? 0 : (int64_t)changes_count(c));
	row_num(&rows, "serial", c == NULL ? 0 : (int64_t)changes_serial(c));
	row_end(&rows);
	directory_answer(a, EX_OK, "", "", &rows);
}

static void
command_login(const struct asker *a, struct view *v, const char *login)
{
	struct account_record	 unused;

	switch (strlen(login) > SESSION_LOGIN_MAX ? ANSWER_NONE :
	    find_login(v, login, &unused)) {
	case ANSWER_FOUND:
		directory_answer(a, EX_OK, "", "", NULL);
		break;
	case ANSWER_NONE:
		directory_answer(a, EX_NOINPUT, "no such login", "", NULL);
		break;
	default:
		directory_answer(a, EX_TEMPFAIL, "the directory cannot be "
		    "read", "", NULL);
		break;
	}
}

static void
command_destroy(struct command *c)
{
	free(c->ask.arg);
	free(c);
}

/* The command in front is done: answer it, and go on with the next. */
static void
command_end(struct command *c, int status, const char *why)
{
	directory_answer(&c->asker, status, why, "", NULL);
	command_destroy(c);
	running = 0;
	command_next();
}

static void
command_changed(void *arg, int status, const char *why)
{
	command_end(arg, status, why);
}

static void
command_opened(void *arg, const char *why)
{
	command_end(arg, why[0] == '\0' ? EX_OK : EX_DATAERR, why);
}

static void
command_change(struct command *c)
{
	char	*text;

	if (asprintf(&text, "%s %s", c->ask.what == DIRECTORY_ADD ? "add" :
	    "delete", c->ask.arg) == -1)
		fatal("directory command");
	directory_change(c->view, text, command_changed, c);
	free(text);
}

static void
command_reopen(struct command *c)
{
	uint64_t	 drop = 0;
	char		*end;

	errno = 0;
	if (c->ask.arg[0] != '\0') {
		drop = strtoull(c->ask.arg, &end, 10);
		/* -1 would be a number: that of the last change of all */
		if (c->ask.arg[0] < '0' || c->ask.arg[0] > '9' ||
		    *end != '\0' || errno != 0) {
			command_end(c, EX_DATAERR, "not a serial number");
			return;
		}
	}
	view_open(c->view, drop, command_opened, c);
}

/* One table after the other; the parent hears what went wrong. */
static void
tables_opened(void *arg, const char *why)
{
	struct command	*c = arg;
	struct wbuf	 w;
	struct view	*v;

	if (why[0] != '\0') {
		if (c->text[0] != '\0')
			(void)strlcat(c->text, "\n", sizeof(c->text));
		(void)strlcat(c->text, why, sizeof(c->text));
	}
	if ((v = view_at(c->next++)) != NULL) {
		view_open(v, 0, tables_opened, c);
		return;
	}
	wbuf_init(&w);
	wbuf_str(&w, c->text);
	(void)proc_send(PROC_PARENT, 0, MSG_LOOKUP_TABLES_NOTE, 0, -1, &w);
	command_destroy(c);
	running = 0;
	command_next();
}

static void
command_next(void)
{
	static int	 inside;
	struct command	*c;

	/* commands that end at once do not pile up on the stack */
	if (inside)
		return;
	inside = 1;
	while (!running && (c = TAILQ_FIRST(&line)) != NULL) {
		TAILQ_REMOVE(&line, c, entry);
		ncommands--;
		running = 1;
		if (c->tables)
			tables_opened(c, "");
		else if (c->ask.what == DIRECTORY_REOPEN)
			command_reopen(c);
		else
			command_change(c);
	}
	inside = 0;
}

static void
command_add(struct command *c)
{
	ncommands++;
	TAILQ_INSERT_TAIL(&line, c, entry);
	command_next();
}

/* One that changes something; takes over the argument. */
static void
command_queue(const struct asker *a, struct view *v,
    struct directory_ask *ask)
{
	struct command	*c;

	if (ncommands >= COMMANDS_MAX) {
		directory_answer(a, EX_TEMPFAIL, "too many commands wait",
		    "", NULL);
		free(ask->arg);
		return;
	}
	c = xcalloc(1, sizeof(*c));
	c->asker = *a;
	c->ask = *ask;
	c->view = v;
	command_add(c);
}

int
lookup_directory_finds(const struct proc_msg *m)
{
	return (rbuf_left(&m->body) > 0 && m->body.p[0] == DIRECTORY_LOGIN);
}

int
lookup_directory_take(struct proc_msg *m)
{
	struct directory_ask	 ask;
	struct asker		 a;
	struct view		*v;

	if (msg_get_directory_ask(&m->body, &ask) == -1)
		return (-1);
	asker_init(&a, m);
	if ((v = view_find(ask.directory)) == NULL)
		directory_answer(&a, EX_NOINPUT, "no such directory in the "
		    "configuration", "", NULL);
	else if (ask.what == DIRECTORY_LOGIN)
		command_login(&a, v, ask.arg);
	else if (view_is_sql(v) && ask.what != DIRECTORY_STATUS)
		directory_answer(&a, EX_UNAVAILABLE, "this directory is with "
		    "SQL: its database has its records", "", NULL);
	else if (ask.what == DIRECTORY_GET || ask.what == DIRECTORY_EXPORT)
		command_records(&a, v, &ask);
	else if (ask.what == DIRECTORY_CHANGES)
		command_changes(&a, v, ask.arg);
	else if (ask.what == DIRECTORY_STATUS)
		command_status(&a, v);
	else {
		command_queue(&a, v, &ask);
		return (0);
	}
	free(ask.arg);
	return (0);
}

int
lookup_tables_take(struct proc_msg *m)
{
	struct command	*c;

	c = xcalloc(1, sizeof(*c));
	c->tables = 1;
	command_add(c);
	return (0);
}
