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
 * xtext of RFC 3461 4: encode, decode, check.
 * One function steps over it, so that all three agree on what it is.
 */

#include <stddef.h>

#include "smtpd/smtp/xtext.h"

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return (c - '0');
	if (c >= 'A' && c <= 'F')	/* lower case is not xtext */
		return (c - 'A' + 10);
	return (-1);
}

static int
is_xchar(char c)
{
	return (c >= 33 && c <= 126 && c != '+' && c != '=');
}

/* One xchar or hexchar at *at: what it stands for, or -1. */
static int
xtext_step(const char *text, size_t len, size_t *at)
{
	int	 high, low, value;

	if (is_xchar(text[*at]))
		return (text[(*at)++]);
	if (text[*at] != '+' || len - *at < 3)
		return (-1);
	high = hex_value(text[*at + 1]);
	low = hex_value(text[*at + 2]);
	if (high == -1 || low == -1)
		return (-1);
	value = high * 16 + low;
	if ((value < 32 && value != '\t') || value > 126)
		return (-1);
	*at += 3;
	return (value);
}

int
xtext_valid(const char *text, size_t len)
{
	size_t	 at = 0;

	while (at < len)
		if (xtext_step(text, len, &at) == -1)
			return (0);
	return (1);
}

int
xtext_decode(const char *text, size_t len, char *out, size_t size)
{
	size_t	 at = 0, n = 0;
	int	 value;

	while (at < len) {
		if ((value = xtext_step(text, len, &at)) == -1 ||
		    n + 1 >= size)
			return (-1);
		out[n++] = (char)value;
	}
	if (n >= size)
		return (-1);
	out[n] = '\0';
	return ((int)n);
}

int
xtext_encode(const char *in, size_t len, char *out, size_t size)
{
	static const char	 hex[] = "0123456789ABCDEF";
	unsigned char		 c;
	size_t			 i, n = 0, need;

	for (i = 0; i < len; i++) {
		need = is_xchar(in[i]) ? 1 : 3;
		if (need >= size - n)	/* one is kept for the NUL */
			return (-1);
		if (need == 1) {
			out[n++] = in[i];
			continue;
		}
		c = (unsigned char)in[i];
		out[n++] = '+';
		out[n++] = hex[c >> 4];
		out[n++] = hex[c & 15];
	}
	if (n >= size)
		return (-1);
	out[n] = '\0';
	return ((int)n);
}
