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
 * main: options, and which process this is.
 */

#include <sys/types.h>
#include <bsd/stdlib.h>
#include <bsd/string.h>
#include <bsd/unistd.h>

#include <err.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/control.h"
#include "lookup/lookup.h"
#include "smtpd/base/log.h"
#include "smtpd/base/proc.h"
#include "smtpd/base/xmem.h"
#include "smtpd/conf.h"
#include "smtpd/deliver/deliver.h"
#include "smtpd/front/front.h"
#include "smtpd/hash/hash.h"
#include "smtpd/keys/keys.h"
#include "smtpd/parent.h"
#include "smtpd/policy/policy.h"
#include "smtpd/queue/queue.h"
#include "smtpd/relay/relay.h"
#include "smtpd/sql/sql.h"

#ifndef SYSCONFDIR
#define SYSCONFDIR	"/etc/smtpd"
#endif

#define MAIN_DEFINES_MAX	64

static const struct {
	enum proc_id	 id;
	void		(*run)(unsigned int inst);
} processes[] = {
	{ PROC_FRONT,	front_main },
	{ PROC_POLICY,	policy_main },
	{ PROC_LOOKUP,	lookup_main },
	{ PROC_QUEUE,	queue_main },
	{ PROC_DELIVER,	deliver_main },
	{ PROC_RELAY,	relay_main },
	{ PROC_CONTROL,	control_main },
	{ PROC_KEYS,	keys_main },
	{ PROC_SQL,	sql_main },
	{ PROC_HASH,	hash_main },
};

static void __attribute__((noreturn))
usage(void)
{
	fprintf(stderr, "usage: smtpd [-dnv] [-D macro=value] [-f file]\n");
	exit(1);
}

/* "front.0": the parent has started us again to be that process. */
static int
run_process(const char *who, int foreground, int verbose)
{
	const char	*dot, *errstr;
	unsigned int	 inst;
	size_t		 i;

	if ((dot = strchr(who, '.')) == NULL)
		usage();
	inst = (unsigned int)strtonum(dot + 1, 0, PROC_INST_MAX - 1, &errstr);
	if (errstr != NULL)
		usage();
	for (i = 0; i < sizeof(processes) / sizeof(processes[0]); i++) {
		if (strlen(proc_name(processes[i].id)) !=
		    (size_t)(dot - who) || strncmp(who,
		    proc_name(processes[i].id), (size_t)(dot - who)) != 0)
			continue;
		log_init(proc_name(processes[i].id), foreground, verbose);
		processes[i].run(inst);
		return (0);
	}
	usage();
}

/* Where our binary is, so that it can be started again as a child. */
static const char *
self_path(const char *argv0)
{
	static char	 path[PATH_MAX];
	ssize_t		 n;

	n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	if (n > 0) {
		path[n] = '\0';
		return (path);
	}
	if (strchr(argv0, '/') == NULL || realpath(argv0, path) == NULL)
		errx(1, "start me by my path, as in /usr/sbin/smtpd");
	return (path);
}

/* As a daemon we leave this folder, and reload must still find the file. */
static const char *
file_path(const char *file)
{
	static char	 path[PATH_MAX];
	char		 here[PATH_MAX];

	if (file[0] == '/')
		return (file);
	if (getcwd(here, sizeof(here)) == NULL)
		err(1, "getcwd");
	if (snprintf(path, sizeof(path), "%s/%s", here, file) >=
	    (int)sizeof(path))
		errx(1, "%s: name too long", file);
	return (path);
}

static void
say_error(void *arg, const char *line)
{
	fprintf(stderr, "%s\n", line);
}

static char	*defines[MAIN_DEFINES_MAX + 1];

/* What the command line says beside the options of the parent. */
struct main_options {
	struct parent_options	 parent;
	const char		*process;	/* -x, or NULL */
	int			 check;		/* -n */
};

static void
main_define(const char *text)
{
	static size_t	 n;

	if (n == MAIN_DEFINES_MAX)
		errx(1, "-D %s: more than %d macros", text, MAIN_DEFINES_MAX);
	if (conf_define(text) == -1)
		errx(1, "-D %s: not macro=value", text);
	defines[n++] = xstrdup(text);
}

/* -c, -q, -T and -x are for us alone: parent.h, child.c. */
static void
main_options(int argc, char **argv, struct main_options *o)
{
	int	 ch;

	while ((ch = getopt(argc, argv, "c:dD:f:nqT:vx:")) != -1)
		switch (ch) {
		case 'c':
			o->parent.trial = optarg;
			break;
		case 'd':
			o->parent.foreground = 1;
			break;
		case 'D':
			main_define(optarg);
			break;
		case 'f':
			o->parent.file = optarg;
			break;
		case 'n':
			o->check = 1;
			break;
		case 'q':
			o->parent.verbose = -1;
			break;
		case 'T':
			o->parent.trial_table = optarg;
			break;
		case 'v':
			o->parent.verbose = 1;
			break;
		case 'x':
			o->process = optarg;
			break;
		default:
			usage();
		}
	if (argc != optind)
		usage();
}

int
main(int argc, char **argv, char **envp)
{
	struct main_options	 o = { .parent = {
	    .file = SYSCONFDIR "/smtpd.conf", .defines = defines } };
	struct parent_options	*p = &o.parent;
	struct conf		*conf;

	setproctitle_init(argc, argv, envp);
	main_options(argc, argv, &o);
	if (o.process != NULL)
		return (run_process(o.process, p->foreground, p->verbose));
	log_init("smtpd", 1, p->verbose);
	if ((conf = conf_load(p->file, say_error, NULL)) == NULL)
		return (1);
	if (o.check) {
		if (p->verbose > 0)
			conf_dump(conf, stdout);
		else
			fprintf(stderr, "configuration OK\n");
		conf_free(conf);
		return (0);
	}
	p->self = self_path(argv[0]);
	p->file = file_path(p->file);
	log_init("smtpd", p->foreground, p->verbose);
	return (parent_run(conf, p));
}
