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
 * A change that is made by half, since the table turns out to be damaged
 * meanwhile: what is there before and after it is never unknown.
 */

#include <sys/stat.h>

#include <fcntl.h>
#include <sysexits.h>

#include "regress/unit/lookup_command.h"

#define ACCOUNTS	30000

static char *
many(void)
{
	char	*text;
	size_t	 size, i;
	FILE	*f;

	if ((f = open_memstream(&text, &size)) == NULL)
		fatal("text");
	fputs("domain example.org\n", f);
	for (i = 0; i < ACCOUNTS; i++)
		fprintf(f, "account m%zu addresses=m%zu@example.org\n", i, i);
	fputs("account ann addresses=aaa@example.org,m5x@example.org\n", f);
	if (fclose(f) == EOF)
		fatal("text");
	return (text);
}

/* Turn octets of the page where that address has its record. */
static void
damage(const char *path, const char *key)
{
	struct stat	 st;
	char		*octets, *p;
	int		 fd;

	if ((fd = open(path, O_RDWR)) == -1 || fstat(fd, &st) == -1 ||
	    (octets = malloc((size_t)st.st_size)) == NULL ||
	    pread(fd, octets, (size_t)st.st_size, 0) != st.st_size)
		fatal("%s", path);
	p = memmem(octets, (size_t)st.st_size, key, strlen(key));
	CHECK(p != NULL, "no %s", key);
	CHECK(pwrite(fd, "\0\0\0\0", 4, p - octets) == 4, "write");
	free(octets);
	close(fd);
}

static void
half(void)
{
	struct resolve_ask	 ask;

	play_begin(0);
	/* stands above the table, and can be read when that cannot */
	CHECK(play_add("domain example.org") == EX_OK, "domain");
	CHECK(play_resolve("aaa@example.org") == RESOLVE_FOUND, "aaa");
	damage(play_conf.directories[0].path, "am5x@example.org");
	CHECK(play_add("account ann addresses=aaa@example.org") == EX_OK,
	    "it is stored: %s", play_directory.text);
	/* nobody looks into the table for a catch-all */
	play_question(&ask, "aaa@example.org");
	ask.catchall = CANDIDATE_NONE;
	CHECK(play_resolve_ask(&ask) == RESOLVE_TEMPFAIL,
	    "aaa is %d, which is wrong before and after",
	    (int)play_found.status);
	CHECK(play_resolve("m7@example.org") == RESOLVE_TEMPFAIL, "m7");
	CHECK(play_command(DIRECTORY_STATUS, "") == EX_OK &&
	    strstr(play_rows, "cannot be read") != NULL, "status: %s",
	    play_rows);
	CHECK(play_add("account bob addresses=bob@example.org") ==
	    EX_TEMPFAIL, "a change of what is not open");

	/* and with a new table all is well */
	play_text("domain example.org\naccount ann addresses=aaa@example.org,"
	    "m5x@example.org\n", play_conf.directories[0].path);
	CHECK(play_command(DIRECTORY_REOPEN, "") == EX_OK, "reopen: %s",
	    play_directory.text);
	CHECK(play_resolve("aaa@example.org") == RESOLVE_FOUND, "aaa again");
	CHECK(play_resolve("m5x@example.org") == RESOLVE_NONE,
	    "the change was lost");
}

int
main(void)
{
	char	*text = many();

	play_open();
	(void)play_directory_add("accounts", text);
	free(text);
	play_life(half);
	play_close();
	return (check_done("lookup_half"));
}
