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
 * smtpctl(8): options, the table of commands, and those commands that only
 * show what the server says.
 */

#include <sys/types.h>

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "control/ctl.h"
#include "control/show.h"
#include "control/show_text.h"
#include "control/smtpctl.h"
#include "smtpd/base/log.h"
#include "smtpd/base/wire.h"
#include "smtpd/msg/msg_control.h"

#define SMTPCTL_SOCKET	"/run/smtpd.sock"

struct smtpctl_options	 smtpctl_options;

static int	 run_table(const struct smtpctl_command *, int, char **);
static int	 run_list(const struct smtpctl_command *, int, char **);
static int	 run_status(const struct smtpctl_command *, int, char **);
static int	 run_queue(const struct smtpctl_command *, int, char **);
static int	 run_reload(const struct smtpctl_command *, int, char **);
static int	 run_help(const struct smtpctl_command *, int, char **);

#define MESSAGES	"id | all | [from address] [to address] [older age]"

static const struct smtpctl_command	 commands[] = {
	{ "show",	"status",	"",		0, 0, run_status },
	{ "show",	"stats",	"",		0, 0, run_list },
	{ "show",	"metrics",	"",		0, 0, smtpctl_metrics },
	{ "show",	"sessions",	"",		0, 0, run_table },
	{ "show",	"generations",	"",		0, 0, run_table },
	{ "show",	"queue",	"[" MESSAGES "]", 0, 6, run_queue },
	{ "show",	"harvest",	"",		0, 0, run_table },
	{ "show",	"greylist",	"[network]",	0, 1, run_table },
	{ "status",	NULL,		"",		0, 0, run_status },
	{ "queue",	"list",		"[" MESSAGES "]", 0, 6, run_queue },
	{ "queue",	"retry",	MESSAGES,	1, 6, run_list },
	{ "queue",	"hold",		MESSAGES,	1, 6, run_list },
	{ "queue",	"release",	MESSAGES,	1, 6, run_list },
	{ "queue",	"remove",	MESSAGES,	1, 6, run_list },
	{ "explain",	"rcpt",		"address [from address] [client ip] "
	    "[helo name] [auth login] [listener name]", 1, 11, smtpctl_steps },
	{ "greylist",	"pass",		"network",	1, 1, run_list },
	{ "greylist",	"forget",	"network | all", 1, 1, run_list },
	{ "pardon",	NULL,		"network | all", 1, 1, run_list },
	{ "why",	NULL,		"id",		1, 1, smtpctl_steps },
	{ "reload",	NULL,		"",		0, 0, run_reload },
	{ "rollback",	NULL,		"",		0, 0, run_reload },
	{ "log",	"brief",	"",		0, 0, run_list },
	{ "log",	"verbose",	"",		0, 0, run_list },
	{ "trace",	NULL,		"session | address | network",
						1, 1, smtpctl_trace },
	{ "monitor",	NULL,		"[seconds [lines]]",
						0, 2, smtpctl_monitor },
	{ "stop",	NULL,		"",		0, 0, run_list },
	{ "check",	NULL,		"[-er] [-a file] [-f file] [-n name] "
	    "[directory file]",		0, -1, smtpctl_preflight },
	{ "encrypt",	NULL,		"[-t type]",
						0, -1, smtpctl_encrypt },
	/* these read options, and count their arguments, themselves */
	{ "directory",	"import",	"[-r] [-d domain] [-n name] [-o db] "
	    "[-t type] file",			0, -1, smtpctl_import },
	{ "directory",	"export",	"[-n name | db]",
						0, -1, smtpctl_export },
	{ "directory",	"check",	"[-d domain] [-t type] file",
						0, -1, smtpctl_check },
	{ "directory",	"diff",		"old new",
						0, -1, smtpctl_diff },
	{ "directory",	"get",		"[-n name] key",
						0, -1, smtpctl_get },
	{ "directory",	"add",		"[-n name] record",
						0, -1, smtpctl_add },
	{ "directory",	"delete",	"[-n name] address | account name | "
	    "domain name",			0, -1, smtpctl_delete },
	{ "help",	NULL,		"",		0, 0, run_help },
};

#define NCOMMANDS	(sizeof(commands) / sizeof(commands[0]))

static void __attribute__((noreturn))
usage(void)
{
	fprintf(stderr,
	    "usage: smtpctl [-jq] [-s socket] command [argument ...]\n");
	exit(EX_USAGE);
}

static void
say_synopsis(FILE *f, const char *before, const struct smtpctl_command *c)
{
	fprintf(f, "%ssmtpctl %s%s%s%s%s\n", before, c->first,
	    c->second == NULL ? "" : " ", c->second == NULL ? "" : c->second,
	    c->args[0] == '\0' ? "" : " ", c->args);
}

int
smtpctl_usage(const struct smtpctl_command *c)
{
	say_synopsis(stderr, "usage: ", c);
	return (EX_USAGE);
}

static int
run_help(const struct smtpctl_command *unused, int argc, char **argv)
{
	const struct smtpctl_command	*c;

	for (c = commands; c < commands + NCOMMANDS; c++)
		say_synopsis(stdout, "", c);
	return (EX_OK);
}

