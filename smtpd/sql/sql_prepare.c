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
 * Whose a file of SQLite is.  Root makes it for the user of this process,
 * with the two that SQLite keeps beside it when the folder is another's.
 */

#include <sys/types.h>
#include <sys/stat.h>
#include <bsd/string.h>

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/base/log.h"
#include "smtpd/base/priv.h"
#include "smtpd/base/sqlurl.h"
#include "smtpd/msg/msg_conf.h"
#include "smtpd/sql/sql_lite.h"

#define STATE_USER	"_smtpdb"	/* of the state directory */

/*
 * Below the state directory, which may not be there yet: lookup may begin
 * at the same time.  Others may pass through it, not look into it.
 */
static void
prepare_folder(const char *dir, uid_t uid, gid_t gid)
{
	char		 state[CONF_PATH_MAX + 1];
	struct stat	 st;
	char		*slash;
	int		 fd, sub;

	(void)strlcpy(state, dir, sizeof(state));
	if ((slash = strrchr(state, '/')) == NULL || slash == state)
		return;
	*slash = '\0';
	if (mkdir(state, 0711) == -1 && errno != EEXIST)
		fatal("%s", state);
	fd = open(state, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd == -1 || fstat(fd, &st) == -1)
		fatal("%s", state);
	if (priv_is_root() && fchmod(fd, (st.st_mode | 0011) & 07777) == -1)
		fatal("%s", state);
	if (mkdirat(fd, slash + 1, 0700) == -1 && errno != EEXIST)
		fatal("%s", dir);
	sub = openat(fd, slash + 1, O_RDONLY | O_DIRECTORY | O_CLOEXEC |
	    O_NOFOLLOW);
	if (sub == -1 || (priv_is_root() && fchown(sub, uid, gid) == -1))
		fatal("%s", dir);
	close(sub);
	close(fd);
}

/* One that is made gets the owner; *st is what it is then.  -1: it cannot. */
static int
prepare_file(int dir, const char *name, uid_t uid, gid_t gid, int give,
    struct stat *st)
{
	int	 fd, made = 1, ret = -1;

	fd = openat(dir, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd == -1 && errno == EEXIST) {
		made = 0;
		fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK |
		    O_CLOEXEC);
	}
	if (fd == -1)
		return (-1);
	if (fstat(fd, st) == -1 || !S_ISREG(st->st_mode) || st->st_nlink != 1)
		goto out;
	if ((made || (give && st->st_uid == 0)) &&
	    fchown(fd, uid, gid) == -1)
		goto out;
	ret = fstat(fd, st);
out:
	close(fd);
	return (ret);
}

/* SQLite's log and index, which it could not make in this folder. */
static void
prepare_beside(int dir, const char *name, const struct stat *st, int give)
{
	static const char *const	 ends[] = { "-wal", "-shm" };
	char				 beside[CONF_PATH_MAX + 8];
	struct stat			 unused;
	size_t				 i;

	for (i = 0; i < 2; i++) {
		(void)snprintf(beside, sizeof(beside), "%s%s", name, ends[i]);
		if (prepare_file(dir, beside, st->st_uid, st->st_gid, give,
		    &unused) == -1)
			log_warn("%s", beside);
	}
}

void
sql_lite_prepare(const struct sql_conf *conf, const char *user)
{
	char		 dir[CONF_PATH_MAX + 1];
	struct passwd	*pw = NULL, *owner;
	struct stat	 st, folder;
	char		*slash;
	uid_t		 uid;
	gid_t		 gid;
	int		 fd, give;

	if (priv_is_root() && (pw = getpwnam(user)) == NULL)
		fatalx("no user %s", user);
	uid = pw == NULL ? geteuid() : pw->pw_uid;
	gid = pw == NULL ? getegid() : pw->pw_gid;
	(void)strlcpy(dir, sqlurl_file(conf->url), sizeof(dir));
	slash = strrchr(dir, '/');
	*slash++ = '\0';
	if (conf->is_made)
		prepare_folder(dir, uid, gid);
	/* it may be the state directory, before lookup has come so far */
	else if (mkdir(dir, priv_is_root() ? 0711 : 0700) == -1 &&
	    errno != EEXIST)
		log_warn("store %s: %s", conf->name, dir);
	if (!priv_is_root())
		return;			/* SQLite makes it */
	fd = open(dir[0] == '\0' ? "/" : dir, O_RDONLY | O_DIRECTORY |
	    O_CLOEXEC);
	if (fd == -1 || fstat(fd, &folder) == -1) {
		log_warn("store %s: %s", conf->name, dir);
		return;
	}
	owner = getpwnam(STATE_USER);
	give = owner != NULL && folder.st_uid == owner->pw_uid;
	if (give && fchmod(fd, (folder.st_mode | 0011) & 07777) == -1)
		log_warn("%s", dir);
	if (prepare_file(fd, slash, uid, gid, give, &st) == -1)
		log_warn("store %s: %s/%s", conf->name, dir, slash);
	else if (folder.st_uid != uid)
		prepare_beside(fd, slash, &st, give);
	close(fd);
}
