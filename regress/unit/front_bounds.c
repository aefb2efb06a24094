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
 * What bounds a session: descriptors and its duration.
 */

#include "regress/unit/check.h"
#include "regress/unit/front_wall.h"

#define EHLO	"EHLO client.test\r\n"
#define MAIL	"MAIL FROM:<a@b.test>\r\n"
#define GOOD	"RCPT TO:<good@own.test>\r\n"
#define TEXT	"Subject: x\r\n\r\nhello\r\n.\r\n"

/* A text that has no descriptor left is a 451, and nobody is asked. */
static void
test_texts(void)
{
	uint64_t	 files = wall.files;
	int		 n;

	wall_connect(NULL);
	for (n = 0; files_take(FILES_TEXT) == 0; n++)
		;
	CHECK(n > 0, "no text at all");
	CHECK(strcmp(wall_line(EHLO MAIL GOOD "DATA\r\n"),
	    "250|250 2.1.0|250 2.1.5|451 4.3.0|") == 0, "none left: %s",
	    wall.said);
	CHECK(wall.files == files, "queue was asked");
	files_give();
	CHECK(strcmp(wall_line(MAIL GOOD "DATA\r\n"),
	    "250 2.1.0|250 2.1.5|354|") == 0, "one left: %s", wall.said);
	CHECK(files_take(FILES_TEXT) == -1, "not counted");
	CHECK(strcmp(wall_line(TEXT), "250 2.0.0|") == 0, "text");
	CHECK(files_take(FILES_TEXT) == 0, "not given back");
	while (n-- > 0)
		files_give();
	wall_leave();
}

/* However a transaction ends, its descriptor is given back. */
static void
test_given_back(void)
{
	static const char *const	 ends[] = {
		TEXT, "a\nb", "x\r\n"
	};
	size_t				 i;
	int				 n, before;

	for (before = 0; files_take(FILES_TEXT) == 0; before++)
		;
	for (n = before; n > 0; n--)
		files_give();
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		wall_connect(NULL);
		(void)wall_line(EHLO MAIL GOOD "DATA\r\n");
		(void)wall_line(ends[i]);
		wall_leave();
	}
	wall.open = TX_FULL;
	wall_connect(NULL);
	(void)wall_line(EHLO MAIL GOOD "DATA\r\n");
	wall_leave();
	wall.open = TX_OK;
	/* the session goes while queue is being asked */
	wall_connect(NULL);
	(void)wall_line(EHLO MAIL GOOD);
	wall.hold = 1;
	(void)wall_line("DATA\r\n");
	session_free(session_first(), "test");
	wall.hold = 0;
	wall_leave();
	for (n = 0; files_take(FILES_TEXT) == 0; n++)
		;
	CHECK(n == before, "%d left of %d", n, before);
	for (; n > 0; n--)
		files_give();
}

/* Sessions leave some for the texts. */
static void
test_sessions(void)
{
	int	 n, texts;

	for (n = 0; files_take(FILES_SESSION) == 0; n++)
		;
	for (texts = 0; files_take(FILES_TEXT) == 0; texts++)
		;
	CHECK(n > 0 && texts > 0, "%d sessions, %d texts", n, texts);
	for (n += texts; n > 0; n--)
		files_give();
}

/* A session that is over by its duration hears first of its message. */
static void
test_duration(void)
{
	front_conf.duration = 60;
	wall_connect(NULL);
	(void)wall_line(EHLO MAIL GOOD "DATA\r\n");
	wall.hold = 1;
	CHECK(strcmp(wall_line(TEXT), "") == 0, "duration: %s", wall.said);
	wall_wait(100);
	CHECK(wall.nsaid == 0, "broken off: %s", wall.said);
	wall.hold = 0;
	wall_wait(20);
	CHECK(strncmp(wall.said, "250 2.0.0 ", 10) == 0 &&
	    strstr(wall.said, "\r\n421 4.4.2 ") != NULL && wall.eof,
	    "duration: %s", wall.said);
	wall_leave();
	front_conf.duration = 3600000;
	CHECK(session_count() == 0, "sessions left");
}

/* Much that was held is used in order, and a part of a line is kept. */
static void
test_held(void)
{
	char	 group[12 * 1024] = GOOD;
	size_t	 n;

	for (n = sizeof(GOOD) - 1; n < sizeof(group) - 16; n += 6)
		memcpy(group + n, "NOOP\r\n", 6);
	memcpy(group + n, "QUI", 3);
	wall_connect(NULL);
	(void)wall_line(EHLO MAIL);
	wall.hold = 1;
	CHECK(strcmp(wall_ask(group, n + 3, 0), "") == 0, "held: %s",
	    wall.said);
	CHECK(session_early(session_first()) == n + 3 - (sizeof(GOOD) - 1),
	    "%zu held", session_early(session_first()));
	wall.hold = 0;
	wall_settle();
	CHECK(session_early(session_first()) == 3, "%zu kept",
	    session_early(session_first()));
	CHECK(strcmp(wall_line("T\r\n"), "221 2.0.0|x") == 0, "QUIT");
	wall_leave();
}

int
main(void)
{
	wall_init();
	test_texts();
	test_given_back();
	test_sessions();
	test_duration();
	test_held();
	return (check_done("front_bounds"));
}
