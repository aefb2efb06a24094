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
 * The control process with hostile clients: rubbish, half messages, floods,
 * descriptors, too many of them.
 */

#include "regress/unit/control_wall.h"

#define FLOOD	100000		/* commands */

static void
test_rubbish(void)
{
	uint8_t		 junk[2048];
	unsigned int	 n, files = open_files();
	size_t		 i;
	uint64_t	 begun = clock_mono();
	int		 fd, witness = client(0);

	srand(1);
	for (n = 0; n < 3000; n++) {
		for (i = 0; i < sizeof(junk); i++)
			junk[i] = (uint8_t)rand();
		/* half of them begin like a frame of ours */
		if (n % 2 == 0) {
			memset(junk, 0, 24);
			junk[2] = MSG_SMTPCTL_COMMAND_ASK >> 8;
			junk[3] = MSG_SMTPCTL_COMMAND_ASK & 255;
			junk[6] = (uint8_t)(n >> 8 & 3);
			junk[7] = (uint8_t)n;
			junk[23] = n % 16 != 0;
		}
		fd = client(n % 3);
		say(fd, junk, sizeof(junk));
		CHECK(gone(fd) || n % 2 == 0, "rubbish %u is listened to", n);
		close(fd);
	}
	turn();
	CHECK(!gone(witness), "another client suffers");
	close(witness);
	turn();
	CHECK(warned >= 1 && warned <= 2 + (clock_mono() - begun) / 1000,
	    "%u lines in the log", warned);
	CHECK(open_files() == files, "%u files, were %u", open_files(),
	    files);
}

static void
test_version(void)
{
	struct command_ask	 a = { .version = MSG_VERSION + 1 };
	struct frame_conn	 c;
	struct wbuf		 w;

	frame_open(&c, client(0));
	wbuf_init(&w);
	msg_put_command(&w, &a);
	frame_put(&c, MSG_SMTPCTL_COMMAND_ASK, 7, -1, w.data, w.len);
	wbuf_free(&w);
	CHECK(frame_flush(&c) == FRAME_OK, "flush");
	CHECK(end_status(&c) == EX_PROTOCOL, "another version");
	frame_close(&c);
	turn();
}

static void
test_rights(void)
{
	static const char *const	 changes[][3] = {
		{ "reload" }, { "stop" }, { "log", "brief" },
		{ "log", "verbose" }, { "queue", "retry", "all" },
		{ "queue", "hold", "all" }, { "queue", "release", "all" },
		{ "queue", "remove", "all" },
	};
	struct frame_conn		 c;
	const char			*words[] = { "directory", "ask", "get",
					    "", "x@example.org", NULL };
	size_t				 i;
	unsigned int			 before = asked;

	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++)
		CHECK(status_of(12345, changes[i][0], changes[i][1],
		    changes[i][2]) == EX_NOPERM, "%s %s for everybody",
		    changes[i][0], changes[i][1]);
	frame(&c, client(12345), words);
	CHECK(frame_flush(&c) == FRAME_OK, "flush");
	CHECK(end_status(&c) == EX_NOPERM, "the directory for everybody");
	frame_close(&c);
	turn();
	CHECK(asked == before && stopped == 0, "done all the same");
	CHECK(status_of(12345, "show", "queue", "zz") == EX_USAGE, "id");
	CHECK(status_of(geteuid(), "log", "brief", NULL) == EX_OK, "owner");
	CHECK(status_of(0, "stop", NULL, NULL) == EX_OK, "root");
	CHECK(stopped == 1, "stop is passed on %u times", stopped);
}

/* A question is under way: nothing else is taken, and leaving is fine. */
static void
test_running(void)
{
	struct frame_conn	 c;

	ask(&c, client(0), "show", "status", NULL);
	CHECK(asked_arg != NULL, "nobody was asked");
	frame_put(&c, MSG_SMTPCTL_COMMAND_ASK, 8, -1, "", 0);
	CHECK(frame_flush(&c) == FRAME_OK, "flush");
	CHECK(gone(c.fd), "a second command beside the first");
	CHECK(asked_arg == NULL, "a client that is gone gets the answer");
	frame_close(&c);
	ask(&c, client(0), "show", "status", NULL);
	CHECK(asked_arg != NULL, "nobody was asked");
	(void)asked_cb(asked_arg, NULL);
	CHECK(end_status(&c) == EX_TEMPFAIL, "a process that says nothing");
	frame_close(&c);
	turn();
}

