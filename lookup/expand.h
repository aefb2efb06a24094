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
 * Who gets a message, at delivery: MSG_QUEUE_EXPAND_ASK.
 */

#ifndef EXPAND_H
#define EXPAND_H

#include "smtpd/base/proc.h"

/* The taker; the answer comes at once or later. */
int	 expand_take(struct proc_msg *);

/* For proc_on_peer: a new queue knows nothing of batches begun. */
void	 expand_peer(enum proc_id, unsigned int inst, int up);

/* Questions that are being worked at; mailboxes kept for more batches. */
unsigned int expand_busy(void);
size_t	 expand_kept(void);

#endif
