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
 * What was done on the way to a decision, step by step, for somebody who
 * listens.  Nearly always nobody does: the trace is NULL then, and whoever
 * would report asks for that first, so that it costs a comparison.
 *
 * A step is a row of msg_control.h: "step" is what was done, "what" what it
 * came to, and the rest is as the step likes.  A trace is bounded: behind
 * its end stands one row "cut".
 */

#ifndef TRACE_H
#define TRACE_H

#include <stddef.h>

#include "smtpd/base/wire.h"

#define TRACE_MAX	(48 * 1024)	/* octets; more are not kept */
#define TRACE_VALUE_MAX	1024		/* octets of a value, cut behind */

/*
 * With told, somebody listens while it happens: told takes the rows, after
 * each step.  Steps about several things at a time may mix then, and a row
 * "about" stands where they change.
 */
struct trace {
	struct wbuf	 rows;
	int		 cut;
	void		(*told)(struct trace *);	/* or NULL */
	const void	*about;		/* what the last step was about */
};

/* A trace must not be moved; free accepts NULL and one that is empty. */
void	 trace_init(struct trace *);
void	 trace_free(struct trace *);

/*
 * A step, what it came to, and pairs of key and value; NULL ends them.  A
 * pair whose value is "" is left out.  Nothing happens when t is NULL.
 */
void	 trace_step(struct trace *t, const char *step, const char *what, ...)
	    __attribute__((sentinel));

/*
 * The steps that follow are about this, of that name; only who is told at
 * once has to know.  t may be NULL.
 */
void	 trace_about(struct trace *t, const void *about, const char *name);

/* The same, where the next step says the name itself. */
void	 trace_begins(struct trace *t, const void *about);

/*
 * Rows that another process has made; -1 when they are none.  t may be
 * NULL: they are only checked then.
 */
int	 trace_rows(struct trace *t, const void *rows, size_t len);

#endif
