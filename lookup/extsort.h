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
 * Sort more items than fit into memory: what is too much waits, sorted, in
 * a file without name, and all is merged in the end.
 */

#ifndef EXTSORT_H
#define EXTSORT_H

#include <stddef.h>
#include <stdint.h>

#define EXTSORT_KEY_MAX	1024		/* octets */

/*
 * Items are in the order of the octets of their keys; those with the same
 * key in the order of their tags.
 */
struct extsort_item {
	const void	*key;
	size_t		 keylen;
	uint64_t	 tag;
	const void	*value;
	size_t		 len;
};

struct extsort;

/*
 * memory is the octets held at most (64 for an item beside what it holds
 * are plenty), dir the folder of the file.
 */
struct extsort *extsort_new(const char *dir, size_t memory);
void	 extsort_free(struct extsort *);	/* NULL is fine */

/* 0, or -1 and errno; E2BIG for one that is larger than the memory. */
int	 extsort_add(struct extsort *, const struct extsort_item *);

/* That was all: 0, or -1 and errno. */
int	 extsort_finish(struct extsort *);

/*
 * The next one, valid until the next call: 1, 0 at the end, -1 and errno.
 */
int	 extsort_next(struct extsort *, struct extsort_item *);

/* Begin again with the first. */
int	 extsort_rewind(struct extsort *);

uint64_t extsort_count(const struct extsort *);

#endif
