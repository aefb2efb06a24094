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
 * Sessions that smtpctl trace watches: what is said in them, and the steps
 * of policy, for control.  Whoever would tell looks at session.watched
 * first, which is 0 nearly always.
 *
 * Passwords and what else passes in an AUTH are never told, nor is the text
 * of messages: only how many octets they were.
 */

#ifndef FRONT_TRACE_H
#define FRONT_TRACE_H

#include <stddef.h>
#include <stdint.h>

#include "smtpd/base/proc.h"

struct session;

/* The client is known: is it watched?  It is told of from then on. */
void	 front_trace_begin(struct session *);

/* It is about to be freed. */
void	 front_trace_end(struct session *, const char *why);

/* A line that is acted upon, without CRLF; not whole: too long, or none. */
void	 front_trace_line(const struct session *, const char *, size_t,
	    int whole);

/* Replies with their line ends; or what must not be shown of one. */
void	 front_trace_reply(const struct session *, const char *, size_t);
void	 front_trace_hidden(const struct session *, const char *step,
	    const char *what, uint64_t octets);

/* A step, and pairs of key and value; NULL ends them, "" is left out. */
void	 front_trace(const struct session *, const char *step,
	    const char *what, ...) __attribute__((sentinel));

/* Takers of MSG_CONTROL_TRACE_ASK, _TRACE_NOTE, MSG_POLICY_STEPS_NOTE. */
int	 front_take_trace_ask(struct proc_msg *);
int	 front_take_trace_note(struct proc_msg *);
int	 front_take_steps(struct proc_msg *);

/* Control is gone, and whoever watched with it. */
void	 front_trace_nobody(void);

#endif
