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
 * Files that replace others, or leave no trace.
 */

#include <sys/file.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lookup/newfile.h"
#include "smtpd/base/priv.h"
#include "smtpd/base/xmem.h"

#define NEWFILE_GROUP	"_smtpdb"	/* who reads tables */
#define NEWFILE_MODE	0640		/* they hold secrets */
#define NEWFILE_TRIES	100		/* others may end while we begin */

struct newfile {
	char	*path;
	char	*name;
	int	 fd;			/* holds the lock */
};

static void
newfile_free(struct newfile *f)
{
	if (f->fd != -1)
		(void)close(f->fd);	/* synced, or gone */
	free(f->path);
	free(f->name);
	free(f);
}

static void
newfile_why(const char *name, const char *what, char *why, size_t size)
{
	(void)snprintf(why, size, "%s: %s%s%s", name, what,
	    what[0] == '\0' ? "" : ": ", strerror(errno));
}

/* Is the locked file still the one of that name, and nobody else's? */
static int
newfile_is_ours(const struct newfile *f, char *why, size_t size)
{
	struct stat	 st, named;

	if (fstat(f->fd, &st) == -1) {
		newfile_why(f->name, "", why, size);
		return (-1);
	}
	if (lstat(f->name, &named) == -1 || named.st_ino != st.st_ino ||
	    named.st_dev != st.st_dev)
		return (0);
	if (!S_ISREG(st.st_mode) || st.st_nlink != 1 ||
	    st.st_uid != geteuid()) {
		(void)snprintf(why, size, "%s: in the way, remove it",
		    f->name);
		return (-1);
	}
	return (1);
}

/* 1: locked; 0: it was renamed or removed meanwhile; -1 with why. */
static int
newfile_lock(struct newfile *f, char *why, size_t size)
{
	f->fd = open(f->name, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK |
	    O_CLOEXEC, 0600);
	if (f->fd == -1) {
		newfile_why(f->name, "", why, size);
		return (-1);
	}
	if (flock(f->fd, LOCK_EX | LOCK_NB) == -1) {
		if (errno == EWOULDBLOCK)
			(void)snprintf(why, size,
			    "%s: another import is at work", f->name);
		else
			newfile_why(f->name, "lock", why, size);
		return (-1);
	}
	return (newfile_is_ours(f, why, size));
}

char *
newfile_folder(const char *path)
{
	const char	*slash = strrchr(path, '/');

	return (slash == NULL ? xstrdup(".") :
	    xstrndup(path, (size_t)(slash == path ? 1 : slash - path)));
}

/* Root does not write by name where others may put links meanwhile. */
static int
newfile_check_folder(const char *path, char *why, size_t size)
{
	struct stat	 st;
	char		*dir;
	int		 bad;

	if (!priv_is_root())
		return (0);
	dir = newfile_folder(path);
	bad = stat(dir, &st) == 0 && st.st_mode & (S_IWGRP | S_IWOTH) &&
	    !(st.st_mode & S_ISVTX);
	if (bad)
		(void)snprintf(why, size, "%s: others may write to this "
		    "folder, which root does not do then", dir);
	free(dir);
	return (bad ? -1 : 0);
}

struct newfile *
newfile_begin(const char *path, char *why, size_t size)
{
	struct newfile	*f;
	struct stat	 st;
	size_t		 len = strlen(path) + sizeof(".new");
	int		 tries, ret = 0;

	if (lstat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		(void)snprintf(why, size, "%s: not a regular file", path);
		return (NULL);
	}
	if (newfile_check_folder(path, why, size) == -1)
		return (NULL);
	f = xcalloc(1, sizeof(*f));
	f->fd = -1;
	f->path = xstrdup(path);
	f->name = xcalloc(1, len);
	(void)snprintf(f->name, len, "%s.new", path);	/* fits */
	for (tries = 0; ret == 0 && tries < NEWFILE_TRIES; tries++) {
		if (f->fd != -1)
			(void)close(f->fd);	/* somebody else's by now */
		ret = newfile_lock(f, why, size);
	}
	if (ret == 0)
		(void)snprintf(why, size, "%s: does not stay", f->name);
	if (ret == 1 && (ftruncate(f->fd, 0) == -1 ||
	    fchmod(f->fd, 0600) == -1)) {
		newfile_why(f->name, "", why, size);
		ret = -1;
	}
	if (ret != 1) {
		newfile_free(f);
		return (NULL);
	}
	return (f);
}

const char *
newfile_name(const struct newfile *f)
{
	return (f->name);
}

/* As the old one, else for the server: only root can give files away. */
static int
newfile_owner(const struct newfile *f)
{
	struct stat	 st;
	struct group	*gr;
	mode_t		 mode = NEWFILE_MODE;
	uid_t		 uid = (uid_t)-1;
	gid_t		 gid = (gid_t)-1;

	if (lstat(f->path, &st) == 0) {
		mode = st.st_mode & 0777;
		uid = st.st_uid;
		gid = st.st_gid;
	} else if ((gr = getgrnam(NEWFILE_GROUP)) != NULL)
		gid = gr->gr_gid;
	if (geteuid() == 0 && fchown(f->fd, uid, gid) == -1)
		return (-1);
	return (fchmod(f->fd, mode));
}

static int
newfile_sync_directory(const char *path)
{
	char		*dir = newfile_folder(path);
	int		 fd, ret = -1, saved_errno;

	if ((fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) != -1) {
		ret = fsync(fd);
		saved_errno = errno;
		(void)close(fd);	/* only read */
		errno = saved_errno;
	}
	free(dir);
	return (ret);
}

int
newfile_commit(struct newfile *f, char *why, size_t size)
{
	int	 ours = newfile_is_ours(f, why, size);

	/* what is renamed is what was locked, owned and synced */
	if (ours == 0)
		(void)snprintf(why, size, "%s: somebody replaced it",
		    f->name);
	if (ours != 1) {
		newfile_free(f);	/* and the name is not removed */
		return (-1);
	}
	if (newfile_owner(f) == -1) {
		newfile_why(f->name, "owner", why, size);
		goto fail;
	}
	if (fsync(f->fd) == -1) {
		newfile_why(f->name, "sync", why, size);
		goto fail;
	}
	if (rename(f->name, f->path) == -1) {
		newfile_why(f->path, "rename", why, size);
		goto fail;
	}
	if (newfile_sync_directory(f->path) == -1) {
		newfile_why(f->path, "replaced, but its directory cannot be "
		    "synced", why, size);
		newfile_free(f);
		return (-1);
	}
	newfile_free(f);
	return (0);

fail:
	newfile_abort(f);
	return (-1);
}

void
newfile_abort(struct newfile *f)
{
	if (f == NULL)
		return;
	/* where it cannot be removed the next one overwrites it */
	(void)unlink(f->name);
	newfile_free(f);
}
