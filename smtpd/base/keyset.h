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
 * A set of strings that only grows: mailboxes that have a message already,
 * addresses that were looked at.  Lists may have a hundred thousand members.
 */

#ifndef KEYSET_H
#define KEYSET_H

#include <stddef.h>

struct keyset {
	char	**slots;	/* open addressing, NULL is free */
	size_t	  size;		/* a power of two, or 0 */
	size_t	  n;
};

struct keyset *keyset_new(void);
void	 keyset_free(struct keyset *);		/* NULL is fine */
int	 keyset_add(struct keyset *, const char *);	/* 1: it is new */
int	 keyset_has(const struct keyset *, const char *);	/* NULL: 0 */

#endif
