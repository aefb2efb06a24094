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
 * Questions in flight: order of replies, the window, waits, late and lost
 * answers, and sessions that end meanwhile.
 */

#include "regress/unit/check.h"
#include "regress/unit/front_wall.h"

#define EHLO	"EHLO client.test\r\n"
#define MAIL	"MAIL FROM:<a@b.test>\r\n"
#define GOOD	"RCPT TO:<good@own.test>\r\n"
#define BAD	"RCPT TO:<bad@own.test>\r\n"
#define WAIT	"RCPT TO:<wait@own.test>\r\n"

static void
begin(void)
{
	wall_connect(NULL);
	CHECK(strcmp(wall_line(EHLO MAIL), "250|250 2.1.0|") == 0, "begin");
}

static void
end(void)
{
	wall.hold = 0;
	wall_settle();
	wall_leave();
	CHECK(session_count() == 0, "sessions left");
}

static void
test_order(void)
{
	begin();
	wall.hold = 1;
	CHECK(strcmp(wall_line(GOOD BAD "RCPT TO:<b@@>\r\n" GOOD "NOOP\r\n"),
	    "") == 0, "replied before the answer");
	CHECK(wall.nasks == 3, "%zu questions", wall.nasks);
	CHECK(wall_answer(2) == 0, "third");
	wall_settle();
	CHECK(wall.nsaid == 0, "the last came first: %s", wall.said);
	CHECK(wall_answer(1) == 0, "second");
	CHECK(strcmp(wall_line(""), "") == 0, "the second came first");
	CHECK(wall_answer(0) == 0, "first");
	CHECK(strcmp(wall_line(""),
	    "250 2.1.5|550 5.1.1|501 5.1.3|250 2.1.5|250 2.0.0|") == 0,
	    "order: %s", wall.said);
	end();
}

/* Figures do not depend on how the input was cut. */
static void
test_figures(void)
{
	uint64_t	 before = front_stats.rcpts_refused;

	begin();
	(void)wall_line(GOOD "RCPT TO:<b@@>\r\n" BAD);
	CHECK(front_stats.rcpts_refused == before + 1, "%llu in one piece",
	    (unsigned long long)(front_stats.rcpts_refused - before));
	(void)wall_line(GOOD);
	(void)wall_line("RCPT TO:<b@@>\r\n");
	(void)wall_line(BAD);
	CHECK(front_stats.rcpts_refused == before + 2, "%llu line by line",
	    (unsigned long long)(front_stats.rcpts_refused - before - 1));
	end();
}

static void
test_strangers(void)
{
	struct wbuf	 w;
	struct wall_ask	 copy;

	begin();
	wall.hold = 1;
	(void)wall_line(GOOD);
	copy = wall.asks[0];
	copy.body = NULL;
	wbuf_init(&w);
	CHECK(wall_answer_raw(0, PROC_QUEUE, MSG_POLICY_RCPT_ANSWER, -1,
	    &w) == -1, "an answer from the wrong process was taken");
	wall.asks[wall.nasks++] = copy;
	wbuf_init(&w);
	wbuf_u8(&w, 99);
	CHECK(wall_answer_raw(0, PROC_POLICY, MSG_POLICY_RCPT_ANSWER, -1,
	    &w) == -1, "a malformed answer was taken");
	/* that ends a process: nobody else will answer this one */
	session_free(session_first(), "test");
	wall_leave();
	wall.hold = 0;
	CHECK(session_count() == 0, "sessions left");
}

static void
test_window(void)
{
	char	 group[200 * sizeof(GOOD) + 16] = "";
	char	 want[200 * 10 + 16] = "";
	int	 i;

	for (i = 0; i < 200; i++) {
		(void)strlcat(group, i % 3 == 2 ? BAD : GOOD, sizeof(group));
		(void)strlcat(want, i % 3 == 2 ? "550 5.1.1|" : "250 2.1.5|",
		    sizeof(want));
	}
	(void)strlcat(group, "DATA\r\n", sizeof(group));
	(void)strlcat(want, "354|", sizeof(want));
	begin();
	wall.most = 0;
	CHECK(strcmp(wall_line(group), want) == 0, "window: %s", wall.said);
	CHECK(wall.most == SESSION_ASKED_MAX, "%zu at once", wall.most);
	CHECK(strcmp(wall_line("x\r\n.\r\n"), "250 2.0.0|") == 0, "data");
	CHECK(wall.noted == 134 && wall.committed.rcpts == 134,
	    "%u noted", wall.noted);
	end();
}

static void
test_waits(void)
{
	uint64_t	 from;
	const char	*got;

	begin();
	from = clock_mono();
	got = wall_line(GOOD WAIT GOOD WAIT "NOOP\r\n");
	CHECK(strcmp(got,
	    "250 2.1.5|550 5.1.1|250 2.1.5|550 5.1.1|250 2.0.0|") == 0,
	    "waits: %s", got);
	CHECK(clock_mono() - from >= 2 * WALL_WAIT, "waited %llu ms",
	    (unsigned long long)(clock_mono() - from));

	/* the first reply does not wait for the second */
	wall.nsaid = 0;
	wall.hold = 1;
	wall_say(GOOD WAIT, sizeof(GOOD WAIT) - 1, 0);
	while (wall.nasks < 2)
		wall_turn();
	(void)wall_answer(0);
	(void)wall_answer(0);
	wall_turn();
	CHECK(strncmp(wall.said, "250 2.1.5", 9) == 0 &&
	    strstr(wall.said, "550") == NULL, "held back: %s", wall.said);
	wall.hold = 0;
	wall_settle();
	CHECK(strstr(wall.said, "\r\n550 5.1.1") != NULL, "the wait");
	end();
}

