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
 * Descriptors of sessions and of texts, counted.
 */

#include "smtpd/base/log.h"
#include "smtpd/front/files.h"

#define FILES_OWN	160	/* listeners, peers, the loop's */
#define FILES_TEXTS	512	/* no session takes these, or half of few */

static unsigned long	 limit, used;

void
files_init(unsigned long max)
{
	if (max <= FILES_OWN + 2)
		fatalx("%lu descriptors are too few, more than %d wanted",
		    max, FILES_OWN + 2);
	limit = max - FILES_OWN;
}

int
files_take(enum files_use use)
{
	unsigned long	 texts = limit / 2 < FILES_TEXTS ? limit / 2 :
	    FILES_TEXTS;

	if (used + (use == FILES_SESSION ? texts : 0) >= limit)
		return (-1);
	used++;
	return (0);
}

void
files_give(void)
{
	used--;
}
