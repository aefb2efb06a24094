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
 * The state's lock is opened by root in a folder of another user, and given
 * to him: what he put there in its place must not be.
 */

#include <sys/types.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lookup/state.h"
#include "regress/unit/check.h"
#include "smtpd/base/log.h"
#include "smtpd/base/priv.h"

static char	 dir[] = "/tmp/smtpd-lock.XXXXXX";
static char	 state[64], lock[80], victim[64];

/* Whoever runs this gives to himself what he may. */
int
priv_is_root(void)
{
	return (1);
}

/* 1: it is taken. */
static int
prepares(void)
{
	struct passwd	*pw = getpwuid(geteuid());
	int		 status;
	pid_t		 pid;

	if (pw == NULL || (pid = fork()) == -1)
		fatal("fork");
	if (pid == 0) {
		if (freopen("/dev/null", "w", stderr) == NULL)
			_exit(3);
		state_prepare(state, pw->pw_name);
		_exit(0);
	}
	if (waitpid(pid, &status, 0) == -1)
		fatal("waitpid");
	return (WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int
main(void)
{
	FILE	*f;

	log_init("lock", 1, 0);
	if (mkdtemp(dir) == NULL)
		fatal("%s", dir);
	(void)snprintf(state, sizeof(state), "%s/state", dir);
	(void)snprintf(lock, sizeof(lock), "%s/lock", state);
	(void)snprintf(victim, sizeof(victim), "%s/victim", dir);
	CHECK(prepares() && prepares(), "an empty folder, and again");

	if ((f = fopen(victim, "w")) == NULL || fclose(f) == EOF)
		fatal("%s", victim);
	CHECK(unlink(lock) == 0 && link(victim, lock) == 0 && !prepares(),
	    "a hard link of another file");
	CHECK(unlink(lock) == 0 && symlink(victim, lock) == 0 && !prepares(),
	    "a symbolic link");
	CHECK(unlink(lock) == 0 && mkfifo(lock, 0600) == 0 && !prepares(),
	    "a fifo");
	CHECK(unlink(lock) == 0 && mkdir(lock, 0700) == 0 && !prepares(),
	    "a folder");
	CHECK(rmdir(lock) == 0 && prepares(), "nothing in the way any more");

	CHECK(unlink(lock) == 0 && unlink(victim) == 0 && rmdir(state) == 0 &&
	    rmdir(dir) == 0, "more was left behind");
	return (check_done("lookup_lock"));
}
