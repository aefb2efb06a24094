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
 * The trace headers that the server puts on top of a message:
 * RFC 5321 4.4.  Lines end in CRLF and are folded where they may be.
 */

#ifndef HEADER_H
#define HEADER_H

#include <stddef.h>
#include <time.h>

#include "smtpd/smtp/address.h"

#define HEADER_SIZE	2048	/* always suffices for one header */
#define HEADER_WIDTH	78	/* RFC 5322 2.1.1; longer words stand alone */

/* How a message came: the word behind "with", RFC 3848 and RFC 6531 4.3. */
#define HEADER_ESMTP	0x01	/* EHLO, not HELO */
#define HEADER_TLS	0x02	/* ...S */
#define HEADER_AUTH	0x04	/* ...A */
#define HEADER_UTF8	0x08	/* UTF8SMTP... */

struct received {
	const char		*helo;	/* as given; is cleaned here */
	const char		*ip;	/* of the client, as text, no zone */
	const char		*host;	/* our name */
	const char		*id;	/* of the message */
	const struct address	*rcpt;	/* NULL unless there is just one */
	time_t			 when;
	unsigned int		 with;	/* HEADER_* */
	const char		*tls;	/* cipher suite or NULL, RFC 8314 4.3 */
};

/*
 * Each writes one header, terminated, and returns its length, or -1 when
 * it does not fit or when an address holds control octets.  The octets of
 * HELO that no name or literal has become '?'; an empty one is "unknown".
 */
int	 header_received(const struct received *, char *buf, size_t size);
int	 header_return_path(const struct address *, char *buf, size_t size);
int	 header_delivered_to(const struct address *, char *buf, size_t size);
int	 header_x_original_to(const struct address *, char *buf, size_t size);

/* "ESMTPSA" for a set of HEADER_* bits. */
const char *header_with(unsigned int with);

#endif
