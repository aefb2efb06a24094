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
 * Functions that cut strings into arrays.
 */

#include <string.h>

#include "smtpd/code/func.h"

/* The next separator from there on, or NULL. */
static const char *
next_separator(const char *from, const char *end, const struct datum *sep)
{
	if (sep->len == 0)
		return (NULL);
	return (memmem(from, (size_t)(end - from), sep->string, sep->len));
}

/* All parts of s into a new array. */
static int
split(struct run *r, const struct datum *s, const struct datum *sep,
    struct datum *out)
{
	const char	*p, *from = s->string, *end = s->string + s->len;
	struct datum	*parts;
	uint32_t	 n = 1;

	/* twice: to count, and to cut */
	if (run_charge(r, 2 * (size_t)s->len) == -1)
		return (-1);
	while ((p = next_separator(from, end, sep)) != NULL) {
		n++;
		from = p + sep->len;
	}
	if ((parts = run_array(r, n)) == NULL)
		return (-1);
	out->type = DATUM_ARRAY;
	out->len = n;
	out->array = parts;
	from = s->string;
	while ((p = next_separator(from, end, sep)) != NULL) {
		*parts++ = datum_string(from, (size_t)(p - from));
		from = p + sep->len;
	}
	*parts = datum_string(from, (size_t)(end - from));
	return (0);
}

int
func_split(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	struct datum	 s, sep;

	if (run_as_text(r, &args[0], &s) == -1 ||
	    run_as_text(r, &args[1], &sep) == -1)
		return (-1);
	return (split(r, &s, &sep, out));
}

/* The last part first. */
int
func_rsplit(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	struct datum	*turned;
	uint32_t	 i;

	if (func_split(r, args, n, out) == -1 ||
	    (turned = run_array(r, out->len)) == NULL)
		return (-1);
	for (i = 0; i < out->len; i++)
		turned[i] = out->array[out->len - 1 - i];
	out->array = turned;
	return (0);
}

/* At the first separator, or with last set at the last one. */
static int
once(struct run *r, const struct datum *args, int last, struct datum *out)
{
	struct datum	 s, sep, *parts;
	const char	*p, *at, *end;

	if (run_as_text(r, &args[0], &s) == -1 ||
	    run_as_text(r, &args[1], &sep) == -1 ||
	    run_charge(r, s.len) == -1)
		return (-1);
	*out = datum_string("", 0);
	end = s.string + s.len;
	at = next_separator(s.string, end, &sep);
	/* one may stand in the other: each search looks at all of it */
	for (p = at; last && p != NULL; p = next_separator(p + 1, end, &sep)) {
		if (run_charge(r, sizeof(sep) + sep.len) == -1)
			return (-1);
		at = p;
	}
	if (at == NULL)
		return (0);
	if ((parts = run_array(r, 2)) == NULL)
		return (-1);
	parts[0] = datum_string(s.string, (size_t)(at - s.string));
	at += sep.len;
	parts[1] = datum_string(at, (size_t)(end - at));
	out->type = DATUM_ARRAY;
	out->len = 2;
	out->array = parts;
	return (0);
}

int
func_split_once(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	return (once(r, args, 0, out));
}

int
func_rsplit_once(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	return (once(r, args, 1, out));
}

/* Letters, digits and everything beyond ASCII. */
static int
is_word(char c)
{
	return ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || (unsigned char)c >= 0x80);
}

/* The word at or behind *i; *i is then behind it. */
static struct datum
next_word(const struct datum *s, uint32_t *i)
{
	uint32_t	 from;

	while (*i < s->len && !is_word(s->string[*i]))
		(*i)++;
	from = *i;
	while (*i < s->len && is_word(s->string[*i]))
		(*i)++;
	return (datum_string(s->string + from, *i - from));
}

int
func_split_words(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	struct datum	 s, *words;
	uint32_t	 i, count = 0;

	if (run_as_text(r, args, &s) == -1 ||
	    run_charge(r, 2 * (size_t)s.len) == -1)
		return (-1);
	for (i = 0; next_word(&s, &i).len > 0;)
		count++;
	if ((words = run_array(r, count)) == NULL)
		return (-1);
	out->type = DATUM_ARRAY;
	out->len = count;
	out->array = words;
	for (i = 0; count > 0; count--)
		*words++ = next_word(&s, &i);
	return (0);
}

/* Line ends are LF or CRLF; one at the very end begins no line. */
int
func_lines(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	struct datum	 s, *line, feed = datum_string("\n", 1);
	uint32_t	 i;

	if (run_as_text(r, args, &s) == -1)
		return (-1);
	if (s.len == 0)
		return (func_split_words(r, args, n, out));
	if (s.string[s.len - 1] == '\n')
		s.len--;
	if (split(r, &s, &feed, out) == -1)
		return (-1);
	line = (struct datum *)(uintptr_t)out->array;
	for (i = 0; i < out->len; i++, line++)
		if (line->len > 0 && line->string[line->len - 1] == '\r')
			line->len--;
	return (0);
}
