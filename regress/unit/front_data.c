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
 * Messages: what is stored, what is refused, and what becomes of a text
 * when queue, disk or client fail.
 */

#include "regress/unit/check.h"
#include "regress/unit/front_wall.h"

#define EHLO	"EHLO client.test\r\n"
#define MAIL	"MAIL FROM:<a@b.test>\r\n"
#define GOOD	"RCPT TO:<good@own.test>\r\n"
#define TEXT	"Subject: x\r\n\r\nhello\r\n"

/* Up to the 354 of a message to one recipient. */
static void
begin(void)
{
	wall_connect(NULL);
	CHECK(strcmp(wall_line(EHLO MAIL GOOD "DATA\r\n"),
	    "250|250 2.1.0|250 2.1.5|354|") == 0, "begin: %s", wall.said);
}

/* After any final reply nothing is left of the transaction. */
static void
after(const char *what)
{
	CHECK(session_first()->tx == NULL, "%s: tx", what);
	CHECK(strcmp(wall_line(GOOD "DATA\r\n" MAIL GOOD "RSET\r\n"),
	    "503 5.5.1|503 5.5.1|250 2.1.0|250 2.1.5|250 2.0.0|") == 0,
	    "%s: then %s", what, wall.said);
	wall_leave();
	CHECK(session_count() == 0, "%s: sessions", what);
}

static const char *
body(void)
{
	const char	*text = wall_text(wall.files), *p;

	p = strstr(text, "Subject: ");
	return (p == NULL ? text : p);
}

static void
test_stored(size_t step)
{
	const char	*text;

	begin();
	CHECK(strcmp(wall_ask(TEXT "..dot\r\n.\r\n", sizeof(TEXT) + 9, step),
	    "250 2.0.0|") == 0, "stored: %s", wall.said);
	text = wall_text(wall.files);
	CHECK(strncmp(text, "Received: from client.test ", 27) == 0 &&
	    strstr(text, "[192.0.2.1]") != NULL &&
	    strstr(text, "for <good@own.test>") != NULL &&
	    strstr(text, "ESMTP") != NULL, "header: %s", text);
	CHECK(strcmp(body(), TEXT ".dot\r\n") == 0, "text: %s", body());
	CHECK(wall.committed.size == strlen(text) &&
	    wall.committed.id == wall.files &&
	    strcmp(wall.committed.sender.local, "a") == 0, "commit");
	CHECK(wall.noted == 1 && wall.envelope.id == wall.files &&
	    strcmp(wall.envelope.rcpt.local, "good") == 0 &&
	    strcmp(wall.envelope.directory, "accounts") == 0 &&
	    strcmp(wall.envelope.orcpt, "rfc822;good@own.test") == 0,
	    "envelope %s", wall.envelope.orcpt);
	after("stored");
}

static void
test_parameters(void)
{
	wall_connect(NULL);
	(void)wall_line(EHLO
	    "MAIL FROM:<> BODY=8BITMIME RET=HDRS ENVID=abc SMTPUTF8\r\n"
	    "RCPT TO:<good+1@own.test> NOTIFY=NEVER ORCPT=rfc822;x@y\r\n"
	    "RCPT TO:<drop@own.test>\r\nRCPT TO:<dup@own.test>\r\nDATA\r\n");
	CHECK(strcmp(wall_line(".\r\n"), "250 2.0.0|") == 0, "empty: %s",
	    wall.said);
	CHECK(wall.committed.body8 && wall.committed.smtputf8 &&
	    wall.committed.ret == TX_RET_HDRS &&
	    strcmp(wall.committed.envid, "abc") == 0 &&
	    wall.committed.sender.local[0] == '\0', "commit");
	CHECK(wall.noted == 1 && wall.envelope.notify == NOTIFY_NEVER &&
	    strcmp(wall.envelope.orcpt, "rfc822;x@y") == 0, "envelope");
	CHECK(strstr(wall_text(wall.files), "UTF8SMTP") != NULL &&
	    strstr(wall_text(wall.files), "for <") == NULL, "header: %s",
	    wall_text(wall.files));
	after("parameters");
}

