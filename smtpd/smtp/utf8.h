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
 * Strict UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing over
 * U+10FFFF, nothing truncated.
 */

#ifndef UTF8_H
#define UTF8_H

#include <stddef.h>

/*
 * Octets of the character at the start of text: 1 to 4, or 0 when there is
 * none or it is malformed.
 */
size_t	 utf8_char(const char *text, size_t len);

/* Is all of text UTF-8?  The empty text is. */
int	 utf8_valid(const char *text, size_t len);

/* Is every octet below 128? */
int	 utf8_is_ascii(const char *text, size_t len);

#endif
