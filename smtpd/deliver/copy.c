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
 * Copying with line ends as files have them.
 */

#include <sys/types.h>

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/deliver/copy.h"

#define COPY_CHUNK	(32 * 1024)

struct copy {
	int		 fd;
	int		 cr;		/* seen, not written yet */
	uint64_t	 total;
	size_t		 n;
	char		 buf[COPY_CHUNK];
};

static int
copy_flush(struct copy *c)
{
	size_t	 done;
	ssize_t	 n;

	for (done = 0; done < c->n; done += (size_t)n)
		if ((n = write(c->fd, c->buf + done, c->n - done)) == -1) {
			if (errno != EINTR)
				return (-1);
			n = 0;
		}
	c->total += c->n;
	c->n = 0;
	return (0);
}

static int
copy_put(struct copy *c, const char *p, size_t len)
{
	size_t	 room;

	while (len > 0) {
		if (c->n == sizeof(c->buf) && copy_flush(c) == -1)
			return (-1);
		room = sizeof(c->buf) - c->n;
		if (room > len)
			room = len;
		memcpy(c->buf + c->n, p, room);
		c->n += room;
		p += room;
		len -= room;
	}
	return (0);
}

/* A CR is held back until it is known whether an LF follows. */
static int
copy_text(struct copy *c, const char *p, size_t len)
{
	const char	*cr, *end = p + len;

	while (p < end) {
		if (c->cr && *p != '\n' && copy_put(c, "\r", 1) == -1)
			return (-1);
		c->cr = 0;
		if ((cr = memchr(p, '\r', (size_t)(end - p))) == NULL)
			return (copy_put(c, p, (size_t)(end - p)));
		if (copy_put(c, p, (size_t)(cr - p)) == -1)
			return (-1);
		c->cr = 1;
		p = cr + 1;
	}
	return (0);
}

int
copy_message(int dst, const char *head, int src, uint64_t offset,
    uint64_t length, uint64_t *size)
{
	struct copy	 c = { .fd = dst };
	char		 in[COPY_CHUNK];
	size_t		 want;
	ssize_t		 n;

	if (copy_text(&c, head, strlen(head)) == -1)
		return (-1);
	while (length > 0) {
		want = length < sizeof(in) ? (size_t)length : sizeof(in);
		n = pread(src, in, want, (off_t)offset);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == 0)
			errno = EIO;
		if (n <= 0 || copy_text(&c, in, (size_t)n) == -1)
			return (-1);
		offset += (uint64_t)n;
		length -= (uint64_t)n;
	}
	if ((c.cr && copy_put(&c, "\r", 1) == -1) || copy_flush(&c) == -1)
		return (-1);
	*size = c.total;
	return (0);
}
