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
 * Directory commands that work with files: import, export, check, diff.
 * Only the import of a configured directory talks to the server.
 */

#include <sys/types.h>
#include <sys/file.h>
#include <bsd/string.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "control/show_text.h"
#include "control/smtpctl.h"
#include "lookup/dirctl.h"
#include "smtpd/msg/msg_conf.h"

/* Of the options of a directory command. */
struct directory_options {
	const char	*domain;	/* -d */
	const char	*name;		/* -n, "" by default */
	const char	*db;		/* -o */
	enum dirctl_type type;		/* -t */
	int		 drop;		/* -r */
};

static int
option_type(const char *text, enum dirctl_type *type)
{
	static const char *const	 types[] = {
		[DIRCTL_TEXT]		= "text",
		[DIRCTL_ALIASES]	= "aliases",
		[DIRCTL_VIRTUAL]	= "virtual",
	};
	size_t				 i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(text, types[i]) == 0) {
			*type = (enum dirctl_type)i;
			return (0);
		}
	warnx("unknown type '%s', expected text, aliases or virtual", text);
	return (-1);
}

/*
 * Read the options that letters allows; 0, or -1 with the reason said.
 * argc and argv are left at the first argument.
 */
static int
options(const struct smtpctl_command *c, const char *letters, int *argc,
    char ***argv, struct directory_options *o)
{
	int	 ch;

	memset(o, 0, sizeof(*o));
	o->name = "";
	optind = 1;
	while ((ch = getopt(*argc, *argv, letters)) != -1)
		switch (ch) {
		case 'd':
			o->domain = optarg;
			break;
		case 'n':
			o->name = optarg;
			break;
		case 'o':
			o->db = optarg;
			break;
		case 'r':
			o->drop = 1;
			break;
		case 't':
			if (option_type(optarg, &o->type) == -1)
				return (-1);
			break;
		default:
			(void)smtpctl_usage(c);
			return (-1);
		}
	*argc -= optind;
	*argv += optind;
	if ((o->type == DIRCTL_ALIASES) == (o->domain != NULL))
		return (0);
	warnx(o->domain == NULL ? "names in aliases(5) have no domain: give "
	    "one with -d" : "-d is for -t aliases alone");
	return (-1);
}

static void
counts(const struct dirctl_counts *n)
{
	if (smtpctl_options.quiet)
		return;
	printf(smtpctl_options.json ? "{\"domains\":%" PRIu64
	    ",\"accounts\":%" PRIu64 ",\"addresses\":%" PRIu64
	    ",\"aliases\":%" PRIu64 ",\"lists\":%" PRIu64 "}\n" :
	    "domains %" PRIu64 ", accounts %" PRIu64 ", addresses %" PRIu64
	    ", aliases %" PRIu64 ", lists %" PRIu64 "\n", n->domains,
	    n->accounts, n->addresses, n->aliases, n->lists);
}

static int
import(const struct directory_options *o, const char *file,
    const char *changes, const char *db)
{
	struct dirctl_counts	 n;
	int			 status;

	memset(&n, 0, sizeof(n));
	status = dirctl_import(&say_dirctl, o->type, file, o->domain, changes,
	    db, &n);
	say_progress(NULL, NULL, 0, 0);
	if (status == EX_OK)
		counts(&n);
	return (status);
}

/*
 * One import of a server's table at a time: the second would not know of
 * the changes that the first has folded, and nobody else does any more.
 * Returns the lock, or -1 with the reason said.
 */
static int
import_lock(const char *db)
{
	char	 folder[CONF_PATH_MAX + 1];
	int	 fd;

	(void)strlcpy(folder, db, sizeof(folder));
	strrchr(folder, '/')[1] = '\0';		/* live_path has seen one */
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1) {
		warn("%s", folder);
		return (-1);
	}
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return (fd);
	if (errno == EWOULDBLOCK)
		warnx("%s: another import is under way", folder);
	else
		warn("%s: lock", folder);
	close(fd);
	return (-1);
}

/*
 * The serial is asked for first, then the changes, then the table is built:
 * what changes meanwhile has a higher serial and outlives the reopening.
 */
