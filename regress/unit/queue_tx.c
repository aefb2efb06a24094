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
 * Transactions of fronts: what is committed is what was handed over, all
 * of it or nothing; and what nobody was told 250 for is taken back.
 */

#include <sys/statvfs.h>

#include "regress/unit/queue_wall.h"

static uint64_t	 asked;			/* ids of our questions */
static uint64_t	 bavail = 1ULL << 40;	/* octets free on the disk */

/* Ours wins over that of libc. */
int
fstatvfs(int fd, struct statvfs *v)
{
	memset(v, 0, sizeof(*v));
	v->f_frsize = 1;
	v->f_bavail = bavail;
	return (0);
}

static unsigned int
descriptors(void)
{
	unsigned int	 n = 0;
	DIR		*dir;

	if ((dir = opendir("/proc/self/fd")) == NULL)
		return (0);
	while (readdir(dir) != NULL)
		n++;
	closedir(dir);
	return (n);
}

/* DATA of a front: how it is answered, and a descriptor when TX_OK. */
static enum tx_status
ask_data(unsigned int inst, uint64_t *id, int *fd)
{
	struct data_answer	 a = { .status = TX_STATUS_COUNT };
	struct wall_ask		 q;
	struct rbuf		 r;
	struct wbuf		 w;

	wbuf_init(&w);
	msg_put_session_id(&w, 5);
	CHECK(wall_say(queue_tx_data, PROC_FRONT, inst, ++asked, &w) == 0,
	    "DATA is malformed");
	if (!wall_take(MSG_QUEUE_DATA_ANSWER, &q))
		abort();
	rbuf_init(&r, q.body, q.len);
	CHECK(msg_get_data_answer(&r, &a) == 0 && q.id == asked &&
	    q.inst == inst && q.to == PROC_FRONT, "answer to another");
	CHECK((a.status == TX_OK) == (q.fd != -1), "descriptor");
	*id = a.id;
	*fd = q.fd;
	q.fd = -1;
	wall_done(&q);
	return (a.status);
}

static void
note_rcpt(unsigned int inst, uint64_t id, const char *local)
{
	struct envelope_note	 e;
	struct wbuf		 w;

	memset(&e, 0, sizeof(e));
	e.id = id;
	(void)strlcpy(e.rcpt.local, local, sizeof(e.rcpt.local));
	(void)strlcpy(e.rcpt.domain, "d.test", sizeof(e.rcpt.domain));
	wbuf_init(&w);
	msg_put_envelope(&w, &e);
	CHECK(wall_say(queue_tx_envelope, PROC_FRONT, inst, 0, &w) == 0,
	    "an envelope is malformed");
}

static void
ask_commit(unsigned int inst, uint64_t id, uint32_t number, uint64_t size,
    uint32_t rcpts)
{
	struct commit_ask	 c;
	struct wbuf		 w;

	memset(&c, 0, sizeof(c));
	c.id = id;
	c.size = size;
	c.rcpts = rcpts;
	(void)snprintf(c.sender.local, sizeof(c.sender.local), "%u.%" PRIu64,
	    number, size);
	(void)strlcpy(c.sender.domain, "s.test", sizeof(c.sender.domain));
	wbuf_init(&w);
	msg_put_commit_ask(&w, &c);
	CHECK(wall_say(queue_tx_commit, PROC_FRONT, inst, ++asked, &w) == 0,
	    "a commit is malformed");
}

static void
note_abort(unsigned int inst, uint64_t id)
{
	struct wbuf	 w;

	wbuf_init(&w);
	msg_put_session_id(&w, id);
	CHECK(wall_say(queue_tx_abort, PROC_FRONT, inst, 0, &w) == 0,
	    "an abort is malformed");
}

/* The answer to the last commit; TX_STATUS_COUNT when there is none. */
static enum tx_status
committed(void)
{
	struct commit_answer	 a = { TX_STATUS_COUNT };
	struct wall_ask		 q;
	struct rbuf		 r;

	wall_settle();
	if (!wall_take(MSG_QUEUE_COMMIT_ANSWER, &q))
		return (TX_STATUS_COUNT);
	rbuf_init(&r, q.body, q.len);
	CHECK(msg_get_commit_answer(&r, &a) == 0 && q.id == asked,
	    "answer to another commit");
	wall_done(&q);
	return (a.status);
}

