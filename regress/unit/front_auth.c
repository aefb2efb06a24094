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
 * AUTH in front, in every cut: what policy is asked, what comes too early,
 * who leaves in between, and what waits.
 */

#include "regress/unit/check.h"
#include "regress/unit/front_wall.h"
#include "smtpd/msg/msg_auth.h"

#define EHLO	"EHLO client.test\r\n"
#define LOGIN	"AUTH PLAIN AGFubgBwZW5jaWw=\r\n"	/* ann, pencil */

static struct auth_ask	 asked;

/* Say it; what policy is asked then, or 0. */
static int
asks(const char *text, size_t step)
{
	struct rbuf	 r;

	wall.hold = 1;
	(void)wall_ask(text, strlen(text), step);
	wall.hold = 0;
	if (wall.nasks != 1 || wall.asks[0].type != MSG_FRONT_AUTH_ASK)
		return (0);
	rbuf_init(&r, wall.asks[0].body, wall.asks[0].len);
	CHECK(msg_get_auth_ask(&r, &asked) == 0, "question");
	return (1);
}

/* Policy answers; what the client hears then. */
static const char *
answers(enum auth_result result, uint32_t ms, int last)
{
	struct auth_answer	 a;
	struct wbuf		 w;

	memset(&a, 0, sizeof(a));
	a.result = result;
	a.error = result == AUTH_NO;
	a.wait = ms;
	a.last = (uint8_t)last;
	a.scram.iterations = 4096;
	a.scram.saltlen = 3;
	wbuf_init(&w);
	msg_put_auth_answer(&w, &a);
	wall.nsaid = 0;
	CHECK(wall_answer_raw(0, PROC_POLICY, MSG_POLICY_AUTH_ANSWER, -1,
	    &w) == 0, "answer");
	wall_settle();
	return (wall_codes(wall.said, wall.eof));
}

static void
begin(void)
{
	wall_connect(NULL);
	(void)wall_line(EHLO);
}

static void
test_login(void)
{
	size_t	 step;

	for (step = 0; step < 3; step++) {
		wall_connect(NULL);
		wall.nsaid = 0;
		(void)wall_line(EHLO);
		CHECK(strstr(wall.said, "AUTH PLAIN LOGIN SCRAM-SHA-256") !=
		    NULL, "not offered: %s", wall.said);
		CHECK(asks(LOGIN, step) && asked.q.step == AUTH_PASSWORD &&
		    strcmp(asked.q.name, "ann") == 0 &&
		    strcmp(asked.q.password, "pencil") == 0, "question");
		CHECK(wall.nsaid == 0, "replied before the answer");
		CHECK(strcmp(answers(AUTH_OK, 0, 0), "235 2.7.0|") == 0,
		    "let in: %s", wall.said);
		CHECK(strcmp(wall.session.login, "ann") == 0 &&
		    strcmp(wall.session.logins, "accounts") == 0,
		    "policy does not hear of it");
		CHECK(strcmp(wall_line(LOGIN), "503 5.5.1|") == 0, "twice");
		CHECK(strcmp(wall_line("MAIL FROM:<a@b.test> AUTH=<>\r\n"),
		    "250 2.1.0|") == 0, "AUTH=: %s", wall.said);
		wall_leave();
	}
}

/* Each message of the client, and one octet or line more. */
static void
test_early(void)
{
	static const char *const	 texts[] = { LOGIN "N",
	    LOGIN "NOOP\r\n",
	    "AUTH LOGIN\r\nYW5u\r\n", "AUTH LOGIN\r\n\r\n",
	    "AUTH NONE\r\nNOOP\r\n", "AUTH\r\nRSET\r\n",
	    "AUTH PLAIN\r\nAGFubgBwZW5jaWw=\r\n" };
	size_t				 i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		begin();
		if (asks(texts[i], 0))
			CHECK(strcmp(answers(AUTH_OK, 0, 0),
			    "421 4.5.0|x") == 0, "%s%s", texts[i],
			    wall.said);
		else
			CHECK(strcmp(wall_codes(wall.said, wall.eof),
			    "421 4.5.0|x") == 0, "%s%s", texts[i],
			    wall.said);
		wall_leave();
	}
	/* while a refusal waits it is the same */
	begin();
	(void)asks(LOGIN, 0);
	CHECK(strcmp(answers(AUTH_NO, 40, 0), "") == 0, "waits");
	(void)wall_line("NOOP\r\n");
	wall_wait(120);
	CHECK(strcmp(wall_codes(wall.said, wall.eof), "421 4.5.0|x") == 0,
	    "not: %s", wall.said);
	wall_leave();
}

