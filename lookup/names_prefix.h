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
 * Room-private: addresses that begin with something.
 */

#ifndef NAMES_PREFIX_H
#define NAMES_PREFIX_H

#include "lookup/walk.h"

/* Who would be accepted is shown: now, later, or to be dropped. */
#define NAMES_SHOWN							\
	(WALK_KEEP(RESOLVE_FOUND) | WALK_KEEP(RESOLVE_DISCARD) |	\
	    WALK_KEEP(RESOLVE_DEFERRED) | WALK_KEEP(RESOLVE_QUOTA))

/*
 * The primary addresses whose local part begins with that of the question,
 * in their order, each one asked of the resolver.  n is 0 unless the status
 * is RESOLVE_FOUND.
 */
void	 names_prefix(struct view *, const struct names_ask *,
	    struct names_answer *);

#endif