/* A transaction with a text of len octets and n recipients. */
static uint64_t
open_tx(unsigned int inst, uint32_t number, size_t len, unsigned int n)
{
	static char	 text[100000];
	char		 name[32];
	uint64_t	 id;
	int		 fd;

	CHECK(ask_data(inst, &id, &fd) == TX_OK, "DATA is refused");
	(void)box_text(number, len, text);
	if (write(fd, text, len) != (ssize_t)len)
		abort();
	close(fd);
	while (n-- > 0) {
		(void)snprintf(name, sizeof(name), "one%u", n);
		note_rcpt(inst, id, name);
	}
	return (id);
}

static void
test_before(void)
{
	uint64_t	 id;
	int		 fd;

	CHECK(ask_data(0, &id, &fd) == TX_TEMPFAIL, "before the start");
	ask_commit(0, 1, 0, 0, 1);
	CHECK(committed() == TX_TEMPFAIL, "a commit before the start");
	note_rcpt(0, 1, "one");
	note_abort(0, 1);
	queue_tx_front_gone(0);
}

static void
test_good(void)
{
	struct message	*m;
	uint64_t	 id, big;
	uint32_t	 n;

	wall.down[PROC_LOOKUP] = 1;
	id = open_tx(0, 1, 500, 2);
	big = open_tx(1, 2, 90000, 1);
	CHECK(queue_tx_open() == 2, "not open");
	ask_commit(0, id, 1, 500, 2);
	CHECK(committed() == TX_OK, "refused");
	ask_commit(1, big, 2, 90000, 1);
	CHECK(committed() == TX_OK, "refused");
	CHECK(queue_tx_open() == 0, "still open");
	m = spool_find(wall.spool, id);
	CHECK(m != NULL && m->nrcpts == 2 && box_check(wall.spool, m, &n) &&
	    n == 1, "the first is not there");
	m = spool_find(wall.spool, big);
	CHECK(m != NULL && m->own != NULL && box_check(wall.spool, m, &n) &&
	    n == 2, "the second is not there");
	wall.down[PROC_LOOKUP] = 0;
	wall_settle();
	CHECK(wall_got("one0", id) == 1 && wall_got("one1", id) == 1 &&
	    wall_got("one0", big) == 1 && wall.bad == 0, "not delivered");
	CHECK(spool_next(wall.spool, 0) == NULL, "not forgotten");
}

/* What is not all there is not committed, and nothing of it stays. */
static void
test_faults(void)
{
	char		 line[] = "one\r\nX: y";
	uint64_t	 id, other;
	unsigned int	 i;

	id = open_tx(0, 1, 500, 2);
	ask_commit(0, id, 1, 500, 3);
	CHECK(committed() == TX_TEMPFAIL, "with a recipient too few");
	id = open_tx(0, 1, 500, 2);
	ask_commit(0, id, 1, 500, 1);
	CHECK(committed() == TX_TEMPFAIL, "with a recipient too many");
	id = open_tx(0, 1, 500, 0);
	ask_commit(0, id, 1, 500, 0);
	CHECK(committed() == TX_TEMPFAIL, "without a recipient");
	id = open_tx(0, 1, 499, 1);
	ask_commit(0, id, 1, 500, 1);
	CHECK(committed() == TX_TEMPFAIL, "with an octet too few");
	id = open_tx(0, 1, 501, 1);
	ask_commit(0, id, 1, 500, 1);
	CHECK(committed() == TX_TEMPFAIL, "with an octet too many");
	id = open_tx(0, 1, 500, 1);
	note_rcpt(0, id, line);
	ask_commit(0, id, 1, 500, 2);
	CHECK(committed() == TX_TEMPFAIL, "with a recipient of two lines");
	id = open_tx(0, 1, 500, 0);
	for (i = 0; i <= ENVELOPE_RCPTS_MAX; i++)
		note_rcpt(0, id, "one");
	ask_commit(0, id, 1, 500, ENVELOPE_RCPTS_MAX + 1);
	CHECK(committed() == TX_TEMPFAIL, "with recipients without end");
	ask_commit(0, id, 1, 500, 1);
	CHECK(committed() == TX_TEMPFAIL, "after it was refused");
	CHECK(queue_tx_open() == 0, "still open");

	/* of another front: it cannot add, commit or end it */
	other = open_tx(1, 1, 500, 1);
	note_rcpt(0, other, "one");
	note_abort(0, other);
	ask_commit(0, other, 1, 500, 1);
	CHECK(committed() == TX_TEMPFAIL, "of another front");
	ask_commit(1, other, 1, 500, 1);
	CHECK(committed() == TX_OK, "of its own front");
	wall_settle();
	CHECK(spool_next(wall.spool, 0) == NULL && wall_got(NULL, other) == 1,
	    "not delivered once");
}

