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
 * Mail that goes on: who goes together, what a next hop that is down costs,
 * lists and their owners, and what senders are told.
 */

#include "regress/unit/queue_wall.h"
#include "smtpd/queue/hop.h"
#include "smtpd/queue/queue_relay.h"

static int
gone(uint64_t id)
{
	wall_settle();
	return (spool_find(wall.spool, id) == NULL);
}

static int
notice_has(const char *what)
{
	return (strstr(wall.notice, what) != NULL);
}

static void
test_together(void)
{
	unsigned int	 jobs = wall.jobs;
	uint64_t	 id;

	id = wall_mail(1, 10, "a>x.test b>X.test one c>z.test d>x.test")->id;
	CHECK(gone(id) && wall_got(NULL, id) == 5, "%u got it",
	    wall_got(NULL, id));
	CHECK(wall.jobs == jobs + 2, "%u jobs", wall.jobs - jobs);
	CHECK(strcmp(wall.sender, "1.10@s.test") == 0, "from %s",
	    wall.sender);
}

static void
test_outcomes(void)
{
	struct message	*m;
	unsigned int	 notices = wall.notices;
	uint64_t	 id;

	m = wall_mail(2, 10, "gone>x.test later>x.test a>x.test none");
	id = m->id;
	wall_settle();
	wall_settle();
	CHECK(m->nopen == 1 && m->rcpts[1].state == RCPT_WAIT &&
	    m->rcpts[1].tries == 1 && strcmp(m->rcpts[1].text,
	    "mx.test said: 450 not now") == 0, "later: %s",
	    m->rcpts[1].text);
	CHECK(m->rcpts[0].state == RCPT_DONE && wall.notices == notices + 1,
	    "%u notices", wall.notices - notices);
	CHECK(notice_has("Final-Recipient: rfc822; gone@x.test\r\n"
	    "Action: failed\r\nStatus: 5.1.1\r\nRemote-MTA: dns; mx.test\r\n"
	    "Diagnostic-Code: smtp; 550 5.1.1 gone\r\n") &&
	    notice_has("Final-Recipient: rfc822; none@d.test\r\n"
	    "Action: failed\r\nStatus: 5.1.1\r\n"), "%s", wall.notice);
	CHECK(queue_deliver_command(m, LIST_REMOVE) && gone(id), "remove");
}

static void
test_down(void)
{
	struct message	*m, *n;
	unsigned int	 jobs;

	wall.unreachable = 1;
	m = wall_mail(3, 10, "a>down.test");
	wall_settle();
	CHECK(m->rcpts[0].tries == 1, "%u tries", m->rcpts[0].tries);
	jobs = wall.jobs;
	n = wall_mail(4, 10, "b>down.test");
	wall_settle();
	CHECK(wall.jobs == jobs && n->rcpts[0].tries == 0 &&
	    n->rcpts[0].state == RCPT_WAIT && n->nactive == 0 &&
	    n->rcpts[0].next > clock_mono() + HOP_PAUSE / 2 &&
	    n->rcpts[0].text != NULL, "asked while it is left alone");
	/* it comes up again within the pause, and is asked behind it */
	wall.unreachable = 0;
	wall_later(30);
	CHECK(wall.jobs == jobs, "asked too early");
	wall_later(200);
	wall_later(200);
	CHECK(wall_got("a", 0) >= 2 && wall_got("b", 0) >= 2,
	    "not asked again");
}

/* The same for what an alias sends on: a pause is no try. */
static void
test_down_onward(void)
{
	struct message	*m, *n;
	unsigned int	 jobs;
	uint64_t	 first, id;

	wall.unreachable = 1;
	m = wall_mail(3, 10, "one@x.test");
	first = m->id;
	wall_settle();
	CHECK(m->rcpts[0].tries == 1, "%u tries", m->rcpts[0].tries);
	jobs = wall.jobs;
	n = wall_mail(4, 10, "two@x.test");
	id = n->id;
	wall_settle();
	CHECK(wall.jobs == jobs && n->rcpts[0].tries == 0 &&
	    n->rcpts[0].state == RCPT_WAIT && n->nactive == 0 &&
	    n->rcpts[0].next > clock_mono() + HOP_PAUSE / 2 &&
	    n->rcpts[0].text != NULL, "a pause is a try");
	wall.unreachable = 0;
	wall_later(200);
	CHECK(gone(id) && wall_got("two", id) == 1, "not asked again");
	wall_later(200);
	CHECK(gone(first), "one is left");
}

