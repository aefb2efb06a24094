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
 * The only opens in the mailbox tree.
 */

#include <sys/types.h>
#include <sys/stat.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif

#include <errno.h>
#include <fcntl.h>
#ifdef __linux__
#include <linux/openat2.h>
#endif
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/deliver/boxdir.h"

#define BOXDIR_FLAGS	(O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

/*
 * openat2 also forbids what one name cannot do anyway; where the kernel or
 * the sandbox does not have it, O_NOFOLLOW on each component says the same.
 */
static int
boxdir_openat(int dfd, const char *name, int flags)
{
#ifdef SYS_openat2
	struct open_how	 how;
	long		 fd;

	memset(&how, 0, sizeof(how));
	how.flags = (uint64_t)(unsigned int)flags;
	how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS |
	    RESOLVE_NO_MAGICLINKS;
	fd = syscall(SYS_openat2, dfd, name, &how, sizeof(how));
	if (fd != -1 || (errno != ENOSYS && errno != EPERM))
		return ((int)fd);
#endif
	return (openat(dfd, name, flags));
}

static int
close_with(int fd, int error)
{
	(void)close(fd);	/* was only looked at */
	errno = error;
	return (-1);
}

int
boxdir_open(int dfd, const char *name)
{
	struct stat	 st;
	int		 fd;

	if ((fd = boxdir_openat(dfd, name, BOXDIR_FLAGS)) == -1)
		return (-1);
	if (fstat(fd, &st) == -1)
		return (close_with(fd, errno));
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return (close_with(fd, EPERM));
	return (fd);
}

int
boxdir_make(int dfd, const char *name, int *made)
{
	int	 fd;

	if ((fd = boxdir_open(dfd, name)) != -1 || errno != ENOENT)
		return (fd);
	if (mkdirat(dfd, name, 0700) == -1 && errno != EEXIST)
		return (-1);
	/* another thread's directory is as new as ours */
	*made = 1;
	return (boxdir_open(dfd, name));
}

int
boxdir_file(int dfd, const char *name)
{
	struct stat	 st;
	int		 fd;

	fd = boxdir_openat(dfd, name, O_RDWR | O_APPEND | O_NOFOLLOW |
	    O_NONBLOCK | O_CLOEXEC);
	if (fd == -1)
		return (-1);
	if (fstat(fd, &st) == -1)
		return (close_with(fd, errno));
	if (!S_ISREG(st.st_mode) || st.st_nlink != 1)
		return (close_with(fd, EINVAL));
	if (st.st_uid != geteuid())
		return (close_with(fd, EPERM));
	return (fd);
}

const char *
boxdir_fault(int error)
{
	switch (error) {
	case ELOOP:
		return ("is a symbolic link");
	case ENOTDIR:
		return ("is not a directory");
	case EISDIR:
	case EINVAL:
	case ENXIO:
		return ("is no plain file of its own");
	case EPERM:
		return ("belongs to somebody else");
	default:
		return (strerror(error));
	}
}
