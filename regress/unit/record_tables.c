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
 * Tables: built aside, read, and damaged in every way.
 */

#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lookup/bdb.h"
#include "lookup/newfile.h"
#include "regress/unit/check.h"
#include "smtpd/base/priv.h"

#define RECORDS	20000

static char	 dir[PATH_MAX], why[512];

static const char *
path_of(const char *name)
{
	static char	 paths[4][PATH_MAX + 64];
	static int	 next;

	next = (next + 1) % 4;
	(void)snprintf(paths[next], sizeof(paths[next]), "%s/%s", dir, name);
	return (paths[next]);
}

static int
exists(const char *name)
{
	return (access(path_of(name), F_OK) == 0);
}

static struct bdb_build *
begin(const char *name)
{
	struct bdb_build	*b;

	b = bdb_build_open(path_of(name), RECORDS, why, sizeof(why));
	CHECK(b != NULL, "build: %s", why);
	return (b);
}

/* Keys k0000000 k0000002 ... so that there is room between them. */
static int
fill(struct bdb_build *b, unsigned int n, char mark)
{
	char		 key[32], value[64];
	unsigned int	 i;

	memset(value, mark, sizeof(value));
	for (i = 0; i < n; i++) {
		(void)snprintf(key, sizeof(key), "k%07u", 2 * i);
		if (bdb_build_put(b, key, strlen(key), value, i % 64, why,
		    sizeof(why)) == -1)
			return (-1);
	}
	return (0);
}

static void
build(const char *name, unsigned int n, char mark)
{
	struct bdb_build	*b = begin(name);

	CHECK(fill(b, n, mark) == 0, "fill: %s", why);
	CHECK(bdb_build_commit(b, why, sizeof(why)) == 0, "commit: %s", why);
}

static void
write_file(const char *name, const char *text)
{
	FILE	*f = fopen(path_of(name), "w");

	CHECK(f != NULL && fputs(text, f) != EOF && fclose(f) == 0, "write %s",
	    name);
}

static void
test_read(void)
{
	struct bdb_table	*t;
	struct bdb_item		 item;
	char			 key[BDB_KEY_MAX + 2], first;
	unsigned int		 i;

	build("t.db", RECORDS, 'x');
	CHECK(!exists("t.db.new"), "the file beside it is still there");
	CHECK(bdb_table_verify(path_of("t.db"), why, sizeof(why)) == 0,
	    "verify: %s", why);
	t = bdb_table_open(path_of("t.db"), why, sizeof(why));
	CHECK(t != NULL, "open: %s", why);
	for (i = 0; i < 2 * RECORDS; i++) {
		(void)snprintf(key, sizeof(key), "k%07u", i);
		CHECK(bdb_table_get(t, key, strlen(key), &item) ==
		    (i % 2 == 0 ? ANSWER_FOUND : ANSWER_NONE) &&
		    (i % 2 == 1 || (item.len == i / 2 % 64 &&
		    item.keylen == 8 && memcmp(item.key, key, 8) == 0)),
		    "get %s", key);
	}
	memset(key, 'k', sizeof(key));
	CHECK(bdb_table_get(t, "", 0, &item) == ANSWER_NONE &&
	    bdb_table_get(t, key, sizeof(key), &item) == ANSWER_NONE,
	    "empty and long keys");
	CHECK(bdb_table_seek(t, "k0000001", 8, &item) == ANSWER_FOUND &&
	    memcmp(item.key, "k0000002", 8) == 0, "seek");
	CHECK(bdb_table_next(t, &item) == ANSWER_FOUND &&
	    memcmp(item.key, "k0000004", 8) == 0, "next");
	CHECK(bdb_table_seek(t, "l", 1, &item) == ANSWER_NONE, "seek the end");
	i = 0;
	for (first = bdb_table_seek(t, NULL, 0, &item) == ANSWER_FOUND; first &&
	    bdb_table_next(t, &item) == ANSWER_FOUND; i++)
		;
	CHECK(i == RECORDS - 1, "walked over %u", i);
	bdb_table_close(t);
	bdb_table_close(NULL);
}

