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
 * Encoded characters, "${hex:40}" and "${unicode:40}": RFC 5228 2.4.2.4.
 */

#ifndef ENCCHAR_H
#define ENCCHAR_H

#include <stddef.h>

/*
 * Decode all of them in a string, where it is; what it becomes is never
 * longer.  What is not well formed stays as it is.  -1 when one is well
 * formed and no character (a surrogate, or above 10FFFF), which is an error
 * of the script: *at is where it begins, and the string is undefined.
 */
int	 encchar_decode(char *text, size_t *len, size_t *at);

#endif