int
smtpctl_ask(const char *const *words, size_t n, ctl_row_cb cb, void *arg)
{
	char	 why[512], *text;
	int	 status;

	status = ctl_command(words, n, cb, arg, why, sizeof(why));
	if (status != EX_OK && why[0] != '\0') {
		text = show_text(why, strlen(why));
		warnx("%s", text);
		free(text);
	}
	return (status);
}

/* Ask with these words and show the rows; argv ends with NULL. */
static int
run_show(enum show_style style, const char *first, const char *second,
    char *const *argv)
{
	const char	*words[COMMAND_ARGS_MAX] = { first, second };
	size_t		 n = second != NULL ? 2 : 1;
	int		 status;

	while (argv != NULL && *argv != NULL && n < COMMAND_ARGS_MAX)
		words[n++] = *argv++;

	show_begin(smtpctl_options.json ? SHOW_JSON : style,
	    smtpctl_options.quiet);
	status = smtpctl_ask(words, n, show_row, NULL);
	show_end();
	return (status);
}

static int
run_table(const struct smtpctl_command *c, int argc, char **argv)
{
	return (run_show(SHOW_TABLE, c->first, c->second, argv + 1));
}

static int
run_list(const struct smtpctl_command *c, int argc, char **argv)
{
	return (run_show(SHOW_LIST, c->first, c->second, argv + 1));
}

static int
run_status(const struct smtpctl_command *c, int argc, char **argv)
{
	return (run_show(SHOW_TABLE, "show", "status", NULL));
}

static int
run_queue(const struct smtpctl_command *c, int argc, char **argv)
{
	return (run_show(SHOW_TABLE, "show", "queue", argv + 1));
}

/* What is wrong with the configuration, in many lines; or its number. */
static int
reload_row(void *unused, struct rbuf *r)
{
	struct row_field	 f;
	int			 ret;

	while ((ret = row_next(r, &f)) == 1)
		if (!f.is_number)
			show_lines(stderr, f.value, f.len);
		else if (!smtpctl_options.quiet)
			printf("generation %lld\n", (long long)f.number);
	return (ret);
}

static int
run_reload(const struct smtpctl_command *c, int argc, char **argv)
{
	const char	*words[] = { c->first };

	if (smtpctl_options.json)
		return (run_show(SHOW_JSON, c->first, NULL, NULL));
	return (smtpctl_ask(words, 1, reload_row, NULL));
}

/* The word is not one that may stand here: say which ones are. */
static void __attribute__((noreturn))
unknown(const char *first, const char *word)
{
	const char	*last = "", *next;
	size_t		 i;

	if (word == NULL)
		fprintf(stderr, "smtpctl: %s: expected one of", first);
	else
		fprintf(stderr, "smtpctl: unknown command '%s%s%s', expected "
		    "one of", first == NULL ? "" : first, first == NULL ? "" :
		    " ", word);
	for (i = 0; i < NCOMMANDS; i++) {
		next = first == NULL ? commands[i].first : commands[i].second;
		if ((first != NULL && strcmp(commands[i].first, first) != 0) ||
		    strcmp(next, last) == 0)
			continue;
		fprintf(stderr, "%s %s", last[0] == '\0' ? "" : ",", next);
		last = next;
	}
	fprintf(stderr, "\n");
	exit(EX_USAGE);
}

static int
run(int argc, char **argv)
{
	const struct smtpctl_command	*c;
	int				 known = 0, words;

	for (c = commands; c < commands + NCOMMANDS; c++) {
		if (strcmp(argv[0], c->first) != 0)
			continue;
		known = 1;
		if (c->second != NULL && (argc < 2 ||
		    strcmp(argv[1], c->second) != 0))
			continue;
		words = c->second == NULL ? 1 : 2;
		if (c->max != -1 && (argc - words < c->min ||
		    argc - words > c->max))
			return (smtpctl_usage(c));
		return (c->run(c, argc - words + 1, argv + words - 1));
	}
	if (known)
		unknown(argv[0], argv[1]);
	unknown(NULL, argv[0]);
}

int
main(int argc, char **argv)
{
	int	 ch, status;

	ctl_socket(SMTPCTL_SOCKET);
	/* options of a command are the command's: stop at the first word */
	while ((ch = getopt(argc, argv, "+jqs:")) != -1)
		switch (ch) {
		case 'j':
			smtpctl_options.json = 1;
			break;
		case 'q':
			smtpctl_options.quiet = 1;
			break;
		case 's':
			ctl_socket(optarg);
			break;
		default:
			usage();
		}
	argc -= optind;
	argv += optind;
	if (argc == 0) {
		fprintf(stderr, "smtpctl: no command: 'smtpctl help' lists "
		    "them, smtpctl(8) explains them\n");
		usage();
	}
	log_init("smtpctl", 1, 0);
	status = run(argc, argv);
	if (fflush(stdout) == EOF || ferror(stdout)) {
		warnx("standard output could not be written");
		status = status == EX_OK ? EX_IOERR : status;
	}
	return (status);
}
