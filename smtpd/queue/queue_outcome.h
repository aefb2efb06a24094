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
 * What follows for a recipient from how a try went: done, again later,
 * never; and whether the sender is to be told.  Where the message belongs
 * then is queue_deliver.c's to decide.
 */

#ifndef QUEUE_OUTCOME_H
#define QUEUE_OUTCOME_H

#include <stdint.h>

#include "smtpd/msg/msg_conf.h"
#include "smtpd/queue/queue_run.h"

struct message;
struct spool;

void	 outcome_init(struct spool *, const struct queue_conf *);

/* A try is over; text is why, or "". */
void	 outcome_end(struct message *, uint32_t i, enum run_result,
	    const char *text);

/* There was no try: its next hop is left alone until then. */
void	 outcome_postpone(struct message *, uint32_t i, uint64_t until,
	    const char *text);

/* Since start: tries that must be repeated, recipients that failed. */
void	 outcome_counts(uint64_t *deferred, uint64_t *failed);

#endif