/* The one that is open stays what it was when another takes its name. */
static void
test_replace(void)
{
	struct bdb_table	*old, *new;
	struct bdb_item		 item;
	struct stat		 st;

	CHECK(chmod(path_of("t.db"), 0604) == 0, "chmod");
	old = bdb_table_open(path_of("t.db"), why, sizeof(why));
	build("t.db", 3, 'y');
	new = bdb_table_open(path_of("t.db"), why, sizeof(why));
	CHECK(bdb_table_get(old, "k0000002", 8, &item) == ANSWER_FOUND &&
	    *(const char *)item.value == 'x', "old changed");
	CHECK(bdb_table_get(old, "k0000100", 8, &item) == ANSWER_FOUND,
	    "old lost a record");
	CHECK(bdb_table_get(new, "k0000002", 8, &item) == ANSWER_FOUND &&
	    *(const char *)item.value == 'y', "new is old");
	CHECK(bdb_table_get(new, "k0000100", 8, &item) == ANSWER_NONE,
	    "new has records of old");
	CHECK(stat(path_of("t.db"), &st) == 0 && (st.st_mode & 0777) == 0604,
	    "the mode was not kept");
	bdb_table_close(old);
	bdb_table_close(new);
	build("fresh.db", 3, 'z');
	CHECK(stat(path_of("fresh.db"), &st) == 0 &&
	    (st.st_mode & 0777) == 0640, "mode of a new table");
}

/* Whatever stops it, the old table stays and nothing lies about. */
static void
test_stopped(void)
{
	struct bdb_build	*b;
	struct rlimit		 limit, old;
	struct bdb_table	*t;

	b = begin("t.db");
	CHECK(fill(b, 100, 'n') == 0, "fill");
	CHECK(bdb_build_put(b, "a", 1, "", 0, why, sizeof(why)) == -1,
	    "out of order");
	b = begin("t.db");
	CHECK(fill(b, 100, 'n') == 0 && bdb_build_put(b, "k0000198", 8, "", 0,
	    why, sizeof(why)) == -1, "twice the same");
	b = begin("t.db");
	bdb_build_abort(b);
	bdb_build_abort(NULL);

	CHECK(getrlimit(RLIMIT_FSIZE, &old) == 0, "getrlimit");
	limit = old;
	limit.rlim_cur = 100000;
	(void)signal(SIGXFSZ, SIG_IGN);
	CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0, "setrlimit");
	b = begin("t.db");
	CHECK(fill(b, RECORDS, 'n') == -1 ||
	    bdb_build_commit(b, why, sizeof(why)) == -1, "a full disk");
	CHECK(strstr(why, "t.db") != NULL, "why: %s", why);
	CHECK(setrlimit(RLIMIT_FSIZE, &old) == 0, "setrlimit");

	CHECK(!exists("t.db.new"), "something lies about");
	t = bdb_table_open(path_of("t.db"), why, sizeof(why));
	CHECK(t != NULL, "the old table: %s", why);
	bdb_table_close(t);
}

