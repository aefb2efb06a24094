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
 * xtext of RFC 3461 4: octets other than the printable ASCII ones, and '+'
 * and '=', are written as '+' and two upper-case hex digits.
 */

#ifndef XTEXT_H
#define XTEXT_H

#include <stddef.h>

/*
 * Is all of text xtext, and what it stands for printable ASCII, blanks and
 * tabs (RFC 3461 4.2 and 4.4)?  Encoded CR, LF, NUL and all other controls
 * are refused.  The empty text is valid.
 */
int	 xtext_valid(const char *text, size_t len);

/*
 * Decode into out, terminated.  Returns the length, or -1 when text is not
 * xtext_valid or does not fit.
 */
int	 xtext_decode(const char *text, size_t len, char *out, size_t size);

/*
 * Encode any octets, terminated; 3 * len + 1 octets always suffice.
 * Returns the length, or -1 when it does not fit.
 */
int	 xtext_encode(const char *in, size_t len, char *out, size_t size);

#endif
