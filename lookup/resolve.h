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
 * The one resolver: what an address of ours leads to (RCPT.md 2).
 */

#ifndef RESOLVE_H
#define RESOLVE_H

#include "lookup/find.h"
#include "lookup/walk.h"
#include "smtpd/msg/msg_resolve.h"

/*
 * The first candidate that exists: the address, sub-addressing, the same
 * two in the domain behind it, catch-all.
 */
enum find_status resolve_find(struct view *, const struct resolve_ask *,
	    struct found *);

/*
 * A question under way.  Begin answers it (1), or it takes more turns (0),
 * each of them a call of resolve_turn.  resolve_free must follow, always.
 */
struct resolve {
	struct resolve_ask	 ask;
	struct resolve_answer	 ans;
	struct view		*view;
	struct found		 found;
	struct walk		 walk;
	unsigned int		 tries;
	unsigned int		 keep;	/* as walk.keep: items wanted */
};

int	 resolve_begin(struct resolve *);	/* ask has been filled in */
int	 resolve_turn(struct resolve *);
void	 resolve_free(struct resolve *);

/* As begin and turns in one, for one whose answer is wanted at once. */
void	 resolve_now(struct resolve *);

#endif
