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
 * Room-private: the parts of extsort.c.
 */

#ifndef EXTSORT_RUN_H
#define EXTSORT_RUN_H

#include <sys/types.h>

#include <stddef.h>
#include <stdint.h>

/* An item as it lies in memory and in the file; key and value follow. */
struct packed {
	uint64_t	 tag;
	uint32_t	 len;		/* of the value */
	uint32_t	 keylen;
};

#define PACKED_ALIGN	8

/* Octets of a packed item, with its head, rounded up. */
size_t	 packed_size(size_t keylen, size_t len);

/* Below, equal, above 0. */
int	 packed_compare(const struct packed *, const struct packed *);

/* One item of memory; chunk is for sorting. */
struct packed_ref {
	uint64_t	 chunk;
	const struct packed *item;
};

void	 packed_sort(struct packed_ref *, size_t n);

/* A sorted run in the file, read through a buffer. */
struct run {
	int		 fd;
	off_t		 at, end;	/* still in the file */
	uint8_t		*buf;
	size_t		 size;
	size_t		 have, used;	/* in the buffer */
	const struct packed *item;	/* the first, NULL: no more */
};

/* Move to the next item: 0, or -1 and errno. */
int	 run_next(struct run *);

#endif
