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
 * The directories of the spool at its start: made when absent, listed, and
 * tmp emptied.
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

#include "smtpd/base/log.h"
#include "smtpd/base/xmem.h"
#include "smtpd/queue/spool_job.h"

#define OWN_DIRS	256

static int
scan_dir(int at, const char *name)
{
	int	 fd;

	for (;;) {
		fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC |
		    O_NOFOLLOW);
		if (fd != -1)
			return (fd);
		if (errno != ENOENT || mkdirat(at, name, 0700) == -1)
			fatal("spool: %s", name);
	}
}

/* len lower-case hex digits and no more; 0 is no number of anything. */
static uint64_t
scan_hex(const char *name, size_t len)
{
	uint64_t	 v = 0;
	size_t		 i;

	if (strlen(name) != len ||
	    strspn(name, "0123456789abcdef") != len)
		return (0);
	for (i = 0; i < len; i++)
		v = v << 4 | (uint64_t)(name[i] <= '9' ? name[i] - '0' :
		    name[i] - 'a' + 10);
	return (v);
}

/* Call take for each name in fd, which is closed. */
static void
scan_names(struct spool *sp, int fd, const char *what,
    int (*take)(struct spool *, const char *))
{
	struct dirent	*de;
	DIR		*dir;

	if (fd == -1 || (dir = fdopendir(fd)) == NULL)
		fatal("spool: %s", what);
	while ((errno = 0, de = readdir(dir)) != NULL) {
		if (strcmp(de->d_name, ".") == 0 ||
		    strcmp(de->d_name, "..") == 0)
			continue;
		if (take(sp, de->d_name) == -1)
			log_warnx("spool: a stranger in %s", what);
	}
	if (errno != 0)
		fatal("spool: %s", what);
	(void)closedir(dir);	/* was read only */
}

/* The same of a directory that stays open. */
static void
scan_kept(struct spool *sp, int fd, const char *what,
    int (*take)(struct spool *, const char *))
{
	scan_names(sp, openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC),
	    what, take);
}

static int
scan_segment(struct spool *sp, const char *name)
{
	struct recovery	*rv = sp->recovery;
	uint64_t	 number;

	if ((number = scan_hex(name, 8)) == 0)
		return (-1);
	rv->numbers = xreallocarray(rv->numbers, rv->nnumbers + 1,
	    sizeof(*rv->numbers));
	rv->numbers[rv->nnumbers++] = (uint32_t)number;
	return (0);
}

/* Numbers are used once, also those of what was put aside. */
static int
scan_bad(struct spool *sp, const char *name)
{
	uint64_t	 number = scan_hex(name, 8);

	if (number > sp->log.number)
		sp->log.number = (uint32_t)number;
	return (0);
}

static int
scan_file(struct spool *sp, const char *name)
{
	struct recovery	*rv = sp->recovery;
	uint64_t	 id;

	if ((id = scan_hex(name, 16)) == 0 || (id & 0xff) != rv->dir)
		return (-1);
	rv->own = xreallocarray(rv->own, rv->nown + 1, sizeof(*rv->own));
	rv->own[rv->nown].id = id;
	rv->own[rv->nown++].home = OWN_ALONE;
	return (0);
}

static int
scan_tmp(struct spool *sp, const char *name)
{
	if (unlinkat(sp->tmpfd, name, 0) == -1)
		log_warn("spool: tmp");
	return (0);
}

static int
number_cmp(const void *a, const void *b)
{
	const uint32_t	*x = a, *y = b;

	return (*x < *y ? -1 : *x > *y);
}

static int
own_cmp(const void *a, const void *b)
{
	const struct own_found	*x = a, *y = b;

	return (x->id < y->id ? -1 : x->id > y->id);
}

struct own_found *
scan_own(struct recovery *rv, uint64_t id)
{
	struct own_found	 key = { .id = id };

	return (rv->nown == 0 ? NULL :
	    bsearch(&key, rv->own, rv->nown, sizeof(key), own_cmp));
}

static void
scan_own_dirs(struct spool *sp)
{
	char	 name[16];
	int	 fd, i;

	for (i = 0; i < OWN_DIRS; i++) {
		(void)snprintf(name, sizeof(name), "%02x", (unsigned int)i);
		fd = scan_dir(sp->ownfd, name);
		sp->recovery->dir = (unsigned int)i;
		scan_names(sp, fd, "own", scan_file);
	}
}

void
scan_begin(struct spool *sp)
{
	struct recovery	*rv = sp->recovery;

	sp->logfd = scan_dir(sp->dirfd, "log");
	sp->ownfd = scan_dir(sp->dirfd, "own");
	sp->tmpfd = scan_dir(sp->dirfd, "tmp");
	sp->badfd = scan_dir(sp->dirfd, "bad");
	scan_kept(sp, sp->tmpfd, "tmp", scan_tmp);
	scan_kept(sp, sp->badfd, "bad", scan_bad);
	scan_kept(sp, sp->logfd, "log", scan_segment);
	scan_own_dirs(sp);
	/* the names of new directories, before anything is put into them */
	if (fsync(sp->dirfd) == -1 || fsync(sp->ownfd) == -1)
		fatal("spool: fsync");
	if (rv->nnumbers > 1)
		qsort(rv->numbers, rv->nnumbers, sizeof(*rv->numbers),
		    number_cmp);
	if (rv->nown > 1)
		qsort(rv->own, rv->nown, sizeof(*rv->own), own_cmp);
}
