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
 * What smtpctl sees of the queue and does to it, a part at a time: every
 * recipient that waits once, whatever the parts are, and no part too long.
 */

#include "regress/unit/queue_wall.h"
#include "smtpd/msg/msg_control.h"

#define BIG	6000			/* recipients of one message */
#define SMALL	1100			/* other messages */

static uint64_t	 asked;

/* One question and its answer; the rows stay in *q until wall_done. */
static void
ask(const struct list_ask *a, struct list_head *head, struct wall_ask *q,
    struct rbuf *rows)
{
	struct wbuf	 w;

	wbuf_init(&w);
	msg_put_list_ask(&w, a);
	CHECK(wall_say(queue_take_list, PROC_CONTROL, 0, ++asked, &w) == 0,
	    "a question is malformed");
	if (!wall_take(MSG_QUEUE_LIST_ANSWER, q))
		abort();
	CHECK(q->id == asked && q->to == PROC_CONTROL &&
	    q->len < 80 * 1024, "an answer of %zu octets", q->len);
	rbuf_init(rows, q->body, q->len);
	CHECK(msg_get_list_head(rows, head) == 0, "no head");
}

/* The value of a field of the next row; 0 when there is no row. */
static int
next_row(struct rbuf *rows, const char *key, char *value, size_t size)
{
	struct row_field	 f;
	int			 ret;

	if (!row_more(rows))
		return (0);
	value[0] = '\0';
	while ((ret = row_next(rows, &f)) == 1) {
		if (strcmp(f.key, key) != 0)
			continue;
		if (f.is_number)
			(void)snprintf(value, size, "%" PRId64, f.number);
		else
			(void)snprintf(value, size, "%.*s", (int)f.len,
			    f.value);
	}
	CHECK(ret == 0, "a row is malformed");
	return (1);
}

/* All rows of a list, by recipient; returns how many. */
static unsigned int
show(uint64_t id, unsigned int *seen, unsigned int *parts)
{
	struct list_ask		 a = { .what = LIST_SHOW, .id = id };
	struct list_head	 head;
	struct wall_ask		 q;
	struct rbuf		 rows;
	char			 to[400];
	unsigned int		 n = 0, i;

	*parts = 0;
	do {
		ask(&a, &head, &q, &rows);
		++*parts;
		while (next_row(&rows, "to", to, sizeof(to))) {
			n++;
			if (sscanf(to, "b%u@", &i) == 1 && i < BIG)
				seen[i]++;
		}
		wall_done(&q);
		a.after = head.next;
		a.part = head.part;
	} while (head.next != 0 && *parts < 1000);
	return (n);
}

static void
test_early(void)
{
	struct list_ask		 a = { .what = LIST_SHOW };
	struct list_head	 head;
	struct wall_ask		 q = { .fd = -1 };
	struct rbuf		 r;
	struct wbuf		 w;
	unsigned int		 i;

	/* nothing is said of a queue that is not known yet */
	for (i = 0; i < 40; i++) {
		wbuf_init(&w);
		msg_put_list_ask(&w, &a);
		(void)wall_say(queue_take_list, PROC_CONTROL, 0, ++asked, &w);
	}
	CHECK(wall.nasks == 0, "said too early");
	queue_list_forget();
	wbuf_init(&w);
	msg_put_list_ask(&w, &a);
	(void)wall_say(queue_take_list, PROC_CONTROL, 0, ++asked, &w);
	wall_start();
	CHECK(wall.nasks == 1 && wall_take(MSG_QUEUE_LIST_ANSWER, &q) &&
	    q.id == asked, "not said at the start");
	rbuf_init(&r, q.body, q.len);
	CHECK(msg_get_list_head(&r, &head) == 0 && head.next == 0 &&
	    !row_more(&r), "rows of an empty queue");
	wall_done(&q);
}

static void
test_show(void)
{
	static unsigned int	 seen[BIG];
	static char		 rcpts[BIG * 8];
	struct message		*m;
	uint64_t		 first, big;
	unsigned int		 i, n, parts = 0;
	char			*p = rcpts;

	for (i = 0; i < BIG; i++)
		p += snprintf(p, 8, "%sb%u", i == 0 ? "" : " ", i);
	first = wall_mail(1, 10, "one two")->id;
	big = wall_mail(2, 10, rcpts)->id;
	for (i = 0; i < SMALL; i++)
		(void)wall_mail(3 + i, 10, "one");
	CHECK(show(0, seen, &parts) == BIG + SMALL + 2 && parts > 10,
	    "not all, in %u parts", parts);
	for (i = 0; i < BIG; i++)
		CHECK(seen[i] == 1, "b%u is shown %u times", i, seen[i]);

	/* those that have it do not wait */
	m = spool_find(wall.spool, big);
	for (i = 0; i < BIG; i += 2)
		message_set(m, i, RCPT_DONE, NULL);
	message_set(m, 1, RCPT_FAILED, "no");
	CHECK(show(big, seen, &parts) == BIG / 2 && parts > 3,
	    "not half of them");
	for (i = 0; i < BIG; i++)
		CHECK(seen[i] == 1 + i % 2, "b%u is shown %u times", i,
		    seen[i]);
	n = show(first, seen, &parts);
	CHECK(n == 2 && parts == 1, "%u rows of one message", n);
	CHECK(show(12345, seen, &parts) == 0, "rows of no message");

}

