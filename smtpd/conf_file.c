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
 * The files of a configuration: reading them, one including the other.
 */

#include <sys/types.h>
#include <sys/stat.h>
#include <bsd/string.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/base/xmem.h"
#include "smtpd/conf_file.h"
#include "smtpd/conf_parse.h"

#define FILE_STEP	65536

/* All octets of fd, at most max; 0, or -1 with errno. */
static int
file_read(int fd, size_t max, char **text, size_t *len)
{
	char	*buf = NULL;
	size_t	 size = 0;
	ssize_t	 n;

	*len = 0;
	do {
		if (size - *len < FILE_STEP) {
			size += FILE_STEP + size / 2;
			buf = xreallocarray(buf, size, 1);
		}
		n = read(fd, buf + *len, size - *len);
		if (n > 0)
			*len += (size_t)n;
		if (*len > max) {
			n = -1;
			errno = EFBIG;
		}
	} while (n > 0 || (n == -1 && errno == EINTR));
	if (n == -1) {
		free(buf);
		return (-1);
	}
	*text = buf;
	return (0);
}

/* An error about the file path, at the include that names it if any. */
static void
file_error(struct conf_parse *p, const char *path,
    const struct conf_pos *from, const char *what)
{
	struct conf_pos	 pos = { .file = conf_show(p, path) };

	if (from == NULL)
		conf_error(p, &pos, "%s", what);
	else
		conf_error(p, from, "cannot read '%s': %s", pos.file, what);
}

static int
file_is_open(const struct conf_parse *p, const struct stat *st)
{
	const struct conf_file	*f;

	for (f = p->file; f != NULL; f = f->outer)
		if (f->dev == st->st_dev && f->ino == st->st_ino)
			return (1);
	return (0);
}

/* A file to be read, or -1 with an error reported. */
static int
file_open(struct conf_parse *p, const char *path,
    const struct conf_pos *from, struct stat *st)
{
	int	 fd;

	/* a FIFO or a terminal would hold up a server that reloads */
	if ((fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)) == -1 ||
	    fstat(fd, st) == -1)
		file_error(p, path, from, strerror(errno));
	else if (!S_ISREG(st->st_mode))
		file_error(p, path, from, "not a regular file");
	else
		return (fd);
	if (fd != -1)
		close(fd);
	return (-1);
}

int
lex_push(struct conf_parse *p, const char *path, const struct conf_pos *from)
{
	struct conf_file	*f;
	struct stat		 st;
	int			 fd;

	if ((fd = file_open(p, path, from, &st)) == -1)
		return (-1);
	if (file_is_open(p, &st)) {
		file_error(p, path, from, "the file would include itself");
		goto fail;
	}
	f = xcalloc(1, sizeof(*f));
	if (file_read(fd, CONF_SIZE_MAX - p->total, &f->text, &f->len) ==
	    -1) {
		file_error(p, path, from, strerror(errno));
		free(f);
		goto fail;
	}
	close(fd);
	p->total += f->len;
	f->dev = st.st_dev;
	f->ino = st.st_ino;
	f->path = conf_keep_text(p, path, strlen(path));
	f->name = conf_show(p, path);
	f->here.line = f->here.column = 1;
	/* a byte order mark is the editor's business */
	if (f->len >= 3 && memcmp(f->text, "\xef\xbb\xbf", 3) == 0)
		f->here.at = 3;
	f->mark = f->here;
	f->outer = p->file;
	f->depth = f->outer == NULL ? 1 : f->outer->depth + 1;
	p->file = f;
	return (0);

fail:
	close(fd);
	return (-1);
}

void
lex_pop(struct conf_parse *p)
{
	struct conf_file	*f = p->file;

	p->file = f->outer;
	free(f->text);
	free(f);
}

/* A relative name starts at the folder of the file that it stands in. */
static int
file_path(struct conf_parse *p, const struct conf_value *v,
    char path[CONF_PATH_MAX + 1])
{
	const char	*slash = strrchr(p->file->path, '/');

	path[0] = '\0';
	if (v->text[0] != '/' && slash != NULL &&
	    slash - p->file->path < CONF_PATH_MAX)
		(void)strlcpy(path, p->file->path,
		    (size_t)(slash - p->file->path) + 2);
	return (v->text[0] == '\0' || strlcat(path, v->text,
	    CONF_PATH_MAX + 1) > CONF_PATH_MAX ? -1 : 0);
}

int
conf_file_text(struct conf_parse *p, const struct conf_value *v, size_t max,
    struct conf_text *t)
{
	struct stat	 st;
	char		 path[CONF_PATH_MAX + 1], *text;
	int		 fd;

	if (file_path(p, v, path) == -1) {
		conf_error(p, &v->pos, "'%s' is not a file name, expected the "
		    "name of a file", conf_show(p, v->text));
		return (-1);
	}
	if ((fd = file_open(p, path, &v->pos, &st)) == -1)
		return (-1);
	if (file_read(fd, max, &text, &t->len) == -1) {
		file_error(p, path, &v->pos, strerror(errno));
		close(fd);
		return (-1);
	}
	close(fd);
	t->pos.file = conf_show(p, path);
	t->pos.line = t->pos.column = 1;
	t->text = conf_keep_text(p, text, t->len);
	free(text);
	return (0);
}

void
conf_include(struct conf_parse *p, const struct conf_value *v)
{
	char	 path[CONF_PATH_MAX + 1];

	if (p->file->depth >= CONF_INCLUDE_DEPTH ||
	    p->nincludes >= CONF_INCLUDES_MAX) {
		conf_error(p, &v->pos, "too many includes, expected at most "
		    "%d, and %d within each other", CONF_INCLUDES_MAX,
		    CONF_INCLUDE_DEPTH - 1);
		return;
	}
	if (file_path(p, v, path) == -1) {
		conf_error(p, &v->pos, "'%s' is not a file name, expected "
		    "include \"file\"", conf_show(p, v->text));
		return;
	}
	p->nincludes++;
	if (lex_push(p, path, &v->pos) == 0)
		p->incomplete--;
}
