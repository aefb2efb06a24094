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
 * Evaluations, for the trace of their session; only called when there is
 * one.
 */

#ifndef EVAL_TRACE_H
#define EVAL_TRACE_H

#include "smtpd/code/datum.h"
#include "smtpd/code/name.h"
#include "smtpd/code/run.h"

struct eval;

/* A program has come to its end: which rule, its captures, the value. */
void	 eval_trace_value(const struct eval *);
void	 eval_trace_fault(const struct eval *, enum run_fault,
	    const char *where);

/* A function with a look-up; answer is NULL when it has none. */
void	 eval_trace_ask(const struct eval *, enum code_func,
	    const struct datum *args, unsigned int nargs,
	    const struct datum *answer);

#endif