static void
test_deadline(void)
{
	struct wall_ask	 late;
	struct proc_msg	 m;
	struct rcpt_answer a;
	struct wbuf	 w;

	begin();
	wall.hold = 1;
	(void)wall_line(GOOD);
	late = wall.asks[0];
	wall.nasks = 0;
	free(late.body);
	pending_expire(clock_mono() + 2 * PENDING_FRONT);
	CHECK(strcmp(wall_line(""), "451 4.3.0|") == 0, "deadline: %s",
	    wall.said);
	memset(&a, 0, sizeof(a));
	wbuf_init(&w);
	msg_put_rcpt_answer(&w, &a);
	memset(&m, 0, sizeof(m));
	m.from = PROC_POLICY;
	m.id = late.id;
	m.fd = -1;
	rbuf_init(&m.body, w.data, w.len);
	CHECK(pending_take(&m) == 0, "a late answer is not malformed");
	wbuf_free(&w);
	CHECK(strcmp(wall_line(""), "") == 0, "a late answer was heard");
	CHECK(tx_accepted(session_first()->tx) == 0, "and accepted");
	end();
}

/* Policy dies and comes back: it knows nothing, what is accepted stays. */
static void
test_policy_gone(void)
{
	unsigned int	 notes;

	begin();
	CHECK(strcmp(wall_line(GOOD), "250 2.1.5|") == 0, "first");
	wall.hold = 1;
	(void)wall_line(GOOD);
	wall.nasks = 0;
	free(wall.asks[0].body);
	wall.down[PROC_POLICY] = 1;
	pending_peer_gone(PROC_POLICY, 0);
	front_peer(PROC_POLICY, 0, 0);
	wall.hold = 0;
	wall_wait(50);
	CHECK(strncmp(wall.said, "451 4.3.0 ", 10) == 0, "in flight: %s",
	    wall.said);
	wall.nsaid = 0;
	wall_say(GOOD, sizeof(GOOD) - 1, 0);
	wall_wait(50);
	CHECK(strncmp(wall.said, "451 4.3.0 ", 10) == 0, "down: %s",
	    wall.said);
	notes = wall.notes[MSG_FRONT_SESSION_NOTE];
	wall.down[PROC_POLICY] = 0;
	front_peer(PROC_POLICY, 0, 1);
	CHECK(strcmp(wall_line(GOOD), "451 4.3.0|") == 0, "lost: %s",
	    wall.said);
	CHECK(wall.notes[MSG_FRONT_SESSION_NOTE] == notes, "asked in vain");
	CHECK(strcmp(wall_line("DATA\r\n"), "354|") == 0, "DATA");
	CHECK(strcmp(wall_line("x\r\n.\r\n"), "250 2.0.0|") == 0 &&
	    wall.noted == 1, "what was accepted is lost");
	CHECK(strcmp(wall_line(MAIL GOOD), "250 2.1.0|250 2.1.5|") == 0,
	    "the next transaction");
	CHECK(wall.notes[MSG_FRONT_SESSION_NOTE] == notes + 1,
	    "not introduced anew");
	end();
}

/* The session ends with any number of questions in flight. */
static void
test_leave(void)
{
	static const char *const	 groups[] = {
		EHLO, EHLO MAIL, EHLO MAIL GOOD BAD GOOD,
		EHLO MAIL GOOD "DATA\r\n", EHLO "VRFY two\r\n"
	};
	unsigned int	 aborts;
	size_t		 i, j, answered;

	for (i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		for (j = 0; j < 5; j++) {
			wall.hold = 1;
			wall_connect(NULL);
			(void)wall_line(groups[i]);
			for (answered = 0; answered < j && wall.nasks > 0;
			    answered++) {
				(void)wall_answer(0);
				wall_settle();
			}
			aborts = wall.notes[MSG_FRONT_ABORT_NOTE];
			close(wall.client);
			wall.client = -1;
			session_free(session_first(), "test");
			CHECK(session_count() == 0, "sessions left");
			if (wall.nasks == 1 &&
			    wall.asks[0].type == MSG_FRONT_DATA_ASK)
				aborts++;
			while (wall.nasks > 0)
				CHECK(wall_answer(0) == 0, "late answer");
			CHECK(wall.notes[MSG_FRONT_ABORT_NOTE] >= aborts,
			    "a file of queue is left open");
			wall_settle();
		}
	wall.hold = 0;
}

/* One who shuts its side still hears what it asked for. */
static void
test_half_closed(void)
{
	wall_connect(NULL);
	wall.nsaid = 0;
	wall.hold = 1;
	wall_say(EHLO MAIL GOOD, sizeof(EHLO MAIL GOOD) - 1, 0);
	(void)shutdown(wall.client, SHUT_WR);
	wall_settle();
	CHECK(session_count() == 1, "ended before its answers");
	wall.hold = 0;
	wall_settle();
	CHECK(strstr(wall.said, "\r\n250 2.1.5") != NULL && wall.eof,
	    "half closed: %s", wall.said);
	wall_leave();
	CHECK(session_count() == 0, "half closed session stays");
}

int
main(void)
{
	wall_init();
	test_order();
	test_figures();
	test_strangers();
	test_window();
	test_waits();
	test_deadline();
	test_policy_gone();
	test_leave();
	test_half_closed();
	return (check_done("front_pipeline"));
}
