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
 * A folder for a while.
 */

#include <sys/types.h>
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/base/log.h"
#include "smtpd/base/scratch.h"

int
scratch_make(char *path, size_t size)
{
	const char	*dir = getenv("TMPDIR");

	if (dir == NULL || dir[0] != '/')
		dir = "/tmp";
	if (snprintf(path, size, "%s/smtpd-check.XXXXXXXXXX", dir) >=
	    (int)size) {
		errno = ENAMETOOLONG;
		return (-1);
	}
	if (mkdtemp(path) == NULL)
		return (-1);
	/* the processes of a trial have users of their own when root asks */
	return (geteuid() == 0 ? chmod(path, 0711) : 0);
}

/* All in the folder that fd is; -1 when there was one that would not go. */
static int
scratch_empty(int fd, int deep)
{
	struct dirent	*e;
	DIR		*dir;
	int		 sub, ret = 0;

	if ((dir = fdopendir(fd)) == NULL) {
		close(fd);
		return (-1);
	}
	while ((e = readdir(dir)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 ||
		    strcmp(e->d_name, "..") == 0 ||
		    unlinkat(dirfd(dir), e->d_name, 0) == 0 ||
		    errno == ENOENT)
			continue;
		sub = deep ? openat(dirfd(dir), e->d_name, O_RDONLY |
		    O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
		if (sub == -1 || scratch_empty(sub, 0) == -1 ||
		    (unlinkat(dirfd(dir), e->d_name, AT_REMOVEDIR) == -1 &&
		    errno != ENOENT))
			ret = -1;
	}
	closedir(dir);
	return (ret);
}

void
scratch_remove(const char *path)
{
	int	 fd;

	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd == -1 && errno == ENOENT)
		return;
	if (fd == -1 || scratch_empty(fd, 1) == -1 || (rmdir(path) == -1 &&
	    errno != ENOENT))
		log_warn("%s: not removed", path);
}
