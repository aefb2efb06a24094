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
 * One question of the queue: a message on its way to a next hop, from one
 * address to the next until somebody takes it or all have been tried.
 */

#ifndef ERRAND_H
#define ERRAND_H

#include <bsd/sys/queue.h>

#include <event.h>
#include <stdint.h>

#include "smtpd/msg/msg_relay.h"
#include "smtpd/smtp/talk.h"

struct call;
struct places;
struct proc_msg;
struct target;

struct errand {
	TAILQ_ENTRY(errand) entry;	/* of those that wait for addresses */
	uint64_t	 question;	/* the queue's */
	uint64_t	 life;		/* which queue process asked */
	struct relay_ask ask;
	int		 fd;		/* of the text */
	struct talk_tx	 tx;
	struct target	*target;
	struct call	*call;		/* or NULL */
	int		 waiting;	/* for addresses */
	struct places	*places;	/* to be tried, */
	size_t		 place;		/* this one next */
	unsigned int	 tries;
	int		 plain;		/* the last one again, without TLS */
	int		 reached;	/* some server was ready for mail */
	int		 unwanted;	/* some server said never */
	int		 refused;	/* some server did not */
	struct event	 timer;		/* of the whole */
	char		 mta[RELAY_MTA_MAX + 1];
	char		 why[1024];	/* of the last address */
};

/* Counted since start. */
struct errand_stats {
	uint64_t	 ok, later, never;	/* recipients */
	unsigned int	 running;
};

/* The taker of MSG_QUEUE_RELAY_ASK. */
int	 errand_take(struct proc_msg *);

/* The queue is gone: what it asked is carried on, but not answered. */
void	 errand_queue_gone(void);

/*
 * For call.c.  The server is ready: make the message fit for what it
 * offers.  The message is over: outcomes are known.  The connection is
 * over: talk says why, and what may be tried again.
 */
void	 errand_fit(struct errand *, const struct talk *);
void	 errand_done(struct errand *, const struct call *);
void	 errand_lost(struct errand *, const struct call *);

void	 errand_stats(struct errand_stats *);

#endif