/* Held and removed while they wait for a relay process that is away. */
static void
test_hands(void)
{
	struct message	*m;
	uint64_t	 id;

	wall.down[PROC_RELAY] = 1;
	m = wall_mail(5, 10, "a>h.test b>h.test");
	id = m->id;
	wall_settle();
	CHECK(m->rcpts[0].wait != NULL && m->nactive == 2, "not waiting");
	CHECK(queue_deliver_command(m, LIST_HOLD) &&
	    m->rcpts[0].wait == NULL && m->nactive == 0, "hold");
	wall.down[PROC_RELAY] = 0;
	wall_later(100);
	CHECK(wall_got(NULL, id) == 0, "sent while held");
	wall.down[PROC_RELAY] = 1;
	CHECK(queue_deliver_command(m, LIST_RELEASE), "release");
	wall_settle();
	CHECK(m->rcpts[1].wait != NULL, "not waiting again");
	CHECK(queue_deliver_command(m, LIST_REMOVE) && gone(id), "remove");
	wall.down[PROC_RELAY] = 0;
	CHECK(gone(id) && wall_got(NULL, id) == 0, "sent after all");
}

/* Many that wait for one server elsewhere hold up nobody else. */
static void
test_hung_server(void)
{
	unsigned int	 i, before = wall_got("one", 0);
	struct message	*held, *m;
	uint64_t	 id, last = 0, removed;

	wall.hang = 1;
	for (i = 0; i < 300; i++)
		last = wall_mail(11, 10, i % 2 ? "one@x.test" :
		    "one@w.test")->id;
	wall_settle();
	id = wall_mail(12, 10, "two")->id;
	CHECK(gone(id) && wall_got("two", id) == 1, "a mailbox waits");
	CHECK(run_count() == 300, "%u wait", run_count());
	/* what has not begun does not begin when it is held or removed */
	m = wall_mail(13, 10, "three@x.test");
	removed = m->id;
	held = wall_mail(14, 10, "four@x.test");
	wall_settle();
	CHECK(queue_deliver_command(m, LIST_REMOVE) && gone(removed),
	    "not removed while it waits");
	CHECK(queue_deliver_command(held, LIST_HOLD), "hold");
	wall.hang = 0;
	WALL_UNTIL(run_count() == 0);
	CHECK(gone(last) && wall_got("one", 0) == before + 300,
	    "%u have it", wall_got("one", 0) - before);
	CHECK(wall_got("three", 0) == 0 && wall_got("four", 0) == 0 &&
	    held->rcpts[0].tries == 0, "sent after all");
	CHECK(queue_deliver_command(held, LIST_RELEASE), "release");
	wall_later(30);
	CHECK(wall_got("four", 0) == 1, "not released");
}

/* The relay process dies under way: no try, and again. */
static void
test_away(void)
{
	struct wall_ask	 q = { .fd = -1 };
	struct message	*m;
	uint64_t	 id;

	wall.hold = 1;
	m = wall_mail(6, 10, "a>w.test b>w.test");
	id = m->id;
	wall_settle();
	CHECK(wall_take(MSG_QUEUE_RELAY_ASK, &q), "not asked");
	wall_done(&q);
	wall.down[PROC_RELAY] = 1;
	pending_peer_gone(PROC_RELAY, 0);
	wall.hold = 0;
	wall_settle();
	CHECK(m->rcpts[0].tries == 0 && m->rcpts[0].state == RCPT_WAIT,
	    "a try");
	wall.down[PROC_RELAY] = 0;
	wall_later(20);
	CHECK(gone(id) && wall_got(NULL, id) == 2, "not sent");
}

