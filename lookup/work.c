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
 * A queue of jobs, and a timer that wakes the loop for the next turn.
 */

#include <event.h>

#include "lookup/remote.h"
#include "lookup/work.h"
#include "smtpd/base/clock.h"

#define WORK_TURN	5		/* ms of the loop at a time */

static TAILQ_HEAD(, work)	 jobs = TAILQ_HEAD_INITIALIZER(jobs);
static unsigned int		 njobs;
static struct event		 timer;

static void	 work_turn(int, short, void *);

static void
work_arm(void)
{
	struct timeval	 tv = clock_tv(0);

	if (!evtimer_initialized(&timer))
		evtimer_set(&timer, work_turn, NULL);
	evtimer_add(&timer, &tv);
}

static void
work_turn(int fd, short what, void *unused)
{
	uint64_t	 end = clock_mono() + WORK_TURN;
	struct work	*w;

	do {
		if ((w = TAILQ_FIRST(&jobs)) == NULL)
			return;
		work_stop(w);
		if (w->run(w->arg) != 0)
			work_start(w, w->run, w->arg);
	} while (clock_mono() < end);
	if (njobs != 0)
		work_arm();
}

void
work_start(struct work *w, int (*run)(void *), void *arg)
{
	work_stop(w);
	/* what is known so far is known in this turn only */
	if (remote_is_looking()) {
		while (run(arg) != 0)
			;
		return;
	}
	w->run = run;
	w->arg = arg;
	w->queued = 1;
	TAILQ_INSERT_TAIL(&jobs, w, entry);
	if (njobs++ == 0)
		work_arm();
}

void
work_stop(struct work *w)
{
	if (!w->queued)
		return;
	w->queued = 0;
	TAILQ_REMOVE(&jobs, w, entry);
	njobs--;
}

unsigned int
work_count(void)
{
	return (njobs);
}
