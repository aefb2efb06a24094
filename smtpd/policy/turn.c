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
 * Turns of the event loop, shared between scripts.
 */

#include <sys/time.h>

#include <event.h>

#include "smtpd/policy/turn.h"

#define TURN_STEPS	20000	/* a few milliseconds */

static TAILQ_HEAD(, turn)	 waiting = TAILQ_HEAD_INITIALIZER(waiting);
static uint64_t			 spent;
static struct event		 ev_next;

static void
turn_next(int fd, short what, void *arg)
{
	static const struct timeval	 now;
	struct turn			*t;

	spent = 0;
	while (spent < TURN_STEPS && (t = TAILQ_FIRST(&waiting)) != NULL) {
		TAILQ_REMOVE(&waiting, t, entry);
		t->go(t->arg);
	}
	/* what the others have sent comes first */
	if (!TAILQ_EMPTY(&waiting))
		(void)evtimer_add(&ev_next, &now);
}

int
turn_is_now(void)
{
	return (spent < TURN_STEPS && TAILQ_EMPTY(&waiting));
}

void
turn_spend(uint32_t steps)
{
	spent += steps;
}

void
turn_wait(struct turn *t, void (*go)(void *), void *arg)
{
	static const struct timeval	 now;
	static int			 set;

	if (!set)
		evtimer_set(&ev_next, turn_next, NULL);
	set = 1;
	if (TAILQ_EMPTY(&waiting))
		(void)evtimer_add(&ev_next, &now);
	t->go = go;
	t->arg = arg;
	TAILQ_INSERT_TAIL(&waiting, t, entry);
}

void
turn_forget(struct turn *t)
{
	TAILQ_REMOVE(&waiting, t, entry);
}