static void
test_discarded(void)
{
	unsigned int	 aborts;

	wall_connect(NULL);
	aborts = wall.notes[MSG_FRONT_ABORT_NOTE];
	(void)wall_line(EHLO MAIL "RCPT TO:<drop@own.test>\r\nDATA\r\n");
	wall.committed.id = 0;
	CHECK(strcmp(wall_line(TEXT ".\r\n"), "250 2.0.0|") == 0, "discard");
	CHECK(wall.committed.id == 0 && wall.noted == 0, "stored");
	CHECK(wall.notes[MSG_FRONT_ABORT_NOTE] == aborts + 1, "file left");
	after("discarded");
}

/* A refused text is read to its end, and the session goes on. */
static void
test_refused(const char *what, const char *text, const char *reply)
{
	unsigned int	 aborts;

	begin();
	aborts = wall.notes[MSG_FRONT_ABORT_NOTE];
	wall.committed.id = 0;
	CHECK(strcmp(wall_line(text), reply) == 0, "%s: %s", what, wall.said);
	CHECK(wall.committed.id == 0, "%s: was stored", what);
	CHECK(wall.notes[MSG_FRONT_ABORT_NOTE] == aborts + 1, "%s: %u aborts",
	    what, wall.notes[MSG_FRONT_ABORT_NOTE] - aborts);
	after(what);
}

static void
test_too_big(void)
{
	char	 text[4096];

	memset(text, 'x', sizeof(text));
	memcpy(text + 2000, "\r\nMAIL FROM:<evil>\r\n.\r\n", 24);
	wall.max_size = 1000;
	test_refused("too big", text, "552 5.3.4|");
	memset(text, 'x', sizeof(text));
	memcpy(text + 998, "\r\n.\r\n", 6);
	begin();
	CHECK(strcmp(wall_line(text), "250 2.0.0|") == 0, "just fits");
	after("just fits");
	wall.max_size = 0;
}

static void
test_loop(void)
{
	static char	 text[300 * 20];
	int		 i;

	text[0] = '\0';
	for (i = 0; i <= TX_HOPS_MAX; i++)
		(void)strlcat(text, i % 2 ? "Received: x\r\n" :
		    "RECEIVED: y\r\n z\r\n", sizeof(text));
	(void)strlcat(text, "\r\n.\r\n", sizeof(text));
	test_refused("loop", text, "554 5.4.6|");
	/* the same words in the body, or inside a line, are no hops */
	text[0] = '\0';
	(void)strlcat(text, "X-Received: a\r\n\r\n", sizeof(text));
	for (i = 0; i <= TX_HOPS_MAX; i++)
		(void)strlcat(text, "Received: x\r\n", sizeof(text));
	(void)strlcat(text, ".\r\n", sizeof(text));
	begin();
	CHECK(strcmp(wall_ask(text, strlen(text), 7), "250 2.0.0|") == 0,
	    "no loop: %s", wall.said);
	after("no loop");
}

static void
test_queue_fails(void)
{
	static const enum tx_status	 status[] = { TX_FULL, TX_TEMPFAIL };
	static const char *const	 replies[] = {
		"452 4.3.1|", "451 4.3.0|"
	};
	size_t				 i;

	for (i = 0; i < 2; i++) {
		wall_connect(NULL);
		wall.open = status[i];
		(void)wall_line(EHLO MAIL GOOD);
		CHECK(strcmp(wall_line("DATA\r\n"), replies[i]) == 0,
		    "open: %s", wall.said);
		wall.open = TX_OK;
		after("open");
		begin();
		wall.commit = status[i];
		CHECK(strcmp(wall_line(TEXT ".\r\n"), replies[i]) == 0,
		    "commit: %s", wall.said);
		wall.commit = TX_OK;
		after("commit");
	}
	wall.spool = "/dev/full";
	test_refused("disk full", TEXT ".\r\n", "452 4.3.1|");
	wall.spool = NULL;
}

