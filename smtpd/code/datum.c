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
 * Values: conversions and comparisons.  Nothing here fails.
 */

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/code/datum.h"

#define NUMBER_DIGITS	400	/* more than any finite number needs */

struct datum
datum_integer(int64_t n)
{
	struct datum	 d = { .type = DATUM_INTEGER };

	d.integer = n;
	return (d);
}

struct datum
datum_float(double f)
{
	struct datum	 d = { .type = DATUM_FLOAT };

	if (isnan(f))
		f = 0;
	else if (isinf(f))
		f = f < 0 ? -DBL_MAX : DBL_MAX;
	d.real = f;
	return (d);
}

struct datum
datum_string(const char *s, size_t len)
{
	struct datum	 d = { .type = DATUM_STRING };

	d.len = (uint32_t)len;
	d.string = s;
	return (d);
}

int
datum_truth(const struct datum *d)
{
	switch (d->type) {
	case DATUM_INTEGER:
		return (d->integer != 0);
	case DATUM_FLOAT:
		return (d->real != 0);
	default:
		return (d->len != 0);
	}
}

int
datum_is_number(const struct datum *d)
{
	return (d->type == DATUM_INTEGER || d->type == DATUM_FLOAT);
}

/* The length of digits at the start. */
static size_t
digits(const char *s, size_t len)
{
	size_t	 n;

	for (n = 0; n < len && s[n] >= '0' && s[n] <= '9'; n++)
		;
	return (n);
}

/* [-]digits[.digits], all of it; *fraction says whether there is a dot. */
static int
number_form(const char *s, size_t len, int *fraction)
{
	size_t	 n;

	*fraction = 0;
	if (len > 0 && s[0] == '-') {
		s++;
		len--;
	}
	if (len > NUMBER_DIGITS || (n = digits(s, len)) == 0)
		return (0);
	if (n == len)
		return (1);
	*fraction = 1;
	s += n + 1;
	len -= n + 1;
	return (s[-1] == '.' && len > 0 && digits(s, len) == len);
}

int
datum_text_is_number(const char *s, size_t len)
{
	int	 fraction;

	return (number_form(s, len, &fraction));
}

/* Digits, with a sign in front: -1 when they do not fit. */
static int
number_integer(const char *s, size_t len, int64_t *n)
{
	size_t	 i;
	int	 minus = s[0] == '-';

	*n = 0;
	for (i = (size_t)minus; i < len; i++)
		if (__builtin_mul_overflow(*n, 10, n) ||
		    __builtin_sub_overflow(*n, s[i] - '0', n))
			return (-1);
	return (!minus && __builtin_sub_overflow(0, *n, n) ? -1 : 0);
}

static struct datum
string_number(const char *s, size_t len)
{
	char	 buf[NUMBER_DIGITS + 2];
	int64_t	 n;
	int	 fraction;

	if (!number_form(s, len, &fraction))
		return (datum_integer(0));
	if (!fraction && number_integer(s, len, &n) == 0)
		return (datum_integer(n));
	memcpy(buf, s, len);
	buf[len] = '\0';
	return (datum_float(strtod(buf, NULL)));
}

struct datum
datum_number(const struct datum *d)
{
	switch (d->type) {
	case DATUM_STRING:
		return (string_number(d->string, d->len));
	case DATUM_ARRAY:
		return (datum_integer(0));
	default:
		return (*d);
	}
}

int64_t
datum_count(const struct datum *d)
{
	struct datum	 n = datum_number(d);

	if (n.type == DATUM_INTEGER)
		return (n.integer);
	/* 2^63 is the first double that does not fit */
	if (n.real >= 9223372036854775808.0)
		return (INT64_MAX);
	if (n.real < -9223372036854775808.0)
		return (INT64_MIN);
	return ((int64_t)n.real);
}

int
datum_text(const struct datum *d, char *buf, size_t size)
{
	if (d->type != DATUM_STRING || d->len >= size || (d->len > 0 &&
	    memchr(d->string, '\0', d->len) != NULL))
		return (-1);
	memcpy(buf, d->string, d->len);
	buf[d->len] = '\0';
	return (0);
}

const char *
datum_format(const struct datum *d, char buf[DATUM_TEXT_SIZE])
{
	if (d->type == DATUM_INTEGER) {
		(void)snprintf(buf, DATUM_TEXT_SIZE, "%" PRId64, d->integer);
		return (buf);
	}
	(void)snprintf(buf, DATUM_TEXT_SIZE, "%.15g", d->real);
	if (strtod(buf, NULL) != d->real)
		(void)snprintf(buf, DATUM_TEXT_SIZE, "%.17g", d->real);
	return (buf);
}

static double
number_real(const struct datum *n)
{
	return (n->type == DATUM_FLOAT ? n->real : (double)n->integer);
}

static int
compare_numbers(const struct datum *a, const struct datum *b)
{
	double	 x, y;

	if (a->type == DATUM_INTEGER && b->type == DATUM_INTEGER)
		return ((a->integer > b->integer) - (a->integer < b->integer));
	x = number_real(a);
	y = number_real(b);
	return ((x > y) - (x < y));
}

static int
compare_strings(const struct datum *a, const struct datum *b)
{
	uint32_t	 len = a->len < b->len ? a->len : b->len;
	int		 order;

	order = len == 0 ? 0 : memcmp(a->string, b->string, len);
	return (order != 0 ? order : (a->len > b->len) - (a->len < b->len));
}

static int
compare_arrays(const struct datum *a, const struct datum *b)
{
	uint32_t	 i;
	int		 order;

	for (i = 0; i < a->len && i < b->len; i++)
		if ((order = datum_compare(&a->array[i], &b->array[i])) != 0)
			return (order);
	return ((a->len > b->len) - (a->len < b->len));
}

int
datum_compare(const struct datum *a, const struct datum *b)
{
	struct datum	 x, y;

	if (a->type == DATUM_STRING && b->type == DATUM_STRING)
		return (compare_strings(a, b));
	if (a->type == DATUM_ARRAY && b->type == DATUM_ARRAY)
		return (compare_arrays(a, b));
	if (a->type == DATUM_ARRAY || b->type == DATUM_ARRAY)
		return (a->type == DATUM_ARRAY ? 1 : -1);
	x = datum_number(a);
	y = datum_number(b);
	return (compare_numbers(&x, &y));
}

int
datum_order(const struct datum *a, const struct datum *b)
{
	int	 x = datum_is_number(a), y = datum_is_number(b);

	if (x && y)
		return (compare_numbers(a, b));
	return (x != y ? y - x : datum_compare(a, b));
}
