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
 * One try of one recipient: who is behind it, and a delivery to each.
 */

#ifndef QUEUE_RUN_H
#define QUEUE_RUN_H

#include <stdint.h>

#include "smtpd/queue/spool_record.h"

struct message;
struct relay_rcpt;
struct run;
struct spool;
struct wait_list;

enum run_result {
	RUN_DONE,		/* all of it is in mailboxes */
	RUN_RELAYED,		/* on a server that sends no notices */
	RUN_PASSED,		/* on one that does */
	RUN_EXPANDED,		/* with all members of a list */
	RUN_TOLD,		/* with some; of the others was told */
	RUN_LATER,		/* something is left: try again */
	RUN_POSTPONED,		/* the same, but this was no try: its time
				   is set */
	RUN_AWAY,		/* a process was not there: this was no
				   try; soon again */
	RUN_FAILED		/* never */
};

/*
 * Begin.  The recipient is marked active until end is called, which is
 * never before this has returned; text is why, or "".
 */
void	 run_start(struct spool *, struct message *, uint32_t i);

/* Mailboxes are those of the LMTP server, not of deliver. */
void	 run_lmtp(void);

/* Hand items to deliver as the window allows, and call end for the ended. */
void	 run_turn(void (*end)(struct message *, uint32_t i, enum run_result,
	    const char *text));

/*
 * No more deliveries are begun; runs that would need some end as RUN_AWAY.
 * Those under way come to their end in run_turn.
 */
void	 run_stop(void);

/*
 * For queue_relay.c.  How it went with an item; that its next hop is left
 * alone until then; how the next server is to
 * see it, 0, or -1 when its address is none; the envelope sender that its
 * list gives, or "" (also for NULL).
 */
void	 run_relayed(struct run *, uint32_t item, enum run_result,
	    const char *text);
void	 run_postponed(struct run *, uint32_t item, uint64_t until,
	    const char *text);
int	 run_relay_rcpt(const struct run *, uint32_t item,
	    struct relay_rcpt *);
const char *run_owner(const struct run *);

/* Its items that wait for their turn at a next hop: queue_relay.c's. */
struct wait_list *run_waits(struct run *);

/*
 * Recipients being tried, those of them that wait for next hops only, and
 * the items that these have; deliveries under way; delivered since start.
 */
unsigned int run_count(void);
unsigned int run_parked(void);
unsigned int run_held(void);
unsigned int run_asked(void);
uint64_t run_delivered(void);

#endif
