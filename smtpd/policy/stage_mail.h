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
 */

#ifndef STAGE_MAIL_H
#define STAGE_MAIL_H

#include "smtpd/msg/msg_session.h"

struct session;

/*
 * What EHLO announces to this session; NULL is one that nothing is known
 * of.  A setting without a value announces nothing.
 */
void	 stage_helo(const struct session *, struct helo_answer *);

/*
 * Decide about MAIL.  When accepted the transaction has begun, with its
 * limits; any earlier one has ended.
 */
void	 stage_mail(struct session *, const struct mail_ask *,
	    struct mail_answer *);

#endif
