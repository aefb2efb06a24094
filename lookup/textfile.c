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
 * Records out of text files, through one buffer.
 */

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lookup/textfile.h"
#include "smtpd/base/xmem.h"

#define BUFFER	((size_t)1 << 20)

struct textfile {
	char		*name;
	int		 fd;
	int		 eof;
	char		*buf;
	size_t		 size;
	size_t		 used;		/* where the next record begins */
	size_t		 have;		/* octets from there */
	unsigned long	 line;
	uint64_t	 done, total;
	char		*why;		/* of the call that is under way */
	size_t		 whysize;
};

static int
fail(struct textfile *t, const char *what)
{
	(void)snprintf(t->why, t->whysize, "%s: %s", t->name, what);
	return (-1);
}

/* More octets, or eof: 0, or -1 with why. */
static int
fill(struct textfile *t)
{
	ssize_t	 n;

	memmove(t->buf, t->buf + t->used, t->have);
	t->used = 0;
	if (t->have == t->size) {
		if (t->size >= TEXTFILE_RECORD_MAX) {
			(void)snprintf(t->why, t->whysize, "%s:%lu: record "
			    "too long, expected at most %zu octets", t->name,
			    t->line, TEXTFILE_RECORD_MAX);
			return (-1);
		}
		t->size *= 2;
		t->buf = xreallocarray(t->buf, t->size, 1);
	}
	do
		n = read(t->fd, t->buf + t->have, t->size - t->have);
	while (n == -1 && errno == EINTR);
	if (n == -1)
		return (fail(t, strerror(errno)));
	/* a table, most likely */
	if (memchr(t->buf + t->have, '\0', (size_t)n) != NULL)
		return (fail(t, "NUL octets in it, expected a text"));
	t->eof = n == 0;
	t->have += (size_t)n;
	t->done += (uint64_t)n;
	return (0);
}

struct textfile *
textfile_open(const char *path, char *why, size_t size)
{
	static const char	 mark[] = "\xef\xbb\xbf";
	struct textfile		*t = xcalloc(1, sizeof(*t));
	struct stat		 st;

	t->why = why;
	t->whysize = size;
	t->line = 1;
	t->name = xstrdup(textfile_name(path));
	t->fd = strcmp(path, "-") == 0 ? STDIN_FILENO :
	    open(path, O_RDONLY | O_CLOEXEC);
	if (t->fd == -1 || fstat(t->fd, &st) == -1) {
		(void)fail(t, strerror(errno));
		textfile_close(t);
		return (NULL);
	}
	if (S_ISREG(st.st_mode))
		t->total = (uint64_t)st.st_size;
	t->size = BUFFER;
	t->buf = xreallocarray(NULL, t->size, 1);
	while (t->have < strlen(mark) && !t->eof)
		if (fill(t) == -1) {
			textfile_close(t);
			return (NULL);
		}
	if (t->have >= strlen(mark) &&
	    memcmp(t->buf, mark, strlen(mark)) == 0) {
		t->used += strlen(mark);
		t->have -= strlen(mark);
	}
	return (t);
}

void
textfile_close(struct textfile *t)
{
	if (t == NULL)
		return;
	if (t->fd != -1 && t->fd != STDIN_FILENO)
		(void)close(t->fd);	/* only read */
	free(t->name);
	free(t->buf);
	free(t);
}

/*
 * The octets of the line at n behind used, with its line feed; 0 at the
 * end, -1 with why.
 */
static ssize_t
line_length(struct textfile *t, size_t n)
{
	const char	*start, *p;
	size_t		 seen = n;

	for (;;) {
		start = t->buf + t->used;
		p = memchr(start + seen, '\n', t->have - seen);
		if (p != NULL)
			return (p + 1 - (start + n));
		if (t->eof)
			return ((ssize_t)(t->have - n));
		seen = t->have;
		if (fill(t) == -1)
			return (-1);
	}
}

/* Nothing but white space, or a comment? */
static int
is_empty(const char *p, size_t len)
{
	while (len > 0 && strchr(" \t\r\n", *p) != NULL) {
		p++;
		len--;
	}
	return (len == 0 || *p == '#');
}

static int
begins(char c)
{
	return (strchr(" \t\r\n#", c) == NULL);
}

static void
consume(struct textfile *t, size_t n)
{
	const char	*p = t->buf + t->used, *end = p + n;

	while ((p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		t->line++;
		p++;
	}
	t->used += n;
	t->have -= n;
}

int
textfile_next(struct textfile *t, const char **text, size_t *len,
    unsigned long *line, char *why, size_t size)
{
	ssize_t	 n;
	size_t	 all;

	t->why = why;
	t->whysize = size;
	while ((n = line_length(t, 0)) > 0 &&
	    is_empty(t->buf + t->used, (size_t)n))
		consume(t, (size_t)n);
	if (n <= 0)
		return ((int)n);
	for (all = (size_t)n; (n = line_length(t, all)) > 0; all += (size_t)n)
		if (begins(t->buf[t->used + all]))
			break;
	if (n == -1)
		return (-1);
	*text = t->buf + t->used;
	*len = all;
	*line = t->line;
	consume(t, all);
	return (1);
}

const char *
textfile_name(const char *path)
{
	return (strcmp(path, "-") == 0 ? "standard input" : path);
}

void
textfile_progress(const struct textfile *t, uint64_t *done, uint64_t *total)
{
	*done = t->done - t->have;
	*total = t->total;
}
