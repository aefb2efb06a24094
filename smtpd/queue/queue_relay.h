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
 * Jobs for the relay processes: recipients of one message that have the
 * same next hop and sender go together.
 */

#ifndef QUEUE_RELAY_H
#define QUEUE_RELAY_H

#include <stdint.h>

#include "smtpd/msg/msg_conf.h"
#include "smtpd/queue/queue_run.h"

struct message;
struct run;
struct spool;

/* What is told of a recipient that is not local. */
struct relay_calls {
	/* as run_turn */
	void	(*end)(struct message *, uint32_t i, enum run_result,
		    const char *text);
	/* not tried: its next hop is left alone until then */
	void	(*postpone)(struct message *, uint32_t i, uint64_t until,
		    const char *text);
};

/* conf and calls must stay. */
void	 queue_relay_init(struct spool *, const struct queue_conf *,
	    const struct relay_calls *);

/*
 * Recipient i of m goes onward.  Either call may come before this has
 * returned, and m be gone.
 */
void	 queue_relay_start(struct message *m, uint32_t i);

/*
 * Item of the run, to that address by url or its domain; mailbox: by the
 * LMTP server of the mailboxes.  run_relayed is called once, perhaps at
 * once.
 */
void	 queue_relay_item(struct run *, struct message *, uint32_t i,
	    uint32_t item, const char *address, const char *url, int mailbox);

/* The recipients of m that only wait no longer do: it is held, or goes. */
void	 queue_relay_forget(struct message *);

/* At the end of each turn of the loop: begin what can begin. */
void	 queue_relay_turn(void);

/* Begin nothing any more; how many jobs are under way. */
void	 queue_relay_stop(void);
unsigned int queue_relay_jobs(void);

#endif
