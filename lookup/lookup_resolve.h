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
 * Room-private: the question at RCPT, MSG_POLICY_RESOLVE_ASK.
 */

#ifndef LOOKUP_RESOLVE_H
#define LOOKUP_RESOLVE_H

#include <stdint.h>

#include "smtpd/base/proc.h"
#include "smtpd/msg/msg_resolve.h"

/* The taker; the answer comes at once or, for large aliases, later. */
int	 lookup_resolve_take(struct proc_msg *);

/* Answers so far, by their status; questions that take turns. */
uint64_t lookup_resolve_count(enum resolve_status);
unsigned int lookup_resolve_busy(void);

#endif
