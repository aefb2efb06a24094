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
 * Start and end of a trial server.
 *
 * Its folder is watched by a process that does nothing else: it waits until
 * the one pipe that smtpctl, the trial and all processes of the trial hold
 * has no writer any more, and removes it then.  The trial ends when its
 * standard input, which smtpctl alone can write to, does.  So both are gone
 * whoever is killed.
 */

#include <sys/types.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "control/check.h"
#include "control/ctl.h"
#include "smtpd/base/scratch.h"

#define TRIAL_ARGS	(2 * 64 + 16)	/* words of its command line */
#define TRIAL_LOOK	50		/* ms between looks at it */

static struct {
	char	 folder[PATH_MAX];
	char	 socket[PATH_MAX], table[PATH_MAX], log[PATH_MAX];
	int	 in;			/* its standard input */
	int	 out[2];		/* its standard output */
	pid_t	 janitor, pid;		/* 0: there is none */
} trial = { .in = -1, .out = { -1, -1 } };

const char *
trial_table(void)
{
	return (trial.table);
}

/* Until everybody else has closed the pipe. */
static void __attribute__((noreturn))
janitor(void)
{
	struct pollfd	 pfd = { .fd = trial.out[0] };
	int		 n;

	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
	(void)signal(SIGTERM, SIG_IGN);
	(void)signal(SIGPIPE, SIG_IGN);
	close(trial.out[1]);
	while ((n = poll(&pfd, 1, -1)) == 0 || (n == -1 && errno == EINTR))
		;
	scratch_remove(trial.folder);
	_exit(0);
}

static int
trial_names(void)
{
	static const struct {
		char		*to;
		const char	*name;
	} names[] = {
		{ trial.socket,	SCRATCH_SOCKET },
		{ trial.table,	SCRATCH_TABLE },
		{ trial.log,	SCRATCH_LOG },
	};
	size_t			 i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (snprintf(names[i].to, PATH_MAX, "%s/%s", trial.folder,
		    names[i].name) >= PATH_MAX)
			return (-1);
	return (0);
}

int
trial_begin(void)
{
	if (pipe2(trial.out, O_CLOEXEC) == -1) {
		warn("pipe");
		return (EX_OSERR);
	}
	if (scratch_make(trial.folder, sizeof(trial.folder)) == -1) {
		warn("a folder for the trial");
		return (EX_CANTCREAT);
	}
	if (trial_names() == -1 || (trial.janitor = fork()) == -1) {
		warn("%s", trial.folder);
		scratch_remove(trial.folder);
		trial.janitor = 0;
		return (EX_OSERR);
	}
	if (trial.janitor == 0)
		janitor();
	return (EX_OK);
}

/* The server that was built, or installed, with us. */
static int
server_path(char *path, size_t size)
{
	static const char *const	 places[] = { "smtpd",
	    "../smtpd/smtpd" };
	struct stat			 st;
	char				 self[PATH_MAX], *slash;
	ssize_t				 n;
	size_t				 i;

	n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (n <= 0)
		return (-1);
	self[n] = '\0';
	if ((slash = strrchr(self, '/')) == NULL)
		return (-1);
	*slash = '\0';
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (snprintf(path, size, "%s/%s", self, places[i]) <
		    (int)size && stat(path, &st) == 0 &&
		    S_ISREG(st.st_mode) && access(path, X_OK) == 0)
			return (0);
	return (-1);
}

/* Its command line; what it points to is the caller's. */
static void
trial_words(const struct check *c, char *path, const char *words[TRIAL_ARGS])
{
	size_t	 i, n = 0;

	words[n++] = path;
	words[n++] = "-dq";
	words[n++] = "-c";
	words[n++] = trial.folder;
	if (c->file != NULL) {
		words[n++] = "-f";
		words[n++] = c->file;
	}
	if (c->text != NULL) {
		words[n++] = "-T";
		words[n++] = c->name;
	}
	for (i = 0; i < c->old.n && n + 3 < TRIAL_ARGS; i++)
		if (strcmp(c->old.rows[i].kind, "define") == 0) {
			words[n++] = "-D";
			words[n++] = c->old.rows[i].what;
		}
	words[n] = NULL;
}

static void __attribute__((noreturn))
trial_exec(const struct check *c, char *path, int in)
{
	const char	*words[TRIAL_ARGS];
	char		*argv[TRIAL_ARGS];
	int		 log;

	trial_words(c, path, words);
	memcpy(argv, words, sizeof(argv));
	log = open(trial.log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC |
	    O_NOFOLLOW, 0600);
	if (log == -1 || dup2(in, STDIN_FILENO) == -1 ||
	    dup2(trial.out[1], STDOUT_FILENO) == -1 ||
	    dup2(log, STDERR_FILENO) == -1)
		_exit(EX_OSERR);
	execv(path, argv);
	_exit(EX_OSERR);
}

/* Until it is ready, which takes as long as its tables need; -1: it ended. */
static int
trial_wait(void)
{
	struct pollfd	 pfd = { .fd = trial.out[0], .events = POLLIN };
	char		 word[sizeof(SCRATCH_READY)];
	int		 n, status;

	for (;;) {
		n = poll(&pfd, 1, TRIAL_LOOK);
		if (n == 1 && read(trial.out[0], word, sizeof(word)) > 0)
			return (0);
		if (waitpid(trial.pid, &status, WNOHANG) == trial.pid) {
			trial.pid = 0;
			return (-1);
		}
	}
}

int
trial_start(struct check *c)
{
	char	 path[PATH_MAX];
	int	 in[2];

	if (server_path(path, sizeof(path)) == -1) {
		warnx("there is no smtpd beside smtpctl");
		return (EX_UNAVAILABLE);
	}
	if (pipe2(in, O_CLOEXEC) == -1 || (trial.pid = fork()) == -1) {
		warn("smtpd");
		trial.pid = 0;
		return (EX_OSERR);
	}
	if (trial.pid == 0)
		trial_exec(c, path, in[0]);
	close(in[0]);
	trial.in = in[1];
	if (trial_wait() == -1) {
		trial_log(c, 1);
		return (EX_DATAERR);
	}
	ctl_use(CHECK_TRIAL);
	ctl_socket(trial.socket);
	ctl_use(CHECK_RUNNING);
	return (EX_OK);
}

void
trial_log(struct check *c, int errors)
{
	char	 line[4096];
	FILE	*f;

	if ((f = fopen(trial.log, "re")) == NULL) {
		if (errors)
			check_error(c, "the trial server did not start");
		return;
	}
	while (fgets(line, sizeof(line), f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (errors)
			check_error(c, "%s", line);
		else
			check_warning("%s", line);
	}
	fclose(f);
	if (errors && c->errors == 0)
		check_error(c, "the trial server did not start");
}

void
trial_stop(void)
{
	int	 status;

	ctl_use(CHECK_TRIAL);
	ctl_close();
	ctl_use(CHECK_RUNNING);
	if (trial.in != -1)
		close(trial.in);
	if (trial.pid != 0)
		(void)waitpid(trial.pid, &status, 0);
	if (trial.out[0] != -1) {
		close(trial.out[0]);
		close(trial.out[1]);
	}
	if (trial.janitor != 0)
		(void)waitpid(trial.janitor, &status, 0);
}
