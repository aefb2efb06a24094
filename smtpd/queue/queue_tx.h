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
 * Transactions of the fronts: a message from DATA to its commit.
 */

#ifndef QUEUE_TX_H
#define QUEUE_TX_H

#include <stddef.h>

struct proc_msg;
struct spool;

/* At most max are open at a time.  Before this, all are refused. */
void	 queue_tx_init(struct spool *, size_t max);

/* The takers of what a front says. */
int	 queue_tx_data(struct proc_msg *);
int	 queue_tx_envelope(struct proc_msg *);
int	 queue_tx_commit(struct proc_msg *);
int	 queue_tx_abort(struct proc_msg *);

/* That front is gone, and with it all that it had open. */
void	 queue_tx_front_gone(unsigned int inst);

size_t	 queue_tx_open(void);

#endif
