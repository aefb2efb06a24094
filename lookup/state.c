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
 * The state directory and its environment.
 */

#include <sys/types.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "lookup/bdb_env.h"
#include "lookup/mark.h"
#include "lookup/memo.h"
#include "lookup/state.h"
#include "smtpd/base/log.h"
#include "smtpd/base/priv.h"
#include "smtpd/msg/msg_conf.h"

static struct bdb_env	*env;
static struct bdb_store	*changes, *tables, *uses, *memos, *due;
static struct bdb_store	*harvest;

void
state_prepare(const char *path, const char *user)
{
	int	 fd, lock;

	if (mkdir(path, 0700) == -1 && errno != EEXIST)
		fatal("%s", path);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd == -1)
		fatal("%s", path);
	priv_check_owner(fd, path, user);
	lock = openat(fd, "lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW |
	    O_NONBLOCK, 0600);
	if (lock == -1)
		fatal("%s/lock", path);
	/* held until this process ends */
	if (flock(lock, LOCK_EX | LOCK_NB) == -1) {
		if (errno == EWOULDBLOCK)
			fatalx("%s: in use by another server", path);
		fatal("%s/lock", path);
	}
	priv_check_owner(lock, path, user);
	close(fd);
}

static struct bdb_store *
state_store(const char *name)
{
	struct bdb_store	*s;
	char			 why[512];

	if ((s = bdb_env_store(env, name, why, sizeof(why))) == NULL)
		fatalx("state %s", why);
	return (s);
}

unsigned int
state_open(const char *path)
{
	char		 why[512], file[CONF_PATH_MAX + 16];
	unsigned int	 last;

	if ((env = bdb_env_open(path, why, sizeof(why))) == NULL)
		fatalx("state %s (it holds the live changes of the directory; "
		    "without them no answer would be sure)", why);
	changes = state_store("changes");
	tables = state_store("tables");
	uses = state_store("uses");
	memos = state_store("memo");
	due = state_store("due");
	harvest = state_store("harvest");
	memo_open();
	(void)snprintf(file, sizeof(file), "%s/reading", path);
	last = mark_open(file);
	return (last);
}

void
state_close(void)
{
	memo_close();
	bdb_env_close(env);
	env = NULL;
}

struct bdb_env *
state_env(void)
{
	return (env);
}

struct bdb_store *
state_changes(void)
{
	return (changes);
}

struct bdb_store *
state_tables(void)
{
	return (tables);
}

struct bdb_store *
state_uses(void)
{
	return (uses);
}

struct bdb_store *
state_memo(void)
{
	return (memos);
}

struct bdb_store *
state_due(void)
{
	return (due);
}

struct bdb_store *
state_harvest(void)
{
	return (harvest);
}