static void
test_beside(void)
{
	struct bdb_build	*b;
	int			 fd;

	/* what a killed import left */
	write_file("t.db.new", "half a table");
	build("t.db", 10, 'k');

	b = begin("t.db");
	CHECK(newfile_begin(path_of("t.db"), why, sizeof(why)) == NULL &&
	    strstr(why, "another import") != NULL, "two at once: %s", why);
	CHECK(fill(b, 5, 'k') == 0 && bdb_build_commit(b, why, sizeof(why)) ==
	    0, "the first goes on: %s", why);

	CHECK(symlink("/etc/passwd", path_of("t.db.new")) == 0, "symlink");
	CHECK(bdb_build_open(path_of("t.db"), 1, why, sizeof(why)) == NULL,
	    "writes through a link");
	CHECK(unlink(path_of("t.db.new")) == 0, "unlink");
	CHECK(link(path_of("fresh.db"), path_of("t.db.new")) == 0, "link");
	CHECK(bdb_build_open(path_of("t.db"), 1, why, sizeof(why)) == NULL,
	    "writes to a file with two names");
	CHECK(unlink(path_of("t.db.new")) == 0, "unlink");
	CHECK(mkdir(path_of("dir"), 0700) == 0, "mkdir");
	CHECK(bdb_build_open(path_of("dir"), 1, why, sizeof(why)) == NULL,
	    "replaces a directory");
	CHECK(bdb_build_open(path_of("no/t.db"), 1, why, sizeof(why)) == NULL,
	    "no such directory");
	CHECK(mkfifo(path_of("fifo"), 0600) == 0, "mkfifo");
	CHECK(bdb_table_open(path_of("fifo"), why, sizeof(why)) == NULL &&
	    bdb_table_open(path_of("dir"), why, sizeof(why)) == NULL &&
	    bdb_table_open(path_of("none"), why, sizeof(why)) == NULL,
	    "opens what is no file");

	/* settings of a stranger */
	write_file("DB_CONFIG", "set_cachesize 0 1 1\n");
	CHECK(bdb_table_open(path_of("t.db"), why, sizeof(why)) == NULL &&
	    strstr(why, "DB_CONFIG") != NULL, "DB_CONFIG beside: %s", why);
	CHECK(bdb_build_open(path_of("t.db"), 1, why, sizeof(why)) == NULL,
	    "DB_CONFIG beside");
	CHECK(mkdir(path_of("cwd"), 0700) == 0, "mkdir");
	CHECK(rename(path_of("DB_CONFIG"), path_of("cwd/DB_CONFIG")) == 0,
	    "rename");
	fd = open(".", O_RDONLY | O_DIRECTORY);
	CHECK(fd != -1 && chdir(path_of("cwd")) == 0, "chdir");
	CHECK(bdb_table_open(path_of("t.db"), why, sizeof(why)) == NULL,
	    "DB_CONFIG in the cwd");
	CHECK(fchdir(fd) == 0 && close(fd) == 0, "back");
	CHECK(unlink(path_of("cwd/DB_CONFIG")) == 0 &&
	    rmdir(path_of("cwd")) == 0, "rmdir");
}

/* A copy of good.db with something done to it. */
static void
damage(off_t size, off_t at, const void *octets, size_t n)
{
	static char	 buf[4 * 1024 * 1024];
	ssize_t		 len;
	int		 fd;

	fd = open(path_of("good.db"), O_RDONLY);
	len = read(fd, buf, sizeof(buf));
	CHECK(fd != -1 && len > 0 && close(fd) == 0, "read");
	fd = open(path_of("bad.db"), O_RDWR | O_CREAT | O_TRUNC, 0600);
	CHECK(write(fd, buf, (size_t)len) == len, "write");
	if (size != -1)
		CHECK(ftruncate(fd, size) == 0, "truncate");
	if (n != 0)
		CHECK(pwrite(fd, octets, n, at) == (ssize_t)n, "pwrite");
	CHECK(close(fd) == 0, "close");
}

/* Never a wrong value, and once it failed it does not come back. */
static void
read_damaged(const char *what)
{
	struct bdb_table	*t;
	struct bdb_item		 item;
	enum answer		 a;
	char			 key[32];
	unsigned int		 i, bad = 0;

	CHECK(bdb_table_verify(path_of("bad.db"), why, sizeof(why)) == -1 &&
	    strstr(why, "bad.db: ") != NULL, "%s: passes", what);
	if ((t = bdb_table_open(path_of("bad.db"), why, sizeof(why))) == NULL)
		return;
	for (i = 0; i < RECORDS; i++) {
		(void)snprintf(key, sizeof(key), "k%07u", 2 * i);
		a = bdb_table_get(t, key, 8, &item);
		CHECK(a != ANSWER_NONE, "%s: %s is not there", what, key);
		CHECK(a != ANSWER_FOUND || bad == 0, "%s: came back", what);
		CHECK(a != ANSWER_FOUND || item.len == i % 64,
		    "%s: %s changed", what, key);
		bad += a == ANSWER_TEMPFAIL;
	}
	CHECK(bad == 0 || (bdb_table_seek(t, NULL, 0, &item) ==
	    ANSWER_TEMPFAIL && bdb_table_next(t, &item) == ANSWER_TEMPFAIL),
	    "%s: came back", what);
	bdb_table_close(t);
}

