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
 * Modifiers of set.
 */

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "smtpd/sieve/modify.h"
#include "smtpd/smtp/utf8.h"

size_t
modify_cut(const char *text, size_t len, size_t max)
{
	size_t	 from;

	if (len <= max)
		return (len);
	/* is a character there that goes over the end? */
	for (from = max; from > 0 && max - from < 3; from--)
		if (utf8_char(text + from - 1, len - from + 1) >
		    max - from + 1)
			return (from - 1);
	return (max);
}

static char
fold(unsigned int set, char c, int first)
{
	int	 lower = c >= 'a' && c <= 'z', upper = c >= 'A' && c <= 'Z';

	if (first && (set & (MODIFY_LOWERFIRST | MODIFY_UPPERFIRST)))
		set = set & MODIFY_UPPERFIRST ? MODIFY_UPPER : MODIFY_LOWER;
	if (upper && (set & MODIFY_LOWER))
		return ((char)(c + ('a' - 'A')));
	if (lower && (set & MODIFY_UPPER))
		return ((char)(c - ('a' - 'A')));
	return (c);
}

static int
is_quoted(unsigned int set, char c)
{
	if (c == '\0' || !(set & (MODIFY_QUOTEWILDCARD | MODIFY_QUOTEREGEX)))
		return (0);
	if (set & MODIFY_QUOTEWILDCARD)
		return (strchr("*?\\", c) != NULL);
	return (strchr("\\^.[]$()|*+?{}", c) != NULL);
}

/* Octets of the character there; of what is none, one. */
static size_t
character(const char *text, size_t len)
{
	size_t	 octets;

	/* most are ASCII, and this is done for each */
	if ((unsigned char)text[0] < 0x80 ||
	    (octets = utf8_char(text, len)) == 0)
		return (1);
	return (octets);
}

/* Characters, as they are with their quotes. */
static size_t
count(unsigned int set, const char *text, size_t len)
{
	size_t	 n = 0, octets;

	while (len > 0) {
		n += is_quoted(set, *text) ? 2 : 1;
		octets = character(text, len);
		text += octets;
		len -= octets;
	}
	return (n);
}

size_t
modify_apply(unsigned int set, const char *text, size_t len, char *buf,
    size_t size)
{
	size_t	 i, n = 0, octets, quote;

	if (set & MODIFY_LENGTH)
		return ((size_t)snprintf(buf, size, "%zu",
		    count(set, text, len)));
	for (i = 0; i < len; i += octets) {
		octets = character(text + i, len - i);
		quote = is_quoted(set, text[i]) ? 1 : 0;
		if (size - n < octets + quote)
			break;
		if (quote)
			buf[n++] = '\\';
		buf[n] = fold(set, text[i], i == 0);
		if (octets > 1)
			memcpy(buf + n + 1, text + i + 1, octets - 1);
		n += octets;
	}
	return (n);
}
