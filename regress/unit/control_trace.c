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
 * Traces in the control process: who may, how many, one that is not read,
 * one that leaves, one whose session or front is gone.
 */

#include "control/command.h"
#include "regress/unit/control_wall.h"

#define ROWS	(48 * 1024)	/* octets of a full note */

static uint64_t	 number;	/* of the trace that was begun last */

/* Behind the wall: a policy and a front. */
int
proc_peer_up(enum proc_id id, unsigned int inst)
{
	return (inst == 0 && (id == PROC_POLICY || id == PROC_FRONT));
}

/* Whoever was asked has so many sessions; 0 when nobody was. */
static int
answer(uint32_t sessions)
{
	struct trace_answer	 a = { sessions };
	struct proc_msg		 m;
	struct wbuf		 w;
	void			*arg = asked_arg;

	if (arg == NULL)
		return (0);
	asked_arg = NULL;
	memset(&m, 0, sizeof(m));
	m.from = PROC_FRONT;
	wbuf_init(&w);
	msg_put_trace_answer(&w, &a);
	rbuf_init(&m.body, w.data, w.len);
	CHECK(asked_cb(arg, &m) == 0, "an answer is refused");
	wbuf_free(&w);
	turn();
	return (1);
}

static void
begin(struct frame_conn *c, const char *whom, uint32_t sessions)
{
	ask(c, client(0), "trace", whom, NULL);
	number++;
	CHECK(answer(0) && answer(sessions) && !answer(0),
	    "not one policy and one front were asked");
}

/* Front tells of len octets. */
static void
tell(uint64_t id, size_t len, uint32_t lost, uint8_t over)
{
	static char		 text[ROWS];
	struct trace_told	 told = { lost, over };
	struct proc_msg		 m;
	struct wbuf		 w;

	memset(&m, 0, sizeof(m));
	m.from = PROC_FRONT;
	m.id = id;
	wbuf_init(&w);
	msg_put_trace_told(&w, &told);
	if (len != 0) {
		memset(text, 'x', len);
		text[len] = '\0';
		row_str(&w, "what", text);
		row_end(&w);
	}
	rbuf_init(&m.body, w.data, w.len);
	CHECK(command_take_trace(&m) == 0 && rbuf_done(&m.body),
	    "what front tells is refused");
	wbuf_free(&w);
	turn();
}

/* Rows that are there to be read; their lost events, and the end. */
static unsigned int
heard(struct frame_conn *c, int64_t *lost, int *status)
{
	struct end_answer	 end;
	struct row_field	 f;
	struct frame		 frame;
	struct rbuf		 r;
	unsigned int		 n = 0, turns;

	*status = -1;
	for (turns = 0; turns < 50; turns++) {
		turn();
		(void)frame_fill(c, WIRE_MAX);
		while (frame_next(c, &frame, WIRE_MAX) == FRAME_OK) {
			turns = 0;
			rbuf_init(&r, frame.body, frame.len);
			if (frame.type == MSG_CONTROL_END_ANSWER) {
				if (msg_get_end(&r, &end) == 0)
					*status = end.status;
				continue;
			}
			n++;
			while (row_next(&r, &f) == 1)
				if (strcmp(f.key, "events") == 0)
					*lost += f.number;
		}
	}
	return (n);
}

static int
refused(uid_t uid, const char *whom)
{
	struct frame_conn	 c;
	int			 status;

	ask(&c, client(uid), "trace", whom, NULL);
	status = end_status(&c);
	frame_close(&c);
	turn();
	return (status);
}

static void
test_words(void)
{
	CHECK(refused(12345, "127.0.0.1") == EX_NOPERM, "for everybody");
	CHECK(refused(0, "x") == EX_USAGE && refused(0, "") == EX_USAGE &&
	    refused(0, "0000000000000000") == EX_USAGE &&
	    refused(0, "10.0.0.0/33") == EX_USAGE, "words");
	CHECK(asked == 0, "%u were asked", asked);
}

static void
test_places(void)
{
	struct frame_conn	 c[8];
	size_t			 i;

	for (i = 0; i < 8; i++)
		begin(&c[i], "::/0", 0);
	CHECK(refused(0, "::/0") == EX_TEMPFAIL, "a ninth");
	for (i = 0; i < 8; i++)
		frame_close(&c[i]);
	turn();
	CHECK(trace_changes[TRACE_END] == 16, "%u are told of the end",
	    trace_changes[TRACE_END]);
	tell(1, 10, 0, 0);
	trace_changes[TRACE_END] = 0;
}

