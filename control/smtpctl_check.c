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
 * check: is the configuration good, what would it change for those who send
 * mail to us?  Nothing is changed by it, here and in the server.
 */

#include <sys/types.h>
#include <sys/stat.h>
#include <bsd/string.h>

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "control/check.h"
#include "control/smtpctl.h"
#include "lookup/dirctl.h"
#include "lookup/extsort.h"
#include "smtpd/base/wire.h"
#include "smtpd/base/xmem.h"
#include "smtpd/msg/msg_control.h"

#ifndef SYSCONFDIR
#define SYSCONFDIR	"/etc/smtpd"
#endif

#define CHECK_MEMORY	((size_t)32 << 20)	/* octets of addresses */
#define PREFLIGHT_MAX	1024			/* rows */

const struct preflight_row *
preflight_find(const struct preflight *p, const char *kind, const char *what)
{
	size_t	 i;

	for (i = 0; i < p->n; i++)
		if (strcmp(p->rows[i].kind, kind) == 0 && (what == NULL ||
		    strcmp(p->rows[i].what, what) == 0))
			return (&p->rows[i]);
	return (NULL);
}

static int
preflight_row(void *arg, struct rbuf *r)
{
	struct preflight	*p = arg;
	struct preflight_row	*row;
	struct row_field	 f;
	int			 ret;

	if (p->n == PREFLIGHT_MAX)
		return (-1);
	if (p->rows == NULL)
		p->rows = xcalloc(PREFLIGHT_MAX, sizeof(*p->rows));
	row = &p->rows[p->n++];
	row->kind = row->what = row->value = NULL;
	while ((ret = row_next(r, &f)) == 1)
		if (f.is_number)
			continue;
		else if (strcmp(f.key, "kind") == 0 && row->kind == NULL)
			row->kind = xstrndup(f.value, f.len);
		else if (strcmp(f.key, "what") == 0 && row->what == NULL)
			row->what = xstrndup(f.value, f.len);
		else if (strcmp(f.key, "value") == 0 && row->value == NULL)
			row->value = xstrndup(f.value, f.len);
	return (ret == -1 || row->kind == NULL || row->what == NULL ||
	    row->value == NULL ? -1 : 0);
}

static void
preflight_free(struct preflight *p)
{
	size_t	 i;

	for (i = 0; i < p->n; i++) {
		free(p->rows[i].kind);
		free(p->rows[i].what);
		free(p->rows[i].value);
	}
	free(p->rows);
}

static int
preflight_ask(unsigned int which, struct preflight *p)
{
	static const char *const	 words[] = { "preflight" };
	char				 why[512];
	int				 status;

	ctl_use(which);
	status = ctl_command(words, 1, preflight_row, p, why, sizeof(why));
	ctl_use(CHECK_RUNNING);
	/* that none runs is no failure */
	if (status != EX_OK && (which == CHECK_TRIAL ||
	    status != EX_UNAVAILABLE))
		warnx("%s", why);
	return (status);
}

/* Root reads no configuration that others can write for it. */
static int
file_is_safe(const char *file)
{
	struct stat	 st;

	return (stat(file, &st) == -1 || ((st.st_uid == 0 ||
	    st.st_uid == geteuid()) && (st.st_mode & (S_IWGRP | S_IWOTH)) ==
	    0));
}

/* What runs now, if anything does. */
static int
check_running(struct check *c)
{
	const struct preflight_row	*row;
	int				 status;

	status = preflight_ask(CHECK_RUNNING, &c->old);
	if (status == EX_UNAVAILABLE) {
		check_note("no server runs: there is nothing to compare with");
		return (EX_OK);
	}
	if (status != EX_OK)
		return (status);
	c->running = 1;
	row = preflight_find(&c->old, "file", NULL);
	if (c->file != NULL || row == NULL)
		return (EX_OK);
	if (!file_is_safe(row->what)) {
		warnx("%s, which the server reads, can be written by others: "
		    "name it with -f to trust it", row->what);
		return (EX_NOPERM);
	}
	c->file = row->what;
	return (EX_OK);
}

/* The table that the text would become. */
static int
check_import(struct check *c)
{
	struct dirctl_counts	 unused;
	char			*changes = NULL;
	int64_t			 serial;
	int			 status = EX_OK;

	if (c->running && !c->drop)
		status = live_changes(c->name, &changes, &serial);
	if (status == EX_OK)
		status = dirctl_import(&say_dirctl, DIRCTL_TEXT, c->text,
		    NULL, changes, trial_table(), &unused);
	say_progress(NULL, NULL, 0, 0);
	free(changes);
	return (status);
}

static int
no_row(void *unused, struct rbuf *r)
{
	struct row_field	 f;
	int			 ret;

	while ((ret = row_next(r, &f)) == 1)
		;
	return (ret);
}

/* The trial begins with tables alone: give it a live change. */
static int
change_put(const char *name, const char *line)
{
	const char	*space = strchr(line, ' ');
	char		 what[16];

	if (space == NULL || (size_t)(space - line) >= sizeof(what))
		return (EX_PROTOCOL);
	(void)strlcpy(what, line, (size_t)(space - line) + 1);
	return (live_ask(what, name, space + 1, no_row, NULL));
}

