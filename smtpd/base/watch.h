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
 * The sessions that somebody watches (smtpctl trace), as far as this
 * process has been told (msg_trace.h): one of them, or all of a client
 * network.  Nearly always there is nobody, and that costs a comparison.
 *
 * A watch that is paused stays, and is told nothing: who reads it does not
 * come along.
 */

#ifndef WATCH_H
#define WATCH_H

#include <stdint.h>

#include "smtpd/base/ip.h"

#define WATCH_MAX	8	/* at a time; a bit each in a mask */

struct watch {
	uint64_t	 number;	/* control's; 0: none */
	uint64_t	 session;	/* this one, or 0: those of net */
	struct ip_net	 net;
	int		 paused;
	uint32_t	 lost;		/* could not be told, nor said yet */
};

extern struct watch	 watches[WATCH_MAX];

/* Bits of those that there are, and of those that are not paused. */
extern uint8_t		 watch_all, watch_live;

/* Begin, or change, the one of that number; -1 when there are too many. */
int	 watch_set(const struct watch *);

/* NULL: no such one any more. */
struct watch *watch_find(uint64_t number);
void	 watch_pause(struct watch *, int paused);
void	 watch_end(struct watch *);
void	 watch_clear(void);		/* all of them */

/* The bits of those that watch this session. */
uint8_t	 watch_match(uint64_t session, const struct ip *client);

#endif
