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
 * Sorting in memory: a quicksort that looks at eight octets of the keys at
 * a time, and goes to the next eight only where those are equal.  Keys of
 * a directory begin alike, and each look at an item is a wait for memory.
 */

#include <string.h>

#include "lookup/extsort_run.h"

#define SORT_FEW	12		/* sorted by insertion */

size_t
packed_size(size_t keylen, size_t len)
{
	size_t	 n = sizeof(struct packed) + keylen + len;

	return ((n + PACKED_ALIGN - 1) & ~(size_t)(PACKED_ALIGN - 1));
}

int
packed_compare(const struct packed *a, const struct packed *b)
{
	size_t	 n = a->keylen < b->keylen ? a->keylen : b->keylen;
	int	 cmp = memcmp(a + 1, b + 1, n);

	if (cmp != 0)
		return (cmp);
	if (a->keylen != b->keylen)
		return (a->keylen < b->keylen ? -1 : 1);
	return (a->tag < b->tag ? -1 : a->tag > b->tag);
}

/* Eight octets of the key as a number; zeros behind its end. */
static uint64_t
chunk_of(const struct packed *p, size_t depth)
{
	const uint8_t	*key = (const uint8_t *)(p + 1);
	uint64_t	 chunk = 0;
	size_t		 i;

	for (i = 0; i < 8; i++)
		chunk = chunk << 8 | (depth + i < p->keylen ? key[depth + i] :
		    0);
	return (chunk);
}

/* Those that are sorted together have their chunks from the same place. */
static int
is_before(const struct packed_ref *a, const struct packed_ref *b)
{
	if (a->chunk != b->chunk)
		return (a->chunk < b->chunk);
	return (packed_compare(a->item, b->item) < 0);
}

static void
sort_few(struct packed_ref *r, size_t n)
{
	struct packed_ref	 x;
	size_t			 i, j;

	for (i = 1; i < n; i++) {
		x = r[i];
		for (j = i; j > 0 && is_before(&x, &r[j - 1]); j--)
			r[j] = r[j - 1];
		r[j] = x;
	}
}

static void
sift(struct packed_ref *r, size_t i, size_t n)
{
	struct packed_ref	 x = r[i];
	size_t			 child;

	for (; (child = 2 * i + 1) < n; i = child) {
		if (child + 1 < n && packed_compare(r[child].item,
		    r[child + 1].item) < 0)
			child++;
		if (packed_compare(x.item, r[child].item) >= 0)
			break;
		r[i] = r[child];
	}
	r[i] = x;
}

/* Keys that end here differ in length or tag only. */
static void
sort_whole(struct packed_ref *r, size_t n)
{
	struct packed_ref	 x;
	size_t			 i;

	if (n <= SORT_FEW) {
		sort_few(r, n);
		return;
	}
	for (i = n / 2; i-- > 0; )
		sift(r, i, n);
	for (i = n - 1; i > 0; i--) {
		x = r[0];
		r[0] = r[i];
		r[i] = x;
		sift(r, 0, i);
	}
}

static uint64_t
middle(uint64_t a, uint64_t b, uint64_t c)
{
	if (a > b)
		return (middle(b, a, c));
	return (b <= c ? b : a >= c ? a : c);
}

/* Into below, equal, above: *lt and *gt are where equal begins and ends. */
static void
partition(struct packed_ref *r, size_t n, uint64_t pivot, size_t *lt,
    size_t *gt)
{
	struct packed_ref	 x;
	size_t			 i = 0;

	*lt = 0;
	*gt = n;
	while (i < *gt) {
		x = r[i];
		if (x.chunk < pivot) {
			r[i++] = r[*lt];
			r[(*lt)++] = x;
		} else if (x.chunk > pivot) {
			r[i] = r[--*gt];
			r[*gt] = x;
		} else
			i++;
	}
}

static void	 sort_chunks(struct packed_ref *, size_t, size_t);

/*
 * Those whose eight octets at depth are equal.  Keys that end there come
 * before those that go on, which differ from them by more than zeros.
 */
static void
sort_equal(struct packed_ref *r, size_t n, size_t depth)
{
	struct packed_ref	 x;
	size_t			 i, ended = 0;

	if (n < 2)
		return;
	for (i = 0; i < n; i++) {
		if (r[i].item->keylen > depth + 8) {
			r[i].chunk = chunk_of(r[i].item, depth + 8);
			continue;
		}
		x = r[i];
		r[i] = r[ended];
		r[ended++] = x;
	}
	sort_whole(r, ended);
	sort_chunks(r + ended, n - ended, depth + 8);
}

/* The larger side is done in the loop: the stack stays flat. */
static void
sort_chunks(struct packed_ref *r, size_t n, size_t depth)
{
	size_t	 lt, gt;

	while (n > SORT_FEW) {
		partition(r, n, middle(r[0].chunk, r[n / 2].chunk,
		    r[n - 1].chunk), &lt, &gt);
		sort_equal(r + lt, gt - lt, depth);
		if (lt < n - gt) {
			sort_chunks(r, lt, depth);
			r += gt;
			n -= gt;
		} else {
			sort_chunks(r + gt, n - gt, depth);
			n = lt;
		}
	}
	sort_few(r, n);
}

void
packed_sort(struct packed_ref *r, size_t n)
{
	size_t	 i;

	for (i = 0; i < n; i++)
		r[i].chunk = chunk_of(r[i].item, 0);
	sort_chunks(r, n, 0);
}
