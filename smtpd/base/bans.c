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
 * Bans, by network and by the time at which they end.
 */

#include <bsd/sys/tree.h>

#include <stdlib.h>

#include "smtpd/base/bans.h"
#include "smtpd/base/clock.h"
#include "smtpd/base/xmem.h"

struct ban {
	RB_ENTRY(ban)	 bynet, byend;
	struct network	 network;
	uint64_t	 end;		/* clock_mono */
};

static int
ban_net_cmp(struct ban *a, struct ban *b)
{
	return (network_cmp(&a->network, &b->network));
}

static int
ban_end_cmp(struct ban *a, struct ban *b)
{
	if (a->end != b->end)
		return (a->end < b->end ? -1 : 1);
	return (network_cmp(&a->network, &b->network));
}

RB_HEAD(ban_nets, ban);
RB_HEAD(ban_ends, ban);
RB_PROTOTYPE(ban_nets, ban, bynet, ban_net_cmp)
RB_GENERATE(ban_nets, ban, bynet, ban_net_cmp)
RB_PROTOTYPE(ban_ends, ban, byend, ban_end_cmp)
RB_GENERATE(ban_ends, ban, byend, ban_end_cmp)

static struct ban_nets	 nets = RB_INITIALIZER(&nets);
static struct ban_ends	 ends = RB_INITIALIZER(&ends);
static size_t		 nbans;

static void
ban_free(struct ban *b)
{
	RB_REMOVE(ban_nets, &nets, b);
	RB_REMOVE(ban_ends, &ends, b);
	free(b);
	nbans--;
}

static void
bans_expire(void)
{
	struct ban	*b;
	uint64_t	 now;

	if (nbans == 0)
		return;
	now = clock_mono();
	while ((b = RB_MIN(ban_ends, &ends)) != NULL && b->end <= now)
		ban_free(b);
}

void
bans_set(const struct network *n, uint64_t left)
{
	struct ban	*b, key;

	bans_expire();
	key.network = *n;
	if ((b = RB_FIND(ban_nets, &nets, &key)) != NULL)
		ban_free(b);
	if (left == 0 || n->family == 0)
		return;
	if (nbans >= BANS_MAX)
		ban_free(RB_MIN(ban_ends, &ends));
	b = xcalloc(1, sizeof(*b));
	b->network = *n;
	b->end = clock_mono() + left;
	(void)RB_INSERT(ban_nets, &nets, b);
	(void)RB_INSERT(ban_ends, &ends, b);
	nbans++;
}

void
bans_clear(void)
{
	struct ban	*b;

	while ((b = RB_MIN(ban_ends, &ends)) != NULL)
		ban_free(b);
}

int
bans_has(const struct ip *ip)
{
	struct ban	 key;

	bans_expire();
	if (nbans == 0)
		return (0);
	network_of(&key.network, ip);
	return (RB_FIND(ban_nets, &nets, &key) != NULL);
}

size_t
bans_count(void)
{
	bans_expire();
	return (nbans);
}

void
bans_each(void (*cb)(const struct network *, uint64_t left))
{
	struct ban	*b;
	uint64_t	 now = clock_mono();

	bans_expire();
	RB_FOREACH(b, ban_nets, &nets)
		if (b->end > now)
			cb(&b->network, b->end - now);
}
