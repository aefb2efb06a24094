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
 * What a MAIL or RCPT says, or why it is refused before anybody is asked:
 * RFC 5321 4.1.1.2 and 4.1.1.3.
 */

#ifndef MAILCMD_H
#define MAILCMD_H

#include <stddef.h>

#include "smtpd/smtp/address.h"
#include "smtpd/smtp/param.h"
#include "smtpd/smtp/reply.h"

#define MAILCMD_HELO_MAX	255	/* RFC 1035 2.3.4; literals are less */

/* The name behind HELO or EHLO: REPLY_NONE when it may be one. */
enum reply
	 mailcmd_helo(const char *arg, size_t len);

/*
 * arg is what follows the verb; offered is a set of SMTP_EXT_*.  On
 * REPLY_NONE the address and the parameters are filled in; any other reply
 * refuses the command.
 */
enum reply
	 mailcmd_mail(const char *arg, size_t len, unsigned int offered,
	    struct address *sender, struct mail_params *);

/*
 * The same; smtputf8 is whether MAIL had that parameter, which alone lets
 * UTF-8 into a recipient (RFC 6531 3.4).
 */
enum reply
	 mailcmd_rcpt(const char *arg, size_t len, unsigned int offered,
	    int smtputf8, struct address *rcpt, struct rcpt_params *);

#endif
