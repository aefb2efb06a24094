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
 * When a message is tried, and when again.  Pure: clocks and chance are
 * the caller's.
 */

#ifndef SCHEDULE_H
#define SCHEDULE_H

#include <stddef.h>
#include <stdint.h>

struct message;

/* Messages by their next, earliest first: a heap of pointers. */
struct schedule {
	struct message	**heap;		/* slots from 1 on */
	size_t		  n, size;
};

/* m->slot is 0 while m is in no schedule. */
void	 schedule_put(struct schedule *, struct message *); /* or put right */
void	 schedule_remove(struct schedule *, struct message *);
struct message *schedule_first(const struct schedule *);	/* or NULL */
void	 schedule_free(struct schedule *);

/*
 * Milliseconds until the next try after that many, of the pauses in
 * seconds; the last goes on.  chance is any number: it spreads the pause
 * by a tenth to either side.
 */
uint64_t schedule_pause(const uint32_t *pauses, size_t npauses,
	    uint32_t tries, uint32_t chance);

#endif
