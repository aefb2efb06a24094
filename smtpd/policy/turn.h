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
 * Room-private: scripts share the event loop.  When the runs of one turn
 * of it have taken their steps, scripts that begin wait for the next turn,
 * first come, first served: a client that sends many recipients at once
 * has one of them run, then others have their turn.
 */

#ifndef TURN_H
#define TURN_H

#include <sys/queue.h>

#include <stdint.h>

/* Who waits; the owner's memory. */
struct turn {
	TAILQ_ENTRY(turn)	 entry;
	void			(*go)(void *);
	void			*arg;
};

/* May a script run in this turn? */
int	 turn_is_now(void);

/* A run has taken so many steps. */
void	 turn_spend(uint32_t steps);

/* go is called in a later turn, unless it is forgotten before. */
void	 turn_wait(struct turn *, void (*go)(void *), void *arg);
void	 turn_forget(struct turn *);

#endif
