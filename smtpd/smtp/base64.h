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
 * Base64 of RFC 4648 4, as SASL uses it: no line breaks, nothing that is
 * not of the alphabet, and one form only of each text.
 */

#ifndef BASE64_H
#define BASE64_H

#include <stddef.h>

#define BASE64_LEN(n)	(((n) + 2) / 3 * 4)	/* octets of n encoded */

/*
 * Decode into out.  Returns the length, or -1 when it does not fit or text
 * is not what base64_encode would have written: a length that is no
 * multiple of four, '=' anywhere but at the end, bits behind the last octet
 * that are not zero.  Octets of out beyond the length may be changed.
 */
int	 base64_decode(const char *text, size_t len, void *out, size_t size);

/* Encode, terminated.  Returns the length, or -1 when it does not fit. */
int	 base64_encode(const void *in, size_t len, char *out, size_t size);

#endif
