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
 * What the sender of a message, or the owner of a list, is told of: the
 * states of recipients that ask for a notice, and members of a list that
 * cannot get it.
 */

#ifndef QUEUE_TOLD_H
#define QUEUE_TOLD_H

#include <stdint.h>

#include "smtpd/queue/spool_record.h"

struct message;
struct spool;

#define TOLD_PAUSE	60000	/* ms until a notice that failed is tried */

void	 queue_told_init(struct spool *, void (*settle)(struct message *));

/* Is there something to tell of m? */
int	 queue_told_due(const struct message *);

/*
 * Tell it.  m is kept active meanwhile; settle is called when it is over,
 * and m->tell says when the next try may be if it failed.
 */
void	 queue_told_begin(struct message *);

/* Members that failed for good, gathered during a run. */
struct members {
	uint32_t	 n;
	uint32_t	 size;
	struct member	*list;
};

#define MEMBERS_MAX	1000	/* of one run; the rest has its turn */

/* 0, or -1 when there are too many already. */
int	 members_add(struct members *, const char *key, const char *address,
	    const char *reason);

/*
 * Tell owner, or the sender when that is "", of the members of recipient i
 * of m; done comes once, perhaps at once, ok when each need not be tried
 * again.
 */
void	 members_tell(struct members *, struct message *m, uint32_t i,
	    const char *owner, void (*done)(void *, int), void *arg);

void	 members_free(struct members *);

#endif
