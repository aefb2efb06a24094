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
 * Base64, strictly.
 */

#include <limits.h>
#include <string.h>

#include "smtpd/smtp/base64.h"

static const char	 digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "abcdefghijklmnopqrstuvwxyz0123456789+/";

/* 0 to 63, or -1. */
static int
digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (c - 'A');
	if (c >= 'a' && c <= 'z')
		return (c - 'a' + 26);
	if (c >= '0' && c <= '9')
		return (c - '0' + 52);
	return (c == '+' ? 62 : c == '/' ? 63 : -1);
}

/*
 * Four characters, the last pad of which are '='; bits without an octet
 * must be zero.  -1 when they are not, or one is of no alphabet.
 */
static int
decode_four(const char *text, size_t pad, unsigned char three[3])
{
	unsigned int	 v = 0;
	size_t		 i;
	int		 d;

	for (i = 0; i < 4; i++) {
		d = i < 4 - pad ? digit(text[i]) : 0;
		if (d == -1)
			return (-1);
		v = v << 6 | (unsigned int)d;
	}
	if (v & ((1U << 8 * pad) - 1))
		return (-1);
	three[0] = (unsigned char)(v >> 16);
	three[1] = (unsigned char)(v >> 8);
	three[2] = (unsigned char)v;
	return (0);
}

int
base64_decode(const char *text, size_t len, void *out, size_t size)
{
	unsigned char	 three[3], *to = out;
	size_t		 i, n = 0, pad = 0;

	if (len % 4 != 0 || len / 4 > INT_MAX / 3)
		return (-1);
	if (len > 0 && text[len - 1] == '=')
		pad = text[len - 2] == '=' ? 2 : 1;
	if (len / 4 * 3 - pad > size)
		return (-1);
	for (i = 0; i < len; i += 4) {
		if (decode_four(text + i, i + 4 < len ? 0 : pad, three) == -1)
			return (-1);
		memcpy(to + n, three, i + 4 < len ? 3 : 3 - pad);
		n += i + 4 < len ? 3 : 3 - pad;
	}
	return ((int)n);
}

int
base64_encode(const void *in, size_t len, char *out, size_t size)
{
	const unsigned char	*p = in;
	unsigned int		 v;
	size_t			 i, k, n = 0;

	if (len > INT_MAX / 2 || BASE64_LEN(len) >= size)
		return (-1);
	for (i = 0; i < len; i += 3) {
		v = (unsigned int)p[i] << 16;
		if (i + 1 < len)
			v |= (unsigned int)p[i + 1] << 8;
		if (i + 2 < len)
			v |= p[i + 2];
		for (k = 0; k < 4; k++)
			out[n++] = i + k > len ? '=' :
			    digits[v >> (18 - 6 * k) & 63];
	}
	out[n] = '\0';
	return ((int)n);
}
