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
 * Tables that are damaged, or well formed and wrong; what differs between
 * directories.
 */

#include <sys/stat.h>

#include <fcntl.h>

#include "lookup/bdb.h"
#include "lookup/entry.h"
#include "regress/unit/directory_play.h"

#define TEXT \
	"domain a.example\n" \
	"account x addresses=x@a.example,y@a.example\n" \
	"alias s@a.example x@a.example\n" \
	"list l@a.example members=x,s@a.example\n"

struct copy {
	struct bdb_build	*build;
	unsigned int		 at, nth;	/* which record is changed */
	char			 how;		/* 'd'rop, 'c'ut, 'k'ey */
};

static void
copy_put(struct copy *c, const struct bdb_item *item)
{
	char	 key[BDB_KEY_MAX + 1], why[256];
	size_t	 keylen = item->keylen, len = item->len;

	memcpy(key, item->key, keylen);
	if (c->at++ == c->nth) {
		if (c->how == 'd')
			return;
		if (c->how == 'c')
			len--;
		if (c->how == 'k')
			key[keylen++] = '!';
	}
	CHECK(bdb_build_put(c->build, key, keylen, item->value, len, why,
	    sizeof(why)) == 0, "%s", why);
}

/* "bad.db" is "t.db" with something done to one record; 0 when no such. */
static int
tamper(unsigned int nth, char how)
{
	struct copy		 c = { NULL, 0, nth, how };
	struct bdb_table	*t;
	struct bdb_item		 item;
	enum answer		 a;
	char			 why[256];

	t = bdb_table_open(play_path("t.db"), why, sizeof(why));
	c.build = bdb_build_open(play_path("bad.db"), 10, why, sizeof(why));
	CHECK(t != NULL && c.build != NULL, "%s", why);
	for (a = bdb_table_seek(t, NULL, 0, &item); a == ANSWER_FOUND;
	    a = bdb_table_next(t, &item))
		copy_put(&c, &item);
	bdb_table_close(t);
	CHECK(bdb_build_commit(c.build, why, sizeof(why)) == 0, "%s", why);
	return (nth < c.at);
}

static int
check(const char *name)
{
	play_said[0] = '\0';
	return (dirctl_check(&play, DIRCTL_TEXT, play_path(name), NULL,
	    &play_counts));
}

static void
test_tampered(void)
{
	static const char	 hows[] = "dck";
	unsigned int		 i, n;
	int			 status;

	CHECK(play_import(DIRCTL_TEXT, TEXT, NULL, NULL) == EX_OK, "%s",
	    play_said);
	CHECK(check("t.db") == EX_OK && play_counts.addresses == 2, "%s",
	    play_said);
	for (i = 0; hows[i] != '\0'; i++)
		for (n = 0; tamper(n, hows[i]); n++) {
			status = check("bad.db");
			CHECK(status == EX_DATAERR &&
			    strncmp(play_said, "bad.db:", 7) == 0,
			    "%c %u: %d %s", hows[i], n, status, play_said);
		}
	CHECK(n == 11, "%u records", n);
	/* as the last one is, so is one without any change */
	CHECK(check("bad.db") == EX_OK, "%s", play_said);
}

/* A record more than the entries make. */
static void
test_surplus(void)
{
	struct bdb_build	*b;
	char			 why[256];

	b = bdb_build_open(play_path("bad.db"), 1, why, sizeof(why));
	CHECK(bdb_build_put(b, "lx", 2, "x", 1, why, sizeof(why)) == 0 &&
	    bdb_build_commit(b, why, sizeof(why)) == 0, "%s", why);
	CHECK(check("bad.db") == EX_DATAERR && strstr(play_said, "not a "
	    "table of a directory") != NULL, "%s", play_said);
	CHECK(play_import(DIRCTL_TEXT, "domain a.example\n", NULL, NULL) ==
	    EX_OK && check("t.db") == EX_OK, "a small one: %s", play_said);
}

