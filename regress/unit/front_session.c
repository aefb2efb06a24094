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
 * Dialogues: which reply each command gets, and that it is the same however
 * the octets are cut.
 */

#include "regress/unit/check.h"
#include "regress/unit/front_wall.h"

#define GROUPS	6
#define EHLO	"EHLO client.test\r\n"
#define MAIL	"MAIL FROM:<a@b.test>\r\n"
#define GOOD	"RCPT TO:<good@own.test>\r\n"
#define BAD	"RCPT TO:<bad@own.test>\r\n"
#define TEXT	"Subject: x\r\n\r\nhello\r\n.\r\n"
#define OK	"250 2.0.0|"
#define SENDER	"250 2.1.0|"
#define RCPT	"250 2.1.5|"

struct group {
	const char	*say;
	size_t		 len;		/* 0: strlen */
	const char	*replies;
};

/* Each line is one connection; each group is said when the last is done. */
static const struct group	 dialogues[][GROUPS] = {
	/* order of commands */
	{ { "NOOP\r\nnoop  \r\nNOOP x y\r\nHELP\r\nRSET\r\n", 0,
	    OK OK OK "214 2.0.0|" OK } },
	{ { MAIL GOOD "DATA\r\n", 0,
	    "503 5.5.1|503 5.5.1|503 5.5.1|" } },
	{ { EHLO "RCPT\r\n" GOOD "DATA\r\n" MAIL "DATA\r\n", 0,
	    "250|503 5.5.1|503 5.5.1|503 5.5.1|" SENDER "503 5.5.1|" } },
	{ { EHLO MAIL MAIL "RSET\r\n" MAIL, 0,
	    "250|" SENDER "503 5.5.1|" OK SENDER } },
	{ { "HELO client.test\r\n" MAIL GOOD EHLO GOOD, 0,
	    "250|" SENDER RCPT "250|503 5.5.1|" } },
	{ { EHLO MAIL "VRFY two\r\nEXPN more\r\nVRFY none\r\n" GOOD, 0,
	    "250|" SENDER "250 2.1.5|252 2.1.5|550 5.1.1|" RCPT } },
	{ { EHLO "VRFY\r\nEXPN \r\nSTARTTLS\r\nSTARTTLS x\r\nAUTH PLAIN\r\n"
	    "BDAT 1 LAST\r\nLHLO x\r\n", 0,
	    "250|501 5.5.4|501 5.5.4|502 5.5.1|501 5.5.4|502 5.5.1|"
	    "502 5.5.1|502 5.5.1|" } },
	{ { "EHLO\r\nHELO \r\nEHLO a b\r\nEHLO a\"b\r\nEHLO my_pc\r\n"
	    "EHLO [192.0.2.1]\r\nEHLO \303\251.test\r\nEHLO \377\r\n", 0,
	    "501 5.5.2|501 5.5.2|501 5.5.4|501 5.5.4|250|250|250|"
	    "501 5.5.4|" } },
	{ { "\r\nX-SPECIAL\r\nDATA_\r\nNOO\r\nRSET x\r\nQUIT x\r\nDATA x\r\n"
	    "QUIT\r\nNOOP\r\n", 0,
	    "500 5.5.2|500 5.5.2|500 5.5.2|500 5.5.2|501 5.5.4|501 5.5.4|"
	    "501 5.5.4|221 2.0.0|x" } },
	/* MAIL and its parameters */
	{ { EHLO "MAIL FROM:<@>\r\nMAIL TO:<a@b.test>\r\n"
	    "MAIL FROM:<a@b.test> FOO=1\r\nMAIL FROM:<a@b.test> BODY=\r\n"
	    "MAIL FROM:<evil@b.test>\r\nMAIL FROM:<\303\251@b.test>\r\n"
	    "MAIL FROM:<\303\251@b.test> SMTPUTF8\r\n", 0,
	    "250|501 5.1.7|501 5.5.2|555 5.5.4|501 5.5.4|550 5.7.1|"
	    "501 5.1.7|" SENDER } },
	{ { EHLO "MAIL FROM:<> SIZE=1001\r\nMAIL FROM:<> SIZE=1000\r\n"
	    "RSET\r\nMAIL FROM:<> SIZE=99999999999999999999\r\n", 0,
	    "250|552 5.3.4|" SENDER OK "552 5.3.4|" } },
	/* RCPT: order of its steps, verdicts and their words */
	{ { EHLO "RCPT TO:<b@@c>\r\n" MAIL "RCPT\r\nRCPT TO:\r\n"
	    "RCPT TO:<b@@c>\r\nRCPT TO:<b@c.test> FOO\r\n"
	    "RCPT TO:<b@c.test> NOTIFY=\r\nRCPT TO:<b@c.test>x\r\n"
	    "RCPT TO:<\303\251@c.test>\r\nRCPT TO:<postmaster>\r\n", 0,
	    "250|503 5.5.1|" SENDER "501 5.5.2|501 5.5.2|501 5.1.3|"
	    "555 5.5.4|501 5.5.4|501 5.5.4|501 5.1.3|550 5.7.1|" } },
	{ { EHLO MAIL GOOD BAD "RCPT TO:<b@@c>\r\n"
	    "RCPT TO:<dup@c.test>\r\nRCPT TO:<drop@c.test>\r\n"
	    "RCPT TO:<text@c.test>\r\nRCPT TO:<off@c.test>\r\n"
	    "RCPT TO:<temp@c.test>\r\nRCPT TO:<x@away.test>\r\nNOOP\r\n", 0,
	    "250|" SENDER RCPT "550 5.1.1|501 5.1.3|" RCPT RCPT
	    "450 4.7.8|550 5.2.1|451 4.4.3|550 5.7.1|" OK } },
	{ { EHLO MAIL GOOD "RCPT TO:<wait@c.test>\r\n" GOOD "NOOP\r\n", 0,
	    "250|" SENDER RCPT "550 5.1.1|" RCPT OK } },
	{ { EHLO MAIL GOOD "RCPT TO:<last@c.test>\r\n" GOOD "QUIT\r\n", 0,
	    "250|" SENDER RCPT "550 5.1.1|421 4.7.0|x" } },
	{ { EHLO "MAIL FROM:<bye@b.test>\r\nNOOP\r\n", 0,
	    "250|421 4.7.9|x" } },
	{ { EHLO MAIL "RCPT TO:<bye@c.test>\r\nNOOP\r\n", 0,
	    "250|" SENDER "421 4.7.9|x" } },
	/* DATA */
	{ { EHLO MAIL GOOD "DATA\r\n", 0, "250|" SENDER RCPT "354|" },
	  { TEXT GOOD "DATA\r\n" MAIL GOOD "NOOP\r\n", 0,
	    OK "503 5.5.1|503 5.5.1|" SENDER RCPT OK } },
	{ { EHLO MAIL BAD "DATA\r\n" GOOD "DATA\r\n", 0,
	    "250|" SENDER "550 5.1.1|503 5.5.1|" RCPT "354|" },
	  { TEXT MAIL GOOD "DATA\r\n", 0, OK SENDER RCPT "354|" },
	  { ".\r\nQUIT\r\n", 0, OK "221 2.0.0|x" } },
	{ { EHLO MAIL "RCPT TO:<drop@c.test>\r\nDATA\r\n", 0,
	    "250|" SENDER RCPT "354|" },
	  { TEXT GOOD, 0, OK "503 5.5.1|" } },
	{ { EHLO MAIL GOOD "DATA\r\n", 0, "250|" SENDER RCPT "354|" },
	  { "a\r\n. \r\n.\t\r\n..\r\n.text\r\n.\r\n", 0, OK } },
	{ { EHLO MAIL GOOD "DATA\r\n", 0, "250|" SENDER RCPT "354|" },
	  { "a\n.\r\n" MAIL, 0, "554 5.6.0|x" } },
	{ { EHLO MAIL GOOD "DATA\r\n", 0, "250|" SENDER RCPT "354|" },
	  { "a\r\n\0.\r\n" MAIL, 7 + sizeof(MAIL) - 1, "554 5.6.0|x" } },
	/* octets that commands may not have */
	{ { EHLO MAIL "NOOP\0\r\nNOOP\r\n",
	    sizeof(EHLO MAIL "NOOP\0\r\nNOOP\r\n") - 1,
	    "250|" SENDER "500 5.5.2|x" } },
	{ { MAIL "NOOP\nNOOP\r\n", 0, "503 5.5.1|500 5.5.2|x" } },
	{ { "NOOP\r\r\nNOOP\r\n", 0, "500 5.5.2|x" } },
	{ { "NO\rOP\r\n", 0, "500 5.5.2|x" } },
	{ { "\n", 0, "500 5.5.2|x" } },
	{ { EHLO MAIL GOOD "RCPT TO:<wait@c.test>\r\nNO\rOP\r\n", 0,
	    "250|" SENDER RCPT "550 5.1.1|500 5.5.2|x" } },
	/* other protocols */
	{ { "GET / HTTP/1.0\r\nHost: x\r\n\r\n", 0, "554 5.5.0|x" } },
	{ { EHLO "POST /x HTTP/1.0\r\n\r\n", 0, "250|554 5.5.0|x" } },
	{ { "\026\003\001\002\0\001\0", 7, "554 5.5.0|x" } },
};

