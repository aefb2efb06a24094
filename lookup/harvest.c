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
 * Token buckets, each kept as the one moment at which it is full again:
 * an error moves that on by the time a token takes.
 */

#include <stdlib.h>

#include "lookup/harvest.h"
#include "smtpd/base/log.h"
#include "smtpd/base/xmem.h"

#define MS		1000		/* us */
#define TIDY		2		/* forgotten with each error: more than
					   an error can bring */

static int
net_cmp(struct harvest *a, struct harvest *b)
{
	return (network_cmp(&a->network, &b->network));
}

/* When nothing is left of it. */
static uint64_t
end_of(const struct harvest *h)
{
	return (h->full > h->banned ? h->full : h->banned);
}

static int
end_cmp(struct harvest *a, struct harvest *b)
{
	uint64_t	 x = end_of(a), y = end_of(b);

	if (x != y)
		return (x < y ? -1 : 1);
	return (net_cmp(a, b));
}

RB_HEAD(harvest_nets, harvest);
RB_HEAD(harvest_ends, harvest);
RB_PROTOTYPE(harvest_nets, harvest, bynet, net_cmp)
RB_GENERATE(harvest_nets, harvest, bynet, net_cmp)
RB_PROTOTYPE(harvest_ends, harvest, byend, end_cmp)
RB_GENERATE(harvest_ends, harvest, byend, end_cmp)

static struct harvest_nets	 nets = RB_INITIALIZER(&nets);
static struct harvest_ends	 ends = RB_INITIALIZER(&ends);
static struct harvest_counts	 counts;
static harvest_ban_cb		 ban_cb;
static uint64_t			 cost;		/* us that a token takes */
static uint64_t			 limit;		/* us for all of them */
static uint64_t			 ban_time;

static void
harvest_free(struct harvest *h)
{
	RB_REMOVE(harvest_nets, &nets, h);
	RB_REMOVE(harvest_ends, &ends, h);
	free(h);
	counts.networks--;
}

/* Forget one: a ban that has not ended is told to be over. */
static void
harvest_drop(struct harvest *h)
{
	harvest_store_delete(&h->network);
	if (h->banned != 0)
		ban_cb(&h->network, 0);
	harvest_free(h);
}

/*
 * A clock that was set back must not make a ban of years; what is ahead of
 * all that can be begins anew now.
 */
static void
harvest_clamp(struct harvest *h, uint64_t now)
{
	if (h->full > now + limit)
		h->full = now + limit;
	if (h->banned > now + ban_time)
		h->banned = now + ban_time;
	if (h->banned <= now)
		h->banned = 0;
}

static struct harvest *
harvest_find(const struct network *n)
{
	struct harvest	 key;

	key.network = *n;
	return (RB_FIND(harvest_nets, &nets, &key));
}

static struct harvest *
harvest_add(const struct harvest *from)
{
	struct harvest	*h;

	h = xcalloc(1, sizeof(*h));
	*h = *from;
	(void)RB_INSERT(harvest_nets, &nets, h);
	(void)RB_INSERT(harvest_ends, &ends, h);
	counts.networks++;
	return (h);
}

static int
load_take(const struct harvest *from, void *arg)
{
	struct harvest	 h = *from;
	const uint64_t	*now = arg;

	harvest_clamp(&h, *now);
	if (end_of(&h) <= *now || counts.networks >= HARVEST_MAX ||
	    harvest_find(&h.network) != NULL)
		return (0);
	(void)harvest_add(&h);
	return (1);
}

void
harvest_init(uint32_t budget, uint32_t period, uint32_t ban, uint64_t now,
    harvest_ban_cb cb)
{
	ban_cb = cb;
	cost = (uint64_t)period * MS / budget;
	limit = cost * budget;
	ban_time = (uint64_t)ban * MS;
	harvest_store_load(load_take, &now);
}

/* Those that have recovered, a few at a time; and room for one more. */
static void
harvest_tidy(uint64_t now)
{
	struct harvest	*h;
	int		 i;

	for (i = 0; i < TIDY && (h = RB_MIN(harvest_ends, &ends)) != NULL &&
	    end_of(h) <= now; i++) {
		h->banned = 0;
		harvest_drop(h);
	}
	if (counts.networks < HARVEST_MAX)
		return;
	counts.evicted++;
	harvest_drop(RB_MIN(harvest_ends, &ends));
}

static void
harvest_ban(struct harvest *h, uint64_t now)
{
	char	 net[NETWORK_STR_SIZE];

	h->banned = now + ban_time;
	counts.bans++;
	log_info("event=ban network=%s errors=%llu seconds=%llu",
	    network_format(&h->network, net, sizeof(net)),
	    (unsigned long long)h->errors,
	    (unsigned long long)(ban_time / MS / 1000));
	ban_cb(&h->network, ban_time);
}

/* A token, or a ban where there is none. */
static void
harvest_take(struct harvest *h, uint64_t now)
{
	uint64_t	 full = (h->full > now ? h->full : now) + cost;

	if (full > now + limit) {
		counts.spent++;
		harvest_ban(h, now);
		return;
	}
	counts.granted++;
	h->full = full;
	h->errors++;
}

enum harvest_draw
harvest_draw(const struct network *n, uint64_t now)
{
	struct harvest	*h, fresh = { .network = *n };

	if ((h = harvest_find(n)) == NULL) {
		harvest_tidy(now);
		h = harvest_add(&fresh);
	}
	RB_REMOVE(harvest_ends, &ends, h);
	harvest_clamp(h, now);
	if (h->banned != 0)
		counts.spent++;		/* nothing changes while it lasts */
	else {
		harvest_take(h, now);
		harvest_store_put(h);
	}
	(void)RB_INSERT(harvest_ends, &ends, h);
	return (h->banned != 0 ? HARVEST_SPENT : HARVEST_GRANTED);
}

uint32_t
harvest_pardon(const struct network *n)
{
	struct harvest	*h;
	uint32_t	 done = 0;

	if (n->family != 0) {
		if ((h = harvest_find(n)) == NULL)
			return (0);
		harvest_drop(h);
		return (1);
	}
	while ((h = RB_ROOT(&nets)) != NULL) {
		harvest_drop(h);
		done++;
	}
	return (done);
}

const struct harvest *
harvest_from(const struct network *n)
{
	struct harvest	 key;

	key.network = *n;
	return (RB_NFIND(harvest_nets, &nets, &key));
}

const struct harvest *
harvest_next(const struct harvest *h)
{
	struct harvest	 key;

	key.network = h->network;
	if (key.network.prefix == UINT64_MAX) {
		key.network.family++;
		key.network.prefix = 0;
	} else
		key.network.prefix++;
	return (RB_NFIND(harvest_nets, &nets, &key));
}

uint32_t
harvest_taken(const struct harvest *h, uint64_t now)
{
	if (h->full <= now)
		return (0);
	return ((uint32_t)((h->full - now + cost - 1) / cost));
}

uint64_t
harvest_left(const struct harvest *h, uint64_t now)
{
	return (h->banned > now ? h->banned - now : 0);
}

const struct harvest_counts *
harvest_counts(void)
{
	return (&counts);
}
