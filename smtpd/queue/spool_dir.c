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
 * The spool's directories, the names in them, and whole reads and writes.
 */

#include <sys/types.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/base/log.h"
#include "smtpd/base/priv.h"
#include "smtpd/base/xmem.h"
#include "smtpd/queue/spool_job.h"

void
spool_name_segment(char *buf, uint32_t number)
{
	(void)snprintf(buf, SPOOL_NAME_SIZE, "%08" PRIx32, number);
}

/* The last two digits count up with every message: the files spread. */
void
spool_name_own(char *buf, uint64_t id)
{
	(void)snprintf(buf, SPOOL_NAME_SIZE, "%02x/%016" PRIx64,
	    (unsigned int)(id & 0xff), id);
}

void
spool_name_tmp(char *buf, uint64_t id)
{
	(void)snprintf(buf, SPOOL_NAME_SIZE, "%016" PRIx64, id);
}

int
spool_pwrite(int fd, const void *data, size_t len, uint64_t offset)
{
	const uint8_t	*p = data;
	ssize_t		 n;

	while (len > 0) {
		n = pwrite(fd, p, len, (off_t)offset);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == 0)
			errno = ENOSPC;
		if (n <= 0)
			return (-1);
		p += n;
		len -= (size_t)n;
		offset += (uint64_t)n;
	}
	return (0);
}

int
spool_pread(int fd, void *data, size_t len, uint64_t offset)
{
	uint8_t	*p = data;
	ssize_t	 n;

	while (len > 0) {
		n = pread(fd, p, len, (off_t)offset);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == 0)
			errno = ENODATA;
		if (n <= 0)
			return (-1);
		p += n;
		len -= (size_t)n;
		offset += (uint64_t)n;
	}
	return (0);
}

enum tx_status
spool_why(void)
{
	return (errno == ENOSPC || errno == EDQUOT || errno == EFBIG ?
	    TX_FULL : TX_TEMPFAIL);
}

/* Make the name path durable in the directory that it is in. */
static int
sync_parent(const char *path)
{
	char	*parent, *slash;
	int	 fd, ret;

	parent = xstrdup(path);
	if ((slash = strrchr(parent, '/')) != NULL)
		slash[slash == parent ? 1 : 0] = '\0';
	fd = open(slash == NULL ? "." : parent, O_RDONLY | O_DIRECTORY |
	    O_CLOEXEC);
	free(parent);
	if (fd == -1)
		return (-1);
	ret = fsync(fd);
	(void)close(fd);	/* a directory: nothing was written */
	return (ret);
}

int
spool_prepare(const char *path, const char *user)
{
	int	 fd, made;

	made = mkdir(path, 0700) == 0;
	if (!made && errno != EEXIST)
		fatal("%s", path);
	/* one that was there may be in a directory that is not ours to read */
	if (sync_parent(path) == -1 && made)
		fatal("%s: fsync of the directory above", path);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd == -1)
		fatal("%s", path);
	priv_check_owner(fd, path, user);
	/* held until it is closed, or this process ends */
	if (flock(fd, LOCK_EX | LOCK_NB) == -1) {
		if (errno == EWOULDBLOCK)
			fatalx("%s: in use by another server", path);
		fatal("%s: lock", path);
	}
	return (fd);
}
