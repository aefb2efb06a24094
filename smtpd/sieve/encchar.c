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
 * Encoded characters.
 */

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "smtpd/sieve/encchar.h"

static const char	 hex_begin[] = "${hex:";
static const char	 unicode_begin[] = "${unicode:";

struct cursor {
	const char	*p, *end;
};

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return (c - '0');
	if (c >= 'a' && c <= 'f')
		return (c - 'a' + 10);
	if (c >= 'A' && c <= 'F')
		return (c - 'A' + 10);
	return (-1);
}

/* Blanks and line breaks; were there any? */
static int
skip_blanks(struct cursor *c)
{
	const char	*begin = c->p;

	while (c->p < c->end) {
		if (*c->p == ' ' || *c->p == '\t')
			c->p++;
		else if (c->end - c->p >= 2 && memcmp(c->p, "\r\n", 2) == 0)
			c->p += 2;
		else
			break;
	}
	return (c->p > begin);
}

/* A number of at most max digits; -1 when there is none. */
static int
number(struct cursor *c, size_t max, uint32_t *value)
{
	size_t	 n = 0;
	int	 d;

	for (*value = 0; c->p < c->end && (d = hex_digit(*c->p)) != -1;
	    c->p++, n++)
		if (*value <= 0x10ffff)
			*value = *value * 16 + (uint32_t)d;
	return (n == 0 || n > max ? -1 : 0);
}

/*
 * The numbers of one encoded string, up to its '}'; each goes to put.  -1
 * when it is not well formed.
 */
static int
sequence(struct cursor *c, size_t digits, size_t (*put)(uint32_t, char *),
    char *out, size_t *len, int *bad)
{
	uint32_t	 value;
	size_t		 n;

	*len = 0;
	(void)skip_blanks(c);
	do {
		if (number(c, digits, &value) == -1)
			return (-1);
		if ((n = put(value, out == NULL ? NULL : out + *len)) == 0)
			*bad = 1;
		*len += n;
	} while (skip_blanks(c) && c->p < c->end && *c->p != '}');
	if (c->p == c->end || *c->p != '}')
		return (-1);
	c->p++;
	return (0);
}

static size_t
put_octet(uint32_t value, char *out)
{
	if (out != NULL)
		*out = (char)value;
	return (1);
}

/* As UTF-8; 0 when it is no character. */
static size_t
put_character(uint32_t v, char *out)
{
	static const unsigned char	 lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t				 n, i;

	if (v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff))
		return (0);
	n = v < 0x80 ? 1 : v < 0x800 ? 2 : v < 0x10000 ? 3 : 4;
	if (out == NULL)
		return (n);
	for (i = n - 1; i > 0; i--, v >>= 6)
		out[i] = (char)(0x80 | (v & 0x3f));
	out[0] = (char)(lead[n == 1 ? 0 : n] | v);
	return (n);
}

/*
 * One that begins at c: decoded to out, and *len is its length.  0, with c
 * behind it; 1 when there is none; -1 when it is no character.
 */
static int
decode_one(struct cursor *c, char *out, size_t *len)
{
	size_t		 (*put)(uint32_t, char *), left, begin, digits;
	struct cursor	 dry = *c;
	int		 bad = 0;

	left = (size_t)(c->end - c->p);
	if (left > sizeof(hex_begin) - 1 &&
	    strncasecmp(c->p, hex_begin, sizeof(hex_begin) - 1) == 0) {
		begin = sizeof(hex_begin) - 1;
		put = put_octet;
		digits = 2;
	} else if (left > sizeof(unicode_begin) - 1 && strncasecmp(c->p,
	    unicode_begin, sizeof(unicode_begin) - 1) == 0) {
		begin = sizeof(unicode_begin) - 1;
		put = put_character;
		digits = SIZE_MAX;
	} else
		return (1);
	/* the text is written over: only when it is known to be well formed */
	dry.p += begin;
	if (sequence(&dry, digits, put, NULL, len, &bad) == -1)
		return (1);
	if (bad)
		return (-1);
	c->p += begin;
	return (sequence(c, digits, put, out, len, &bad) == -1 ? 1 : 0);
}

int
encchar_decode(char *text, size_t *len, size_t *at)
{
	struct cursor	 c = { text, text + *len };
	char		*out = text;
	size_t		 n;
	int		 r;

	while (c.p < c.end) {
		*at = (size_t)(c.p - text);
		if (*c.p != '$' || (r = decode_one(&c, out, &n)) == 1) {
			*out++ = *c.p++;
			continue;
		}
		if (r == -1)
			return (-1);
		out += n;
	}
	*len = (size_t)(out - text);
	return (0);
}
