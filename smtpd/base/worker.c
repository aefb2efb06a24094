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
 * A queue of jobs, threads that run them, and a pipe that brings them
 * back to the event loop.
 */

#include <errno.h>
#include <event.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "smtpd/base/log.h"
#include "smtpd/base/worker.h"
#include "smtpd/base/xmem.h"

/* A ring that grows; jobs to run, or jobs that have run. */
struct ring {
	void	**slots;
	size_t	  size, first, n;
};

struct worker {
	pthread_mutex_t	 lock;
	pthread_cond_t	 wake;
	pthread_t	*threads;
	unsigned int	 nthreads;
	size_t		 batch;
	void		(*run)(void **, size_t);
	void		(*done)(void *);
	struct ring	 todo, ready;
	size_t		 busy;		/* event loop only */
	int		 ending;
	int		 told;		/* an octet is in the pipe */
	int		 pipe[2];
	struct event	 ev;
};

static void
ring_put(struct ring *r, void *arg)
{
	void	**slots;
	size_t	  i;

	if (r->n == r->size) {
		slots = xcalloc(r->size * 2 + 16, sizeof(*slots));
		for (i = 0; i < r->n; i++)
			slots[i] = r->slots[(r->first + i) % r->size];
		free(r->slots);
		r->slots = slots;
		r->size = r->size * 2 + 16;
		r->first = 0;
	}
	r->slots[(r->first + r->n++) % r->size] = arg;
}

static void *
ring_get(struct ring *r)
{
	void	*arg;

	if (r->n == 0)
		return (NULL);
	arg = r->slots[r->first];
	r->first = (r->first + 1) % r->size;
	r->n--;
	return (arg);
}

static void
worker_tell(struct worker *w)
{
	if (w->told)
		return;
	w->told = 1;
	while (write(w->pipe[1], "", 1) == -1)
		if (errno != EINTR)
			fatal("worker: write");
}

static void *
worker_thread(void *arg)
{
	struct worker	 *w = arg;
	void		**args;
	size_t		  i, n;

	args = xcalloc(w->batch, sizeof(*args));
	(void)pthread_mutex_lock(&w->lock);
	for (;;) {
		for (n = 0; n < w->batch && w->todo.n != 0; n++)
			args[n] = ring_get(&w->todo);
		if (n == 0) {
			if (w->ending)
				break;
			(void)pthread_cond_wait(&w->wake, &w->lock);
			continue;
		}
		(void)pthread_mutex_unlock(&w->lock);
		w->run(args, n);
		(void)pthread_mutex_lock(&w->lock);
		for (i = 0; i < n; i++)
			ring_put(&w->ready, args[i]);
		worker_tell(w);
	}
	(void)pthread_mutex_unlock(&w->lock);
	free(args);
	return (NULL);
}

/* Call done for all that is ready. */
static void
worker_collect(struct worker *w)
{
	void	*arg;

	for (;;) {
		(void)pthread_mutex_lock(&w->lock);
		arg = ring_get(&w->ready);
		(void)pthread_mutex_unlock(&w->lock);
		if (arg == NULL)
			return;
		w->busy--;
		w->done(arg);
	}
}

static void
worker_read(int fd, short what, void *arg)
{
	struct worker	*w = arg;
	char		 c;

	(void)pthread_mutex_lock(&w->lock);
	/* told is cleared before the rings are looked at: none is missed */
	if (read(fd, &c, 1) == 1)
		w->told = 0;
	(void)pthread_mutex_unlock(&w->lock);
	worker_collect(w);
}

struct worker *
worker_start(unsigned int n, size_t batch, void (*run)(void **, size_t),
    void (*done)(void *))
{
	struct worker	*w;
	sigset_t	 all, old;

	w = xcalloc(1, sizeof(*w));
	w->batch = batch;
	w->run = run;
	w->done = done;
	w->threads = xcalloc(n, sizeof(*w->threads));
	if (pthread_mutex_init(&w->lock, NULL) != 0 ||
	    pthread_cond_init(&w->wake, NULL) != 0)
		fatalx("worker: no lock");
	if (pipe2(w->pipe, O_CLOEXEC | O_NONBLOCK) == -1)
		fatal("worker: pipe");
	event_set(&w->ev, w->pipe[0], EV_READ | EV_PERSIST, worker_read, w);
	event_add(&w->ev, NULL);
	/* signals are the event loop's */
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &old);
	for (w->nthreads = 0; w->nthreads < n; w->nthreads++)
		if (pthread_create(&w->threads[w->nthreads], NULL,
		    worker_thread, w) != 0)
			fatalx("worker: no thread");
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	return (w);
}

void
worker_add(struct worker *w, void *arg)
{
	(void)pthread_mutex_lock(&w->lock);
	ring_put(&w->todo, arg);
	(void)pthread_cond_signal(&w->wake);
	(void)pthread_mutex_unlock(&w->lock);
	w->busy++;
}

size_t
worker_busy(const struct worker *w)
{
	return (w->busy);
}

void
worker_stop(struct worker *w)
{
	unsigned int	 i;

	if (w == NULL)
		return;
	(void)pthread_mutex_lock(&w->lock);
	w->ending = 1;
	(void)pthread_cond_broadcast(&w->wake);
	(void)pthread_mutex_unlock(&w->lock);
	for (i = 0; i < w->nthreads; i++)
		(void)pthread_join(w->threads[i], NULL);
	worker_collect(w);
	event_del(&w->ev);
	close(w->pipe[0]);
	close(w->pipe[1]);
	(void)pthread_cond_destroy(&w->wake);
	(void)pthread_mutex_destroy(&w->lock);
	free(w->todo.slots);
	free(w->ready.slots);
	free(w->threads);
	free(w);
}
