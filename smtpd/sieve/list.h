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
 * Lists of strings that a value may be one of: extlists (RFC 6134), and
 * in_list() of rules.  Whole values are compared, ASCII letters whatever
 * their case; a look-up takes as many comparisons as the number of values
 * has bits.
 */

#ifndef LIST_H
#define LIST_H

#include <stddef.h>
#include <stdint.h>

#define LIST_NAME_MAX	255
#define LIST_VALUE_MAX	1024			/* octets of a value */
#define LIST_VALUES_MAX	1000000
#define LIST_FILE_MAX	(48 * 1024 * 1024)	/* octets of a file */
#define LIST_OCTETS_MAX	(32 * 1024 * 1024)	/* of all values */

struct list {
	char		 name[LIST_NAME_MAX + 1];
	uint32_t	 n;		/* values */
	char		*octets;	/* each with its length before it */
	size_t		 len, size;	/* used and there */
	const char	**sorted;	/* n of them, or NULL before the end */
};

/* Is it one: printable ASCII without blanks, as in a URI? */
int	 list_is_name(const char *);

/* A list without values; name is one. */
struct list *list_new(const char *name);

/* NULL is accepted. */
void	 list_free(struct list *);

/*
 * Add a value, before list_end.  -1 when it is empty or too long, or the
 * list is full.
 */
int	 list_add(struct list *, const char *, size_t len);

/* All have been added: sorted, and once each. */
void	 list_end(struct list *);

/*
 * The first value with before NULL, then the one added behind it; NULL
 * behind the last.  (Those that list_end dropped are among them.)
 */
const char *list_next(const struct list *, const char *before, size_t *len);

/* Is it in the list, which has ended? */
int	 list_has(const struct list *, const char *, size_t len);

#endif