static int
changes_put(const char *name)
{
	char	*changes = NULL, *line, *lf;
	int64_t	 serial;
	int	 status;

	ctl_use(CHECK_RUNNING);
	status = live_changes(name, &changes, &serial);
	ctl_use(CHECK_TRIAL);
	for (line = changes; status == EX_OK && line != NULL &&
	    (lf = strchr(line, '\n')) != NULL; line = lf + 1) {
		*lf = '\0';
		status = change_put(name, line);
	}
	ctl_use(CHECK_RUNNING);
	free(changes);
	return (status);
}

static int
state_row(void *arg, struct rbuf *r)
{
	struct row_field	 f;
	char			**state = arg;
	int			 ret;

	while ((ret = row_next(r, &f)) == 1)
		if (strcmp(f.key, "state") == 0 && !f.is_number &&
		    *state == NULL)
			*state = xstrndup(f.value, f.len);
	return (ret);
}

/* Its table is open, and it has all that the running one has. */
static int
check_directory(struct check *c, const char *name, int first)
{
	const struct preflight_row	*old;
	char				*state = NULL;
	int				 status;

	ctl_use(CHECK_TRIAL);
	status = live_ask("status", name, "", state_row, &state);
	ctl_use(CHECK_RUNNING);
	if (status == EX_OK && state != NULL && strcmp(state, "open") != 0)
		check_error(c, "directory %s: %s", name, state);
	else if (status == EX_OK && (c->text == NULL ||
	    !(c->name[0] == '\0' ? first : strcmp(c->name, name) == 0)) &&
	    (old = preflight_find(&c->old, "directory", name)) != NULL &&
	    old->value[0] == '\0')
		status = changes_put(name);
	free(state);
	return (status);
}

static int
check_directories(struct check *c)
{
	const struct preflight_row	*row;
	size_t				 i;
	int				 first = 1, status = EX_OK;

	for (i = 0; i < c->new.n && status == EX_OK; i++) {
		row = &c->new.rows[i];
		if (strcmp(row->kind, "directory") != 0)
			continue;
		if (row->value[0] == '\0')
			status = check_directory(c, row->what, first);
		first = 0;
	}
	return (status);
}

/* What stands in the way of a start, or of a reload. */
static void
check_rows(struct check *c)
{
	const struct preflight_row	*row, *old;
	size_t				 i;

	for (i = 0; i < c->new.n; i++) {
		row = &c->new.rows[i];
		old = preflight_find(&c->old, row->kind, row->what);
		if (strcmp(row->kind, "error") == 0)
			check_error(c, "%s", row->what);
		else if (strcmp(row->kind, "listen") == 0 &&
		    row->value[0] != '\0' && old == NULL)
			check_error(c, "listen on %s: %s", row->what,
			    row->value);
		else if (strcmp(row->kind, "aspect") == 0 && c->running &&
		    (old == NULL || strcmp(old->value, row->value) != 0))
			check_warning("%s: %s changed, which takes effect "
			    "with a restart only", c->file == NULL ?
			    SYSCONFDIR "/smtpd.conf" : c->file, row->what);
	}
}

/* The trial server runs. */
static int
check_answers(struct check *c, int *differ)
{
	struct extsort	*all;
	const char	*dir = getenv("TMPDIR");
	int		 status;

	if ((status = preflight_ask(CHECK_TRIAL, &c->new)) != EX_OK)
		return (status);
	check_rows(c);
	if ((status = check_directories(c)) != EX_OK || c->errors != 0 ||
	    !c->running)
		return (status);
	all = extsort_new(dir == NULL || dir[0] != '/' ? "/tmp" : dir,
	    CHECK_MEMORY);
	if ((status = gather(c, all)) == EX_OK)
		status = compare(all, differ);
	extsort_free(all);
	return (status);
}

static int
check(struct check *c, int *differ)
{
	int	 status;

	if ((status = check_running(c)) != EX_OK)
		return (status);
	status = trial_begin();
	if (status == EX_OK && c->text != NULL)
		status = check_import(c);
	if (status == EX_OK && (status = trial_start(c)) == EX_OK) {
		status = check_answers(c, differ);
		trial_log(c, 0);
	}
	trial_stop();
	return (status == EX_OK && c->errors != 0 ? EX_DATAERR : status);
}

int
smtpctl_preflight(const struct smtpctl_command *cmd, int argc, char **argv)
{
	struct check	 c = { .name = "" };
	int		 ch, status, differ = 0, exact = 0;

	optind = 1;
	while ((ch = getopt(argc, argv, "+a:ef:n:r")) != -1)
		switch (ch) {
		case 'a':
			c.addresses = optarg;
			break;
		case 'e':
			exact = 1;
			break;
		case 'f':
			c.file = optarg;
			break;
		case 'n':
			c.name = optarg;
			break;
		case 'r':
			c.drop = 1;
			break;
		default:
			return (smtpctl_usage(cmd));
		}
	argc -= optind;
	argv += optind;
	if (argc == 2 && strcmp(argv[0], "directory") == 0)
		c.text = argv[1];
	else if (argc != 0 || c.drop || c.name[0] != '\0')
		return (smtpctl_usage(cmd));
	status = check(&c, &differ);
	preflight_free(&c.old);
	preflight_free(&c.new);
	return (status == EX_OK && exact && differ ? 1 : status);
}
