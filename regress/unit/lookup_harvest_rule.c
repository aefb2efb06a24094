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
 * The rule of the harvest memory, with a clock of the test's own: what is
 * granted, who is banned, who is forgotten.  What is kept in the state is
 * counted instead.
 */

#include <stdlib.h>
#include <string.h>

#include "lookup/harvest.h"
#include "regress/unit/check.h"
#include "smtpd/base/log.h"

#define SECOND	UINT64_C(1000000)	/* us */
#define BUDGET	20
#define COST	(30 * SECOND)
#define BAN	(1800 * SECOND)
#define DRAWS	20000

static uint64_t		 now = 1800000000 * SECOND;
static unsigned int	 begun, ended, kept, dropped;
static struct network	 last_put;

void
harvest_store_put(const struct harvest *h)
{
	kept++;
	last_put = h->network;
}

void
harvest_store_delete(const struct network *n)
{
	dropped++;
}

void
harvest_store_load(int (*take)(const struct harvest *, void *), void *arg)
{
}

static void
ban(const struct network *n, uint64_t left)
{
	if (left == 0)
		ended++;
	else
		begun++;
}

static struct network
net(uint32_t n)
{
	struct network	 network = { 4, (uint64_t)n << 40 };

	return (network);
}

static enum harvest_draw
draw(uint32_t n)
{
	struct network	 network = net(n);

	return (harvest_draw(&network, now));
}

static const struct harvest *
find(uint32_t n)
{
	struct network		 network = net(n);
	const struct harvest	*h = harvest_from(&network);

	return (h != NULL && network_cmp(&h->network, &network) == 0 ? h :
	    NULL);
}

static void
forget(void)
{
	struct network	 none = { 0, 0 };

	(void)harvest_pardon(&none);
	begun = ended = kept = dropped = 0;
}

static void
test_budget(void)
{
	int	 i;

	forget();
	for (i = 0; i < BUDGET; i++)
		CHECK(draw(1) == HARVEST_GRANTED, "error %d", i);
	CHECK(harvest_taken(find(1), now) == BUDGET && begun == 0, "taken");
	CHECK(kept == BUDGET, "not each change is kept: %u", kept);
	CHECK(draw(1) == HARVEST_SPENT && begun == 1, "beyond the budget");
	CHECK(harvest_left(find(1), now) == BAN, "how long");
	now += BAN - 1;
	CHECK(draw(1) == HARVEST_SPENT && begun == 1 && kept == BUDGET + 1,
	    "a ban is said and kept once");
	CHECK(draw(2) == HARVEST_GRANTED, "another network");
	/* by now the bucket is full again */
	now++;
	for (i = 0; i < BUDGET; i++)
		CHECK(draw(1) == HARVEST_GRANTED, "error %d after it", i);
	CHECK(draw(1) == HARVEST_SPENT && begun == 2, "and again");
}

/* One error every 30 seconds is never too many; one more is at once. */
static void
test_refill(void)
{
	int	 i;

	forget();
	for (i = 0; i < 1000; i++, now += COST)
		CHECK(draw(1) == HARVEST_GRANTED, "%d", i);
	CHECK(harvest_taken(find(1), now) == 0, "taken %u",
	    harvest_taken(find(1), now));
	for (i = 0; i < BUDGET; i++)
		CHECK(draw(1) == HARVEST_GRANTED, "all at once %d", i);
	now += COST - 1;
	CHECK(draw(1) == HARVEST_SPENT, "a microsecond too early");
}

/* What recovers is forgotten, here and in the state. */
static void
test_tidy(void)
{
	uint32_t	 i;

	forget();
	for (i = 0; i < 1000; i++)
		(void)draw(i);
	CHECK(harvest_counts()->networks == 1000, "remembered");
	now += COST;
	for (i = 0; i < 1000; i++)
		(void)draw(5000 + i);
	CHECK(harvest_counts()->networks == 1000 && dropped == 1000,
	    "%llu remembered, %u deleted",
	    (unsigned long long)harvest_counts()->networks, dropped);
	CHECK(find(0) == NULL && find(5999) != NULL, "the wrong ones");
}

/* A clock that is set back makes no ban longer than it is. */
static void
test_clock(void)
{
	int	 i;

	forget();
	for (i = 0; i <= BUDGET; i++)
		(void)draw(1);
	now -= 365 * 86400 * SECOND;
	CHECK(draw(1) == HARVEST_SPENT, "forgiven");
	now += BAN;
	CHECK(draw(1) == HARVEST_GRANTED, "banned for a year");
}

static void
test_pardon(void)
{
	struct network	 n = net(1);
	int		 i;

	forget();
	for (i = 0; i <= BUDGET; i++)
		(void)draw(1);
	(void)draw(2);
	CHECK(harvest_pardon(&n) == 1 && ended == 1 && dropped == 1,
	    "pardon");
	CHECK(harvest_pardon(&n) == 0 && draw(1) == HARVEST_GRANTED,
	    "is remembered");
	memset(&n, 0, sizeof(n));
	CHECK(harvest_pardon(&n) == 2 && harvest_from(&n) == NULL, "all");
}

/* In no span of time more than the budget and what came back in it. */
static void
test_property(void)
{
	static uint64_t	 when[DRAWS];
	size_t		 n = 0, i, j, spent = 0;
	uint64_t	 until = 0;

	forget();
	srandom(4711);
	for (i = 0; i < DRAWS; i++) {
		now += (uint64_t)random() % (random() % 16 == 0 ? 10 * COST :
		    COST / 2);
		if (draw(7) == HARVEST_GRANTED) {
			CHECK(now >= until, "within a ban");
			when[n++] = now;
			continue;
		}
		spent++;
		if (now >= until) {
			/* it begins only where the budget is spent */
			CHECK(n >= BUDGET && now - when[n - BUDGET] <
			    BUDGET * COST, "banned without a reason");
			until = now + BAN;
		}
	}
	CHECK(spent > 100 && n > 100, "%zu granted, %zu not", n, spent);
	for (i = 0; i < n; i++)
		for (j = i; j < n && j < i + 200; j++)
			CHECK(j - i + 1 <= BUDGET + (when[j] - when[i]) /
			    COST, "%zu errors in %llu s", j - i + 1,
			    (unsigned long long)((when[j] - when[i]) /
			    SECOND));
}

/* Without room the least harmful goes, a banned network last of all. */
static void
test_full(void)
{
	uint64_t	 evicted = harvest_counts()->evicted;
	uint32_t	 i;

	forget();
	for (i = 0; i <= BUDGET; i++)
		(void)draw(0);
	for (i = 1; i < HARVEST_MAX; i++, now++)
		(void)draw(i);
	(void)draw(1);
	for (; i < HARVEST_MAX + 10; i++, now++)
		(void)draw(i);
	CHECK(harvest_counts()->networks == HARVEST_MAX &&
	    harvest_counts()->evicted == evicted + 10, "%llu networks",
	    (unsigned long long)harvest_counts()->networks);
	CHECK(find(0) != NULL && find(1) != NULL && find(2) == NULL &&
	    find(11) == NULL && find(12) != NULL && ended == 0,
	    "the wrong ones");
	forget();
}

int
main(void)
{
	log_init("lookup", 1, 0);
	harvest_init(BUDGET, 600000, 1800000, now, ban);
	test_budget();
	test_refill();
	test_tidy();
	test_clock();
	test_pardon();
	test_property();
	test_full();
	return (check_done("lookup_harvest_rule"));
}