static void
test_descriptors(void)
{
	struct frame_conn	 c;
	unsigned int		 files = open_files();
	int			 i;

	for (i = 0; i < 100; i++) {
		frame_open(&c, client(0));
		frame_put(&c, MSG_SMTPCTL_COMMAND_ASK, 7, dup(0), "", 0);
		CHECK(frame_flush(&c) == FRAME_OK, "flush");
		CHECK(gone(c.fd), "a descriptor is taken");
		frame_close(&c);
	}
	turn();
	CHECK(open_files() == files, "%u files, were %u", open_files(),
	    files);
}

/* Answers that nobody reads: in the end no more commands are taken. */
static void
test_flood(void)
{
	struct frame_conn	 c, one;
	struct frame		 f;
	const char		*words[] = { "frob", NULL };
	size_t			 sent = 0, answers = 0, len, n;
	ssize_t			 wrote;
	unsigned int		 turns;

	frame(&one, -1, words);
	len = one.outlen;
	frame_open(&c, client(0));
	for (turns = 0; sent < FLOOD * len && turns < 200; turns++) {
		wrote = write(c.fd, one.out + sent % len, len - sent % len);
		if (wrote > 0) {
			sent += (size_t)wrote;
			turns = 0;
		} else
			turn();
	}
	frame_close(&one);
	CHECK(sent < FLOOD * len, "all %zu octets were taken", sent);
	CHECK(status_of(0, "frob", NULL, NULL) == EX_USAGE, "others wait");
	for (turns = 0; turns < 200; turns++) {
		turn();
		if (frame_fill(&c, WIRE_MAX) != FRAME_OK)
			continue;
		for (n = answers; frame_next(&c, &f, WIRE_MAX) == FRAME_OK;)
			answers++;
		if (answers != n)
			turns = 0;
	}
	CHECK(answers == sent / len, "%zu answers to %zu commands", answers,
	    sent / len);
	frame_close(&c);
	turn();
}

static void
test_crowd(void)
{
	int		 fds[64];
	unsigned int	 i, in = 0;

	for (i = 0; i < 12; i++)
		fds[i] = client(1000);
	for (i = 0; i < 12; i++)
		in += !gone(fds[i]);
	CHECK(in == 8, "%u of one user", in);
	for (; i < 64; i++)
		fds[i] = client(2000 + i);
	for (in = i = 0; i < 64; i++)
		in += !gone(fds[i]);
	CHECK(in == 24, "%u of all users", in);
	CHECK(status_of(0, "log", "brief", NULL) == EX_OK,
	    "no room for root");
	for (i = 0; i < 64; i++)
		close(fds[i]);
	turn();
	CHECK(status_of(1000, "frob", NULL, NULL) == EX_USAGE,
	    "no room afterwards");
}

/* More than there are places: those who wait get their turn. */
static void
test_full(void)
{
	struct frame_conn	 c;
	int			 fds[40];
	unsigned int		 i;

	for (i = 0; i < 40; i++)
		fds[i] = client(0);
	ask(&c, fds[39], "log", "brief", NULL);
	CHECK(end_status(&c) == -1, "more than all places are taken");
	for (i = 0; i < 39; i++)
		close(fds[i]);
	turn();
	CHECK(end_status(&c) == EX_OK, "a place is not given on");
	frame_close(&c);
	turn();
}

/* Half a message, then silence: let go, but not while a command runs. */
static void
test_idle(void)
{
	struct frame_conn	 c;
	struct timeval		 tv = { 1, 500000 };
	int			 half, none;

	faster = 60;		/* a minute is a second */
	half = client(0);
	none = client(0);
	say(half, "\0\0\3\204\0\0\0\20", 8);
	ask(&c, client(0), "show", "status", NULL);
	CHECK(!gone(half) && !gone(none), "let go at once");
	(void)event_loopexit(&tv);
	(void)event_dispatch();
	CHECK(gone(half) && gone(none), "idle clients stay for ever");
	CHECK(asked_arg != NULL && !gone(c.fd), "let go while it waits");
	(void)asked_cb(asked_arg, NULL);
	close(half);
	close(none);
	frame_close(&c);
	turn();
}

int
main(void)
{
	event_init();
	control_conf.prefork = 1;
	listen_here();
	test_rubbish();
	test_version();
	test_rights();
	test_running();
	test_descriptors();
	test_flood();
	test_crowd();
	test_full();
	test_idle();
	unlisten();
	return (check_done("control_client"));
}
