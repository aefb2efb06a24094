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
 * Questions put to another process and not answered yet.
 *
 * Each has an id never used before in this process, nor in one that had its
 * place before: they count from a random number.  Its callback runs
 * exactly once: with the answer, or with NULL when the deadline passed or
 * the process that was asked is gone.  It never runs before pending_ask
 * has returned.  It must read the body to the end and return -1 if that
 * is malformed.
 */

#ifndef PENDING_H
#define PENDING_H

#include <stdint.h>

#include "smtpd/base/proc.h"

/* Deadlines shrink inwards, so that the outer one never has to guess. */
#define PENDING_FRONT	30000		/* ms */
#define PENDING_POLICY	20000
#define PENDING_LOOKUP	10000
#define PENDING_QUEUE	20000
#define PENDING_DELIVER	600000		/* a delivery may be large */

typedef int (*pending_cb)(void *arg, struct proc_msg *);

/*
 * Ask: sends the message (see proc_send for fd and body) and returns its
 * id, never 0.  When the peer is not there the callback still comes, later,
 * with NULL.  wait is in milliseconds: one of the figures above, or another
 * where few questions are in flight at a time.
 */
uint64_t pending_ask(enum proc_id, unsigned int inst, uint32_t type, int fd,
	    struct wbuf *body, unsigned int wait, pending_cb, void *arg);

/* The take function of the route of every ANSWER.  Late ones are skipped. */
int	 pending_take(struct proc_msg *);

/* arg is about to be freed: its callbacks will not run. */
void	 pending_forget(void *arg);

/* Questions in flight to all processes. */
unsigned int pending_count(void);

/* For proc.c: that process is gone. */
void	 pending_peer_gone(enum proc_id, unsigned int inst);

/* For the timer, and for tests: callbacks that are due at now run. */
void	 pending_expire(uint64_t now);

#endif
