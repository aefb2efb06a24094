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
 * Traces in front: what of a session is told, in which order, what is not,
 * and what becomes of it when nobody reads.
 */

#include "regress/unit/check.h"
#include "regress/unit/front_wall.h"
#include "smtpd/base/watch.h"
#include "smtpd/front/front_trace.h"
#include "smtpd/msg/msg_auth.h"
#include "smtpd/msg/msg_control.h"
#include "smtpd/msg/msg_trace.h"

#define EHLO	"EHLO client.test\r\n"

static char		 told[65536];	/* "step what;", of all rows */
static struct trace_told head;		/* of the last note */
static uint64_t		 told_to;
static uint32_t		 lost;
static size_t		 backlog;	/* of control */

size_t
proc_backlog(enum proc_id id, unsigned int inst)
{
	return (id == PROC_CONTROL ? backlog : 0);
}

static void
add(const char *text, size_t len)
{
	size_t	 have = strlen(told);

	if (len >= sizeof(told) - have)
		abort();
	memcpy(told + have, text, len);
	told[have + len] = '\0';
}

static int
sent(uint32_t type, uint64_t id, struct wbuf *body)
{
	struct row_field	 f;
	struct rbuf		 r;
	char			 octets[16];

	if (type != MSG_FRONT_TRACE_NOTE)
		return (0);
	told_to = id;
	rbuf_init(&r, body->data, body->len);
	if (msg_get_trace_told(&r, &head) == -1)
		abort();
	lost += head.lost;
	while (row_more(&r)) {
		while (row_next(&r, &f) == 1)
			if (strcmp(f.key, "octets") == 0) {
				(void)snprintf(octets, sizeof(octets),
				    "[%d]", (int)f.number);
				add(octets, strlen(octets));
			} else if (strcmp(f.key, "what") == 0)
				add(f.value, f.len);
			else if (strcmp(f.key, "step") == 0) {
				add(f.value, f.len);
				add(" ", 1);
			}
		add(";", 1);
	}
	return (1);
}

static int
take(int (*taker)(struct proc_msg *), const struct wbuf *w, size_t len)
{
	struct proc_msg	 m;
	uint8_t		*copy = malloc(len == 0 ? 1 : len);
	int		 ret;

	memset(&m, 0, sizeof(m));
	m.fd = -1;
	memcpy(copy, w->data, len);
	rbuf_init(&m.body, copy, len);
	ret = taker(&m);
	if (ret == 0 && !rbuf_done(&m.body))
		ret = -1;
	free(copy);
	return (ret);
}

static void
watch(uint64_t number, uint64_t session)
{
	struct trace_ask	 ask = { .number = number };
	struct wbuf		 w;

	ask.session = session;
	ask.net.ip.family = 4;
	wbuf_init(&w);
	msg_put_trace_ask(&w, &ask);
	CHECK(take(front_take_trace_ask, &w, w.len) == 0, "ask");
	wbuf_free(&w);
}

static void
change(uint64_t number, enum trace_change what)
{
	struct trace_note	 note = { number, what };
	struct wbuf		 w;

	wbuf_init(&w);
	msg_put_trace_note(&w, &note);
	CHECK(take(front_take_trace_note, &w, w.len) == 0, "note");
	wbuf_free(&w);
}

/* What is told while the client says that, so many octets at a time. */
static const char *
said(const char *text, size_t step)
{
	told[0] = '\0';
	(void)wall_ask(text, strlen(text), step);
	return (told);
}

static void
test_lines(void)
{
	size_t	 step;

	for (step = 0; step < 4; step++) {
		told[0] = '\0';
		wall_connect(NULL);
		CHECK(strcmp(told, "client 192.0.2.1;reply 220 mx.test "
		    "ESMTP;") == 0, "%s", told);
		(void)said(EHLO, step);
		CHECK(strstr(said("NOOP\r\nRSET now\r\n", step),
		    "command NOOP;reply 250 2.0.0 Ok;command RSET now;reply "
		    "501 ") == told, "%s", told);
		CHECK(strstr(said("WHAT\001\377\r\n", step),
		    "command WHAT\001\377;reply 500 ") == told, "%s", told);
		CHECK(strstr(said("MAIL FROM:<a@b.test>\r\n"
		    "RCPT TO:<good@own.test>\r\nDATA\r\n", step),
		    "command DATA;reply 354 ") != NULL, "%s", told);
		CHECK(strstr(said("secret text\r\n.\r\n", step),
		    "text received[13];reply 250 ") == told, "%s", told);
		CHECK(strstr(said("QUIT\r\n", step), "command QUIT;reply "
		    "221 2.0.0 Bye;") == told, "%s", told);
		wall_leave();
		CHECK(strstr(told, ";end ") != NULL, "%s", told);
	}
	wall_connect(NULL);
	CHECK(strstr(said("NO\nOP\r\n", 0), "command [") == told, "%s", told);
	wall_leave();
}

static void
answer(enum auth_result result)
{
	struct auth_answer	 a;
	struct wbuf		 w;

	memset(&a, 0, sizeof(a));
	a.result = result;
	wbuf_init(&w);
	msg_put_auth_answer(&w, &a);
	CHECK(wall_answer_raw(0, PROC_POLICY, MSG_POLICY_AUTH_ANSWER, -1,
	    &w) == 0, "answer");
	wall_settle();
}

