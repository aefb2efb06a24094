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
 * VRFY and EXPN on their way, RCPT.md 5.  They never touch a transaction.
 */

#ifndef STAGE_VRFY_H
#define STAGE_VRFY_H

#include <stdint.h>

#include "smtpd/msg/msg_session.h"

struct session;

/* Answer front, at once or later; s is NULL when it is not known. */
void	 stage_vrfy(struct session *, unsigned int inst, uint64_t number,
	    const struct vrfy_ask *);

/* The session has ended: answer nothing. */
void	 stage_vrfy_forget(struct session *);

#endif
