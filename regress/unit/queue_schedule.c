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
 * The order of tries, their pauses, and the sets of mailboxes that have a
 * message already.
 */

#include <stdio.h>
#include <stdlib.h>

#include "regress/unit/check.h"
#include "smtpd/queue/envelope.h"
#include "smtpd/base/keyset.h"
#include "smtpd/queue/schedule.h"

#define MESSAGES	500
#define KEYS		20000

static struct message	 messages[MESSAGES];
static uint64_t		 seed = 1;

/* The same numbers at each run. */
static uint64_t
next_random(void)
{
	seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (seed >> 33);
}

/* The earliest of those in the schedule, the slow way. */
static uint64_t
earliest(void)
{
	uint64_t	 next = UINT64_MAX;
	size_t		 i;

	for (i = 0; i < MESSAGES; i++)
		if (messages[i].slot != 0 && messages[i].next < next)
			next = messages[i].next;
	return (next);
}

static void
test_order(void)
{
	struct schedule	 s = { NULL, 0, 0 };
	struct message	*m;
	uint64_t	 last = 0;
	size_t		 i, n;

	CHECK(schedule_first(&s) == NULL, "something in nothing");
	schedule_remove(&s, &messages[0]);
	for (i = 0; i < 20000; i++) {
		m = &messages[next_random() % MESSAGES];
		if (next_random() % 4 == 0)
			schedule_remove(&s, m);
		else {
			m->next = next_random() % 1000;
			schedule_put(&s, m);	/* or put right */
		}
		m = schedule_first(&s);
		CHECK((m == NULL ? UINT64_MAX : m->next) == earliest(),
		    "step %zu: not the earliest", i);
	}
	for (n = 0; (m = schedule_first(&s)) != NULL; n++) {
		CHECK(m->next >= last, "out of order");
		last = m->next;
		schedule_remove(&s, m);
		CHECK(m->slot == 0, "still in");
	}
	CHECK(n > MESSAGES / 2, "%zu left", n);
	schedule_free(&s);
}

static void
test_pauses(void)
{
	static const uint32_t	 pauses[] = { 60, 300, 3600 };
	uint64_t		 ms;
	uint32_t		 i, chance;

	for (i = 0; i < 1000; i++) {
		chance = (uint32_t)next_random();
		ms = schedule_pause(pauses, 3, 1, chance);
		CHECK(ms >= 54000 && ms <= 66000, "first: %llu",
		    (unsigned long long)ms);
		ms = schedule_pause(pauses, 3, 2, chance);
		CHECK(ms >= 270000 && ms <= 330000, "second: %llu",
		    (unsigned long long)ms);
		ms = schedule_pause(pauses, 3, UINT32_MAX, chance);
		CHECK(ms >= 3240000 && ms <= 3960000, "the last goes on");
		ms = schedule_pause(NULL, 0, i, chance);
		CHECK(ms >= 270000 && ms <= 330000, "none configured");
	}
	CHECK(schedule_pause(pauses, 3, 0, 0) == 54000 &&
	    schedule_pause(pauses, 3, 1, 0) == 54000, "before the first");
	CHECK(schedule_pause(pauses, 3, 1, 0) !=
	    schedule_pause(pauses, 3, 1, 6000), "chance does nothing");
}

static void
test_keys(void)
{
	struct keyset	*k;
	char		 key[32];
	int		 i;

	CHECK(!keyset_has(NULL, "a"), "in no set");
	k = keyset_new();
	CHECK(!keyset_has(k, "a"), "in an empty set");
	for (i = 0; i < KEYS; i++) {
		(void)snprintf(key, sizeof(key), "a:user%d", i);
		CHECK(!keyset_has(k, key), "%s before", key);
		keyset_add(k, key);
		keyset_add(k, key);
		CHECK(keyset_has(k, key) && k->n == (size_t)i + 1,
		    "%s after", key);
	}
	for (i = 0; i < KEYS; i++) {
		(void)snprintf(key, sizeof(key), "a:user%d", i);
		CHECK(keyset_has(k, key), "%s got lost", key);
		key[0] = 'r';
		CHECK(!keyset_has(k, key), "%s is there", key);
	}
	keyset_free(k);
	keyset_free(NULL);
}

int
main(void)
{
	test_order();
	test_pauses();
	test_keys();
	return (check_done("queue_schedule"));
}