static void
test_secrets(void)
{
	static char	 line[20000];
	size_t		 step;

	(void)strlcpy(wall_listener.auth, "accounts",
	    sizeof(wall_listener.auth));
	wall_listener.auth_clear = 1;
	for (step = 0; step < 3; step++) {
		wall_connect(NULL);
		(void)said(EHLO, step);
		CHECK(strcmp(said("WHAT\r\n", step), "command [4];reply 500 "
		    "5.5.2 Unknown command;") == 0, "%s", told);
		CHECK(strstr(said("AUTH AGFubgBwZW5jaWw=\r\n", step),
		    "command AUTH[17];reply 504 ") == told, "%s", told);
		CHECK(strstr(said("AUTH LOGIN\r\n", step), "command AUTH "
		    "LOGIN;reply 334[12];") == told, "%s", told);
		CHECK(strstr(said("YW5u\r\n", step), "command [4];reply "
		    "334[12];") == told, "%s", told);
		CHECK(strstr(said("*\r\n", step), "command *;reply 501 ") ==
		    told, "%s", told);
		memset(line, 'a', sizeof(line) - 3);
		memcpy(line, "AUTH PLAIN ", 11);
		memcpy(line + sizeof(line) - 3, "\r\n", 3);
		CHECK(strstr(said(line, step == 0 ? 0 : 999), "command [") ==
		    told && strstr(told, "aaa") == NULL, "%s", told);
		wall.hold = 1;
		CHECK(strcmp(said("auth plain AGFubgBwZW5jaWw=\r\n", step),
		    "command auth plain[17];") == 0, "%s", told);
		wall.hold = 0;
		answer(AUTH_OK);
		CHECK(strstr(told, "login ann;reply 235 ") != NULL, "%s",
		    told);
		wall_leave();
	}
	wall_listener.auth[0] = '\0';
	wall_connect(NULL);
	CHECK(strstr(said(" AUTH PLAIN x\r\n", 0), "command [13];") == told,
	    "%s", told);
	CHECK(strstr(said("AUTH PLAIN x\r\ncGVuY2ls\r\n", 0), "command "
	    "[8];") != NULL, "%s", told);
	wall_leave();
}

/* Policy tells of a session: whole rows of one that is watched. */
static void
test_steps(void)
{
	struct steps_note	 note = { 0, 0 };
	struct wbuf		 w;
	size_t			 n, rows;

	wall_connect(NULL);
	note.session = session_first()->id;
	note.lost = 5;
	wbuf_init(&w);
	msg_put_steps(&w, &note);
	rows = w.len;
	row_str(&w, "step", "fold");
	row_str(&w, "what", "a@b.test");
	row_end(&w);
	told[0] = '\0';
	lost = 0;
	CHECK(take(front_take_steps, &w, w.len) == 0, "steps are refused");
	CHECK(strcmp(told, "fold a@b.test;") == 0 && lost == 5, "%s", told);
	for (n = 0; n < w.len; n++)
		CHECK(take(front_take_steps, &w, n) == (n == rows ? 0 : -1),
		    "%zu octets of them", n);
	wbuf_u8(&w, 99);
	CHECK(take(front_take_steps, &w, w.len) == -1, "an octet more");
	wbuf_free(&w);
	note.session++;
	wbuf_init(&w);
	msg_put_steps(&w, &note);
	told[0] = '\0';
	CHECK(take(front_take_steps, &w, w.len) == 0 && told[0] == '\0',
	    "a session that is not there");
	wbuf_free(&w);
	wall_leave();
}

static void
test_unread(void)
{
	wall_connect(NULL);
	(void)said("NOOP\r\n", 0);
	lost = 0;
	change(1, TRACE_PAUSE);
	CHECK(said("NOOP\r\nNOOP\r\n", 0)[0] == '\0', "told: %s", told);
	change(1, TRACE_GO_ON);
	CHECK(strncmp(said("HELP\r\n", 0), "command HELP;", 13) == 0 &&
	    lost == 4, "%u lost of 4: %s", lost, told);
	backlog = TRACE_BACKLOG + 1;
	CHECK(said("NOOP\r\n", 0)[0] == '\0', "told: %s", told);
	backlog = 0;
	(void)said("NOOP\r\n", 0);
	CHECK(lost == 6, "%u lost of 6", lost);
	/* another one watches this session alone, and hears of its end */
	told[0] = '\0';
	watch(2, session_first()->id);
	CHECK(strcmp(told, "client 192.0.2.1;") == 0 && told_to == 2, "%s",
	    told);
	change(1, TRACE_PAUSE);
	change(2, TRACE_PAUSE);
	head.over = 0;
	told[0] = '\0';
	lost = 0;
	wall_leave();
	CHECK(told[0] == '\0' && head.over && told_to == 2 && lost == 1,
	    "its end is not told");
	change(1, TRACE_GO_ON);
	change(2, TRACE_END);
	wall_connect(NULL);
	CHECK(told_to == 1 && !head.over, "told to %d", (int)told_to);
	wall_leave();
}

int
main(void)
{
	wall_init();
	wall.sent = sent;
	watch(1, 0);
	test_lines();
	test_secrets();
	test_steps();
	test_unread();
	wall_connect(NULL);
	front_peer(PROC_CONTROL, 0, 0);
	CHECK(watch_all == 0 && session_first()->watched == 0 &&
	    said("NOOP\r\n", 0)[0] == '\0', "control is gone: %s", told);
	wall_leave();
	return (check_done("front_trace"));
}