static void
test_damaged(void)
{
	static const char	 zeros[8192];
	struct stat		 st;
	char			*out, text[100];
	unsigned int		 i;
	off_t			 at;
	FILE			*f;
	int			 fd;

	f = fopen(play_path("in2"), "w");
	CHECK(f != NULL && fputs("domain a.example\n", f) != EOF, "write");
	for (i = 0; f != NULL && i < 2000; i++)
		fprintf(f, "account u%u addresses=u%u@a.example\n", i, i);
	CHECK(f != NULL && fclose(f) == 0, "write");
	for (i = 0; i < 40; i++) {
		play_said[0] = '\0';
		CHECK(dirctl_import(&play, DIRCTL_TEXT, play_path("in2"),
		    NULL, NULL, play_path("bad.db"), &play_counts) == EX_OK,
		    "%s", play_said);
		fd = open(play_path("bad.db"), O_RDWR);
		CHECK(fd != -1 && fstat(fd, &st) == 0, "open");
		at = st.st_size / 40 * (off_t)i;
		(void)snprintf(text, sizeof(text), "at %lld",
		    (long long)at);
		switch (i % 3) {
		case 0:
			CHECK(ftruncate(fd, at) == 0, "truncate");
			break;
		case 1:
			CHECK(pwrite(fd, "!!", 2, at) == 2, "write");
			break;
		default:
			at &= ~(off_t)8191;
			CHECK(pwrite(fd, zeros, 8192, at) == 8192, "write");
			break;
		}
		CHECK(close(fd) == 0, "close");
		CHECK(check("bad.db") != EX_OK && play_said[0] != '\0',
		    "%s: passes", text);
		play_said[0] = '\0';
		out = play_export("bad.db");
		CHECK(strcmp(out, "?") == 0 && strstr(play_said, "bad.db: ")
		    != NULL, "%s: exported", text);
		free(out);
	}
}

static void
differ(const char *what, const char *old, const char *new, const char *want)
{
	char	*text = NULL;
	size_t	 len;
	FILE	*f = open_memstream(&text, &len);
	int	 status, yes = 2;

	play_said[0] = '\0';
	status = dirctl_diff(&play, play_path(old), play_path(new), f, &yes);
	CHECK(fclose(f) == 0, "stream");
	CHECK(status == EX_OK && yes == (want[0] != '\0') &&
	    strcmp(text, want) == 0, "%s: %d %d %s%s", what, status, yes,
	    play_said, text);
	free(text);
}

static void
test_diff(void)
{
	FILE	*f = fopen("/dev/full", "w");
	int	 yes;

	CHECK(play_import(DIRCTL_TEXT, TEXT, NULL, NULL) == EX_OK, "%s",
	    play_said);
	differ("the same", "t.db", "in", "");
	play_write("other", "domain A.example\n# x\n"
	    "account X addresses=x@a.example login=x quota=1024\n"
	    "alias s@a.example x@a.example\n"
	    "account z addresses=z@a.example\n"
	    "alias l@a.example x@a.example\n");
	differ("text and table", "t.db", "other",
	    "- domain a.example\n"
	    "+ domain A.example\n"
	    "- account x addresses=x@a.example,y@a.example\n"
	    "+ account X addresses=x@a.example login=x quota=1K\n"
	    "+ account z addresses=z@a.example\n"
	    "+ alias l@a.example x@a.example\n"
	    "- list l@a.example members=x,s@a.example\n");
	play_write("twice", "domain a.example\ndomain a.example\n");
	differ("twice", "twice", "twice", "");
	play_write("wrong", "domain\n");
	play_said[0] = '\0';
	CHECK(f != NULL && dirctl_diff(&play, play_path("t.db"),
	    play_path("wrong"), f, &yes) == EX_DATAERR && strcmp(play_said,
	    "wrong:2:1: the end, expected a name or address\n") == 0, "%s",
	    play_said);
	CHECK(dirctl_diff(&play, play_path("none"), play_path("in"), f, &yes)
	    == EX_NOINPUT, "no such file");
	/* a full disk is no success */
	play_said[0] = '\0';
	CHECK(dirctl_diff(&play, play_path("in"), play_path("other"), f, &yes)
	    == EX_IOERR && dirctl_export(&play, play_path("t.db"), f) ==
	    EX_IOERR && strstr(play_said, "No space left") != NULL, "%s",
	    play_said);
	(void)fclose(f);	/* what is in its buffer cannot be written */
}

/* Lists that are long go on in lines of their own, whatever is in them. */
static void
test_wrapped(void)
{
	char		*text = calloc(1, 100000), *out, *p;
	size_t		 len, longest = 0, n;
	unsigned int	 i;

	len = (size_t)snprintf(text, 100, "domain a.example\n"
	    "list l@a.example members=");
	for (i = 0; i < 3000; i++)
		len += (size_t)snprintf(text + len, 100, "#%u@b.example,", i);
	text[len - 1] = '\n';
	CHECK(play_import(DIRCTL_TEXT, text, NULL, NULL) == EX_OK, "%.300s",
	    play_said);
	out = play_export("t.db");
	for (p = out; *p != '\0'; p += n + 1) {
		n = strcspn(p, "\n");
		longest = n > longest ? n : longest;
	}
	CHECK(longest < 1200, "a line of %zu", longest);
	CHECK(play_import(DIRCTL_TEXT, out, NULL, NULL) == EX_OK, "%.300s",
	    play_said);
	play_expect("the same again", out);
	play_write("once", text);
	differ("as it was", "t.db", "once", "");
	free(text);
	free(out);
}

int
main(void)
{
	play_begin();
	test_tampered();
	test_surplus();
	test_damaged();
	test_diff();
	test_wrapped();
	play_end();
	return (check_done("directory_table"));
}