static void
test_dialogues(size_t step)
{
	const struct group	*g;
	const char		*got;
	size_t			 i, j;

	wall.max_size = 1000;
	for (i = 0; i < sizeof(dialogues) / sizeof(dialogues[0]); i++) {
		wall_connect(NULL);
		CHECK(strcmp(wall.said, "220 mx.test ESMTP\r\n") == 0,
		    "greeting %s", wall.said);
		for (j = 0; j < GROUPS; j++) {
			g = &dialogues[i][j];
			if (g->say == NULL)
				break;
			got = wall_ask(g->say, g->len == 0 ? strlen(g->say) :
			    g->len, step);
			CHECK(strcmp(got, g->replies) == 0,
			    "dialogue %zu.%zu step %zu: %s wanted %s", i, j,
			    step, got, g->replies);
		}
		wall_leave();
		CHECK(session_count() == 0, "dialogue %zu left sessions", i);
	}
}

static void
test_long_lines(size_t step)
{
	static char	 line[70000];
	const char	*got;

	memset(line, 'A', sizeof(line));
	wall_connect(NULL);
	memcpy(line + 2048, "\r\nNOOP\r\n", 8);
	got = wall_ask(line, 2056, step);
	CHECK(strcmp(got, "500 5.5.2|" OK) == 0, "2048: %s", got);
	memset(line, 'A', sizeof(line));
	memcpy(line + 2049, "\r\nNOOP\r\n", 8);
	got = wall_ask(line, 2057, step);
	CHECK(strcmp(got, "500 5.5.2|" OK) == 0, "2049: %s", got);
	memset(line, 'A', sizeof(line));
	memcpy(line + 65536, "\r\nNOOP\r\n", 8);
	got = wall_ask(line, 65544, step == 1 ? 977 : step);
	CHECK(strcmp(got, "500 5.5.2|" OK) == 0, "65536: %s", got);
	line[2500] = '\0';
	got = wall_ask(line, 3000, step);
	CHECK(strcmp(got, "500 5.5.2|x") == 0, "NUL in a long line: %s", got);
	wall_leave();
}

