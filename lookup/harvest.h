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
 * The harvest memory: how many errors the clients of a network may have.
 *
 * Each network has a bucket of budget tokens that fills evenly within
 * period.  An error takes one.  Where there is none left the network is
 * banned for a time, in which nothing is drawn and nobody is served.  A
 * network whose bucket is full is as good as one never heard of, and is
 * forgotten.
 *
 * The owner is this process's memory; what changes is written to the state
 * as well, so that neither a kill nor a restart forgives anything.
 */

#ifndef HARVEST_H
#define HARVEST_H

#include <bsd/sys/tree.h>

#include <stddef.h>
#include <stdint.h>

#include "smtpd/base/network.h"
#include "smtpd/msg/msg_harvest.h"

#define HARVEST_MAX	65536	/* networks; more: the least harmful goes */

/* Times are us of the wall clock: they are kept over a restart. */
struct harvest {
	RB_ENTRY(harvest) bynet, byend;
	struct network	 network;
	uint64_t	 full;		/* when the bucket is */
	uint64_t	 banned;	/* until then; 0: it is not */
	uint64_t	 errors;	/* in all, since it is remembered */
};

/* Said when a ban begins, with how many us it lasts; 0: it ends early. */
typedef void (*harvest_ban_cb)(const struct network *, uint64_t left);

/*
 * period and ban in ms.  What the state knows is read, as far as it is
 * still of use; the callback is for what happens later.
 */
void	 harvest_init(uint32_t budget, uint32_t period, uint32_t ban,
	    uint64_t now, harvest_ban_cb);

/* An error in that network. */
enum harvest_draw harvest_draw(const struct network *, uint64_t now);

/* Forget it, as if it had made no error; all for family 0.  How many. */
uint32_t harvest_pardon(const struct network *);

/* The first at or behind that network, or NULL; strictly behind it. */
const struct harvest *harvest_from(const struct network *);
const struct harvest *harvest_next(const struct harvest *);

/* How many tokens are taken; us until the ban ends, 0: there is none. */
uint32_t harvest_taken(const struct harvest *, uint64_t now);
uint64_t harvest_left(const struct harvest *, uint64_t now);

struct harvest_counts {
	uint64_t	 networks;	/* now */
	uint64_t	 granted, spent, bans, evicted;	/* since the start */
};
const struct harvest_counts *harvest_counts(void);

/* harvest_store.c: what is kept in the state; failures have been logged. */
void	 harvest_store_put(const struct harvest *);
void	 harvest_store_delete(const struct network *);
/* Each record that makes sense; take returns 0 for one to delete. */
void	 harvest_store_load(int (*take)(const struct harvest *, void *),
	    void *);

#endif
