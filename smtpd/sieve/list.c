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
 * Lists.  The values stand one behind the other, two octets of length
 * before each; pointers to them are what is sorted.
 */

#include <bsd/string.h>

#include <stdlib.h>
#include <string.h>

#include "smtpd/base/xmem.h"
#include "smtpd/sieve/comparator.h"
#include "smtpd/sieve/list.h"

#define HEAD	2

int
list_is_name(const char *name)
{
	const char	*p;

	for (p = name; *p > ' ' && *p < 0x7f; p++)
		;
	return (p > name && *p == '\0' && p - name <= LIST_NAME_MAX);
}

struct list *
list_new(const char *name)
{
	struct list	*l = xcalloc(1, sizeof(*l));

	(void)strlcpy(l->name, name, sizeof(l->name));
	return (l);
}

void
list_free(struct list *l)
{
	if (l == NULL)
		return;
	free(l->octets);
	free(l->sorted);
	free(l);
}

static size_t
value_len(const char *value)
{
	return ((size_t)(unsigned char)value[0] << 8 |
	    (unsigned char)value[1]);
}

int
list_add(struct list *l, const char *value, size_t len)
{
	if (len == 0 || len > LIST_VALUE_MAX || l->n == LIST_VALUES_MAX ||
	    l->len + HEAD + len > LIST_OCTETS_MAX)
		return (-1);
	if (l->size - l->len < HEAD + len) {
		l->size = l->size * 2 + HEAD + len;
		l->octets = xreallocarray(l->octets, l->size, 1);
	}
	l->octets[l->len] = (char)(len >> 8);
	l->octets[l->len + 1] = (char)(len & 0xff);
	memcpy(l->octets + l->len + HEAD, value, len);
	l->len += HEAD + len;
	l->n++;
	return (0);
}

const char *
list_next(const struct list *l, const char *before, size_t *len)
{
	const char	*value = l->octets;

	if (before != NULL)
		value = before + value_len(before - HEAD);
	if (value == NULL || value == l->octets + l->len)
		return (NULL);
	*len = value_len(value);
	return (value + HEAD);
}

static int
order(const char *a, size_t alen, const char *b)
{
	return (comparator_order(COMPARATOR_CASEMAP, a, alen, b + HEAD,
	    value_len(b)));
}

static int
by_value(const void *x, const void *y)
{
	const char *const	*a = x, *const *b = y;

	return (order(*a + HEAD, value_len(*a), *b));
}

void
list_end(struct list *l)
{
	const char	*value = NULL;
	size_t		 len;
	uint32_t	 i, n = 0;

	l->sorted = xreallocarray(NULL, (size_t)l->n + 1, sizeof(*l->sorted));
	while ((value = list_next(l, value, &len)) != NULL)
		l->sorted[n++] = value - HEAD;
	qsort(l->sorted, n, sizeof(*l->sorted), by_value);
	for (i = l->n = 0; i < n; i++)
		if (l->n == 0 || by_value(&l->sorted[l->n - 1],
		    &l->sorted[i]) != 0)
			l->sorted[l->n++] = l->sorted[i];
}

int
list_has(const struct list *l, const char *value, size_t len)
{
	uint32_t	 low = 0, high = l->n, mid;
	int		 d;

	while (low < high) {
		mid = low + (high - low) / 2;
		if ((d = order(value, len, l->sorted[mid])) == 0)
			return (1);
		if (d < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return (0);
}
