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
 * Threads for calls that wait for a disk.  The event loop hands jobs over
 * and hears of their end in its own thread; a job touches nothing but its
 * own argument.
 */

#ifndef WORKER_H
#define WORKER_H

#include <stddef.h>

struct worker;

/*
 * n threads that take jobs in order.  run is called in a thread with up to
 * batch arguments at once (at least one); done is called in the event loop
 * for each of them afterwards.
 */
struct worker *worker_start(unsigned int n, size_t batch,
	    void (*run)(void **args, size_t nargs), void (*done)(void *arg));

void	 worker_add(struct worker *, void *arg);

/* Jobs handed over whose done has not been called. */
size_t	 worker_busy(const struct worker *);

/* Wait for all jobs, call done for each, end the threads, free. */
void	 worker_stop(struct worker *);

#endif
