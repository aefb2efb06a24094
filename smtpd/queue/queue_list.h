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
 * What smtpctl sees of the queue, and does to it.
 */

#ifndef QUEUE_LIST_H
#define QUEUE_LIST_H

struct proc_msg;
struct spool;

/* The spool is read: questions that came before are answered now. */
void	 queue_list_init(struct spool *);

/* Control is another process now: nobody waits for those any more. */
void	 queue_list_forget(void);

/* The takers of MSG_CONTROL_STATS_ASK and MSG_CONTROL_QUEUE_ASK. */
int	 queue_take_stats(struct proc_msg *);
int	 queue_take_list(struct proc_msg *);

#endif
