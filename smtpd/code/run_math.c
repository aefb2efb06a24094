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
 * Arithmetic, comparison, truth.
 */

#include <string.h>

#include "smtpd/code/run_inside.h"
#include "smtpd/code/run_math.h"

static double
real(const struct datum *d)
{
	return (d->type == DATUM_FLOAT ? d->real : (double)d->integer);
}

/* At its bound where 64 bits do not hold it. */
static struct datum
integers(enum code_op op, int64_t a, int64_t b)
{
	int64_t	 n;
	int	 over, minus;

	switch (op) {
	case OP_ADD:
		over = __builtin_add_overflow(a, b, &n);
		minus = b < 0;
		break;
	case OP_SUBTRACT:
		over = __builtin_sub_overflow(a, b, &n);
		minus = b > 0;
		break;
	default:
		over = __builtin_mul_overflow(a, b, &n);
		minus = (a < 0) != (b < 0);
		break;
	}
	if (over)
		n = minus ? INT64_MIN : INT64_MAX;
	return (datum_integer(n));
}

/* An integer if it comes out even. */
static struct datum
divide(const struct datum *a, const struct datum *b)
{
	if (real(b) == 0)
		return (datum_integer(0));
	if (a->type != DATUM_INTEGER || b->type != DATUM_INTEGER)
		return (datum_float(real(a) / real(b)));
	/* the one quotient that does not fit */
	if (b->integer == -1)
		return (integers(OP_SUBTRACT, 0, a->integer));
	if (a->integer % b->integer == 0)
		return (datum_integer(a->integer / b->integer));
	return (datum_float(real(a) / real(b)));
}

static struct datum
arithmetic(enum code_op op, const struct datum *x, const struct datum *y)
{
	struct datum	 a = datum_number(x), b = datum_number(y);

	if (op == OP_DIVIDE)
		return (divide(&a, &b));
	if (a.type == DATUM_INTEGER && b.type == DATUM_INTEGER)
		return (integers(op, a.integer, b.integer));
	if (op == OP_ADD)
		return (datum_float(real(&a) + real(&b)));
	if (op == OP_SUBTRACT)
		return (datum_float(real(&a) - real(&b)));
	return (datum_float(real(&a) * real(&b)));
}

static int
join(struct run *r, const struct datum *x, const struct datum *y,
    struct datum *out)
{
	struct datum	 a, b;
	char		*s;

	if (run_as_text(r, x, &a) == -1 || run_as_text(r, y, &b) == -1 ||
	    (s = run_string(r, (size_t)a.len + b.len)) == NULL)
		return (-1);
	if (a.len > 0)
		memcpy(s, a.string, a.len);
	if (b.len > 0)
		memcpy(s + a.len, b.string, b.len);
	*out = datum_string(s, (size_t)a.len + b.len);
	return (0);
}

static int
compare(enum code_op op, const struct datum *a, const struct datum *b)
{
	int	 order = datum_compare(a, b);

	switch (op) {
	case OP_LESS:
		return (order < 0);
	case OP_LESS_EQUAL:
		return (order <= 0);
	case OP_GREATER:
		return (order > 0);
	case OP_GREATER_EQUAL:
		return (order >= 0);
	case OP_EQUAL:
		return (order == 0);
	default:
		return (order != 0);
	}
}

/* What a comparison looks at, in octets. */
static size_t
weight(const struct datum *d)
{
	if (d->type == DATUM_ARRAY)
		return (d->len * sizeof(*d));
	return (d->type == DATUM_STRING ? d->len : 0);
}

static int
binary(struct run *r, enum code_op op, struct datum *a,
    const struct datum *b)
{
	switch (op) {
	case OP_ADD:
		if (!datum_is_number(a) || !datum_is_number(b))
			return (join(r, a, b, a));
		/* FALLTHROUGH */
	case OP_SUBTRACT:
	case OP_MULTIPLY:
	case OP_DIVIDE:
		*a = arithmetic(op, a, b);
		return (0);
	case OP_XOR:
		*a = datum_integer(datum_truth(a) != datum_truth(b));
		return (0);
	default:
		if (run_charge(r, weight(a)) == -1 ||
		    run_charge(r, weight(b)) == -1)
			return (-1);
		*a = datum_integer(compare(op, a, b));
		return (0);
	}
}

static struct datum
negate(const struct datum *d)
{
	struct datum	 n = datum_number(d);

	if (n.type == DATUM_FLOAT)
		return (datum_float(-n.real));
	return (integers(OP_SUBTRACT, 0, n.integer));
}

int
run_math(struct run *r, enum code_op op)
{
	struct datum	*d = &r->top[-1];

	switch (op) {
	case OP_NOT:
		*d = datum_integer(!datum_truth(d));
		return (0);
	case OP_TRUTH:
		*d = datum_integer(datum_truth(d));
		return (0);
	case OP_NEGATE:
		*d = negate(d);
		return (0);
	default:
		r->top--;
		return (binary(r, op, &r->top[-1], d));
	}
}
