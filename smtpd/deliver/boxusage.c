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
 * The maildirsize file: its first line names the quota ("500000S"), each
 * further line is what changed ("size count"); their sum is the usage.
 */

#include <sys/types.h>
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/base/clock.h"
#include "smtpd/deliver/boxdir.h"
#include "smtpd/deliver/boxusage.h"

#define USAGE_FILE	"maildirsize"
#define USAGE_FILE_MAX	5120		/* octets; Maildir++: then recount */
#define USAGE_FRESH	(15 * 60)	/* s; Maildir++: then recount */

enum usage_file {
	USAGE_GOOD,
	USAGE_STALE,		/* absent, malformed or not believed */
	USAGE_BAD		/* in the way; errno */
};

/* The lines behind the first; -1 when one is no "size count". */
static int
usage_sum(char *p, int64_t *sum, unsigned int *lines)
{
	char		*end;
	long long	 size, count;

	for (*sum = 0, *lines = 0; *p != '\0'; p = end + 1, ++*lines) {
		errno = 0;
		size = strtoll(p, &end, 10);
		if (end == p || *end != ' ' || errno != 0)
			return (-1);
		p = end;
		count = strtoll(p, &end, 10);
		if (end == p || *end != '\n' || errno != 0)
			return (-1);
		/* nothing in a mailbox counts more than this */
		if (size > INT64_MAX / USAGE_FILE_MAX ||
		    size < -(INT64_MAX / USAGE_FILE_MAX) || count < -INT32_MAX)
			return (-1);
		*sum += size;
	}
	return (*sum < 0 ? -1 : 0);
}

static enum usage_file
usage_read(int md, uint64_t quota, uint64_t room, uint64_t *octets)
{
	struct stat	 st;
	char		 buf[USAGE_FILE_MAX + 1], head[32];
	ssize_t		 n;
	size_t		 len;
	int64_t		 sum;
	unsigned int	 lines;
	int		 fd;

	if ((fd = boxdir_file(md, USAGE_FILE)) == -1)
		return (errno == ENOENT ? USAGE_STALE : USAGE_BAD);
	n = pread(fd, buf, sizeof(buf), 0);
	if (fstat(fd, &st) == -1)
		n = -1;
	(void)close(fd);	/* nothing was written */
	if (n <= 0 || (size_t)n == sizeof(buf) ||
	    memchr(buf, '\0', (size_t)n) != NULL)
		return (USAGE_STALE);
	buf[n] = '\0';
	len = (size_t)snprintf(head, sizeof(head), "%" PRIu64 "S\n", quota);
	if (strncmp(buf, head, len) != 0 ||
	    usage_sum(buf + len, &sum, &lines) == -1)
		return (USAGE_STALE);
	*octets = (uint64_t)sum;
	if ((room > quota || *octets > quota - room) && (lines > 1 ||
	    clock_wall() - st.st_mtime > USAGE_FRESH))
		return (USAGE_STALE);
	return (USAGE_GOOD);
}

/* ",S=size" in a name, else what the file has. */
static uint64_t
usage_of(int dfd, const char *name)
{
	struct stat	 st;
	const char	*p = name;
	char		*end;
	long long	 size;

	while ((p = strstr(p, ",S=")) != NULL) {
		p += 3;
		errno = 0;
		size = strtoll(p, &end, 10);
		if (end != p && errno == 0 && size >= 0 &&
		    (*end == '\0' || *end == ',' || *end == ':'))
			return ((uint64_t)size);
	}
	if (fstatat(dfd, name, &st, AT_SYMLINK_NOFOLLOW) == -1 ||
	    !S_ISREG(st.st_mode))
		return (0);
	return ((uint64_t)st.st_size);
}

/* All messages in one of cur and new; one that is not there has none. */
static int
usage_count_dir(int md, const char *name, uint64_t *octets)
{
	struct dirent	*de;
	DIR		*dir;
	int		 fd;

	if ((fd = boxdir_open(md, name)) == -1)
		return (errno == ENOENT ? 0 : -1);
	if ((dir = fdopendir(fd)) == NULL) {
		(void)close(fd);
		return (-1);
	}
	for (errno = 0; (de = readdir(dir)) != NULL; errno = 0)
		if (de->d_name[0] != '.')
			*octets += usage_of(fd, de->d_name);
	if (errno != 0) {
		(void)closedir(dir);
		return (-1);
	}
	return (closedir(dir));
}

static int
usage_count_box(int md, uint64_t *octets, const char **what)
{
	*what = "new";
	if (usage_count_dir(md, *what, octets) == -1)
		return (-1);
	*what = "cur";
	return (usage_count_dir(md, *what, octets));
}

/* The mailbox and its folders (".Name"), but not the bin: Maildir++. */
static int
usage_count(int md, uint64_t *octets, const char **what)
{
	struct dirent	*de;
	DIR		*dir;
	int		 fd, folder, ret;

	*octets = 0;
	if (usage_count_box(md, octets, what) == -1)
		return (-1);
	*what = ".";
	if ((fd = boxdir_open(md, ".")) == -1)
		return (-1);
	if ((dir = fdopendir(fd)) == NULL) {
		(void)close(fd);
		return (-1);
	}
	for (ret = 0; ret == 0 && (de = readdir(dir)) != NULL;) {
		if (de->d_name[0] != '.' || strcmp(de->d_name, ".") == 0 ||
		    strcmp(de->d_name, "..") == 0 ||
		    strcmp(de->d_name, ".Trash") == 0)
			continue;
		/* what is no directory of ours is no folder either */
		if ((folder = boxdir_open(md, de->d_name)) == -1)
			continue;
		ret = usage_count_box(folder, octets, what);
		(void)close(folder);
	}
	if (closedir(dir) == -1)
		ret = -1;
	return (ret);
}

/* Advisory: when it fails the next delivery counts again. */
static void
usage_write(int md, uint64_t quota, uint64_t octets, const char *tmpname)
{
	char	 text[64];
	int	 fd, good, len, tmp;

	len = snprintf(text, sizeof(text), "%" PRIu64 "S\n%" PRIu64 " 1\n",
	    quota, octets);
	if ((tmp = boxdir_open(md, "tmp")) == -1)
		return;
	fd = openat(tmp, tmpname, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW |
	    O_CLOEXEC, 0600);
	if (fd != -1) {
		good = write(fd, text, (size_t)len) == len;
		if (close(fd) == -1 || !good ||
		    renameat(tmp, tmpname, md, USAGE_FILE) == -1)
			(void)unlinkat(tmp, tmpname, 0);
	}
	(void)close(tmp);
}

int
boxusage_get(int md, uint64_t quota, uint64_t room,
    const char *tmpname, uint64_t *octets, const char **what)
{
	*what = USAGE_FILE;
	switch (usage_read(md, quota, room, octets)) {
	case USAGE_GOOD:
		return (0);
	case USAGE_BAD:
		return (-1);
	case USAGE_STALE:
		break;
	}
	if (usage_count(md, octets, what) == -1)
		return (-1);
	usage_write(md, quota, *octets, tmpname);
	return (0);
}

void
boxusage_add(int md, uint64_t octets)
{
	char	 line[32];
	int	 fd, len;

	if ((fd = boxdir_file(md, USAGE_FILE)) == -1)
		return;
	len = snprintf(line, sizeof(line), "%" PRIu64 " 1\n", octets);
	/* half a line is malformed, and so makes the next one count */
	if (write(fd, line, (size_t)len) != len)
		(void)unlinkat(md, USAGE_FILE, 0);
	(void)close(fd);
}
