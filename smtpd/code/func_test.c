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
 * Functions that ask something about strings.  Case and white space are
 * those of ASCII.
 */

#include <string.h>

#include "smtpd/code/func.h"

/* Two arguments as text. */
static int
two_texts(struct run *r, const struct datum *args, struct datum *a,
    struct datum *b)
{
	if (run_as_text(r, &args[0], a) == -1 ||
	    run_as_text(r, &args[1], b) == -1)
		return (-1);
	return (run_charge(r, (size_t)a->len + b->len));
}

static char
lower(char c)
{
	return (c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c);
}

static int
equal_case(const struct datum *a, const struct datum *b)
{
	uint32_t	 i;

	if (a->len != b->len)
		return (0);
	for (i = 0; i < a->len; i++)
		if (lower(a->string[i]) != lower(b->string[i]))
			return (0);
	return (1);
}

static int
equal(const struct datum *a, const struct datum *b)
{
	return (a->len == b->len && (a->len == 0 ||
	    memcmp(a->string, b->string, a->len) == 0));
}

/* Is one of the elements this text? */
static int
array_has(struct run *r, const struct datum *array, const struct datum *text,
    int (*same)(const struct datum *, const struct datum *),
    struct datum *out)
{
	struct datum	 s;
	uint32_t	 i;

	*out = datum_integer(0);
	for (i = 0; i < array->len && out->integer == 0; i++) {
		if (run_as_text(r, &array->array[i], &s) == -1 ||
		    run_charge(r, sizeof(s) + s.len) == -1)
			return (-1);
		out->integer = same(&s, text);
	}
	return (0);
}

int
func_contains(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	struct datum	 s, part;

	if (two_texts(r, args, &s, &part) == -1)
		return (-1);
	if (args[0].type == DATUM_ARRAY)
		return (array_has(r, &args[0], &part, equal, out));
	*out = datum_integer(part.len == 0 || memmem(s.string, s.len,
	    part.string, part.len) != NULL);
	return (0);
}

int
func_contains_ignore_case(struct run *r, const struct datum *args,
    unsigned int n, struct datum *out)
{
	struct datum	 low[2];

	if (func_to_lowercase(r, &args[1], 1, &low[1]) == -1)
		return (-1);
	if (args[0].type == DATUM_ARRAY)
		return (array_has(r, &args[0], &low[1], equal_case, out));
	if (func_to_lowercase(r, &args[0], 1, &low[0]) == -1)
		return (-1);
	return (func_contains(r, low, 2, out));
}

int
func_eq_ignore_case(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	struct datum	 a, b;

	if (two_texts(r, args, &a, &b) == -1)
		return (-1);
	*out = datum_integer(equal_case(&a, &b));
	return (0);
}

int
func_starts_with(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	struct datum	 s, part;

	if (two_texts(r, args, &s, &part) == -1)
		return (-1);
	*out = datum_integer(part.len <= s.len && (part.len == 0 ||
	    memcmp(s.string, part.string, part.len) == 0));
	return (0);
}

int
func_ends_with(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	struct datum	 s, part;

	if (two_texts(r, args, &s, &part) == -1)
		return (-1);
	*out = datum_integer(part.len <= s.len && (part.len == 0 ||
	    memcmp(s.string + s.len - part.len, part.string, part.len) ==
	    0));
	return (0);
}

enum class {
	CLASS_UPPER,
	CLASS_LOWER,
	CLASS_DIGIT,
	CLASS_SPACE,
	CLASS_CHAR		/* the first octet of one */
};

static int
is_class(unsigned char c, enum class class)
{
	switch (class) {
	case CLASS_UPPER:
		return (c >= 'A' && c <= 'Z');
	case CLASS_LOWER:
		return (c >= 'a' && c <= 'z');
	case CLASS_DIGIT:
		return (c >= '0' && c <= '9');
	case CLASS_SPACE:
		return (c == ' ' || (c >= '\t' && c <= '\r'));
	default:
		return ((c & 0xc0) != 0x80);
	}
}

static int
class_count(struct run *r, const struct datum *arg, enum class class,
    struct datum *out)
{
	struct datum	 s;
	uint32_t	 i;

	*out = datum_integer(0);
	if (run_as_text(r, arg, &s) == -1 || run_charge(r, s.len) == -1)
		return (-1);
	for (i = 0; i < s.len; i++)
		out->integer += is_class((unsigned char)s.string[i], class);
	return (0);
}

/* There is nothing of that class. */
static int
class_none(struct run *r, const struct datum *arg, enum class class,
    struct datum *out)
{
	if (class_count(r, arg, class, out) == -1)
		return (-1);
	out->integer = out->integer == 0;
	return (0);
}

int
func_is_uppercase(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	return (class_none(r, args, CLASS_LOWER, out));
}

int
func_is_lowercase(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	return (class_none(r, args, CLASS_UPPER, out));
}

int
func_has_digits(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	if (class_count(r, args, CLASS_DIGIT, out) == -1)
		return (-1);
	out->integer = out->integer != 0;
	return (0);
}

int
func_count_spaces(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	return (class_count(r, args, CLASS_SPACE, out));
}

int
func_count_uppercase(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	return (class_count(r, args, CLASS_UPPER, out));
}

int
func_count_lowercase(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	return (class_count(r, args, CLASS_LOWER, out));
}

int
func_count_chars(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	return (class_count(r, args, CLASS_CHAR, out));
}
