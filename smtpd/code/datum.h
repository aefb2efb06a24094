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
 * Values of programs (RCPT.md 7): string, integer, float, array.
 *
 * Strings are counted and hold any octet.  True and false are 1 and 0, and
 * what is absent is the empty string.  Arrays hold no arrays.
 */

#ifndef DATUM_H
#define DATUM_H

#include <stddef.h>
#include <stdint.h>

enum datum_type {
	DATUM_STRING,
	DATUM_INTEGER,
	DATUM_FLOAT,		/* finite */
	DATUM_ARRAY,
	DATUM_TYPE_COUNT
};

struct datum {
	enum datum_type	 type;
	uint32_t	 len;		/* octets, or elements */
	union {
		const char		*string;	/* not terminated */
		int64_t			 integer;
		double			 real;
		const struct datum	*array;
	};
};

#define DATUM_TEXT_SIZE	32		/* of any number, with terminator */

struct datum datum_integer(int64_t);
struct datum datum_float(double);	/* what is not finite becomes so */
struct datum datum_string(const char *, size_t len);

/* A number that is not 0, a string or an array that is not empty. */
int	 datum_truth(const struct datum *);

int	 datum_is_number(const struct datum *);

/*
 * As a number: digits, with sign and fraction if any, in a string; any
 * other string, and an array, is 0.
 */
struct datum datum_number(const struct datum *);

/* The same as an integer: cut towards 0, and to what 64 bits hold. */
int64_t	 datum_count(const struct datum *);

/* Is all of this text a number for datum_number? */
int	 datum_text_is_number(const char *, size_t len);

/* The string into buf; -1 when it is none, holds NUL or does not fit. */
int	 datum_text(const struct datum *, char *buf, size_t size);

/* A number as text, the shortest that reads as it; returns buf. */
const char *datum_format(const struct datum *, char buf[DATUM_TEXT_SIZE]);

/*
 * Below, at or above 0.  Two strings compare by octets; a string and a
 * number as numbers; two arrays by their elements.  An array is above all
 * else.
 */
int	 datum_compare(const struct datum *, const struct datum *);

/* An order without contradictions, to sort by: numbers before strings. */
int	 datum_order(const struct datum *, const struct datum *);

#endif
