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
 * Reading a sorted run from the file.
 */

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lookup/extsort.h"
#include "lookup/extsort_run.h"
#include "smtpd/base/xmem.h"

/* At least need octets in the buffer, which is aligned at used. */
static int
run_fill(struct run *r, size_t need)
{
	ssize_t	 n;
	size_t	 want;

	memmove(r->buf, r->buf + r->used, r->have - r->used);
	r->have -= r->used;
	r->used = 0;
	if (need > r->size) {
		r->buf = xreallocarray(r->buf, need, 1);
		r->size = need;
	}
	while (r->have < need) {
		want = r->size - r->have;
		if ((off_t)want > r->end - r->at)
			want = (size_t)(r->end - r->at);
		n = want == 0 ? 0 : pread(r->fd, r->buf + r->have, want, r->at);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == 0)		/* ours, and shorter than it was */
			errno = EIO;
		if (n <= 0)
			return (-1);
		r->have += (size_t)n;
		r->at += n;
	}
	return (0);
}

int
run_next(struct run *r)
{
	const struct packed	*p;
	size_t			 n;

	if (r->item != NULL)
		r->used += packed_size(r->item->keylen, r->item->len);
	r->item = NULL;
	if (r->used == r->have && r->at == r->end)
		return (0);
	if (r->have - r->used < sizeof(*p) && run_fill(r, sizeof(*p)) == -1)
		return (-1);
	p = (const struct packed *)(const void *)(r->buf + r->used);
	n = packed_size(p->keylen, p->len);
	if (p->keylen > EXTSORT_KEY_MAX || p->len > UINT32_MAX / 2) {
		errno = EIO;
		return (-1);
	}
	if (r->have - r->used < n && run_fill(r, n) == -1)
		return (-1);
	r->item = (const struct packed *)(const void *)(r->buf + r->used);
	return (0);
}
