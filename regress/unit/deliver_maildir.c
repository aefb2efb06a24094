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
 * Deliveries: what lies in the box afterwards, once and only once, and
 * that nothing in the way is ever followed (SECURITY.md R8, 3.5).
 */

#include <errno.h>
#include <time.h>

#include "regress/unit/deliver_box.h"

static const char *const want =
    "Return-Path: <>\nDelivered-To: a@b\n"
    "Received: x\nSubject: y\n\nbody\n.\n";

static void
test_plain(void)
{
	struct maildir_answer	 ans;
	struct maildir_ask	 ask;
	struct stat		 st;
	char			 name[256], path[600], buf[512];

	box_ask(&ask, "b.org/john", 0xabc);
	maildir_deliver(&ask, &ans);
	CHECK(ans.status == DELIVER_OK && !ans.counted, "%s", ans.text);
	CHECK(box_list("b.org/john", "new", name, sizeof(name)) == 1 &&
	    box_list("b.org/john", "tmp", NULL, 0) == 0 &&
	    box_list("b.org/john", "cur", NULL, 0) == 0, "not one copy");
	(void)snprintf(buf, sizeof(buf), "1800000000.M0000000000000abcR1I2."
	    "mx.own.example,S=%zu", strlen(want));
	CHECK(strcmp(name, buf) == 0, "name %s", name);
	(void)snprintf(path, sizeof(path), "mail/b.org/john/new/%s", name);
	CHECK(strcmp(box_read(path, buf, sizeof(buf)), want) == 0,
	    "contents \"%s\"", buf);
	CHECK(stat(path, &st) == 0 && (st.st_mode & 07777) == 0600 &&
	    st.st_nlink == 1, "mode %o", (unsigned int)st.st_mode);
	CHECK(stat("mail/b.org", &st) == 0 && (st.st_mode & 07777) == 0700 &&
	    stat("mail/b.org/john/new", &st) == 0 &&
	    (st.st_mode & 07777) == 0700, "directories");

	/* again, another item, another message */
	maildir_deliver(&ask, &ans);
	CHECK(ans.status == DELIVER_OK && box_list("b.org/john", "new", NULL,
	    0) == 1 && box_list("b.org/john", "tmp", NULL, 0) == 0,
	    "a repeat is a second copy");
	ask.item = 3;
	maildir_deliver(&ask, &ans);
	ask.id = 0xabd;
	maildir_deliver(&ask, &ans);
	CHECK(ans.status == DELIVER_OK && box_list("b.org/john", "new", NULL,
	    0) == 3, "other copies");

	ask.length += 6;	/* one more than the file has */
	ask.id++;
	maildir_deliver(&ask, &ans);
	CHECK(ans.status == DELIVER_TEMPFAIL && box_list("b.org/john", "new",
	    NULL, 0) == 3 && box_list("b.org/john", "tmp", NULL, 0) == 0,
	    "a short file is delivered");
}

/* Line ends over the edges of the buffers. */
static void
test_copy(void)
{
	struct maildir_answer	 ans;
	struct maildir_ask	 ask;
	char			*big, *p, name[256], path[600];
	size_t			 i, n = 200001;
	FILE			*fp;

	big = malloc(n);
	for (i = 0; i + 1 < n; i += 2)
		memcpy(big + i, "\r\n", 2);
	big[0] = 'x';		/* a lone LF stays, and so does a lone CR */
	big[n - 1] = '\r';
	if ((fp = fopen("big", "w+")) == NULL ||
	    fwrite(big, 1, n, fp) != n || fflush(fp) != 0)
		fatal("big");
	box_ask(&ask, "big", 1);
	ask.fd = fileno(fp);
	ask.offset = 0;
	ask.length = n;
	ask.head = "";
	maildir_deliver(&ask, &ans);
	CHECK(ans.status == DELIVER_OK && box_list("big", "new", name,
	    sizeof(name)) == 1, "%s", ans.text);
	CHECK(strstr(name, ",S=100002") != NULL, "size in %s", name);
	(void)snprintf(path, sizeof(path), "mail/big/new/%s", name);
	(void)box_read(path, big, n);
	for (p = big + 1; *p == '\n'; p++)
		;
	CHECK(big[0] == 'x' && p == big + 100001 && strcmp(p, "\r") == 0,
	    "contents differ at %zu", (size_t)(p - big));
	(void)fclose(fp);
	free(big);
}

enum thing { LINK, DANGLING, FIFO, PLAIN, STRANGER, HARD, DIRECTORY, THINGS };