static void
test_stuck(void)
{
	struct frame_conn	 c;
	int64_t			 lost = 0;
	int			 status;
	unsigned int		 n, rows;

	begin(&c, "127.0.0.0/8", 1);
	for (n = 0; n < 100 && trace_changes[TRACE_PAUSE] == 0; n++)
		tell(number, ROWS - 1, 0, 0);
	CHECK(trace_changes[TRACE_PAUSE] == 2, "nobody has to wait: %u of %u",
	    trace_changes[TRACE_PAUSE], n);
	tell(number, 10, 0, 0);
	tell(number, 10, 7, 0);
	CHECK(trace_changes[TRACE_PAUSE] == 2 &&
	    trace_changes[TRACE_GO_ON] == 0,
	    "they are told again");
	rows = heard(&c, &lost, &status);
	CHECK(rows == n + 2 && lost == 9, "%u rows of %u, %lld lost", rows, n,
	    (long long)lost);
	CHECK(trace_changes[TRACE_GO_ON] == 2, "it does not go on");
	tell(number, 10, 3, 0);
	rows = heard(&c, &lost, &status);
	CHECK(rows == 2 && lost == 12 && status == -1, "%u rows, %lld lost",
	    rows, (long long)lost);
	for (n = 0; n < 100 && trace_changes[TRACE_PAUSE] == 2; n++)
		tell(number, ROWS - 1, 0, 0);
	CHECK(trace_changes[TRACE_PAUSE] == 4, "the second time");
	frame_close(&c);
	turn();
	CHECK(trace_changes[TRACE_END] == 2, "one that leaves unread stays");
}

static void
test_session(void)
{
	struct frame_conn	 c;
	int64_t			 lost = 0;
	unsigned int		 rows;
	int			 status;

	CHECK(trace_changes[TRACE_END] == 2, "before");
	begin(&c, "00000000000000a1", 0);
	CHECK(end_status(&c) == EX_DATAERR, "a session that nobody has");
	frame_close(&c);
	begin(&c, "00000000000000a1", 1);
	tell(number, 10, 2, 1);
	rows = heard(&c, &lost, &status);
	CHECK(rows == 3 && lost == 2 && status == EX_OK,
	    "the end of a session: %u rows, %d", rows, status);
	frame_close(&c);
	begin(&c, "00000000000000a1", 1);
	command_trace_gone(PROC_FRONT, 1);
	command_trace_gone(PROC_POLICY, 0);
	(void)heard(&c, &lost, &status);
	CHECK(status == -1, "others are gone");
	command_trace_gone(PROC_FRONT, 0);
	(void)heard(&c, &lost, &status);
	CHECK(status == EX_UNAVAILABLE, "its front is gone");
	frame_close(&c);
	/* over before all have answered */
	ask(&c, client(0), "trace", "00000000000000a1", NULL);
	number++;
	CHECK(answer(0), "policy is not asked");
	tell(number, 0, 0, 1);
	CHECK(!answer(1), "an answer is waited for");
	(void)heard(&c, &lost, &status);
	CHECK(status == EX_OK, "over at once");
	frame_close(&c);
	turn();
	CHECK(trace_changes[TRACE_END] == 10, "%u ends",
	    trace_changes[TRACE_END]);
}

/* One that comes anew is told of all, and that nobody reads. */
static void
test_anew(void)
{
	struct frame_conn	 c;
	unsigned int		 before, n;

	begin(&c, "::1", 0);
	before = asked;
	command_trace_peer(PROC_POLICY, 0);
	CHECK(asked == before + 1, "a new policy is not told");
	asked_arg = NULL;
	trace_changes[TRACE_PAUSE] = 0;
	for (n = 0; n < 100 && trace_changes[TRACE_PAUSE] == 0; n++)
		tell(number, ROWS - 1, 0, 0);
	command_trace_peer(PROC_FRONT, 0);
	CHECK(asked == before + 2 && trace_changes[TRACE_PAUSE] == 3,
	    "a new front is not told to pause");
	frame_close(&c);
	turn();
	command_trace_peer(PROC_FRONT, 0);
	CHECK(asked == before + 2, "it is told of one that is gone");
}

int
main(void)
{
	event_init();
	control_conf.prefork = 1;
	listen_here();
	test_words();
	test_places();
	test_stuck();
	test_session();
	test_anew();
	unlisten();
	return (check_done("control_trace"));
}
