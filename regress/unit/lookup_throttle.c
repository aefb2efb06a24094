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
 * The buckets of throttles: what goes in, what flows out, all or none, and
 * what is left of them behind a kill.
 */

#include <signal.h>

#include "lookup/memo.h"
#include "regress/unit/lookup_play.h"

#define S	UINT64_C(1000000)	/* us */

static uint64_t		 now = 1800000000 * S;

uint64_t
clock_wall_us(void)
{
	return (now);
}

static void
take_init(struct throttle_take *t, uint64_t id, uint32_t count,
    uint32_t period)
{
	memset(t, 0, sizeof(*t));
	t->id = id;
	t->key[0] = 'k';
	t->rate.count = count;
	t->rate.period = period;
}

static enum throttle_status
ask_all(const struct throttle_ask *ask)
{
	struct wbuf	 w;

	wbuf_init(&w);
	msg_put_throttle_ask(&w, ask);
	play_ask(PROC_POLICY, MSG_POLICY_THROTTLE_ASK, &w);
	return (play_throttled.status);
}

static enum throttle_status
take(uint64_t id, uint32_t count, uint32_t period)
{
	struct throttle_ask	 ask;

	memset(&ask, 0, sizeof(ask));
	ask.n = 1;
	take_init(&ask.takes[0], id, count, period);
	return (ask_all(&ask));
}

/* How many go in at this moment. */
static int
room(uint64_t id, uint32_t count, uint32_t period)
{
	int	 n = 0;

	while (n < 5000 && take(id, count, period) == THROTTLE_TAKEN)
		n++;
	return (n);
}

static void
test_rate(void)
{
	CHECK(room(1, 2, 3600000) == 2 &&
	    play_throttled.wait == 1800000, "2/1h, wait %u",
	    play_throttled.wait);
	now += 1799 * S;
	CHECK(room(1, 2, 3600000) == 0 && play_throttled.wait == 1000,
	    "1 s too soon");
	now += S;
	CHECK(room(1, 2, 3600000) == 1, "half an hour");
	now += 7200 * S;
	CHECK(room(1, 2, 3600000) == 2, "never more than that");
	CHECK(room(2, 3, 1000) == 3, "a rate that does not divide");
	CHECK(room(3, 1000000, 1000) == 5000, "a million in a second");
	CHECK(room(4, 1, UINT32_MAX) == 1, "once in 49 days");
	CHECK(room(5, 1000, 60000) == 1000, "1000/1m");
	now += 30 * S;
	CHECK(room(5, 1000, 60000) == 500, "half of it flowed out");
	/* a clock that is put back keeps nobody out */
	now -= 86400 * S;
	CHECK(room(5, 1000, 60000) == 1000, "yesterday");
	now += 86400 * S;
}

static void
test_all_or_none(void)
{
	struct throttle_ask	 ask;
	int			 n = 0;

	memset(&ask, 0, sizeof(ask));
	ask.n = 3;
	take_init(&ask.takes[0], 10, 100, 60000);
	take_init(&ask.takes[1], 11, 3, 60000);
	take_init(&ask.takes[2], 12, 50, 60000);
	while (n < 100 && ask_all(&ask) == THROTTLE_TAKEN)
		n++;
	CHECK(n == 3 && play_throttled.which == 1, "%d, full %u", n,
	    play_throttled.which);
	for (n = 0; n < 20; n++)
		(void)ask_all(&ask);
	CHECK(room(10, 100, 60000) == 97 && room(12, 50, 60000) == 47,
	    "the others were drawn on");
	ask.dry = 1;
	now += 20 * S;
	for (n = 0; n < 20; n++)
		CHECK(ask_all(&ask) == THROTTLE_TAKEN, "dry");
	CHECK(room(11, 3, 60000) == 1, "who only asks has drawn");
	ask.n = 0;
	CHECK(ask_all(&ask) == THROTTLE_TAKEN, "nothing at all");
}

/* In any time as many as fit in a full bucket and flow out meanwhile. */
static void
test_property(void)
{
	uint64_t	 begin = now, most;
	uint32_t	 count, period;
	int		 i, round, n;

	srandom(5);
	for (round = 0; round < 40; round++) {
		count = (uint32_t)(random() % 50 + 1);
		period = (uint32_t)(random() % 100000 + 1000);
		begin = now;
		for (i = n = 0; i < 400; i++) {
			now += (uint64_t)random() % (period * 40) *
			    (random() % 3 == 0);
			n += take(100 + (uint64_t)round, count, period) ==
			    THROTTLE_TAKEN;
		}
		most = count + (now - begin) * count /
		    (period * UINT64_C(1000)) + 1;
		CHECK((uint64_t)n <= most && n > 0, "%d of %u/%ums in %llu "
		    "us", n, count, period,
		    (unsigned long long)(now - begin));
	}
}

/* Full of buckets: those that are empty first go, and nobody is let in. */
static void
test_bounds(void)
{
	uint64_t	 id;

	memo_bound(MEMO_BUCKET, memo_totals(MEMO_BUCKET)->records + 10,
	    UINT64_MAX);
	for (id = 1000; id < 1200; id++)
		CHECK(take(id, 1, 60000 + (uint32_t)id) == THROTTLE_TAKEN &&
		    take(id, 1, 60000 + (uint32_t)id) == THROTTLE_FULL,
		    "bucket %llu", (unsigned long long)id);
	memo_bound(MEMO_BUCKET, UINT64_MAX, UINT64_MAX);
}

static void
first_life(void)
{
	play_begin(0);
	test_rate();
	test_all_or_none();
	test_property();
	test_bounds();
	now = 1900000000 * S;
	CHECK(room(50, 7, 600000) == 7, "room");
	if (check_failed == 0)
		kill(getpid(), SIGKILL);
}

static void
second_life(void)
{
	now = 1900000000 * S;
	play_begin(0);
	CHECK(room(50, 7, 600000) == 0, "the kill has emptied a bucket");
}

int
main(void)
{
	pid_t	 pid;
	int	 status = 0;

	play_open();
	if ((pid = fork()) == 0) {
		play_run(first_life);
		_exit(1);
	}
	CHECK(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status),
	    "the first life ended with %d", status);
	play_life(second_life);
	play_close();
	return (check_done("lookup_throttle"));
}
