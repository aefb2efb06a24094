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
 * Functions of arrays.
 */

#include <string.h>

#include "smtpd/code/func.h"

static void
set_array(struct datum *out, const struct datum *elements, uint32_t n)
{
	out->type = DATUM_ARRAY;
	out->len = n;
	out->array = elements;
}

/* One comparison of two values. */
static int
charge(struct run *r, const struct datum *a, const struct datum *b)
{
	size_t	 octets = sizeof(*a);

	if (a->type == DATUM_STRING && b->type == DATUM_STRING)
		octets += a->len < b->len ? a->len : b->len;
	return (run_charge(r, octets));
}

/* What is no array counts as one if it is something. */
int
func_elements(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	if (args->type == DATUM_ARRAY)
		*out = datum_integer(args->len);
	else
		*out = datum_integer(args->type != DATUM_STRING ||
		    args->len != 0);
	return (0);
}

/* An array to work on: the elements of arg, or arg itself. */
static int
copy_elements(struct run *r, const struct datum *arg, struct datum **to,
    uint32_t *n)
{
	*n = arg->type == DATUM_ARRAY ? arg->len : 1;
	if ((*to = run_array(r, *n)) == NULL)
		return (-1);
	if (arg->type != DATUM_ARRAY)
		**to = *arg;
	else if (*n > 0)
		memcpy(*to, arg->array, *n * sizeof(**to));
	return (0);
}

/* Two sorted parts of from, up to mid and up to end, become one in to. */
static int
merge(struct run *r, struct datum *to, const struct datum *from,
    uint32_t mid, uint32_t end, int sign)
{
	uint32_t	 i = 0, j = mid, k;

	for (k = 0; k < end; k++) {
		if (i < mid && j < end && charge(r, &from[i], &from[j]) == -1)
			return (-1);
		if (j == end || (i < mid && sign *
		    datum_order(&from[i], &from[j]) <= 0))
			to[k] = from[i++];
		else
			to[k] = from[j++];
	}
	return (0);
}

/* Stable; with a second argument that is true from high to low. */
int
func_sort(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	struct datum	*a, *b, *swap;
	uint32_t	 at, len, mid, end, width;
	int		 sign = n > 1 && datum_truth(&args[1]) ? -1 : 1;

	if (copy_elements(r, args, &a, &len) == -1 ||
	    (b = run_array(r, len)) == NULL)
		return (-1);
	for (width = 1; width < len; width *= 2) {
		for (at = 0; at < len; at += 2 * width) {
			end = len - at < 2 * width ? len - at : 2 * width;
			mid = end < width ? end : width;
			if (merge(r, b + at, a + at, mid, end, sign) == -1)
				return (-1);
		}
		swap = a;
		a = b;
		b = swap;
	}
	set_array(out, a, len);
	return (0);
}

static int
has(struct run *r, const struct datum *all, uint32_t n,
    const struct datum *d, int *found)
{
	for (*found = 0; n > 0 && !*found; n--, all++) {
		if (charge(r, all, d) == -1)
			return (-1);
		*found = all->type == d->type && datum_compare(all, d) == 0;
	}
	return (0);
}

/* The first of equals stays. */
int
func_dedup(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	struct datum	*all;
	uint32_t	 i, len, kept = 0;
	int		 found;

	if (copy_elements(r, args, &all, &len) == -1)
		return (-1);
	for (i = 0; i < len; i++) {
		if (has(r, all, kept, &all[i], &found) == -1)
			return (-1);
		if (!found)
			all[kept++] = all[i];
	}
	set_array(out, all, kept);
	return (0);
}

/* Without what is empty. */
int
func_winnow(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	struct datum	*all;
	uint32_t	 i, len, kept = 0;

	if (copy_elements(r, args, &all, &len) == -1)
		return (-1);
	for (i = 0; i < len; i++)
		if (all[i].type != DATUM_STRING || all[i].len > 0)
			all[kept++] = all[i];
	set_array(out, all, kept);
	return (0);
}

int
func_is_intersect(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	struct datum	*a, *b;
	uint32_t	 i, alen, blen;
	int		 found = 0;

	if (copy_elements(r, &args[0], &a, &alen) == -1 ||
	    copy_elements(r, &args[1], &b, &blen) == -1)
		return (-1);
	for (i = 0; i < alen && !found; i++)
		if (has(r, b, blen, &a[i], &found) == -1)
			return (-1);
	*out = datum_integer(found);
	return (0);
}
