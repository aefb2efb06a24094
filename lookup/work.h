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
 * Long work in short turns, so that the loop goes on answering: big lists,
 * scans of a table, changes put on top of a new one.
 */

#ifndef WORK_H
#define WORK_H

#include <bsd/sys/queue.h>

#define WORK_SLICE	100		/* records looked at in a turn */

/* Part of the one who works; all zeros is idle. */
struct work {
	TAILQ_ENTRY(work) entry;
	int		(*run)(void *);
	void		*arg;
	int		 queued;
};

/*
 * Call run(arg), not before this has returned, until it returns 0; jobs
 * take turns.  The job may be freed by a run that returns 0.
 */
void	 work_start(struct work *, int (*run)(void *), void *arg);

/* It is not run again; fine for an idle one. */
void	 work_stop(struct work *);

/* Jobs that wait for a turn. */
unsigned int work_count(void);

#endif
