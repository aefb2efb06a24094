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

int
main(int argc, char **argv, char **envp)
{
	struct parent_options	 o = { .file = SYSCONFDIR "/smtpd.conf" };
	struct conf		*conf;
	const char		*who = NULL;
	int			 ch, check = 0;

	setproctitle_init(argc, argv, envp);
	while ((ch = getopt(argc, argv, "dD:f:nvx:")) != -1)
		switch (ch) {
		case 'd':
			o.foreground = 1;
			break;
		case 'D':
			if (conf_define(optarg) == -1)
				errx(1, "-D %s: not macro=value", optarg);
			break;
		case 'f':
			o.file = optarg;
			break;
		case 'n':
			check = 1;
			break;
		case 'v':
			o.verbose = 1;
			break;
		case 'x':
			who = optarg;
			break;
		default:
			usage();
		}
	if (argc != optind)
		usage();
	if (who != NULL)
		return (run_process(who, o.foreground, o.verbose));
	log_init("smtpd", 1, o.verbose);
	if ((conf = conf_load(o.file, say_error, NULL)) == NULL)
		return (1);
	if (check) {
		if (o.verbose)
			conf_dump(conf, stdout);
		else
			fprintf(stderr, "configuration OK\n");
		conf_free(conf);
		return (0);
	}
	o.self = self_path(argv[0]);
	o.file = file_path(o.file);
	log_init("smtpd", o.foreground, o.verbose);
	return (parent_run(conf, &o));
}
