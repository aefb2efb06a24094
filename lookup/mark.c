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
 * One number in a page that is shared with a file.  The page stays in the
 * system's memory when the process is killed, and a write to it costs
 * nothing.
 */

#include <sys/types.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <fcntl.h>
#include <unistd.h>

#include "lookup/mark.h"
#include "smtpd/base/log.h"

#define MARK_SIZE	4096		/* of the file: a page, never less */

/* Before mark_open, and where there is no state: nobody looks at it. */
static volatile unsigned int	 unkept;

volatile unsigned int		*mark = &unkept;

unsigned int
mark_open(const char *path)
{
	struct stat	 st;
	void		*page;
	unsigned int	 last;
	int		 fd;

	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd == -1 || fstat(fd, &st) == -1)
		fatal("%s", path);
	/* a page of a shorter file is there, but cannot be written to */
	if (st.st_size < MARK_SIZE &&
	    posix_fallocate(fd, 0, MARK_SIZE) != 0)
		fatalx("%s: no space", path);
	page = mmap(NULL, MARK_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
	    0);
	if (page == MAP_FAILED)
		fatal("%s", path);
	close(fd);
	mark = page;
	last = *mark;
	*mark = MARK_NONE;
	return (last);
}
