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
 * The life of a message in the queue: tried, tried again, held, removed,
 * done; and no mailbox gets it twice because another one was full, a
 * process was gone, or a list had changed.
 */

#include <sys/wait.h>

#include "regress/unit/queue_wall.h"

/* Is it gone, with nothing left of it? */
static int
gone(uint64_t id)
{
	wall_settle();
	return (spool_find(wall.spool, id) == NULL);
}

static void
test_one(void)
{
	uint64_t	 id, big;

	id = wall_mail(1, 500, "one")->id;
	big = wall_mail(2, 9000, "one two")->id;
	CHECK(gone(id) && gone(big), "still there");
	CHECK(wall_got("one", id) == 1 && wall_got("one", big) == 1 &&
	    wall_got("two", big) == 1 && wall.bad == 0, "deliveries");
}

/* What the directory says of a recipient. */
static void
test_verdicts(void)
{
	struct message	*m;
	uint64_t	 id;

	id = wall_mail(1, 10, "drop")->id;
	CHECK(gone(id) && wall_got(NULL, id) == 0, "discarded");

	m = wall_mail(2, 10, "none off temp one onebad");
	wall_settle();
	wall_settle();
	CHECK(m->nopen == 1 && m->ntell == 0, "%u open, %u to tell",
	    m->nopen, m->ntell);
	CHECK(m->rcpts[0].state == RCPT_DONE && m->rcpts[0].tries == 1 &&
	    m->rcpts[1].state == RCPT_DONE &&
	    m->rcpts[2].state == RCPT_WAIT && m->rcpts[2].tries == 1 &&
	    m->rcpts[3].state == RCPT_DONE &&
	    m->rcpts[4].state == RCPT_DONE, "states");
	CHECK(wall.notices == 1, "%u notices", wall.notices);
	CHECK(m->rcpts[2].next > clock_mono() + 80000 &&
	    m->rcpts[2].next < clock_mono() + 120000, "pause");
	wall_later(60);
	CHECK(m->rcpts[2].tries == 1, "tried too early");
	wall_later(60);
	CHECK(m->rcpts[2].tries == 2, "not tried again");

	/* by hand: all that is left, and then no more of it */
	CHECK(queue_deliver_command(m, LIST_RETRY), "retry");
	wall_settle();
	CHECK(m->rcpts[0].tries == 1 && m->rcpts[2].tries == 3 &&
	    m->rcpts[3].state == RCPT_DONE && wall_got("one", m->id) == 1,
	    "retry");
	id = m->id;
	CHECK(queue_deliver_command(m, LIST_REMOVE), "remove");
	CHECK(gone(id), "still there");
}

/* Long lists come in batches; only those that have not got it get it. */
static void
test_list(void)
{
	struct message	*m;
	uint64_t	 id;
	char		 name[16];
	unsigned int	 i, expands = wall.expands, counted = wall.counted;

	wall.full = 1;
	m = wall_mail(3, 200, "list250");
	id = m->id;
	wall_settle();
	CHECK(wall.expands == expands + 3, "%u batches",
	    wall.expands - expands);
	CHECK(wall_got(NULL, id) == 248 && m->nopen == 1 &&
	    m->rcpts[0].tries == 1 && strcmp(m->rcpts[0].text,
	    "mailbox full") == 0, "first try");
	wall_later(200);
	CHECK(wall_got(NULL, id) == 248 && m->rcpts[0].tries == 2,
	    "second try");
	wall.full = 0;
	wall_later(200);
	CHECK(gone(id) && wall_got(NULL, id) == 250, "third try");
	for (i = 0; i < 250; i++) {
		(void)snprintf(name, sizeof(name), "m%u", i);
		CHECK(wall_got(name, id) == 1, "%s got it %u times", name,
		    wall_got(name, id));
	}
	CHECK(wall.counted == counted + 1, "counted %u times",
	    wall.counted - counted);
}