static void
test_endless_line(void)
{
	static char	 line[2 * 1024 * 1024];
	const char	*got;

	memset(line, 'A', sizeof(line));
	wall_connect(NULL);
	got = wall_ask(line, sizeof(line), 0);
	CHECK(strcmp(got, "421 4.7.0|x") == 0, "endless line: %s", got);
	wall_leave();
	CHECK(session_count() == 0, "endless line left a session");
}

static void
test_rubbish(void)
{
	char	 line[SESSION_BAD_MAX * 3 + 16] = "";
	int	 i;

	wall_connect(NULL);
	for (i = 0; i < SESSION_BAD_MAX - 1; i++)
		(void)strlcat(line, "X\r\n", sizeof(line));
	(void)wall_line(line);
	CHECK(!wall.eof, "closed after %d", i);
	CHECK(strcmp(wall_line("NOOP\r\n"), OK) == 0, "NOOP");
	(void)wall_line(line);
	CHECK(!wall.eof, "a good command did not count");
	CHECK(strcmp(wall_line("X\r\nNOOP\r\n"), "500 5.5.2|421 4.7.0|x") == 0,
	    "rubbish goes on");
	wall_leave();
}

static void
test_words(void)
{
	wall.max_size = 12345;
	wall_connect(NULL);
	(void)wall_line(EHLO);
	CHECK(strcmp(wall.said, "250-mx.test\r\n250-PIPELINING\r\n"
	    "250-SIZE 12345\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n"
	    "250-ENHANCEDSTATUSCODES\r\n250-DSN\r\n250-LIMITS RCPTMAX=100\r\n"
	    "250-HELP\r\n250-VRFY\r\n250 EXPN\r\n") == 0, "EHLO: %s",
	    wall.said);
	(void)wall_line("VRFY two\r\n");
	CHECK(strcmp(wall.said, "250-2.1.5 <a@b.test>\r\n"
	    "250 2.1.5 <c@d.test>\r\n") == 0, "VRFY: %s", wall.said);
	(void)wall_line("EXPN more\r\n");
	CHECK(strncmp(wall.said, "252-2.1.5 <a@b.test>\r\n"
	    "252-2.1.5 <c@d.test>\r\n252 2.1.5 ", 54) == 0, "EXPN: %s",
	    wall.said);
	(void)wall_line(MAIL);
	(void)wall_line("RCPT TO:<text@x.test>\r\n");
	CHECK(strcmp(wall.said, "450-4.7.8 one\r\n450 4.7.8 two\r\n") == 0,
	    "script: %s", wall.said);
	(void)wall_line("RCPT TO:<off@x.test>\r\n");
	CHECK(strcmp(wall.said, "550-5.2.1 moved\r\n550 5.2.1 away?\r\n") ==
	    0, "directory: %s", wall.said);
	wall_leave();
	wall.max_size = 0;
}