/* A cursor into a message that is gone hides nothing of the next one. */
static void
test_cursor(void)
{
	struct list_ask		 a = { .what = LIST_SHOW };
	struct list_head	 head;
	struct wall_ask		 q;
	struct rbuf		 rows;
	struct message		*m;
	char			 text[64], want[64];

	ask(&a, &head, &q, &rows);
	wall_done(&q);
	CHECK(head.next != 0 && head.part != 0, "all in one part");
	m = spool_next(wall.spool, head.next);
	CHECK(m != NULL && m->id == head.next + 1, "a cursor into nothing");
	a.after = head.next;
	a.part = head.part;
	(void)queue_deliver_command(m, LIST_REMOVE);
	m = spool_next(wall.spool, head.next);
	(void)snprintf(want, sizeof(want), "%016" PRIx64, m->id);
	ask(&a, &head, &q, &rows);
	CHECK(next_row(&rows, "message", text, sizeof(text)) &&
	    strcmp(text, want) == 0, "%s is passed over", want);
	wall_done(&q);
}

/* Change all, or one; how many were changed. */
static unsigned int
change(enum list_what what, uint64_t id, unsigned int *parts)
{
	struct list_ask		 a = { .what = what, .id = id };
	struct list_head	 head;
	struct wall_ask		 q;
	struct rbuf		 rows;
	unsigned int		 n = 0;

	*parts = 0;
	do {
		ask(&a, &head, &q, &rows);
		CHECK(!row_more(&rows), "rows of a change");
		wall_done(&q);
		n += head.changed;
		a.after = head.next;
		a.part = head.part;
	} while (head.next != 0 && ++*parts < 1000);
	return (n);
}

static void
test_change(void)
{
	struct list_ask		 a = { .what = LIST_SHOW };
	struct list_head	 head;
	struct message		*m;
	struct wall_ask		 q;
	struct rbuf		 rows;
	char			 value[64];
	unsigned int		 parts = 0;

	m = spool_next(wall.spool, 0);
	a.id = m->id;
	CHECK(change(LIST_HOLD, m->id, &parts) == 1, "hold one");
	CHECK(change(LIST_HOLD, m->id, &parts) == 0, "hold it again");
	CHECK(change(LIST_HOLD, 12345, &parts) == 0, "hold no message");
	CHECK(change(LIST_HOLD, 0, &parts) == SMALL && parts >= 1,
	    "hold the others, in %u parts", parts);
	ask(&a, &head, &q, &rows);
	CHECK(next_row(&rows, "state", value, sizeof(value)) &&
	    strcmp(value, "held") == 0, "state %s", value);
	wall_done(&q);
	CHECK(change(LIST_RELEASE, 0, &parts) == SMALL + 1, "release");
	CHECK(change(LIST_RETRY, 0, &parts) == SMALL + 1, "retry");
	CHECK(change(LIST_REMOVE, 0, &parts) == SMALL + 1, "remove");
	CHECK(spool_next(wall.spool, 0) == NULL, "something is left");
}

static void
test_row(void)
{
	static const char *const	 fields[][2] = {
		{ "from", "7.10@s.test" },	{ "to", "temp@d.test" },
		{ "state", "waiting" },		{ "tries", "1" },
		{ "size", "10" },		{ "why",
		    "4.4.3 the directory cannot tell now" },
	};
	struct list_ask		 a = { .what = LIST_SHOW };
	struct list_head	 head;
	struct message		*m;
	struct wall_ask		 q;
	struct rbuf		 rows;
	char			 value[400];
	size_t			 i;

	wall.down[PROC_LOOKUP] = 0;
	m = wall_mail(7, 10, "temp");
	wall_settle();
	m->created -= 50;
	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		ask(&a, &head, &q, &rows);
		CHECK(next_row(&rows, fields[i][0], value, sizeof(value)) &&
		    strcmp(value, fields[i][1]) == 0, "%s is %s",
		    fields[i][0], value);
		wall_done(&q);
	}
	ask(&a, &head, &q, &rows);
	CHECK(next_row(&rows, "age", value, sizeof(value)) &&
	    atol(value) >= 50 && atol(value) < 60, "age %s", value);
	wall_done(&q);
	ask(&a, &head, &q, &rows);
	CHECK(next_row(&rows, "next", value, sizeof(value)) &&
	    atol(value) > 80 && atol(value) <= 110, "next %s", value);
	wall_done(&q);
}

static void
test_stats(void)
{
	struct wall_ask	 q = { .fd = -1 };
	struct rbuf	 r;
	struct wbuf	 w;
	char		 value[64];

	wbuf_init(&w);
	CHECK(wall_say(queue_take_stats, PROC_CONTROL, 0, 1, &w) == 0 &&
	    wall_take(MSG_CHILD_STATS_ANSWER, &q), "no answer");
	rbuf_init(&r, q.body, q.len);
	CHECK(next_row(&r, "messages", value, sizeof(value)) &&
	    strcmp(value, "1") == 0 && !row_more(&r), "messages %s", value);
	wall_done(&q);
}

int
main(void)
{
	box_make();
	event_init();
	test_early();
	wall.down[PROC_LOOKUP] = 1;
	test_show();
	test_cursor();
	test_change();
	test_row();
	test_stats();
	spool_close(wall.spool);
	box_remove(box_dir);
	return (check_done("queue_list"));
}