static void
test_refused(void)
{
	begin();
	(void)asks(LOGIN, 0);
	CHECK(strcmp(answers(AUTH_NO, 0, 0), "535 5.7.8|") == 0, "wrong");
	CHECK(asks(LOGIN, 0), "again");
	CHECK(strcmp(answers(AUTH_TEMPFAIL, 0, 0), "454 4.7.0|") == 0,
	    "not known: %s", wall.said);
	(void)asks(LOGIN, 0);
	CHECK(strcmp(answers(AUTH_NO, 40, 0), "") == 0, "does not wait");
	wall_wait(120);
	CHECK(strcmp(wall_codes(wall.said, wall.eof), "535 5.7.8|") == 0,
	    "waited: %s", wall.said);
	(void)asks(LOGIN, 0);
	CHECK(strcmp(answers(AUTH_NO, 0, 1), "535 5.7.8|421 4.7.0|x") ==
	    0, "the last: %s", wall.said);
	CHECK(session_first() == NULL || session_first()->auth_errors == 3,
	    "count");
	wall_leave();
	/* policy is not there */
	begin();
	wall.down[PROC_POLICY] = 1;
	CHECK(strcmp(wall_line(LOGIN), "454 4.7.0|") == 0, "down: %s",
	    wall.said);
	wall.down[PROC_POLICY] = 0;
	wall_leave();
}

/* The session goes at every moment. */
static void
test_leaves(void)
{
	static const char *const	 texts[] = { "AUTH PLAIN\r\n",
	    "AUTH LOGIN\r\n", "AUTH LOGIN YW5u\r\n", LOGIN,
	    "AUTH SCRAM-SHA-256 biwsbj1hbm4scj14\r\n", "AUTH PLAIN AGFu" };
	size_t				 i;
	int				 abrupt;

	for (i = 0; i < 2 * sizeof(texts) / sizeof(texts[0]); i++) {
		abrupt = i % 2 == 0;
		begin();
		(void)asks(texts[i / 2], 0);
		wall.hold = 1;
		if (abrupt)
			session_free(session_first(), "test");
		wall_leave();
		if (wall.nasks > 0)
			(void)answers(AUTH_OK, 0, 0);
		wall.hold = 0;
		if (session_first() != NULL)
			session_free(session_first(), "test");
	}
}

static void
test_scram(void)
{
	begin();
	CHECK(asks("AUTH SCRAM-SHA-256 biwsbj1hbm4scj14\r\n", 0) &&
	    asked.q.step == AUTH_SALT && strcmp(asked.q.name, "ann") == 0,
	    "first");
	CHECK(strncmp(answers(AUTH_OK, 0, 0), "334", 3) == 0, "challenge");
	/* another nonce than ours: nobody is asked */
	CHECK(strcmp(wall_line("Yz1iaXdzLHI9eCxwPWR6YlphcFdJazRqVWhOK1V0ZTl5d"
	    "GFnOXpqZk1IZ3NxbW1pejdBbmRWUT0=\r\n"), "501 5.5.2|") == 0,
	    "%s", wall.said);
	CHECK(strcmp(wall_line("NOOP\r\n"), "250 2.0.0|") == 0, "goes on");
	wall_leave();
}

static void
test_long(void)
{
	static char	 line[SASL_LINE_MAX + 16];
	size_t		 step;

	for (step = 0; step < 20000; step += 5001) {
		begin();
		(void)wall_line("AUTH PLAIN\r\n");
		memset(line, 'A', sizeof(line));
		(void)strlcpy(line + SASL_LINE_MAX, "\r\n", 3);
		CHECK(strcmp(wall_ask(line, SASL_LINE_MAX + 2, step),
		    "501 5.5.2|") == 0, "the longest: %s", wall.said);
		(void)wall_line("AUTH PLAIN\r\n");
		memset(line, 'A', sizeof(line));
		(void)strlcpy(line + SASL_LINE_MAX + 4, "\r\n", 3);
		CHECK(strcmp(wall_ask(line, SASL_LINE_MAX + 6, step),
		    "500 5.5.6|") == 0, "longer: %s", wall.said);
		CHECK(strcmp(wall_line("NOOP\r\n"), "250 2.0.0|") == 0,
		    "goes on: %s", wall.said);
		wall_leave();
	}
}

static void
test_listeners(void)
{
	wall_listener.auth_clear = 0;
	begin();
	CHECK(strstr(wall.said, "AUTH") == NULL, "offered in the clear");
	CHECK(strcmp(wall_line(LOGIN), "538 5.7.1|") == 0, "%s", wall.said);
	CHECK(strcmp(wall_line("MAIL FROM:<a@b.test> AUTH=<>\r\n"),
	    "555 5.5.4|") == 0, "AUTH=: %s", wall.said);
	wall_leave();
	wall_listener.auth[0] = '\0';
	begin();
	CHECK(strcmp(wall_line(LOGIN), "502 5.5.1|") == 0, "%s", wall.said);
	wall_leave();
}

int
main(void)
{
	wall_init();
	(void)strlcpy(wall_listener.auth, "accounts",
	    sizeof(wall_listener.auth));
	wall_listener.auth_clear = 1;
	test_login();
	test_early();
	test_refused();
	test_leaves();
	test_scram();
	test_long();
	test_listeners();
	return (check_done("front_auth"));
}
