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
 * The greylist: who has come before.
 *
 * A client network, a sender and a recipient that are new together have to
 * wait delay, and may come within window of their first try; then they are
 * known for as long as they come within expire of each other.  A network
 * in which pass_after of them have become known, at most one in each time
 * of delay, waits for nothing any more, for as long as it comes.
 *
 * All of it is in the state, in transactions: a kill forgets nothing.  The
 * bounds are those of memo.h: where they are reached, those go first that
 * would end first, which are the ones that wait.
 */

#ifndef GREYLIST_H
#define GREYLIST_H

#include <stdint.h>

#include "lookup/answer.h"
#include "smtpd/base/network.h"
#include "smtpd/msg/msg_conf.h"
#include "smtpd/msg/msg_greylist.h"

/* What is remembered; of a network itself sender and rcpt are "". */
struct grey {
	struct network	 network;
	char		 sender[ADDRESS_STR_SIZE];
	char		 rcpt[ADDRESS_STR_SIZE];
	uint64_t	 first;		/* try, ms since the Epoch */
	uint8_t		 passed;	/* is known; by smtpctl: the network */
	uint32_t	 count;		/* of a network: what became known */
	uint64_t	 counted;	/* when the last one did */
	uint64_t	 expires;	/* filled in by reading */
};

void	 greylist_init(const struct greylist_conf *);

/*
 * FOUND, and the ms to wait, 0 for none; TEMPFAIL when it could not be
 * found out or could not be remembered.
 */
enum answer greylist_decide(const struct greylist_ask *, uint64_t *wait);

/* How long one that is not known has to wait still. */
uint64_t greylist_wait(const struct grey *, uint64_t now);

/* Does that network wait for nothing? */
int	 greylist_is_known(const struct grey *);

/* Let the network in from now on; forget one.  0 or -1. */
int	 greylist_pass(const struct network *);
void	 greylist_delete(const struct grey *);	/* in memo_begin */

/* The key in front of all of a network; its length. */
size_t	 greylist_start(const struct network *,
	    uint8_t key[GREYLIST_KEY_MAX]);

/* The next behind a cursor, which moves on to it, damaged or not. */
enum answer greylist_next(struct greylist_cursor *, struct grey *);

struct greylist_counts {
	uint64_t	 fresh, early, known, passed;	/* since the start */
};
const struct greylist_counts *greylist_counts(void);

#endif
