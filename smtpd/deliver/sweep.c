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
 * Cleaning of tmp/.
 */

#include <sys/types.h>
#include <sys/stat.h>
#include <bsd/stdlib.h>

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/base/clock.h"
#include "smtpd/deliver/boxdir.h"
#include "smtpd/deliver/sweep.h"

#define SWEEP_LOOK	256		/* names looked at in one delivery */
#define SWEEP_AGE	(36 * 60 * 60)	/* s */

static char	 mark[SWEEP_MARK_SIZE];

void
sweep_init(void)
{
	uint64_t	 r;

	arc4random_buf(&r, sizeof(r));
	(void)snprintf(mark, sizeof(mark), "%016" PRIx64, r);
}

const char *
sweep_mark(void)
{
	return (mark);
}

/* Only this process runs, so another mark's owner is dead. */
static int
sweep_is_earlier(const char *name, const char *stem)
{
	size_t	 len = strlen(stem);

	return (strncmp(name, stem, len) == 0 && name[len] == '.' &&
	    strncmp(name + len + 1, mark, sizeof(mark) - 1) != 0);
}

static int
sweep_is_old(int dfd, const char *name, time_t now)
{
	struct stat	 st;

	return (fstatat(dfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISREG(st.st_mode) && st.st_atime < now - SWEEP_AGE &&
	    st.st_mtime < now - SWEEP_AGE);
}

void
sweep_tmp(int dfd, const char *stem)
{
	struct dirent	*de;
	DIR		*dir;
	time_t		 now = clock_wall();
	int		 fd, i;

	if ((fd = boxdir_open(dfd, ".")) == -1)
		return;
	if ((dir = fdopendir(fd)) == NULL) {
		(void)close(fd);
		return;
	}
	for (i = 0; i < SWEEP_LOOK && (de = readdir(dir)) != NULL; i++) {
		if (de->d_name[0] == '.')
			continue;
		if (sweep_is_earlier(de->d_name, stem) ||
		    sweep_is_old(dfd, de->d_name, now))
			(void)unlinkat(dfd, de->d_name, 0);
	}
	(void)closedir(dir);
}
