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
 * Sets of octets: bracket expressions, POSIX 9.3.5.
 */

#include <ctype.h>
#include <string.h>

#include "smtpd/sieve/ere_inside.h"

static const struct {
	const char	*name;
	int		(*is)(int);
} classes[] = {
	{ "alpha", isalpha }, { "digit", isdigit }, { "alnum", isalnum },
	{ "upper", isupper }, { "lower", islower }, { "space", isspace },
	{ "blank", isblank }, { "punct", ispunct }, { "print", isprint },
	{ "graph", isgraph }, { "cntrl", iscntrl }, { "xdigit", isxdigit },
};

static void
set_add(struct ere_set *s, unsigned int c)
{
	s->has[c >> 3] |= (uint8_t)(1U << (c & 7));
}

static void
set_invert(struct ere_set *s)
{
	unsigned int	 i;

	for (i = 0; i < sizeof(s->has); i++)
		s->has[i] = (uint8_t)~s->has[i];
}

/* Both cases of each letter that is in it. */
static void
set_fold(struct ere_set *s)
{
	unsigned char	 c;

	for (c = 'a'; c <= 'z'; c++) {
		if (ere_set_has(s, c))
			set_add(s, c - ('a' - 'A'));
		else if (ere_set_has(s, (unsigned char)(c - ('a' - 'A'))))
			set_add(s, c);
	}
}

static int
set_class(struct ere_set *s, const char *name, size_t len)
{
	unsigned int	 i, c;

	for (i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (strlen(classes[i].name) != len ||
		    memcmp(classes[i].name, name, len) != 0)
			continue;
		for (c = 0; c < 128; c++)
			if (classes[i].is((int)c))
				set_add(s, c);
		return (0);
	}
	return (-1);
}

int
ere_set_named(struct ere_set *s, char c)
{
	memset(s, 0, sizeof(*s));
	switch (c) {
	case 'w':
	case 'W':
		set_add(s, '_');
		(void)set_class(s, "alnum", 5);		/* there is one */
		break;
	case 's':
	case 'S':
		(void)set_class(s, "space", 5);
		break;
	default:
		return (-1);
	}
	if (c == 'W' || c == 'S')
		set_invert(s);
	return (0);
}

/*
 * Behind "[:", "[." or "[=": what stands before the same sign and ']'.
 */
static int
set_bracketed(struct ere_reader *r, const char **text, size_t *len)
{
	char	 sign = r->source[r->at + 1];
	size_t	 begin = r->at + 2, i;

	for (i = begin; i + 1 < r->len; i++)
		if (r->source[i] == sign && r->source[i + 1] == ']')
			break;
	if (i + 1 >= r->len)
		return (ere_wrong(r, r->at, "name in brackets without end"));
	*text = r->source + begin;
	*len = i - begin;
	r->at = i + 2;
	return (0);
}

static int
set_is_bracketed(const struct ere_reader *r, const char *signs)
{
	return (r->at + 1 < r->len && r->source[r->at] == '[' &&
	    r->source[r->at + 1] != '\0' &&
	    strchr(signs, r->source[r->at + 1]) != NULL);
}

/* One end of a range, or what stands alone: its octet, or -1. */
static int
set_element(struct ere_reader *r)
{
	const char	*text;
	size_t		 len, at = r->at;

	if (!set_is_bracketed(r, ".="))
		return ((unsigned char)r->source[r->at++]);
	if (set_bracketed(r, &text, &len) == -1)
		return (-1);
	if (len != 1)
		return (ere_wrong(r, at, "not one character"));
	return ((unsigned char)text[0]);
}

/* A class, an element or a range. */
static int
set_item(struct ere_reader *r, struct ere_set *s)
{
	const char	*text;
	size_t		 len, begin = r->at;
	int		 c, to;

	if (set_is_bracketed(r, ":")) {
		if (set_bracketed(r, &text, &len) == -1)
			return (-1);
		if (set_class(s, text, len) == -1)
			return (ere_wrong(r, begin, "unknown class"));
		return (0);
	}
	if ((c = to = set_element(r)) == -1)
		return (-1);
	if (r->at + 1 < r->len && r->source[r->at] == '-' &&
	    r->source[r->at + 1] != ']') {
		r->at++;
		if (set_is_bracketed(r, ":"))
			return (ere_wrong(r, begin, "class in a range"));
		if ((to = set_element(r)) == -1)
			return (-1);
		if (to < c)
			return (ere_wrong(r, begin, "range is backwards"));
	}
	for (; c <= to; c++)
		set_add(s, (unsigned int)c);
	return (0);
}

int
ere_read_set(struct ere_reader *r, struct ere_set *s)
{
	size_t	 begin = r->at - 1;
	int	 invert = 0, first = 1;

	memset(s, 0, sizeof(*s));
	if (r->at < r->len && r->source[r->at] == '^') {
		invert = 1;
		r->at++;
	}
	/* a ']' that comes first is one of the set */
	for (; r->at < r->len && (first || r->source[r->at] != ']'); first = 0)
		if (set_item(r, s) == -1)
			return (-1);
	if (r->at == r->len)
		return (ere_wrong(r, begin, "'[' without ']'"));
	r->at++;
	if (r->fold)
		set_fold(s);
	if (invert)
		set_invert(s);
	return (0);
}
