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
 * Unit test of hop.c: whose turn it is, how many at a time, and pauses.
 */

#include <stdlib.h>
#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/base/xmem.h"
#include "smtpd/queue/hop.h"

static struct wait *
add(struct hop *h, int old)
{
	struct wait	*w = xcalloc(1, sizeof(*w));

	w->old = old;
	hop_add(h, w);
	return (w);
}

/* Begin one job there, of its first wait. */
static void
begin(struct hop *h)
{
	struct wait	*w = hop_first(h);

	hop_remove(w);
	free(w);
	hop_begin(h);
}

static void
test_limits(void)
{
	struct hop	*h = hop_get("mx://a.test", 0);
	unsigned int	 i, n;

	CHECK(hop_get("mx://a.test", 0) == h, "the same");
	CHECK(hop_get("mx://a.test", 1) != h, "of another process");
	CHECK(hop_turn(0) == NULL, "nobody waits");
	for (i = 0; i < 100; i++)
		(void)add(h, 0);
	for (n = 0; (hop_turn(0)) == h; n++)
		begin(h);
	CHECK(n == HOP_LIMIT, "%u at first", n);
	hop_end(h, 0, "", 20, 1);
	for (n = 0; hop_turn(0) == h; n++)
		begin(h);
	CHECK(n == 2, "%u more after one came through", n);
	for (i = 0; i < 60; i++) {
		hop_end(h, 0, "", 20, 1);
		if (hop_turn(0) == h)
			begin(h);
	}
	while (hop_turn(0) == h)
		begin(h);
	CHECK(h->active == 20 && h->limit == 20, "%u of %u", h->active,
	    h->limit);
	while (h->active > 0)
		hop_end(h, 0, "", 3, 1);
	CHECK(h->limit == 3, "the configured number has changed");
	while (h->nwaits > 0)
		begin(h);
	while (h->active > 0)
		hop_end(h, 0, "", 3, 1);
	CHECK(hop_turn(0) == NULL, "nobody waits any more");
}

static void
test_down(void)
{
	struct hop	*h = hop_get("mx://b.test", 0);
	uint64_t	 now = 1000, pause[7];
	int		 i;

	(void)add(h, 0);
	(void)add(h, 0);
	(void)add(h, 0);
	begin(h);
	begin(h);
	CHECK(!hop_is_down(h, now), "well at first");
	hop_end(h, 1, "nobody there", 20, now);
	CHECK(hop_is_down(h, now) && h->limit == 1 &&
	    strcmp(h->why, "nobody there") == 0, "down");
	hop_end(h, 1, "nobody at all", 20, now + 1);
	CHECK(h->failures == 1 && strcmp(h->why, "nobody there") == 0,
	    "those that fail with it do not count");
	for (i = 0; i < 7; i++) {
		pause[i] = h->until - now;
		now = h->until;
		CHECK(!hop_is_down(h, now), "the pause is over");
		hop_begin(h);
		hop_end(h, 1, "still nobody", 20, now);
	}
	CHECK(pause[0] == HOP_PAUSE && pause[1] == 2 * HOP_PAUSE &&
	    pause[6] == HOP_PAUSE_MAX, "%llu %llu %llu",
	    (unsigned long long)pause[0], (unsigned long long)pause[1],
	    (unsigned long long)pause[6]);
	hop_begin(h);
	hop_end(h, 0, "", 20, now);
	CHECK(!hop_is_down(h, now) && h->failures == 0, "well again");
	begin(h);
	hop_end(h, 0, "", 20, now);
}

static void
test_turns(void)
{
	struct hop	*a = hop_get("mx://c.test", 0);
	struct hop	*b = hop_get("mx://d.test", 0);
	struct wait	*w;
	int		 i, old = 0;

	for (i = 0; i < 8; i++) {
		(void)add(a, 1);
		(void)add(a, 0);
	}
	(void)add(b, 0);
	CHECK(hop_turn(0) == a && hop_turn(0) == b && hop_turn(0) == a,
	    "by turns");
	begin(b);
	hop_end(b, 0, "", 20, 0);
	for (i = 0; i < 8; i++) {
		w = hop_first(a);
		old += w->old;
		hop_remove(w);
		free(w);
	}
	CHECK(old == 2, "%d of 8 are old ones", old);
	while ((w = hop_first(a)) != NULL) {
		hop_remove(w);
		free(w);
	}
	CHECK(hop_turn(0) == NULL, "all gone");
}

int
main(void)
{
	struct hop	*h;

	test_limits();
	test_down();
	test_turns();
	CHECK(hop_count() == 5, "%u hops", hop_count());
	h = hop_get("mx://e.test", 0);
	hop_begin(h);
	hop_end(h, 1, "x", 20, 5000);
	hop_sweep(5000);
	CHECK(hop_count() == 1, "%u hops: failures are remembered",
	    hop_count());
	hop_sweep(5000 + HOP_PAUSE + HOP_PAUSE_MAX);
	CHECK(hop_count() == 0, "%u hops left", hop_count());
	return (check_done("queue_hop"));
}
