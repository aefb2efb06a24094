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
 * Pure text: numbers, durations and sizes of the configuration.
 */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "smtpd/conf_parse.h"

struct unit {
	const char	*name;
	int64_t		 factor;
};

/* largest first: that is the order of printing */
static const struct unit durations[] = {
	{ "d",	86400000 },
	{ "h",	3600000 },
	{ "m",	60000 },
	{ "s",	1000 },
	{ "ms",	1 },
};

static const struct unit sizes[] = {
	{ "T",	INT64_C(1024) * 1024 * 1024 * 1024 },
	{ "G",	1024 * 1024 * 1024 },
	{ "M",	1024 * 1024 },
	{ "K",	1024 },
	{ "",	1 },
};

#define NUNITS(units)	(sizeof(units) / sizeof((units)[0]))

/* Decimal digits at the start of text; NULL when none, or too many. */
static const char *
value_digits(const char *text, int64_t *n)
{
	const char	*p;

	*n = 0;
	for (p = text; *p >= '0' && *p <= '9'; p++) {
		if (*n > (INT64_MAX - 9) / 10)
			return (NULL);
		*n = *n * 10 + (*p - '0');
	}
	return (p == text ? NULL : p);
}

static int
value_scaled(const char *text, const struct unit *units, size_t nunits,
    int64_t *n)
{
	const char	*unit;
	size_t		 i;
	int64_t		 count;

	if ((unit = value_digits(text, &count)) == NULL)
		return (-1);
	for (i = 0; i < nunits; i++)
		if (strcmp(unit, units[i].name) == 0)
			break;
	if (i == nunits || count > INT64_MAX / units[i].factor)
		return (-1);
	*n = count * units[i].factor;
	return (0);
}

int
value_number(const char *text, int64_t *n)
{
	const char	*end;
	int64_t		 count;

	end = value_digits(text + (text[0] == '-'), &count);
	if (end == NULL || *end != '\0')
		return (-1);
	*n = text[0] == '-' ? -count : count;
	return (0);
}

int
value_duration(const char *text, int64_t *n)
{
	if (strcmp(text, "0") == 0) {
		*n = 0;
		return (0);
	}
	return (value_scaled(text, durations, NUNITS(durations), n));
}

int
value_size(const char *text, int64_t *n)
{
	return (value_scaled(text, sizes, NUNITS(sizes), n));
}

static const char *
value_format(int64_t n, const struct unit *units, char *buf, size_t size)
{
	while (n % units->factor != 0)
		units++;
	(void)snprintf(buf, size, "%" PRId64 "%s", n / units->factor,
	    n == 0 ? "" : units->name);
	return (buf);
}

const char *
value_format_duration(int64_t n, char *buf, size_t size)
{
	return (value_format(n, durations, buf, size));
}

const char *
value_format_size(int64_t n, char *buf, size_t size)
{
	return (value_format(n, sizes, buf, size));
}