/* A list that loses members while it is gone through; one that breaks. */
static void
test_moving_list(void)
{
	struct message	*m;
	uint64_t	 id;
	unsigned int	 i, expands;
	char		 name[16];

	m = wall_mail(4, 200, "list150");
	id = m->id;
	wall.hold = 1;
	wall_settle();
	CHECK(wall_play(MSG_QUEUE_EXPAND_ASK), "not asked");
	wall.shrink = 20;
	wall.hold = 0;
	wall_settle();
	CHECK(m->nopen == 1 && m->rcpts[0].tries == 1, "the rest was left");
	wall_later(200);
	CHECK(gone(id), "still there");
	for (i = 0; i < 150; i++) {
		(void)snprintf(name, sizeof(name), "m%u", i);
		CHECK(wall_got(name, id) == 1,
		    "%s got it %u times", name, wall_got(name, id));
	}
	wall.shrink = 0;

	/* "later" in the second batch is no question without end */
	wall.temp_at = 100;
	expands = wall.expands;
	m = wall_mail(5, 200, "list150");
	id = m->id;
	wall_settle();
	CHECK(wall.expands == expands + 2 && m->rcpts[0].tries == 1 &&
	    wall_got(NULL, id) == 100, "%u questions",
	    wall.expands - expands);
	wall.temp_at = -1;
	wall_later(200);
	CHECK(gone(id) && wall_got(NULL, id) == 150, "not all");
}

/* A process dies under way: that was no try, and nobody gets it twice. */
static void
test_away(void)
{
	struct wall_ask	 q;
	struct message	*m;
	uint64_t	 id;
	unsigned int	 i;

	m = wall_mail(6, 200, "list40");
	id = m->id;
	wall.hold = 1;
	wall_settle();
	CHECK(wall_play(MSG_QUEUE_EXPAND_ASK), "not asked");
	wall_turn();
	CHECK(run_asked() == 40, "%u deliveries", run_asked());
	for (i = 0; i < 15; i++)
		(void)wall_play(MSG_QUEUE_DELIVER_ASK);
	wall.down[PROC_DELIVER] = 1;
	while (wall_take(MSG_QUEUE_DELIVER_ASK, &q))
		wall_done(&q);
	pending_peer_gone(PROC_DELIVER, 0);
	wall.hold = 0;
	WALL_UNTIL(run_count() == 0);
	CHECK(m->rcpts[0].tries == 0 && m->rcpts[0].state == RCPT_WAIT &&
	    wall_got(NULL, id) == 15, "it counts as a try");
	wall.down[PROC_DELIVER] = 0;
	wall_later(20);
	CHECK(gone(id) && wall_got(NULL, id) == 40, "not all: %u",
	    wall_got(NULL, id));

	/* lookup dies with the question; the one in its place is asked */
	wall.hold = 1;
	m = wall_mail(7, 200, "one");
	id = m->id;
	wall_settle();
	wall.down[PROC_LOOKUP] = 1;
	while (wall_take(MSG_QUEUE_EXPAND_ASK, &q))
		wall_done(&q);
	pending_peer_gone(PROC_LOOKUP, 0);
	wall.hold = 0;
	WALL_UNTIL(run_count() == 0);
	wall_later(20);
	CHECK(wall_got(NULL, id) == 0 && m->rcpts[0].tries == 0, "a try");
	wall.down[PROC_LOOKUP] = 0;
	CHECK(gone(id) && wall_got(NULL, id) == 1, "not delivered");
}

static void
test_hands(void)
{
	struct message	*m;
	uint64_t	 id;

	wall.down[PROC_LOOKUP] = 1;
	m = wall_mail(8, 20, "one");
	id = m->id;
	CHECK(queue_deliver_command(m, LIST_HOLD), "hold");
	CHECK(!queue_deliver_command(m, LIST_HOLD), "hold twice");
	wall.down[PROC_LOOKUP] = 0;
	wall_later(1000);
	CHECK(wall_got(NULL, id) == 0, "tried while held");
	CHECK(queue_deliver_command(m, LIST_RETRY), "retry");
	wall_settle();
	CHECK(wall_got(NULL, id) == 0, "retry releases");
	CHECK(queue_deliver_command(m, LIST_RELEASE), "release");
	CHECK(gone(id) && wall_got(NULL, id) == 1, "not released");

	/* removed under way: what has begun ends, the rest is not begun */
	m = wall_mail(9, 20, "list90 one");
	id = m->id;
	wall.hold = 1;
	wall_settle();
	while (wall_play(MSG_QUEUE_EXPAND_ASK))
		;
	wall_turn();
	CHECK(run_asked() == 64, "window of %u", run_asked());
	CHECK(queue_deliver_command(m, LIST_REMOVE), "remove");
	CHECK(!queue_deliver_command(m, LIST_REMOVE), "remove twice");
	CHECK(spool_find(wall.spool, id) == m, "removed under way");
	wall.hold = 0;
	CHECK(gone(id) && wall_got(NULL, id) == 64, "%u went on",
	    wall_got(NULL, id));
}

