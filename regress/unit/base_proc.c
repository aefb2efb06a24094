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
 * Two ends of a connection in one process: order, descriptors, batches,
 * questions and their deadlines, strangers.
 */

#include <sys/types.h>
#include <sys/socket.h>

#include <errno.h>
#include <event.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "regress/unit/check.h"
#include "smtpd/base/clock.h"
#include "smtpd/base/frame.h"
#include "smtpd/base/log.h"
#include "smtpd/base/pending.h"
#include "smtpd/base/proc.h"
#include "smtpd/base/worker.h"

#define T_NOTE	1
#define T_FD	2
#define T_REPLY	3
#define N	20000

static struct frame_conn	 far_end;
static unsigned int		 got, got_fds, answered, failed;

static int
take_note(struct proc_msg *m)
{
	uint32_t	 n = rbuf_u32(&m->body);

	rbuf_skip(&m->body);
	CHECK(n == got, "note %u came as number %u", n, got);
	if (++got == N)
		proc_quit();
	return (0);
}

static int
take_fd(struct proc_msg *m)
{
	char	 c = 0;

	CHECK(read(m->fd, &c, 1) == 1 && c == 'y', "wrong descriptor");
	got_fds++;
	return (0);
}

static const struct proc_route	 routes[] = {
	{ T_NOTE,  PROC_QUEUE, PROC_FD_NONE, take_note },
	{ T_FD,	   PROC_QUEUE, PROC_FD_MUST, take_fd },
	{ T_REPLY, PROC_QUEUE, PROC_FD_NONE, pending_take },
};

static void
connect_far(void)
{
	int	 sv[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, sv) == -1)
		exit(1);
	frame_open(&far_end, sv[0]);
	proc_peer(PROC_QUEUE, 0, sv[1]);
}

/* Many messages of many sizes, with descriptors among them, in order. */
static void
test_order(void)
{
	static char	 body[3000];
	uint32_t	 i;
	int		 p[2];

	for (i = 0; i < N; i++) {
		if (i % 5000 == 7) {
			if (pipe(p) == -1 || write(p[1], "y", 1) != 1)
				exit(1);
			close(p[1]);
			frame_put(&far_end, T_FD, 0, p[0], NULL, 0);
		}
		body[0] = (char)(i >> 24);
		body[1] = (char)(i >> 16);
		body[2] = (char)(i >> 8);
		body[3] = (char)i;
		frame_put(&far_end, T_NOTE, 0, -1, body, 4 + i % 2900);
	}
}

static void
pump(int fd, short what, void *arg)
{
	struct event	*ev = arg;

	if (frame_flush(&far_end) == FRAME_MORE)
		event_add(ev, NULL);
}

static int
on_answer(void *arg, struct proc_msg *m)
{
	if (m == NULL)
		failed++;
	else {
		rbuf_skip(&m->body);
		answered++;
	}
	return (0);
}

static void
turn(void)
{
	struct timeval	 tv = { 0, 20000 };

	event_loopexit(&tv);
	event_dispatch();
}

/* What the far end has been asked, by one loop turn. */
static size_t
far_ids(uint64_t *ids, size_t max)
{
	struct frame	 f;
	size_t		 n = 0;

	while (frame_fill(&far_end, WIRE_MAX) == FRAME_OK)
		while (frame_next(&far_end, &f, WIRE_MAX) == FRAME_OK)
			if (n < max)
				ids[n++] = f.id;
	return (n);
}

static void
test_pending(void)
{
	static int	 a, b;
	uint64_t	 ids[8];

	(void)pending_ask(PROC_QUEUE, 0, 9, -1, NULL, 60000, on_answer, &a);
	(void)pending_ask(PROC_QUEUE, 0, 9, -1, NULL, 60000, on_answer, &b);
	(void)pending_ask(PROC_QUEUE, 0, 9, -1, NULL, 50, on_answer, &a);
	proc_quit();
	proc_run();			/* flushes */
	CHECK(far_ids(ids, 8) == 3, "questions asked");
	frame_put(&far_end, T_REPLY, ids[0], -1, NULL, 0);
	(void)frame_flush(&far_end);
	turn();
	CHECK(answered == 1 && failed == 0, "%u answered", answered);
	/* an answer comes once; a second one is late, not an error */
	frame_put(&far_end, T_REPLY, ids[0], -1, NULL, 0);
	(void)frame_flush(&far_end);
	turn();
	CHECK(answered == 1, "a second answer was taken");
	pending_forget(&b);
	pending_expire((uint64_t)1 << 62);
	CHECK(failed == 1 && pending_count() == 0, "%u failed, %u left",
	    failed, pending_count());
}

static unsigned int	 overdue;	/* asked by test_waits, in its order */

static int
on_wait(void *arg, struct proc_msg *m)
{
	const unsigned int	*n = arg;

	CHECK(m == NULL && *n == overdue, "%u came as number %u", *n, overdue);
	overdue++;
	return (0);
}