static void
test_twice(void)
{
	struct wall_ask	 q;
	uint64_t	 id;
	unsigned int	 n;

	id = open_tx(0, 7, 100, 1);
	ask_commit(0, id, 7, 100, 1);
	note_rcpt(0, id, "onelate");
	ask_commit(0, id, 7, 100, 1);
	wall_settle();
	for (n = 0; wall_take(MSG_QUEUE_COMMIT_ANSWER, &q); n++)
		wall_done(&q);
	CHECK(n == 2, "%u answers", n);
	CHECK(wall_got(NULL, id) == 1 && wall_got("onelate", id) == 0,
	    "committed twice");
}

/* A front that goes away, or says that it does not want it any more. */
static void
test_taken_back(void)
{
	uint64_t	 id, kept;
	unsigned int	 before;

	before = descriptors();
	id = open_tx(0, 1, 10, 1);
	note_abort(0, id);
	note_abort(0, id);
	CHECK(queue_tx_open() == 0 && descriptors() == before, "abort");

	wall.hold = 1;
	id = open_tx(0, 1, 10, 1);
	ask_commit(0, id, 1, 10, 1);
	note_abort(0, id);
	CHECK(committed() == TX_STATUS_COUNT, "an answer after the abort");
	CHECK(box_settle(wall.spool) && spool_find(wall.spool, id) == NULL,
	    "it stays after the abort");

	(void)open_tx(2, 1, 10, 1);
	id = open_tx(2, 2, 5000, 1);
	ask_commit(2, id, 2, 5000, 1);
	kept = open_tx(3, 3, 10, 1);
	ask_commit(3, kept, 3, 10, 1);
	queue_tx_front_gone(2);
	CHECK(committed() == TX_OK, "the other front's");
	CHECK(box_settle(wall.spool) && spool_find(wall.spool, id) == NULL,
	    "it outlives its front");
	CHECK(queue_tx_open() == 0, "still open");
	wall.hold = 0;
	wall_settle();
	CHECK(wall_got(NULL, id) == 0 && wall_got(NULL, kept) == 1,
	    "deliveries");
	CHECK(descriptors() == before, "%u descriptors, not %u",
	    descriptors(), before);
}

static void
test_bounds(void)
{
	struct wbuf	 w;
	uint64_t	 id;
	unsigned int	 i, before = descriptors();
	int		 fd;

	for (i = 0; i < 20; i++)
		(void)open_tx(0, 1, 10, 1);
	CHECK(ask_data(1, &id, &fd) == TX_TEMPFAIL, "more than 20");
	queue_tx_front_gone(0);
	CHECK(ask_data(1, &id, &fd) == TX_OK, "less than 20");
	close(fd);
	note_abort(1, id);
	CHECK(descriptors() == before, "descriptors");

	/* no room: nothing is begun, and later all is well again */
	bavail = 0;
	wall.skew += 5000;
	CHECK(ask_data(0, &id, &fd) == TX_FULL, "on a full disk");
	bavail = 1ULL << 40;
	wall.skew += 5000;
	CHECK(ask_data(0, &id, &fd) == TX_OK, "on a disk with room");
	close(fd);
	note_abort(0, id);

	wbuf_init(&w);
	wbuf_u8(&w, 1);
	CHECK(wall_say(queue_tx_data, PROC_FRONT, 0, 1, &w) == -1, "data");
	wbuf_u8(&w, 1);
	CHECK(wall_say(queue_tx_envelope, PROC_FRONT, 0, 0, &w) == -1,
	    "envelope");
	wbuf_u8(&w, 1);
	CHECK(wall_say(queue_tx_commit, PROC_FRONT, 0, 1, &w) == -1,
	    "commit");
	wbuf_u8(&w, 1);
	CHECK(wall_say(queue_tx_abort, PROC_FRONT, 0, 0, &w) == -1, "abort");
}

int
main(void)
{
	box_make();
	event_init();
	test_before();
	wall_start();
	test_good();
	test_faults();
	test_twice();
	test_taken_back();
	test_bounds();
	spool_close(wall.spool);
	box_remove(box_dir);
	return (check_done("queue_tx"));
}
