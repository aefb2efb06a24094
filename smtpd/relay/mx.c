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
 * Mail exchangers in order.
 */

#include <string.h>

#include "smtpd/relay/mx.h"

static int
is_usable(const struct mx *m)
{
	return (m->host[0] != '\0' && m->host[0] != '[' &&
	    address_check_domain(m->host, strlen(m->host), 0) == ADDRESS_OK);
}

static void
swap(struct mx *a, struct mx *b)
{
	struct mx	 t = *a;

	*a = *b;
	*b = t;
}

/* Shuffle, then sort stably: equal ones stay shuffled. */
static void
sort(struct mx *m, size_t n, uint32_t (*chance)(uint32_t))
{
	size_t	 i, k;

	for (i = n; i > 1; i--)
		swap(&m[i - 1], &m[chance((uint32_t)i)]);
	for (i = 1; i < n; i++)
		for (k = i; k > 0 && m[k].preference < m[k - 1].preference;
		    k--)
			swap(&m[k], &m[k - 1]);
}

enum mx_verdict
mx_order(struct mx *m, size_t *n, const char *self,
    uint32_t (*chance)(uint32_t))
{
	uint32_t	 best = UINT16_MAX + 1;
	size_t		 i, left = 0;

	if (*n == 1 && (m[0].host[0] == '\0' ||
	    strcmp(m[0].host, ".") == 0)) {
		*n = 0;
		return (MX_NULL);
	}
	for (i = 0; i < *n; i++)
		if (strcmp(m[i].host, self) == 0 && m[i].preference < best)
			best = m[i].preference;
	for (i = 0; i < *n; i++)
		if (m[i].preference < best && is_usable(&m[i])) {
			if (left != i)
				m[left] = m[i];
			left++;
		}
	sort(m, left, chance);
	*n = left > MX_HOSTS_MAX ? MX_HOSTS_MAX : left;
	if (left > 0)
		return (MX_OK);
	return (best <= UINT16_MAX ? MX_SELF : MX_UNUSABLE);
}