/* Members elsewhere: their sender, NOTIFY, and who hears of failures. */
static void
test_lists(void)
{
	unsigned int	 notices = wall.notices;
	uint64_t	 id;

	(void)strlcpy(wall.owner, "boss@s.test", sizeof(wall.owner));
	wall.ask_notify = NOTIFY_SUCCESS;
	id = wall_mail(7, 10, "list3@x.test")->id;
	CHECK(gone(id) && wall_got(NULL, id) == 3, "%u got it",
	    wall_got(NULL, id));
	CHECK(strcmp(wall.sender, "boss@s.test") == 0 && wall.notify == 0,
	    "from %s, %u", wall.sender, wall.notify);
	wall_settle();
	CHECK(wall.notices == notices + 1 && notice_has("Action: delivered"),
	    "%u notices", wall.notices - notices);
	wall.owner[0] = '\0';
	id = wall_mail(8, 10, "list3@x.test")->id;
	CHECK(gone(id) && wall.notify == NOTIFY_NEVER &&
	    strcmp(wall.sender, "8.10@s.test") == 0, "from %s, %u",
	    wall.sender, wall.notify);
	wall_settle();
	CHECK(wall.notices == notices + 2 && notice_has("Action: expanded"),
	    "%u notices", wall.notices - notices);
	wall.ask_notify = 0;
}

/* Success is told here, or by the next server, or not. */
static void
test_success(void)
{
	unsigned int	 notices = wall.notices;

	CHECK(gone(wall_mail(9, 10, "a>x.test one")->id), "left");
	CHECK(wall.notices == notices, "told without being asked");
	wall.ask_notify = NOTIFY_SUCCESS;
	CHECK(gone(wall_mail(9, 10, "a>x.test one")->id), "left");
	wall_settle();
	CHECK(wall.notices == notices + 1 && notice_has("Action: relayed") &&
	    notice_has("Action: delivered"), "not told");
	wall.dsn = 1;
	CHECK(gone(wall_mail(9, 10, "a>x.test")->id), "left");
	wall_settle();
	CHECK(wall.notices == notices + 1, "told twice");
	wall.ask_notify = NOTIFY_NEVER;
	CHECK(gone(wall_mail(9, 10, "gone>x.test none one")->id), "left");
	wall_settle();
	CHECK(wall.notices == notices + 1, "told for all that");
	wall.ask_notify = wall.dsn = 0;
}

/* Late, told once, and given up at its time though its hop is down. */
static void
test_late(void)
{
	unsigned int	 notices = wall.notices;
	struct message	*m;
	uint64_t	 id;

	wall.conf.warn = 400;
	wall.unreachable = 1;
	m = wall_mail(10, 10, "a>late.test");
	id = m->id;
	wall_settle();
	m->created = clock_wall() - 500;
	wall_later(400);
	wall_settle();
	CHECK(wall.notices == notices + 1 && notice_has("Action: delayed") &&
	    m->rcpts[0].told, "not told: %u", wall.notices - notices);
	wall_later(200);
	CHECK(wall.notices == notices + 1, "told again");
	m->created = clock_wall() - 1000;
	wall_later(1000);
	wall_settle();
	CHECK(gone(id) && wall.notices == notices + 2 &&
	    notice_has("Action: failed"), "not given up");
	wall.unreachable = 0;
	wall.conf.warn = 0;
}

int
main(void)
{
	box_make();
	event_init();
	wall_start();
	test_together();
	test_outcomes();
	test_down();
	test_down_onward();
	test_hands();
	test_away();
	test_hung_server();
	test_lists();
	test_success();
	test_late();
	CHECK(spool_next(wall.spool, 0) == NULL, "something is left");
	CHECK(queue_relay_jobs() == 0 && wall.bad == 0, "%u bad", wall.bad);
	spool_close(wall.spool);
	box_remove(box_dir);
	return (check_done("queue_relay"));
}
