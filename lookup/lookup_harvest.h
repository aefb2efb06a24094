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
 * Messages about the harvest memory.
 */

#ifndef LOOKUP_HARVEST_H
#define LOOKUP_HARVEST_H

#include "smtpd/base/proc.h"
#include "smtpd/msg/msg_conf.h"

/* The state is open: remember, and tell those who are there who is banned. */
void	 lookup_harvest_start(const struct harvest_conf *);

/* For proc_on_peer: a policy process that comes is told the bans. */
void	 lookup_harvest_peer(enum proc_id, unsigned int inst, int up);

/* MSG_POLICY_HARVEST_ASK and MSG_CONTROL_HARVEST_ASK */
int	 lookup_harvest_take(struct proc_msg *);
int	 lookup_harvest_take_list(struct proc_msg *);

#endif