/* Put a thing where the delivery wants to go. */
static int
place(enum thing thing, const char *path)
{
	switch (thing) {
	case LINK:
		return (symlink("/../../../../../../../../../tmp", path));
	case DANGLING:
		return (symlink("nowhere", path));
	case FIFO:
		return (mkfifo(path, 0600));
	case PLAIN:
		box_write(path, "text\n");
		return (0);
	case STRANGER:
		return (mkdir(path, 0777) == -1 || chown(path, 12345, 12345));
	case HARD:
		return (link("out/hard", path));
	default:
		return (mkdir(path, 0700));
	}
}

/* Every component, every thing: no delivery, and nothing outside. */
static void
test_in_the_way(void)
{
	static const char *const parts[] = { "", "/d", "/d/tmp", "/d/new",
	    "/d/cur", "/d/maildirsize", "/d/new/NAME" };
	struct maildir_answer	 ans;
	struct maildir_ask	 ask;
	char			 at[64], box[64], path[256];
	size_t			 i;
	int			 thing;

	box_write("out/hard", "50000S\n10 1\n");
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		for (thing = 0; thing < THINGS; thing++) {
			/* what a part may well be, or root may not test */
			if ((i < 5 && (thing == DIRECTORY ||
			    thing == HARD)) || (i == 5 && thing == PLAIN) ||
			    (thing == STRANGER && geteuid() != 0))
				continue;
			(void)snprintf(box, sizeof(box), "w%zu-%d/d", i,
			    thing);
			(void)snprintf(at, sizeof(at), "mail/w%zu-%d", i,
			    thing);
			if (i > 0 && mkdir(at, 0700) == -1)
				fatal("%s", at);
			(void)snprintf(path, sizeof(path), "%s/d", at);
			if (i > 1 && mkdir(path, 0700) == -1)
				fatal("%s", path);
			(void)snprintf(path, sizeof(path), "%s%s", at,
			    parts[i]);
			if (i == 6) {
				(void)snprintf(path, sizeof(path),
				    "%s/d/new", at);
				if (mkdir(path, 0700) == -1)
					fatal("%s", path);
				(void)snprintf(path, sizeof(path), "%s/d/new/"
				    "1800000000.M0000000000000007R1I2."
				    "mx.own.example,S=%zu", at, strlen(want));
			}
			if (place((enum thing)thing, path) != 0)
				fatal("%s", path);
			box_ask(&ask, box, 7);
			ask.quota = i == 5 ? 50000 : 0;
			maildir_deliver(&ask, &ans);
			CHECK(ans.status == DELIVER_TEMPFAIL &&
			    strstr(ans.text, ": ") != NULL,
			    "%s with a thing %d: status %d \"%s\"", parts[i],
			    thing, (int)ans.status, ans.text);
			(void)snprintf(path, sizeof(path), "%s/d/new", at);
			CHECK(i == 3 || i == 6 || box_list(box, "new", NULL,
			    0) <= 0, "%s %d: delivered", parts[i], thing);
			CHECK(i == 2 || box_list(box, "tmp", NULL, 0) <= 0,
			    "%s %d: rest in tmp", parts[i], thing);
		}
	CHECK(strcmp(box_read("out/hard", path, sizeof(path)),
	    "50000S\n10 1\n") == 0, "the hard link was written to");
}

/* What a killed process left. */
static void
test_leftovers(void)
{
	struct timespec		 old[2] = { { 1000000000, 0 },
				    { 1000000000, 0 } };
	struct maildir_answer	 ans;
	struct maildir_ask	 ask;

	box_ask(&ask, "left", 1);
	maildir_deliver(&ask, &ans);
	CHECK(ans.status == DELIVER_OK, "%s", ans.text);
	ask.id = 9;
	box_write("mail/left/tmp/1800000000.M0000000000000009R1I2."
	    "mx.own.example.0123456789abcdef0", "half");
	box_write("mail/left/tmp/other.young", "theirs");
	box_write("mail/left/tmp/other.old", "theirs");
	if (utimensat(AT_FDCWD, "mail/left/tmp/other.old", old, 0) == -1)
		fatal("utimensat");
	maildir_deliver(&ask, &ans);
	CHECK(ans.status == DELIVER_OK && box_list("left", "new", NULL, 0) ==
	    2, "%s", ans.text);
	CHECK(box_list("left", "tmp", NULL, 0) == 1 &&
	    access("mail/left/tmp/other.young", F_OK) == 0,
	    "%d files in tmp", box_list("left", "tmp", NULL, 0));
}

int
main(void)
{
	log_init("deliver", 1, 0);
	maildir_init();
	box_open();
	test_plain();
	test_copy();
	test_in_the_way();
	test_leftovers();
	box_close();
	return (check_done("deliver_maildir"));
}