/* Queue dies with the text half there; nothing is given up at the new one. */
static void
test_queue_gone(void)
{
	unsigned int	 aborts = wall.notes[MSG_FRONT_ABORT_NOTE];

	begin();
	(void)wall_line("Subject: half\r\n");
	wall.down[PROC_QUEUE] = 1;
	pending_peer_gone(PROC_QUEUE, 0);
	front_peer(PROC_QUEUE, 0, 0);
	wall.down[PROC_QUEUE] = 0;
	front_peer(PROC_QUEUE, 0, 1);
	wall.committed.id = 0;
	CHECK(strcmp(wall_line("\r\n.\r\n"), "451 4.3.0|") == 0, "gone: %s",
	    wall.said);
	CHECK(wall.committed.id == 0, "asked the new one");
	CHECK(wall.notes[MSG_FRONT_ABORT_NOTE] == aborts, "abort at it");
	after("gone");

	begin();
	wall.hold = 1;
	(void)wall_line(TEXT ".\r\n");
	CHECK(wall.nasks == 1, "commit not asked");
	wall.nasks = 0;
	free(wall.asks[0].body);
	pending_peer_gone(PROC_QUEUE, 0);
	front_peer(PROC_QUEUE, 0, 1);
	wall.hold = 0;
	wall_wait(50);
	CHECK(strncmp(wall.said, "451 4.3.0 ", 10) == 0, "in flight: %s",
	    wall.said);
	CHECK(wall.notes[MSG_FRONT_ABORT_NOTE] == aborts, "abort again");
	after("in flight");
}

/* No answer in time is 451, and the message is not to come after all. */
static void
test_queue_slow(void)
{
	unsigned int	 aborts = wall.notes[MSG_FRONT_ABORT_NOTE];

	begin();
	wall.hold = 1;
	(void)wall_line(TEXT ".\r\n");
	CHECK(wall.nasks == 1, "commit not asked");
	pending_expire(clock_mono() + PENDING_FRONT + 1);
	wall.hold = 0;
	wall_wait(50);
	CHECK(strncmp(wall.said, "451 4.3.0 ", 10) == 0, "slow: %s",
	    wall.said);
	CHECK(wall.notes[MSG_FRONT_ABORT_NOTE] == aborts + 1, "not taken back");
	after("slow");
}

/* Octets that come before the 354 are never text. */
static void
test_before_354(void)
{
	unsigned int	 aborts = wall.notes[MSG_FRONT_ABORT_NOTE];

	wall_connect(NULL);
	wall.committed.id = 0;
	CHECK(strcmp(wall_line(EHLO MAIL GOOD "DATA\r\n" TEXT ".\r\nQUIT\r\n"),
	    "250|250 2.1.0|250 2.1.5|421 4.5.0|x") == 0, "one write: %s",
	    wall.said);
	CHECK(wall.committed.id == 0 &&
	    wall.notes[MSG_FRONT_ABORT_NOTE] == aborts + 1, "stored");
	wall_leave();

	/* the same when they are still in the kernel */
	wall_connect(NULL);
	wall.hold = 1;
	(void)wall_line(EHLO);
	(void)wall_answer(0);
	(void)wall_line(MAIL);
	(void)wall_answer(0);
	(void)wall_line(GOOD);
	(void)wall_answer(0);
	(void)wall_line("DATA\r\n");
	CHECK(send(wall.client, TEXT, sizeof(TEXT) - 1, 0) > 0, "send");
	(void)wall_answer(0);
	wall.hold = 0;
	CHECK(strcmp(wall_line(""), "421 4.5.0|x") == 0, "kernel: %s",
	    wall.said);
	wall_leave();
	CHECK(session_count() == 0, "sessions left");
}

static void
test_client_leaves(void)
{
	unsigned int	 aborts = wall.notes[MSG_FRONT_ABORT_NOTE];

	begin();
	(void)wall_line("Subject: half\r\n.\r");
	wall_leave();
	CHECK(session_count() == 0, "stays");
	CHECK(wall.notes[MSG_FRONT_ABORT_NOTE] == aborts + 1, "no abort");
	begin();
	(void)wall_line("a\nb\r\n.\r\n");
	wall_leave();
	CHECK(wall.notes[MSG_FRONT_ABORT_NOTE] == aborts + 2, "bare LF");
}

