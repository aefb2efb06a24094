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
 * The life of a message in the queue: due, tried, tried again, done.
 */

#ifndef QUEUE_DELIVER_H
#define QUEUE_DELIVER_H

#include <stdint.h>

#include "smtpd/msg/msg_conf.h"
#include "smtpd/msg/msg_control.h"

struct message;
struct spool;

struct deliver_stats {
	uint64_t	 delivered;	/* into mailboxes, since start */
	uint64_t	 deferred;	/* tries that must be repeated */
	uint64_t	 failed;	/* recipients, since start */
	unsigned int	 active;	/* recipients tried now */
	unsigned int	 asked;		/* deliveries under way */
	unsigned int	 relaying;	/* jobs of the relay processes */
	unsigned int	 hops;		/* next hops that are known */
};

/* Everything that the spool holds is taken up.  conf must stay. */
void	 queue_deliver_init(struct spool *, const struct queue_conf *);

/* m is committed: its recipients are tried. */
void	 queue_deliver_new(struct message *);

/* For spool_conf.idle: m may be used again. */
void	 queue_deliver_idle(struct message *);

/*
 * Do to m what smtpctl asks for; m may be gone afterwards.  Returns whether
 * anything changed.
 */
int	 queue_deliver_command(struct message *, enum list_what);

/* At the end of each turn of the loop: start what can be started. */
void	 queue_deliver_turn(void);

/*
 * Nothing new is begun; call it after each turn until it returns 1: what
 * was under way has ended.
 */
int	 queue_deliver_stop(void);

void	 queue_deliver_stats(struct deliver_stats *);

#endif
