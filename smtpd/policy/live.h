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
 * Sessions of clients that smtpctl trace watches: their steps go to front
 * as they are made, in front of the answers that they lead to.
 */

#ifndef LIVE_H
#define LIVE_H

#include "smtpd/base/proc.h"

struct session;

/* Give it a trace, or take it away, as it is watched now. */
void	 live_match(struct session *);

/* It is about to be freed. */
void	 live_end(struct session *);

/* Takers of MSG_CONTROL_TRACE_ASK and MSG_CONTROL_TRACE_NOTE. */
int	 live_take_ask(struct proc_msg *);
int	 live_take_note(struct proc_msg *);

/* Control is gone, and whoever watched with it. */
void	 live_nobody(void);

#endif
