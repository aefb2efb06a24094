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
 * From a verdict of policy to the octets that the client reads: front says
 * them, and who explains a decision shows the same.
 */

#ifndef VERDICT_H
#define VERDICT_H

#include <stddef.h>

#include "smtpd/msg/msg_session.h"
#include "smtpd/smtp/reply.h"

/* The reply to MAIL or RCPT; REPLY_NONE: the text of the answer is it. */
enum reply verdict_mail(enum verdict);
enum reply verdict_rcpt(enum verdict);

/*
 * Write that reply, with its line ends, and terminated; REPLY_SIZE always
 * suffices.  text is what a script or the directory says, "" or NULL for
 * nothing; flags is REPLY_UTF8 or 0.  Returns the length; *code is the
 * reply's: the connection ends behind a 421.
 */
int	 verdict_write(enum reply, enum verdict, const char *text,
	    unsigned int flags, unsigned int *code, char *buf, size_t size);

/* "accept", "unknown": for those who read how it was decided. */
const char *verdict_name(enum verdict);

#endif
