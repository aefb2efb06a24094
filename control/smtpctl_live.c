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
 * Directory commands that work on the directory of a running server.
 */

#include <bsd/string.h>

#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "control/show.h"
#include "control/smtpctl.h"
#include "smtpd/base/wire.h"
#include "smtpd/base/xmem.h"
#include "smtpd/msg/msg_control.h"
#include "smtpd/msg/msg_directory.h"

#define LIVE_CHANGES_MAX	(256 * 1024 * 1024)	/* octets of text */

/* One field of a row. */
struct field {
	const char	*key;
	int64_t		 number;
	char		*text;		/* of size octets, or NULL */
	size_t		 size;
	int		 found;
};

/* Text of many rows. */
struct changes {
	char	*text;
	size_t	 len, size;
};

int
live_ask(const char *what, const char *name, const char *arg, ctl_row_cb cb,
    void *cookie)
{
	const char	*words[] = { "directory", "ask", what, name, arg };

	if (strlen(name) > SESSION_DIRECTORY_MAX) {
		warnx("%s: no such directory", name);
		return (EX_NOINPUT);
	}
	if (strlen(arg) > DIRECTORY_LINE_MAX) {
		warnx("text too long, expected at most %d octets",
		    DIRECTORY_LINE_MAX);
		return (EX_DATAERR);
	}
	return (smtpctl_ask(words, 5, cb, cookie));
}

/* Looks for one field; all others are skipped. */
static int
field_row(void *arg, struct rbuf *r)
{
	struct row_field	 f;
	struct field		*want = arg;
	int			 ret;

	while ((ret = row_next(r, &f)) == 1) {
		if (strcmp(f.key, want->key) != 0 ||
		    f.is_number != (want->text == NULL))
			continue;
		want->number = f.number;
		if (want->text != NULL) {
			if (f.len >= want->size)
				return (-1);
			memcpy(want->text, f.value, f.len);
			want->text[f.len] = '\0';
		}
		want->found = 1;
	}
	return (ret);
}

static int
live_silent(void)
{
	warnx("the server does not speak our language");
	return (EX_PROTOCOL);
}

int
live_path(const char *name, char *path, size_t size)
{
	const char	*words[] = { "directory", "path", name };
	struct field	 want = { .key = "path", .text = path, .size = size };
	int		 status;

	status = smtpctl_ask(words, 3, field_row, &want);
	if (status == EX_UNAVAILABLE)
		warnx("to build a table without a server, name it with -o");
	if (status == EX_OK && (!want.found || path[0] != '/'))
		status = live_silent();
	return (status);
}

/* One change a row, one line each. */
static int
changes_row(void *arg, struct rbuf *r)
{
	struct row_field	 f;
	struct changes		*c = arg;
	int			 ret;

	while ((ret = row_next(r, &f)) == 1) {
		if (strcmp(f.key, "change") != 0 || f.is_number)
			continue;
		if (memchr(f.value, '\n', f.len) != NULL ||
		    memchr(f.value, '\0', f.len) != NULL ||
		    c->len + f.len + 2 > LIVE_CHANGES_MAX)
			return (-1);
		if (c->len + f.len + 2 > c->size) {
			c->size = (c->len + f.len + 2) * 2;
			c->text = xreallocarray(c->text, c->size, 1);
		}
		memcpy(c->text + c->len, f.value, f.len);
		c->len += f.len;
		c->text[c->len++] = '\n';
		c->text[c->len] = '\0';
	}
	return (ret);
}

int
live_changes(const char *name, char **text, int64_t *serial)
{
	struct field	 want = { .key = "serial" };
	struct changes	 c = { .text = NULL };
	int		 status;

	status = live_ask("status", name, "", field_row, &want);
	if (status != EX_OK)
		return (status);
	if (!want.found)
		return (live_silent());
	*serial = want.number;
	status = live_ask("changes", name, "", changes_row, &c);
	*text = c.text;
	return (status);
}

/* Ask for a change; what the server says of it is shown. */
static int
live_change(const char *what, const char *name, const char *arg)
{
	int	 status;

	show_begin(smtpctl_options.json ? SHOW_JSON : SHOW_LIST,
	    smtpctl_options.quiet);
	status = live_ask(what, name, arg, show_row, NULL);
	show_end();
	return (status);
}

int
live_reopen(const char *name, int64_t serial)
{
	char	 arg[32];

	(void)snprintf(arg, sizeof(arg), "%" PRId64, serial);
	return (live_change("reopen", name, arg));
}

/* Records as lines of text, which import reads again. */
static int
record_row(void *unused, struct rbuf *r)
{
	struct row_field	 f;
	int			 ret;

	while ((ret = row_next(r, &f)) == 1)
		if (strcmp(f.key, "record") == 0 && !f.is_number) {
			(void)fwrite(f.value, 1, f.len, stdout);
			putchar('\n');
		}
	return (ret);
}

static int
live_records(const char *what, const char *name, const char *arg)
{
	if (!smtpctl_options.json)
		return (live_ask(what, name, arg, record_row, NULL));
	show_begin(SHOW_JSON, 1);
	return (live_ask(what, name, arg, show_row, NULL));
}

int
live_export(const char *name)
{
	return (live_records("export", name, ""));
}

/* The one option is -n; returns its value, or NULL with usage said. */
static const char *
live_name(const struct smtpctl_command *c, int *argc, char ***argv)
{
	const char	*name = "";
	int		 ch;

	optind = 1;
	while ((ch = getopt(*argc, *argv, "+n:")) != -1)
		if (ch == 'n')
			name = optarg;
		else {
			(void)smtpctl_usage(c);
			return (NULL);
		}
	*argc -= optind;
	*argv += optind;
	return (name);
}

int
smtpctl_get(const struct smtpctl_command *c, int argc, char **argv)
{
	const char	*name;

	if ((name = live_name(c, &argc, &argv)) == NULL)
		return (EX_USAGE);
	if (argc != 1)
		return (smtpctl_usage(c));
	return (live_records("get", name, argv[0]));
}

int
smtpctl_add(const struct smtpctl_command *c, int argc, char **argv)
{
	const char	*name;

	if ((name = live_name(c, &argc, &argv)) == NULL)
		return (EX_USAGE);
	if (argc > 1)
		warnx("the record must be one word for the shell: put it in "
		    "quotes");
	if (argc != 1)
		return (smtpctl_usage(c));
	return (live_change("add", name, argv[0]));
}

/* "address NAME", "account NAME", "domain NAME"; -1: neither. */
static int
delete_arg(int argc, char **argv, char *buf, size_t size)
{
	const char	*kind = "address", *what = argv[0];

	if (argc == 2 && (strcmp(argv[0], "account") == 0 ||
	    strcmp(argv[0], "domain") == 0)) {
		kind = argv[0];
		what = argv[1];
	} else if (argc != 1)
		return (-1);
	return (snprintf(buf, size, "%s %s", kind, what) < (int)size ? 0 :
	    -1);
}

int
smtpctl_delete(const struct smtpctl_command *c, int argc, char **argv)
{
	const char	*name;
	char		 arg[1024];

	if ((name = live_name(c, &argc, &argv)) == NULL)
		return (EX_USAGE);
	if (delete_arg(argc, argv, arg, sizeof(arg)) == -1)
		return (smtpctl_usage(c));
	return (live_change("delete", name, arg));
}
