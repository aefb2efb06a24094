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
 * The table of next hops.
 */

#include <bsd/string.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/xmem.h"
#include "smtpd/queue/hop.h"

RB_HEAD(hop_tree, hop);
TAILQ_HEAD(hop_list, hop);

static struct hop_tree	 hops = RB_INITIALIZER(&hops);
static struct hop_list	 turns[2] = {
	TAILQ_HEAD_INITIALIZER(turns[0]), TAILQ_HEAD_INITIALIZER(turns[1])
};
static unsigned int	 nhops;

static int
hop_cmp(const struct hop *a, const struct hop *b)
{
	if (a->inst != b->inst)
		return (a->inst < b->inst ? -1 : 1);
	return (strcmp(a->key, b->key));
}

RB_PROTOTYPE(hop_tree, hop, entry, hop_cmp)
RB_GENERATE(hop_tree, hop, entry, hop_cmp)

unsigned int
hop_count(void)
{
	return (nhops);
}

struct hop *
hop_get(const char *url, unsigned int inst)
{
	struct hop	*h, key = { .inst = inst };

	key.key = xstrdup(url);
	if ((h = RB_FIND(hop_tree, &hops, &key)) != NULL) {
		free(key.key);
		return (h);
	}
	h = xcalloc(1, sizeof(*h));
	h->key = key.key;
	h->inst = inst;
	h->limit = HOP_LIMIT;
	TAILQ_INIT(&h->fresh);
	TAILQ_INIT(&h->old);
	RB_INSERT(hop_tree, &hops, h);
	nhops++;
	return (h);
}

int
hop_is_down(const struct hop *h, uint64_t now)
{
	return (now < h->until);
}

/* In line, or out of it, as it has something to do and may. */
static void
hop_line(struct hop *h)
{
	int	 may = h->nwaits > 0 && h->active < h->limit;

	if (may == h->in_turn)
		return;
	if (may)
		TAILQ_INSERT_TAIL(&turns[h->inst], h, turn);
	else
		TAILQ_REMOVE(&turns[h->inst], h, turn);
	h->in_turn = may;
}

static struct wait_list *
hop_list(const struct wait *w)
{
	return (w->old ? &w->hop->old : &w->hop->fresh);
}

void
hop_add(struct hop *h, struct wait *w)
{
	w->hop = h;
	TAILQ_INSERT_TAIL(hop_list(w), w, entry);
	h->nwaits++;
	hop_line(h);
}

void
hop_remove(struct wait *w)
{
	struct hop	*h = w->hop;

	TAILQ_REMOVE(hop_list(w), w, entry);
	h->nwaits--;
	hop_line(h);
}

struct wait *
hop_first(struct hop *h)
{
	struct wait	*w = TAILQ_FIRST(&h->fresh);
	struct wait	*o = TAILQ_FIRST(&h->old);

	if (w == NULL || (o != NULL && h->count++ % 4 == 3))
		return (o);
	return (w);
}

struct wait *
hop_next(struct wait *w)
{
	return (TAILQ_NEXT(w, entry));
}

struct hop *
hop_turn(unsigned int inst)
{
	struct hop	*h = TAILQ_FIRST(&turns[inst]);

	if (h == NULL)
		return (NULL);
	TAILQ_REMOVE(&turns[inst], h, turn);
	TAILQ_INSERT_TAIL(&turns[inst], h, turn);
	return (h);
}

void
hop_begin(struct hop *h)
{
	h->active++;
	hop_line(h);
}

static void
hop_free(struct hop *h)
{
	RB_REMOVE(hop_tree, &hops, h);
	nhops--;
	free(h->key);
	free(h);
}

static uint64_t
hop_pause(unsigned int failures)
{
	uint64_t	 ms = HOP_PAUSE;

	while (--failures > 0 && ms < HOP_PAUSE_MAX)
		ms *= 2;
	return (ms < HOP_PAUSE_MAX ? ms : HOP_PAUSE_MAX);
}

void
hop_end(struct hop *h, int down, const char *why, unsigned int max,
    uint64_t now)
{
	h->active--;
	if (!down) {
		h->failures = 0;
		h->until = 0;
		if (h->limit < max)
			h->limit++;
	} else if (!hop_is_down(h, now)) {
		/* of all that fail at a time, the first counts */
		h->until = now + hop_pause(++h->failures);
		h->limit = 1;
		(void)strlcpy(h->why, why, sizeof(h->why));
	}
	if (h->limit > max)
		h->limit = max;
	hop_line(h);
}

void
hop_sweep(uint64_t now)
{
	struct hop	*h, *next;

	RB_FOREACH_SAFE(h, hop_tree, &hops, next)
		/* failures are remembered for as long again */
		if (h->nwaits == 0 && h->active == 0 &&
		    now >= h->until + (h->failures == 0 ? 0 :
		    HOP_PAUSE_MAX))
			hop_free(h);
}
