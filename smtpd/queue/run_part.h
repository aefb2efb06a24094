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
 * Inside a run: what queue_run.c and run_item.c share.
 */

#ifndef RUN_PART_H
#define RUN_PART_H

#include <bsd/sys/queue.h>

#include <stddef.h>
#include <stdint.h>

#include "smtpd/msg/msg_resolve.h"
#include "smtpd/msg/msg_tx.h"
#include "smtpd/queue/hop.h"
#include "smtpd/queue/queue_run.h"
#include "smtpd/queue/queue_told.h"

#define RUN_LATER_TEXT	"4.4.3 the directory cannot tell now"

struct run {
	struct spool		*spool;
	struct message		*m;
	uint32_t		 i;
	struct envelope_note	 note;
	struct address		 sender;
	uint32_t		 skip;		/* items in batches so far */
	uint32_t		 total;		/* that there are */
	struct expand_item	*items;
	size_t			 nitems, next;
	unsigned int		 asked;		/* deliveries under way */
	unsigned int		 onward;	/* of these at a next hop, */
	struct wait_list	 waits;		/* those not begun there */
	int			 parked;	/* all of these are */
	int			 later, away, failed;
	uint64_t		 until;		/* a next hop is left alone */
	int			 told;		/* of the members that failed */
	int			 queued;	/* in turns */
	enum run_result		 success;	/* of the only item */
	char			 owner[ADDRESS_STR_SIZE];
	struct members		 members;	/* that failed for good */
	char			 text[RECORD_TEXT_MAX + 1];
	TAILQ_ENTRY(run)	 entry;		/* of turns */
};

/*
 * queue_run.c: it has its turn; does it wait for next hops only, as of now;
 * why something is left, or failed.
 */
void	 run_queue(struct run *);
void	 run_park(struct run *);
void	 run_text(struct run *, const char *);

/* run_item.c: begin the next item of the batch that has not got it yet. */
void	 run_item(struct run *);

#endif
