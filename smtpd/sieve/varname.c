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
 * References to variables.
 */

#include <string.h>

#include "smtpd/sieve/varname.h"

static int
is_digit(char c)
{
	return (c >= '0' && c <= '9');
}

static int
is_begin(char c)
{
	return ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_');
}

/* Octets of an identifier, or of a number, that text begins with. */
static size_t
word(const char *text, size_t len)
{
	size_t	 n = 0;

	if (len > 0 && is_begin(text[0]))
		while (n < len && (is_begin(text[n]) || is_digit(text[n])))
			n++;
	else
		while (n < len && is_digit(text[n]))
			n++;
	return (n);
}

static uint32_t
number(const char *text, size_t len)
{
	uint64_t	 n = 0;
	size_t		 i;

	for (i = 0; i < len && n < UINT32_MAX; i++)
		n = n * 10 + (uint64_t)(text[i] - '0');
	return (n < UINT32_MAX ? (uint32_t)n : UINT32_MAX);
}

/*
 * variable-ref without its braces: [namespace] variable-name, where a
 * namespace is an identifier and then identifiers or numbers, each with a
 * dot behind it.  The octets of what text begins with, 0 for nothing.
 */
static size_t
read_name(const char *text, size_t len, struct varname *v)
{
	size_t	 n, more;

	memset(v, 0, sizeof(*v));
	if ((n = word(text, len)) == 0)
		return (0);
	v->name = text;
	v->namelen = n;
	if (is_digit(text[0])) {
		v->kind = VARNAME_MATCH;
		v->number = number(text, n);
		return (n);
	}
	v->kind = VARNAME_PLAIN;
	if (n == len || text[n] != '.')
		return (n);
	v->kind = VARNAME_SPACE;
	v->space = text;
	v->spacelen = n;
	while (n < len && text[n] == '.') {
		if ((more = word(text + n + 1, len - n - 1)) == 0)
			return (0);
		n += 1 + more;
	}
	v->name = text + v->spacelen + 1;
	v->namelen = n - v->spacelen - 1;
	return (n);
}

enum varname_kind
varname_read(const char *text, size_t len, struct varname *v)
{
	if (read_name(text, len, v) != len || len == 0)
		v->kind = VARNAME_NONE;
	v->len = len;
	return (v->kind);
}

int
varname_next(const char *text, size_t len, size_t at, struct varname *v)
{
	const char	*p, *end = text + len;
	size_t		 n;

	for (p = text + at; p < end &&
	    (p = memchr(p, '$', (size_t)(end - p))) != NULL; p++) {
		if (end - p < 4 || p[1] != '{')
			continue;
		n = read_name(p + 2, (size_t)(end - p) - 2, v);
		if (n == 0 || p + 2 + n == end || p[2 + n] != '}')
			continue;
		v->from = (size_t)(p - text);
		v->len = n + 3;
		return (1);
	}
	return (0);
}
