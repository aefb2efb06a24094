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
 * Which processes there are, and who talks to whom; the parent and control
 * to everyone.
 */

#include <stddef.h>

#include "smtpd/parent.h"

enum edge {
	EDGE_ALL,
	EDGE_PAIR,		/* of the same pair only */
	EDGE_FIRST		/* b of instance 0 only */
};

static const struct {
	enum proc_id	 a, b;
	enum edge	 which;
} edges[] = {
	{ PROC_FRONT,	PROC_POLICY,	EDGE_PAIR },
	{ PROC_FRONT,	PROC_QUEUE,	EDGE_ALL },
	{ PROC_FRONT,	PROC_KEYS,	EDGE_ALL },
	{ PROC_POLICY,	PROC_LOOKUP,	EDGE_ALL },
	{ PROC_POLICY,	PROC_RELAY,	EDGE_FIRST },
	{ PROC_QUEUE,	PROC_LOOKUP,	EDGE_ALL },
	{ PROC_QUEUE,	PROC_DELIVER,	EDGE_ALL },
	{ PROC_QUEUE,	PROC_RELAY,	EDGE_ALL },
	{ PROC_DELIVER,	PROC_LOOKUP,	EDGE_ALL },
	{ PROC_LOOKUP,	PROC_SQL,	EDGE_ALL },
	{ PROC_LOOKUP,	PROC_HASH,	EDGE_ALL },
	{ PROC_CONTROL,	PROC_FRONT,	EDGE_ALL },
	{ PROC_CONTROL,	PROC_POLICY,	EDGE_ALL },
	{ PROC_CONTROL,	PROC_LOOKUP,	EDGE_ALL },
	{ PROC_CONTROL,	PROC_QUEUE,	EDGE_ALL },
	{ PROC_CONTROL,	PROC_DELIVER,	EDGE_ALL },
	{ PROC_CONTROL,	PROC_RELAY,	EDGE_ALL },
	{ PROC_CONTROL,	PROC_KEYS,	EDGE_ALL },
	{ PROC_CONTROL,	PROC_SQL,	EDGE_ALL },
	{ PROC_CONTROL,	PROC_HASH,	EDGE_ALL },
};

static int
edge_fits(enum edge which, unsigned int ainst, unsigned int binst)
{
	switch (which) {
	case EDGE_PAIR:
		return (ainst % PROC_PAIRS_MAX == binst % PROC_PAIRS_MAX);
	case EDGE_FIRST:
		return (binst == 0);
	default:
		return (1);
	}
}

int
edge_is(enum proc_id x, unsigned int xinst, enum proc_id y,
    unsigned int yinst)
{
	size_t	 i;

	for (i = 0; i < sizeof(edges) / sizeof(edges[0]); i++) {
		if (edges[i].a == x && edges[i].b == y)
			return (edge_fits(edges[i].which, xinst, yinst));
		if (edges[i].a == y && edges[i].b == x)
			return (edge_fits(edges[i].which, yinst, xinst));
	}
	return (0);
}

static int
wants_hashes(const struct conf *conf)
{
	size_t	 i;

	for (i = 0; i < conf->nlisteners; i++)
		if (conf->listeners[i].auth[0] != '\0')
			return (1);
	return (0);
}

/* Nobody comes and nothing goes. */
void
child_start_trial(const struct conf *conf)
{
	unsigned int	 i;

	for (i = 0; i < conf->lookup.nsqls; i++)
		child_add(PROC_SQL, i);
	child_add(PROC_LOOKUP, 0);
	child_add(PROC_RELAY, 0);
	child_add(PROC_CONTROL, 0);
	child_add(PROC_POLICY, 0);
}

void
child_start_all(const struct conf *conf)
{
	unsigned int	 i;

	for (i = 0; i < conf->lookup.nsqls; i++)
		child_add(PROC_SQL, i);
	child_add(PROC_LOOKUP, 0);
	child_add(PROC_QUEUE, 0);
	if (conf->queue.lmtp[0] == '\0')
		child_add(PROC_DELIVER, 0);
	else
		child_add(PROC_RELAY, 1);
	child_add(PROC_RELAY, 0);
	child_add(PROC_CONTROL, 0);
	child_add(PROC_KEYS, 0);
	for (i = 0; wants_hashes(conf) && i < conf->hashes; i++)
		child_add(PROC_HASH, i);
	for (i = 0; i < conf->prefork; i++) {
		child_add(PROC_POLICY, i);
		child_add(PROC_FRONT, i);
	}
}