/* At the end of the service a commit in flight is still answered. */
static void
test_shutdown(void)
{
	begin();
	wall.hold = 1;
	(void)wall_line(TEXT ".\r\n");
	session_finish_all(REPLY_SHUTDOWN);
	CHECK(strcmp(wall_line(""), "") == 0, "broken off");
	wall.hold = 0;
	CHECK(strcmp(wall_line(""), "250 2.0.0|") == 0, "no 250: %s",
	    wall.said);
	session_finish_all(REPLY_SHUTDOWN);
	CHECK(strcmp(wall_line(""), "421 4.3.2|x") == 0, "no 421: %s",
	    wall.said);
	wall_leave();
}

static void
test_many_groups(void)
{
	begin();
	CHECK(strcmp(wall_line(TEXT ".\r\n" MAIL GOOD GOOD "DATA\r\n"),
	    "250 2.0.0|250 2.1.0|250 2.1.5|250 2.1.5|354|") == 0,
	    "next group: %s", wall.said);
	CHECK(strcmp(wall_line(TEXT ".\r\nRSET\r\n"),
	    "250 2.0.0|250 2.0.0|") == 0, "last group: %s", wall.said);
	CHECK(wall.noted == 2, "%u noted", wall.noted);
	after("groups");
}

/* What a submission lacks is added, however it comes; strangers wait. */
static void
test_submission(size_t step)
{
	static const char	 text[] = "Subject: x\r\n\r\nDate: y\r\n.\r\n";
	static const char	 all[] = "Date: x\r\nMessage-ID: y\r\n"
				    "\r\n.\r\n";
	const char		*got;

	wall_listener.submission = 1;
	wall_connect(NULL);
	CHECK(strcmp(wall_line(EHLO MAIL GOOD "VRFY a\r\nDATA\r\nRSET\r\n"),
	    "250|530 5.7.0|530 5.7.0|530 5.7.0|530 5.7.0|250 2.0.0|") == 0,
	    "strangers: %s", wall.said);
	if ((session_first()->login = strdup("ann")) == NULL)
		abort();
	(void)wall_line(MAIL GOOD "DATA\r\n");
	CHECK(strcmp(wall_ask(text, sizeof(text) - 1, step), "250 2.0.0|") ==
	    0, "submission: %s", wall.said);
	got = strstr(wall_text(wall.files), "Subject: ");
	CHECK(got != NULL && strncmp(got, "Subject: x\r\nDate: ", 18) == 0 &&
	    strncmp(got + 12 + 39, "Message-ID: <", 13) == 0 &&
	    strstr(got, "@mx.test>\r\n\r\nDate: y\r\n") != NULL &&
	    strlen(wall_text(wall.files)) == wall.committed.size,
	    "added: %s", wall_text(wall.files));
	(void)wall_line(MAIL GOOD "DATA\r\n");
	CHECK(strcmp(wall_ask(all, sizeof(all) - 1, step), "250 2.0.0|") == 0,
	    "all is there: %s", wall.said);
	got = strstr(wall_text(wall.files), "Date: x");
	CHECK(got != NULL && strcmp(got, "Date: x\r\nMessage-ID: y\r\n\r\n") ==
	    0, "nothing to add: %s", wall_text(wall.files));
	(void)wall_line(MAIL GOOD "DATA\r\n");
	CHECK(strcmp(wall_line(".\r\n"), "250 2.0.0|") == 0 &&
	    strstr(wall_text(wall.files), "\r\nDate: ") != NULL,
	    "an empty one: %s", wall_text(wall.files));
	wall_leave();
	wall_listener.submission = 0;
}

int
main(void)
{
	size_t	 step;

	wall_init();
	test_submission(0);
	test_submission(1);
	test_submission(7);
	for (step = 0; step < 5; step++)
		test_stored(step);
	test_parameters();
	test_discarded();
	test_too_big();
	test_loop();
	test_queue_fails();
	test_queue_gone();
	test_queue_slow();
	test_before_354();
	test_client_leaves();
	test_shutdown();
	test_many_groups();
	return (check_done("front_data"));
}
