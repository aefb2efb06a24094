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
 * A folder with texts and tables, and what dirctl says about them.
 */

#ifndef DIRECTORY_PLAY_H
#define DIRECTORY_PLAY_H

#include <bsd/string.h>

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "lookup/dirctl.h"
#include "regress/unit/check.h"

static char			 play_dir[PATH_MAX];
static char			 play_said[65536];
static struct dirctl_counts	 play_counts;
static unsigned long		 play_steps;	/* of progress */

static inline const char *
play_path(const char *name)
{
	static char	 paths[8][PATH_MAX + 64];
	static int	 next;

	next = (next + 1) % 8;
	(void)snprintf(paths[next], sizeof(paths[next]), "%s/%s", play_dir,
	    name);
	return (paths[next]);
}

/* The folder is not part of what is expected. */
static inline void
play_hear(void *arg, const char *line)
{
	size_t	 len = strlen(play_dir) + 1;

	if (strncmp(line, play_dir, len - 1) == 0)
		line += len;
	(void)strlcat(play_said, line, sizeof(play_said));
	(void)strlcat(play_said, "\n", sizeof(play_said));
}

static inline void
play_step(void *arg, const char *what, uint64_t done, uint64_t total)
{
	play_steps++;
	CHECK(total == 0 || done <= total, "%s: beyond its end", what);
}

static const struct dirctl	 play = { play_hear, play_step, NULL };

static inline void
play_begin(void)
{
	const char	*tmp = getenv("TMPDIR");

	(void)snprintf(play_dir, sizeof(play_dir), "%s/smtpd-dir.XXXXXX",
	    tmp == NULL ? "/tmp" : tmp);
	if (mkdtemp(play_dir) == NULL) {
		perror(play_dir);
		exit(1);
	}
}

static inline void
play_end(void)
{
	struct dirent	*d;
	DIR		*dir = opendir(play_dir);

	CHECK(dir != NULL, "no folder");
	while (dir != NULL && (d = readdir(dir)) != NULL)
		if (d->d_name[0] != '.')
			(void)unlink(play_path(d->d_name));
	if (dir != NULL)
		(void)closedir(dir);
	CHECK(rmdir(play_dir) == 0, "something lies about in %s", play_dir);
}

static inline void
play_write(const char *name, const char *text)
{
	FILE	*f = fopen(play_path(name), "w");

	CHECK(f != NULL && fputs(text, f) != EOF && fclose(f) == 0,
	    "write %s", name);
}

/* The text in the file "in" as table "t.db". */
static inline int
play_import(enum dirctl_type type, const char *text, const char *domain,
    const char *changes)
{
	play_write("in", text);
	play_said[0] = '\0';
	return (dirctl_import(&play, type, play_path("in"), domain, changes,
	    play_path("t.db"), &play_counts));
}

/* Table "t.db" as text, from the heap. */
static inline char *
play_export(const char *db)
{
	char	*text = NULL;
	size_t	 len;
	FILE	*f = open_memstream(&text, &len);
	int	 status;

	status = dirctl_export(&play, play_path(db), f);
	CHECK(f != NULL && fclose(f) == 0, "stream");
	CHECK(status == EX_OK || play_said[0] != '\0', "no reason");
	if (status != EX_OK) {
		free(text);
		return (strdup("?"));
	}
	return (text);
}

/* The table says this. */
static inline void
play_expect(const char *what, const char *text)
{
	char	*out = play_export("t.db");

	CHECK(strcmp(out, text) == 0, "%s: expected:\n%sbut is:\n%s%s", what,
	    text, out, play_said);
	free(out);
}

#endif