/* Any number of different times to wait: each ends in its turn. */
static void
test_waits(void)
{
	static unsigned int	 order[40];
	uint64_t		 now = clock_mono();
	unsigned int		 i, n;

	for (i = 0; i < 40; i++) {
		/* up and down: 0, 39, 1, 38... */
		n = i % 2 == 0 ? i / 2 : 39 - i / 2;
		order[n] = n;
		(void)pending_ask(PROC_QUEUE, 0, 9, -1, NULL,
		    (n + 1) * 1000000, on_wait, &order[n]);
	}
	for (i = 0; i < 40; i++) {
		pending_expire(now + (i + 1) * 1000000 - 1);
		CHECK(overdue == i, "%u ended before its time", overdue);
		pending_expire(now + (i + 1) * 1000000 + 500000);
	}
	CHECK(overdue == 40 && pending_count() == 0, "%u ended", overdue);
}

/* The peer dies: its questions fail; asking a dead one fails later. */
static void
test_gone(void)
{
	static int	 a;

	failed = 0;
	(void)pending_ask(PROC_QUEUE, 0, 9, -1, NULL, 60000, on_answer, &a);
	frame_close(&far_end);
	turn();
	turn();
	CHECK(failed == 1 && !proc_peer_up(PROC_QUEUE, 0), "%u failed",
	    failed);
	(void)pending_ask(PROC_QUEUE, 0, 9, -1, NULL, 60000, on_answer, &a);
	CHECK(failed == 1, "the callback ran inside the question");
	turn();
	CHECK(failed == 2, "a dead peer's question did not fail");
}

static void
test_dispatch(void)
{
	struct proc_msg	 m = { .type = T_NOTE, .from = PROC_FRONT, .fd = -1 };

	got = 0;
	rbuf_init(&m.body, "\0\0\0\0", 4);
	CHECK(proc_dispatch(routes, 3, &m) == -1, "from a stranger");
	m.from = PROC_QUEUE;
	m.type = 77;
	CHECK(proc_dispatch(routes, 3, &m) == -1, "of an unknown type");
	m.type = T_NOTE;
	m.fd = dup(0);
	CHECK(proc_dispatch(routes, 3, &m) == -1, "with a descriptor");
	m.fd = -1;
	m.type = T_FD;
	CHECK(proc_dispatch(routes, 3, &m) == -1, "without its descriptor");
	m.type = T_NOTE;
	rbuf_init(&m.body, "\0\0\0", 3);
	CHECK(proc_dispatch(routes, 3, &m) == -1, "short");
}

/* Bad frames are noticed, whatever they hold. */
static void
test_frames(void)
{
	struct frame_conn	 c;
	struct frame		 f;
	uint8_t			 junk[64];
	int			 sv[2];

	memset(junk, 0xff, sizeof(junk));
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, sv) == -1)
		exit(1);
	frame_open(&c, sv[0]);
	CHECK(write(sv[1], junk, 10) == 10, "write");
	CHECK(frame_fill(&c, 100) == FRAME_OK, "fill");
	CHECK(frame_next(&c, &f, 100) == FRAME_MORE, "half a head");
	CHECK(write(sv[1], junk, 54) == 54, "write");
	(void)frame_fill(&c, 100);
	CHECK(frame_next(&c, &f, 100) == FRAME_BAD, "junk is a frame");
	close(sv[1]);
	CHECK(frame_fill(&c, 100) == FRAME_CLOSED, "closed");
	frame_close(&c);
}

static unsigned int	 ran, done;

static void
job_run(void **args, size_t n)
{
	size_t	 i;

	for (i = 0; i < n; i++)
		*(int *)args[i] += 1;
}

static void
job_done(void *arg)
{
	ran += *(int *)arg == 1;
	done++;
}

static void
test_worker(void)
{
	static int	 jobs[1000];
	struct worker	*w;
	size_t		 i;

	w = worker_start(4, 16, job_run, job_done);
	for (i = 0; i < 1000; i++)
		worker_add(w, &jobs[i]);
	for (i = 0; i < 500 && done < 1000; i++)
		turn();
	CHECK(done == 1000 && ran == 1000 && worker_busy(w) == 0,
	    "%u done, %u ran once", done, ran);
	memset(jobs, 0, sizeof(jobs));
	for (i = 0; i < 100; i++)
		worker_add(w, &jobs[i]);
	worker_stop(w);
	CHECK(done == 1100, "stop did not wait: %u", done);
}

/* Nobody but the parent is heard before the parent has said so. */
static void
test_open(void)
{
	int	 sv[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, sv) == -1)
		exit(1);
	proc_init(PROC_FRONT, 0, sv[1], routes, 3);
	connect_far();
	got = 0;
	frame_put(&far_end, T_NOTE, 0, -1, "\0\0\0", 4);
	if (frame_flush(&far_end) != FRAME_OK)
		exit(1);
	turn();
	CHECK(got == 0, "heard before it was time");
	proc_open();
	turn();
	CHECK(got == 1, "not heard");
	close(sv[0]);
}

int
main(void)
{
	struct event	 ev;

	log_init("base_proc", 1, 0);
	proc_init(PROC_FRONT, 0, -1, routes, 3);
	connect_far();
	test_order();
	event_set(&ev, far_end.fd, EV_WRITE, pump, &ev);
	event_add(&ev, NULL);
	proc_run();
	CHECK(got == N, "%u of %d came", got, N);
	CHECK(got_fds == 4, "%u descriptors came", got_fds);
	test_pending();
	test_waits();
	test_gone();
	test_dispatch();
	test_frames();
	test_worker();
	test_open();
	return (check_done("base_proc"));
}
