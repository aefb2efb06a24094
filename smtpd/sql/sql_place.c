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
 * Where the parameters of a statement stand (PostgreSQL, "Lexical
 * Structure").
 */

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "smtpd/sql/sql_place.h"

static int
is_name(char c)
{
	return (isalnum((unsigned char)c) || c == '_' || c == '$' ||
	    (c & 0x80) != 0);
}

/* '...' and "..."; backslashes count in E'...'.  Octets of it. */
static size_t
quoted(const char *p, int escapes)
{
	size_t	 n = 1;

	for (; p[n] != '\0'; n++)
		if (escapes && p[n] == '\\' && p[n + 1] != '\0')
			n++;
		else if (p[n] == p[0] && p[n + 1] == p[0])
			n++;
		else if (p[n] == p[0])
			return (n + 1);
	return (n);
}

/* Slash and star, nested. */
static size_t
comment(const char *p)
{
	size_t	 n = 2;
	int	 depth = 1;

	for (; p[n] != '\0' && depth > 0; n++)
		if (p[n] == '*' && p[n + 1] == '/') {
			depth--;
			n++;
		} else if (p[n] == '/' && p[n + 1] == '*') {
			depth++;
			n++;
		}
	return (n);
}

/* $tag$...$tag$; 1 when it is none. */
static size_t
dollars(const char *p)
{
	const char	*end;
	size_t		 len = 1;

	if (isdigit((unsigned char)p[1]))
		return (1);
	while (is_name(p[len]) && p[len] != '$')
		len++;
	if (p[len] != '$')
		return (1);
	len++;
	for (end = p + len; *end != '\0'; end++)
		if (strncmp(end, p, len) == 0)
			return ((size_t)(end - p) + len);
	return ((size_t)(end - p));
}

/* Octets from here that no ? of a parameter is among. */
static size_t
skip(const char *p, char before, char before2)
{
	size_t	 n;

	switch (*p) {
	case '\'':
		return (quoted(p, (before == 'e' || before == 'E') &&
		    !is_name(before2)));
	case '"':
		return (quoted(p, 0));
	case '-':
		return (p[1] == '-' ? strcspn(p, "\n") : 1);
	case '/':
		return (p[1] == '*' ? comment(p) : 1);
	case '$':
		if (!is_name(before) && (n = dollars(p)) > 1)
			return (n);
		return (1);
	default:
		return (1);
	}
}

int
sql_place(const char *text, char *out, size_t size)
{
	const char	*p = text;
	size_t		 at = 0, n;
	unsigned int	 number = 0;
	int		 len;

	while (*p != '\0') {
		if (p[0] == '?' && p[1] != '?') {
			len = snprintf(out + at, size - at, "$%u", ++number);
			if ((size_t)len >= size - at)
				return (-1);
			at += (size_t)len;
			p++;
			continue;
		}
		if (p[0] == '?')
			p++;
		n = p[0] == '?' ? 1 : skip(p, p > text ? p[-1] : ' ',
		    p > text + 1 ? p[-2] : ' ');
		if (n >= size - at)
			return (-1);
		memcpy(out + at, p, n);
		at += n;
		p += n;
	}
	out[at] = '\0';
	return (0);
}
