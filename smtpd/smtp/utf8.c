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
 * Strict UTF-8: the table of well-formed sequences of RFC 3629 4, and
 * nothing besides it.
 */

#include <stddef.h>

#include "smtpd/smtp/utf8.h"

/* Octets in a sequence that begins with c, and bounds of its second one. */
static size_t
utf8_lead(unsigned char c, unsigned char *low, unsigned char *high)
{
	*low = 0x80;
	*high = 0xbf;
	if (c < 0x80)
		return (1);
	if (c < 0xc2)		/* a tail, or overlong */
		return (0);
	if (c < 0xe0)
		return (2);
	if (c < 0xf0) {
		if (c == 0xe0)	/* overlong below */
			*low = 0xa0;
		if (c == 0xed)	/* surrogates above */
			*high = 0x9f;
		return (3);
	}
	if (c > 0xf4)
		return (0);
	if (c == 0xf0)		/* overlong below */
		*low = 0x90;
	if (c == 0xf4)		/* over U+10FFFF above */
		*high = 0x8f;
	return (4);
}

size_t
utf8_char(const char *text, size_t len)
{
	const unsigned char	*p = (const unsigned char *)text;
	unsigned char		 low, high;
	size_t			 i, n;

	if (len == 0)
		return (0);
	n = utf8_lead(p[0], &low, &high);
	if (n > len)
		return (0);
	if (n >= 2 && (p[1] < low || p[1] > high))
		return (0);
	for (i = 2; i < n; i++)
		if (p[i] < 0x80 || p[i] > 0xbf)
			return (0);
	return (n);
}

int
utf8_valid(const char *text, size_t len)
{
	size_t	 n;

	while (len > 0) {
		if ((n = utf8_char(text, len)) == 0)
			return (0);
		text += n;
		len -= n;
	}
	return (1);
}

int
utf8_is_ascii(const char *text, size_t len)
{
	size_t	 i;

	for (i = 0; i < len; i++)
		if ((unsigned char)text[i] >= 0x80)
			return (0);
	return (1);
}
