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
 * The live changes of a directory, in the order in which they were made:
 * lines "add RECORD" and "delete WHAT NAME", which import folds into the
 * next table (dirctl.h), each with a serial number that only grows.  They
 * are kept in the state and, for those who list them, in memory.
 */

#ifndef CHANGES_H
#define CHANGES_H

#include <bsd/sys/queue.h>
#include <bsd/sys/tree.h>

#include <stddef.h>
#include <stdint.h>

#define CHANGES_MAX		100000	/* of a directory: import folds them */
#define CHANGES_LINE_MAX	(62 * 1024)	/* octets */
#define CHANGES_OCTETS_MAX	(64 * 1024 * 1024)

/* A later change of the same record takes the place of an earlier one. */
struct change {
	TAILQ_ENTRY(change) entry;
	RB_ENTRY(change) bykey;
	uint64_t	 serial;
	char		*line;
	size_t		 keylen;
	uint8_t		 key[];		/* of the record that it is about */
};

struct changes;

/*
 * Read those of that directory.  NULL, and why, when they cannot be known.
 */
struct changes *changes_load(const char *directory, char *why, size_t size);
void	 changes_free(struct changes *);		/* NULL is fine */

/*
 * Add one, in one transaction that the caller makes durable before anybody
 * hears of it.  0, or -1 when that failed or there are too many; why says.
 */
int	 changes_add(struct changes *, const void *key, size_t keylen,
	    const char *line, char *why, size_t size);

/*
 * Note that those up to serial are in the table now: they are gone once the
 * caller has made that durable and calls changes_forget.  0 or -1.
 */
int	 changes_fold(struct changes *, uint64_t serial);
void	 changes_forget(struct changes *, uint64_t serial);

/* The first with a serial above that one; NULL: there is none. */
const struct change *changes_after(const struct changes *, uint64_t serial);

size_t	 changes_count(const struct changes *);
uint64_t changes_serial(const struct changes *);	/* the last ever */

#endif