static int
import_live(const struct directory_options *o, const char *file)
{
	char	 db[CONF_PATH_MAX + 1], *changes = NULL;
	int64_t	 serial = 0;
	int	 fd, status;

	if ((status = live_path(o->name, db, sizeof(db))) != EX_OK)
		return (status);
	if (access(db, F_OK) == 0 && !dirctl_is_table(db)) {
		warnx("%s is not a table: not replaced", db);
		return (EX_DATAERR);
	}
	if ((fd = import_lock(db)) == -1)
		return (EX_TEMPFAIL);
	status = live_changes(o->name, &changes, &serial);
	/* building may last: let others have the server's ear */
	ctl_close();
	if (status == EX_OK)
		status = import(o, file, o->drop ? NULL : changes, db);
	free(changes);
	if (status == EX_OK && (status = live_reopen(o->name, serial)) !=
	    EX_OK)
		warnx("%s is in place, but the server does not use it yet",
		    db);
	close(fd);
	return (status);
}

int
smtpctl_import(const struct smtpctl_command *c, int argc, char **argv)
{
	struct directory_options	 o;

	if (options(c, "+d:n:o:rt:", &argc, &argv, &o) == -1)
		return (EX_USAGE);
	if (argc != 1 || (o.db != NULL && (o.drop || o.name[0] != '\0')))
		return (smtpctl_usage(c));
	if (o.db != NULL)
		return (import(&o, argv[0], NULL, o.db));
	return (import_live(&o, argv[0]));
}

static void
record_line(const char *line, size_t len)
{
	printf("{\"record\":");
	show_json_string(line, len);
	printf("}\n");
}

/* "- record" and "+ record". */
static void
differ_line(const char *line, size_t len)
{
	size_t	 skip = len < 2 ? len : 2;

	printf("{\"%s\":", line[0] == '-' ? "old" : "new");
	show_json_string(line + skip, len - skip);
	printf("}\n");
}

/* Standard output, or a stream that makes it JSON. */
static FILE *
output(void (*line)(const char *, size_t))
{
	FILE	*out = stdout;

	if (smtpctl_options.json && (out = show_line_stream(line)) == NULL)
		err(EX_OSERR, "stream");
	return (out);
}

static int
output_end(FILE *out, int status)
{
	say_progress(NULL, NULL, 0, 0);
	if (out != stdout && fclose(out) == EOF && status == EX_OK)
		status = EX_IOERR;
	return (status);
}

int
smtpctl_export(const struct smtpctl_command *c, int argc, char **argv)
{
	struct directory_options	 o;
	FILE				*out;

	if (options(c, "+n:", &argc, &argv, &o) == -1)
		return (EX_USAGE);
	if (argc > 1 || (argc == 1 && o.name[0] != '\0'))
		return (smtpctl_usage(c));
	if (argc == 0)
		return (live_export(o.name));
	out = output(record_line);
	return (output_end(out, dirctl_export(&say_dirctl, argv[0], out)));
}

int
smtpctl_check(const struct smtpctl_command *c, int argc, char **argv)
{
	struct directory_options	 o;
	struct dirctl_counts		 n;
	int				 status;

	if (options(c, "+d:t:", &argc, &argv, &o) == -1)
		return (EX_USAGE);
	if (argc != 1)
		return (smtpctl_usage(c));
	memset(&n, 0, sizeof(n));
	status = dirctl_check(&say_dirctl, o.type, argv[0], o.domain, &n);
	say_progress(NULL, NULL, 0, 0);
	if (status == EX_OK)
		counts(&n);
	return (status);
}

int
smtpctl_diff(const struct smtpctl_command *c, int argc, char **argv)
{
	struct directory_options	 o;
	FILE				*out;
	int				 status, differ = 0;

	if (options(c, "+", &argc, &argv, &o) == -1)
		return (EX_USAGE);
	if (argc != 2)
		return (smtpctl_usage(c));
	out = output(differ_line);
	status = dirctl_diff(&say_dirctl, argv[0], argv[1], out, &differ);
	status = output_end(out, status);
	/* as diff(1) says it */
	return (status == EX_OK && differ ? 1 : status);
}
