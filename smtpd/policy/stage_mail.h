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
 * HELO and MAIL: what may be offered, and who may send how much.
 *
 * A session has one of them under way at most: a new one, the end of the
 * transaction and the end of the session put an end to the one before.
 */

#ifndef STAGE_MAIL_H
#define STAGE_MAIL_H

#include "smtpd/msg/msg_session.h"

struct session;

/*
 * What EHLO announces to this session; NULL is one that nothing is known
 * of.  A setting without a value announces nothing.  Answers the front's
 * question, at once or later.
 */
void	 stage_helo(struct session *, unsigned int inst, uint64_t question);

/*
 * Decide about MAIL.  When accepted the transaction has begun, with its
 * limits; any earlier one has ended.  Answers likewise.
 */
void	 stage_mail(struct session *, unsigned int inst, uint64_t question,
	    const struct mail_ask *);

/* Answer what is under way: it cannot be decided any more. */
void	 stage_mail_drop(struct session *);

/* The session has ended: answer nothing. */
void	 stage_mail_forget(struct session *);

#endif
