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
 * Records of text files: where they begin and end, and in which line.
 */

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lookup/textfile.h"
#include "regress/unit/check.h"

static char	 path[PATH_MAX], why[256];

static void
put(const char *text, size_t len)
{
	FILE	*f = fopen(path, "w");

	CHECK(f != NULL && fwrite(text, 1, len, f) == len && fclose(f) == 0,
	    "write");
}

struct want {
	unsigned long	 line;
	const char	*text;
};

static void
reads(const char *file, const struct want *want)
{
	struct textfile	*t = textfile_open(file, why, sizeof(why));
	const char	*text;
	unsigned long	 line;
	size_t		 len;
	uint64_t	 done, total;

	CHECK(t != NULL, "%s", why);
	if (t == NULL)
		return;
	for (; want->text != NULL; want++) {
		CHECK(textfile_next(t, &text, &len, &line, why, sizeof(why))
		    == 1, "no record, expected %s", want->text);
		CHECK(line == want->line && len == strlen(want->text) &&
		    memcmp(text, want->text, len) == 0, "line %lu: %.*s "
		    "but expected %lu: %s", line, (int)len, text, want->line,
		    want->text);
	}
	CHECK(textfile_next(t, &text, &len, &line, why, sizeof(why)) == 0 &&
	    textfile_next(t, &text, &len, &line, why, sizeof(why)) == 0,
	    "more than was expected");
	textfile_progress(t, &done, &total);
	CHECK(done == total || total == 0, "not at the end");
	textfile_close(t);
}

static void
test_records(void)
{
	static const struct want	 plain[] = { { 1, "a\n" }, { 2, "b\n" },
	    { 3, "c" }, { 0, NULL } };
	static const struct want	 more[] = {
		{ 3, "a 1\n\tb\n# c\n\n \n  d\r\n" }, { 9, "e\r\n#f\n" },
		{ 11, "g\n " }, { 0, NULL }
	};
	static const struct want	 none[] = { { 0, NULL } };
	static const struct want	 orphan[] = { { 2, " x\n" }, { 3, "a" },
	    { 0, NULL } };
	static const char		 text[] = "\xef\xbb\xbf# head\n\na 1\n"
	    "\tb\n# c\n\n \n  d\r\ne\r\n#f\ng\n ";

	put("a\nb\nc", 5);
	reads(path, plain);
	put(text, sizeof(text) - 1);
	reads(path, more);
	put("", 0);
	reads(path, none);
	put("\xef\xbb\xbf", 3);
	reads(path, none);
	put(" # only\n\t\n#x", 12);
	reads(path, none);
	put("\n x\na", 5);
	reads(path, orphan);
}

/* Records longer than the buffer, and ones that cross its end. */
static void
test_long(void)
{
	struct textfile	*t;
	const char	*text;
	unsigned long	 line;
	size_t		 len, i, size = 5 << 20;
	char		*big = malloc(size);

	memset(big, 'x', size);
	for (i = 0; i + 1 < size; i += 99991)
		memcpy(big + i, "\n ", 2);
	big[size - 2] = '\n';
	put(big, size);
	t = textfile_open(path, why, sizeof(why));
	CHECK(textfile_next(t, &text, &len, &line, why, sizeof(why)) == 1 &&
	    len == size - 2 && text[0] == ' ' && line == 2, "the long one");
	CHECK(textfile_next(t, &text, &len, &line, why, sizeof(why)) == 1 &&
	    len == 1 && line == 2 + size / 99991 + 1, "the one behind it: "
	    "line %lu", line);
	textfile_close(t);

	for (i = 0; i < size; i++)
		big[i] = "abc\n"[i % 4];
	put(big, size);
	t = textfile_open(path, why, sizeof(why));
	for (i = 0; textfile_next(t, &text, &len, &line, why, sizeof(why)) ==
	    1; i++)
		CHECK(len == 4 && memcmp(text, "abc\n", 4) == 0 &&
		    line == i + 1, "record %zu", i);
	CHECK(i == size / 4, "%zu records", i);
	textfile_close(t);
	free(big);
}

/* As they come through a pipe, an octet at a time. */
static void
test_pipe(void)
{
	static const struct want	 want[] = { { 1, "a\n b\n" },
	    { 3, "c\n\n#d\n e\n" }, { 7, "f" }, { 0, NULL } };
	static const char		 text[] = "a\n b\nc\n\n#d\n e\nf";
	size_t				 i;
	int				 fds[2], in, status;
	pid_t				 pid;

	CHECK(pipe(fds) == 0, "pipe");
	if ((pid = fork()) == 0) {
		for (i = 0; i < sizeof(text) - 1; i++) {
			if (write(fds[1], text + i, 1) != 1)
				_exit(1);
			(void)usleep(1000);
		}
		_exit(0);
	}
	in = dup(STDIN_FILENO);
	CHECK(pid != -1 && in != -1 && dup2(fds[0], STDIN_FILENO) != -1 &&
	    close(fds[0]) == 0 && close(fds[1]) == 0, "descriptors");
	reads("-", want);
	CHECK(dup2(in, STDIN_FILENO) != -1 && close(in) == 0, "back");
	CHECK(waitpid(pid, &status, 0) == pid && status == 0, "the writer");
}

static void
test_refused(void)
{
	struct textfile	*t;
	const char	*text;
	unsigned long	 line;
	size_t		 len;

	CHECK(textfile_open("/nonexistent", why, sizeof(why)) == NULL &&
	    strcmp(why, "/nonexistent: No such file or directory") == 0,
	    "%s", why);
	CHECK(textfile_open("/", why, sizeof(why)) == NULL &&
	    strcmp(why, "/: Is a directory") == 0, "%s", why);
	put("a\0b\n", 4);
	t = textfile_open(path, why, sizeof(why));
	CHECK(t == NULL || textfile_next(t, &text, &len, &line, why,
	    sizeof(why)) == -1, "NUL octets are taken");
	CHECK(strstr(why, "NUL octets") != NULL, "%s", why);
	textfile_close(t);
}

int
main(void)
{
	const char	*tmp = getenv("TMPDIR");
	int		 fd;

	(void)snprintf(path, sizeof(path), "%s/smtpd-text.XXXXXX",
	    tmp == NULL ? "/tmp" : tmp);
	if ((fd = mkstemp(path)) == -1) {
		perror(path);
		return (1);
	}
	(void)close(fd);
	test_records();
	test_long();
	test_pipe();
	test_refused();
	CHECK(unlink(path) == 0, "unlink");
	return (check_done("text_file"));
}