static void
test_expire(void)
{
	struct message	*m;
	uint64_t	 id;
	unsigned int	 notices = wall.notices;

	m = wall_mail(10, 20, "temp");
	id = m->id;
	wall_settle();
	m->created = clock_wall() - 990;
	wall_later(200);
	CHECK(m->rcpts[0].state == RCPT_WAIT && m->rcpts[0].tries == 2,
	    "failed too early");
	m->created = clock_wall() - 1000;
	wall_later(200);
	CHECK(gone(id), "tried for ever");
	CHECK(wall.notices == notices + 1, "%u notices",
	    wall.notices - notices);
}

/* While a message moves to a file of its own nothing else happens to it. */
static void
test_move(void)
{
	struct message	*m;
	uint64_t	 id;

	m = wall_mail(11, 20, "temp");
	id = m->id;
	wall_settle();
	m->flags |= MESSAGE_MOVING;
	wall_later(1000);
	CHECK(m->rcpts[0].tries == 1 && run_count() == 0, "tried");
	CHECK(queue_deliver_command(m, LIST_HOLD), "hold");
	CHECK(queue_deliver_command(m, LIST_REMOVE), "remove");
	wall_settle();
	CHECK(spool_find(wall.spool, id) == m, "ended while it moves");
	m->flags &= ~(unsigned int)(MESSAGE_MOVING | MESSAGE_REMOVE);
	queue_deliver_idle(m);
	wall_settle();
	CHECK(m->rcpts[0].tries == 1 && m->flags & MESSAGE_HELD, "held");
	(void)queue_deliver_command(m, LIST_RELEASE);
	wall_settle();
	CHECK(m->rcpts[0].tries == 2, "not tried afterwards");
	(void)queue_deliver_command(m, LIST_REMOVE);
	CHECK(gone(id), "still there");
}

/* One message of many recipients does not hold up the others. */
static void
test_fair(void)
{
	struct message	*m;
	char		*rcpts, *p;
	uint64_t	 big, ids[20];
	unsigned int	 i;

	if ((p = rcpts = calloc(5000, 16)) == NULL)
		abort();
	for (i = 0; i < 5000; i++)
		p += snprintf(p, 16, "%sone%u", i == 0 ? "" : " ", i);
	wall.down[PROC_LOOKUP] = 1;
	m = wall_mail(12, 20, rcpts);
	big = m->id;
	for (i = 0; i < 20; i++)
		ids[i] = wall_mail(13 + i, 20, "one")->id;
	wall.down[PROC_LOOKUP] = 0;
	for (i = 0; i < 1000 && wall_got(NULL, big) < 200; i++)
		wall_turn();
	for (i = 0; i < 20; i++)
		CHECK(wall_got(NULL, ids[i]) == 1, "%u waits for the big one",
		    i);
	CHECK(wall_got(NULL, big) < 5000, "the big one is done");
	WALL_UNTIL(wall_got(NULL, big) == 5000);
	CHECK(gone(big), "still there");
	free(rcpts);
}

/* The end: what is under way is waited for and remembered. */
static void
test_stop(void)
{
	struct message	*m;
	uint64_t	 one, list;

	wall.hold = 1;
	one = wall_mail(50, 20, "one")->id;
	m = wall_mail(51, 20, "list150");
	list = m->id;
	wall_settle();
	while (wall_play(MSG_QUEUE_EXPAND_ASK))
		;
	wall_turn();
	CHECK(run_asked() == 64 && !queue_deliver_stop(), "nothing to stop");
	while (wall_play(MSG_QUEUE_DELIVER_ASK))
		;
	CHECK(queue_deliver_stop() && run_count() == 0, "does not stop");
	CHECK(wall_got(NULL, one) == 1 && wall_got(NULL, list) == 63 &&
	    wall.nasks == 0, "%u more", wall_got(NULL, list));
	spool_close(wall.spool);
	wall.spool = box_open(box_path("spool"), NULL);
	m = spool_find(wall.spool, list);
	CHECK(spool_find(wall.spool, one) == NULL, "one comes again");
	CHECK(m != NULL && m->rcpts[0].had != NULL &&
	    m->rcpts[0].had->n == 63 && m->rcpts[0].tries == 0,
	    "the list has forgotten");
	spool_close(wall.spool);
}

int
main(void)
{
	box_make();
	event_init();
	wall_start();
	test_one();
	test_verdicts();
	test_list();
	test_moving_list();
	test_away();
	test_hands();
	test_expire();
	test_move();
	test_fair();
	CHECK(spool_next(wall.spool, 0) == NULL, "something is left");
	test_stop();
	CHECK(wall.bad == 0, "%u texts were not right", wall.bad);
	box_remove(box_dir);
	return (check_done("queue_deliver"));
}