static void
test_damage(void)
{
	static const uint8_t	 zeros[8192];	/* a page */
	struct stat		 st;
	uint8_t			 octet;
	char			 what[64];
	off_t			 at;
	int			 fd;

	build("good.db", RECORDS, 'g');
	CHECK(stat(path_of("good.db"), &st) == 0, "stat");
	for (at = 11; at < st.st_size; at += 50021) {
		fd = open(path_of("good.db"), O_RDONLY);
		CHECK(pread(fd, &octet, 1, at) == 1 && close(fd) == 0, "pread");
		octet ^= 0x10;
		damage(-1, at, &octet, 1);
		(void)snprintf(what, sizeof(what), "octet %lld", (long long)at);
		read_damaged(what);
	}
	for (at = 0; at < st.st_size; at += 17 * 8192 + 7) {
		damage(at, 0, NULL, 0);
		read_damaged("cut off");
		damage(at & ~(off_t)8191, 0, NULL, 0);
		read_damaged("cut off at a page");
	}
	/* reading one of these would not end: the verification does */
	for (at = 8192; at < st.st_size; at += 21 * 8192) {
		damage(-1, at, zeros, sizeof(zeros));
		CHECK(bdb_table_verify(path_of("bad.db"), why, sizeof(why)) ==
		    -1, "an empty page passes");
	}
	write_file("bad.db", "domain example.org\n");
	CHECK(bdb_table_open(path_of("bad.db"), why, sizeof(why)) == NULL,
	    "a text is a table");
	CHECK(bdb_table_verify(path_of("bad.db"), why, sizeof(why)) == -1,
	    "a text passes");
}

/* Be root as far as that is asked for. */
int
priv_is_root(void)
{
	return (1);
}

/* Others could put a link in the place of what root writes. */
static void
test_folder(void)
{
	struct newfile	*f = NULL;

	CHECK(chmod(dir, 0770) == 0 && newfile_begin(path_of("no.db"), why,
	    sizeof(why)) == NULL && strstr(why, "others may") != NULL,
	    "a folder of a group: %s", why);
	CHECK(chmod(dir, 01777) == 0 && (f = newfile_begin(path_of("no.db"),
	    why, sizeof(why))) != NULL, "one such as /tmp: %s", why);
	newfile_abort(f);
	CHECK(chmod(dir, 0700) == 0 && !exists("no.db.new"), "our own");
}

/* What somebody put in the place of the new file is not renamed in. */
static void
test_swapped(void)
{
	struct newfile	*f;

	f = newfile_begin(path_of("swap.db"), why, sizeof(why));
	CHECK(f != NULL, "%s", why);
	CHECK(unlink(path_of("swap.db.new")) == 0 &&
	    symlink("/dev/null", path_of("swap.db.new")) == 0, "symlink");
	CHECK(f != NULL && newfile_commit(f, why, sizeof(why)) == -1 &&
	    strstr(why, "replaced it") != NULL && !exists("swap.db"),
	    "a link became the table");
	CHECK(unlink(path_of("swap.db.new")) == 0, "and it stays");
}

int
main(void)
{
	static const char *const	 files[] = { "t.db", "fresh.db",
	    "fifo", "good.db", "bad.db" };
	const char	*tmp = getenv("TMPDIR");
	size_t		 i;

	(void)snprintf(dir, sizeof(dir), "%s/smtpd-tables.XXXXXX",
	    tmp == NULL ? "/tmp" : tmp);
	if (mkdtemp(dir) == NULL) {
		perror(dir);
		return (1);
	}
	test_read();
	test_replace();
	test_stopped();
	test_beside();
	test_damage();
	test_swapped();
	test_folder();
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		CHECK(unlink(path_of(files[i])) == 0, "%s is gone", files[i]);
	CHECK(rmdir(path_of("dir")) == 0 && rmdir(dir) == 0,
	    "something lies about in %s", dir);
	return (check_done("record_tables"));
}