/* Whatever policy says of a name, there is one reply and no more. */
static void
test_verdicts(void)
{
	const char	*got;
	char		 line[32];
	int		 i;

	wall_connect(NULL);
	(void)wall_line(EHLO);
	for (i = 0; i < VERDICT_COUNT; i++) {
		(void)snprintf(line, sizeof(line), "VRFY %d\r\n", i);
		got = wall_line(line);
		CHECK(strlen(got) == 10 && got[9] == '|', "VRFY, verdict %d: "
		    "%s", i, got);
	}
	wall_leave();
}

static void
test_early(void)
{
	wall_connect("EHLO x\r\nMAIL FROM:<>\r\n");
	CHECK(strncmp(wall.said, "554 5.5.0 ", 10) == 0 && wall.eof &&
	    strchr(wall.said, '\n') == wall.said + wall.nsaid - 1,
	    "early talker: %s", wall.said);
	wall_leave();
	CHECK(session_count() == 0, "early talker stays");
}

static void
test_deadlines(void)
{
	front_conf.timeout = 200;
	wall_connect(NULL);
	wall_wait(400);
	CHECK(strstr(wall.said, "\r\n421 4.4.2 ") != NULL && wall.eof,
	    "timeout: %s", wall.said);
	wall_leave();

	/* who waits for us is not timed out */
	wall_connect(NULL);
	wall.hold = 1;
	(void)wall_line(EHLO);
	wall_wait(400);
	CHECK(!wall.eof, "timeout in a question");
	wall.hold = 0;
	wall_settle();
	CHECK(strncmp(wall.said, "250-", 4) == 0, "answer: %s", wall.said);
	wall_leave();
	front_conf.timeout = 300000;

	front_conf.duration = 200;
	wall_connect(NULL);
	wall_wait(400);
	CHECK(strstr(wall.said, "\r\n421 4.4.2 ") != NULL && wall.eof,
	    "duration: %s", wall.said);
	wall_leave();
	front_conf.duration = 3600000;
	CHECK(session_count() == 0, "deadlines left sessions");
}

/* A client that only talks is not read for ever, nor is it held for ever. */
static void
test_deaf_client(void)
{
	static char	 noops[600 * 1024];
	size_t		 i, sent = 0;
	ssize_t		 n;

	for (i = 0; i + 6 <= sizeof(noops); i += 6)
		memcpy(noops + i, "NOOP\r\n", 6);
	front_conf.timeout = 100;
	wall_connect(NULL);
	for (i = 0; i < 3000; i++) {
		n = send(wall.client, noops, 6000, MSG_NOSIGNAL);
		sent += n > 0 ? (size_t)n : 0;
		(void)event_loop(EVLOOP_NONBLOCK);
		session_turns();
	}
	CHECK(sent < 4 * 1024 * 1024, "%zu octets were read", sent);
	usleep(120000);
	for (i = 0; i < 10; i++) {
		(void)event_loop(EVLOOP_NONBLOCK);
		session_turns();
	}
	usleep((SESSION_LINGER + 100) * 1000);
	for (i = 0; i < 10; i++) {
		(void)event_loop(EVLOOP_NONBLOCK);
		session_turns();
	}
	CHECK(session_count() == 0, "a deaf client is kept");
	front_conf.timeout = 300000;
	wall_leave();
}

static void
test_shutdown(void)
{
	wall_connect(NULL);
	(void)wall_line(EHLO MAIL GOOD "DATA\r\n");
	(void)wall_line("text\r\n");
	session_finish_all(REPLY_SHUTDOWN);
	wall_settle();
	CHECK(strncmp(wall.said, "421 4.3.2 ", 10) == 0 && wall.eof,
	    "shutdown: %s", wall.said);
	CHECK(wall.notes[MSG_FRONT_ABORT_NOTE] > 0, "no abort at shutdown");
	wall_leave();
}

int
main(void)
{
	static const size_t	 steps[] = { 0, 1, 2, 5, 13 };
	size_t			 i;

	wall_init();
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		test_dialogues(steps[i]);
		test_long_lines(steps[i]);
	}
	test_endless_line();
	test_rubbish();
	test_words();
	test_verdicts();
	test_early();
	test_deadlines();
	test_deaf_client();
	test_shutdown();
	CHECK(session_count() == 0, "sessions left");
	return (check_done("front_session"));
}
