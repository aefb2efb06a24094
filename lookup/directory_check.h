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
 * Room-private: may a live directory be changed like this?  The same as
 * import asks of a whole text.
 */

#ifndef DIRECTORY_CHECK_H
#define DIRECTORY_CHECK_H

#include <stddef.h>

#include "lookup/change_apply.h"
#include "lookup/scan.h"

struct view;

/*
 * done is called once, maybe before this returns: status is of sysexits(3),
 * why says what is wrong, "" when nothing is.
 */
struct directory_check {
	struct view	*view;
	const struct change_op *op;
	void		(*done)(void *arg, int status, const char *why);
	void		*arg;
	/* what is scanned for */
	struct scan	 scan;
	char		 name[ADDRESS_STR_SIZE];	/* ours */
	char		 seen[ADDRESS_STR_SIZE];	/* what stopped it */
	uint32_t	 number;			/* of that member */
};

/* The fields up to arg have been filled in. */
void	 directory_check(struct directory_check *);

#endif
