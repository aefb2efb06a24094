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
 * The extensions of RFC 5321 2.2 that may be offered to a client, as bits,
 * and their EHLO keywords.
 */

#ifndef EXT_H
#define EXT_H

#define SMTP_EXT_PIPELINING	0x0001	/* RFC 2920 */
#define SMTP_EXT_SIZE		0x0002	/* RFC 1870 */
#define SMTP_EXT_8BITMIME	0x0004	/* RFC 6152 */
#define SMTP_EXT_SMTPUTF8	0x0008	/* RFC 6531 */
#define SMTP_EXT_ENHANCED	0x0010	/* RFC 2034 */
#define SMTP_EXT_DSN		0x0020	/* RFC 3461 */
#define SMTP_EXT_LIMITS		0x0040	/* RFC 9422 */
#define SMTP_EXT_HELP		0x0080	/* RFC 5321 4.1.1.8 */
#define SMTP_EXT_VRFY		0x0100	/* RFC 5321 4.1.1.6 */
#define SMTP_EXT_EXPN		0x0200	/* RFC 5321 4.1.1.7 */
#define SMTP_EXT_STARTTLS	0x0400	/* RFC 3207 */
#define SMTP_EXT_AUTH		0x0800	/* RFC 4954 */
#define SMTP_EXT_COUNT		12	/* bits above */

/*
 * The EHLO keyword of one bit, such as "8BITMIME"; NULL for anything that
 * is not exactly one of the bits above.
 */
const char *ext_keyword(unsigned int bit);

#endif
