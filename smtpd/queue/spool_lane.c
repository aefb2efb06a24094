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
 * Jobs for the threads of the spool, and their second chances.
 */

#include <stdlib.h>
#include <unistd.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/wire.h"
#include "smtpd/base/worker.h"
#include "smtpd/base/xmem.h"
#include "smtpd/queue/spool_job.h"

#define LANE_PAUSE	100		/* ms after the second failure */
#define LANE_PAUSE_MAX	2000
#define LANE_LOOK	10		/* ms: has all come back? */

struct job *
job_new(struct spool *sp, enum job_kind kind, const struct message *m,
    enum record_type type)
{
	struct job	*job;

	job = xcalloc(1, sizeof(*job));
	job->kind = kind;
	job->spool = sp;
	job->textfd = -1;
	job->rec.type = type;
	if (m != NULL) {
		job->rec.id = m->id;
		job->own = m->own;
	}
	return (job);
}

void
job_free(struct job *job)
{
	if (job->wbuf != NULL) {
		wbuf_free(job->wbuf);
		free(job->wbuf);
	}
	free(job->extra);
	free(job);
}

/* Will it be done again until it succeeds? */
static int
job_lasts(const struct job *job)
{
	return (job->kind != JOB_COMMIT && job->kind != JOB_MOVE);
}

static void
lane_arm(struct lane *l, unsigned int ms)
{
	struct timeval	 tv = clock_tv(ms);

	l->armed = 1;
	evtimer_add(&l->timer, &tv);
}

/* What is to be done next, in order, or NULL. */
static struct job *
lane_next(struct lane *l)
{
	struct job_queue	*q = TAILQ_EMPTY(&l->redo) ? &l->held :
	    &l->redo;
	struct job		*job;

	if ((job = TAILQ_FIRST(q)) != NULL)
		TAILQ_REMOVE(q, job, entry);
	return (job);
}

static void
lane_resume(int fd, short what, void *arg)
{
	struct lane	*l = arg;
	struct job	*job;

	if (worker_busy(l->worker) != 0) {
		lane_arm(l, LANE_LOOK);
		return;
	}
	l->armed = 0;
	worker_add(l->worker, job_new(l->spool, JOB_RESUME, NULL,
	    RECORD_END));
	while ((job = lane_next(l)) != NULL)
		worker_add(l->worker, job);
}

void
lane_start(struct lane *l, struct spool *sp, size_t batch,
    void (*run)(void **, size_t), void (*done)(void *))
{
	l->spool = sp;
	l->run = run;
	l->done = done;
	TAILQ_INIT(&l->redo);
	TAILQ_INIT(&l->held);
	evtimer_set(&l->timer, lane_resume, l);
	l->worker = worker_start(1, batch, run, done);
}

void
lane_fail(struct lane *l)
{
	if (l->armed)
		return;
	lane_arm(l, l->pause);
	l->pause = l->pause == 0 ? LANE_PAUSE : l->pause * 2;
	if (l->pause > LANE_PAUSE_MAX)
		l->pause = LANE_PAUSE_MAX;
}

void
lane_add(struct lane *l, struct job *job)
{
	if (l->armed || l->spool->closing)
		TAILQ_INSERT_TAIL(&l->held, job, entry);
	else
		worker_add(l->worker, job);
}

int
lane_done(struct lane *l, struct job *job)
{
	int	 again = 0;

	if (job->status != TX_OK && job->kind != JOB_RESUME &&
	    job_lasts(job)) {
		/* the last try is over when there is no thread any more */
		again = l->worker != NULL;
		l->lost += !again && job->kind != JOB_SEGMENT;
	}
	if (again) {
		job->status = TX_OK;
		TAILQ_INSERT_TAIL(&l->redo, job, entry);
	}
	if (job->down && !l->spool->closing)
		lane_fail(l);
	job->down = 0;
	if (job->kind == JOB_RESUME) {
		if (job->status == TX_OK)
			l->pause = 0;
		job_free(job);
		return (1);
	}
	return (again);
}

void
lane_stop(struct lane *l)
{
	/* what is added from now on waits for lane_drain */
	worker_stop(l->worker);
	l->worker = NULL;
	evtimer_del(&l->timer);
	l->armed = 0;
}

int
lane_drain(struct lane *l)
{
	struct job	*job;
	void		**jobs = NULL;
	size_t		 i, n = 0;

	if (TAILQ_EMPTY(&l->redo) && TAILQ_EMPTY(&l->held))
		return (0);
	job = job_new(l->spool, JOB_RESUME, NULL, RECORD_END);
	do {
		jobs = xreallocarray(jobs, n + 1, sizeof(*jobs));
		jobs[n++] = job;
	} while ((job = lane_next(l)) != NULL);
	l->run(jobs, n);
	for (i = 0; i < n; i++)
		l->done(jobs[i]);
	free(jobs);
	return (1);
}
