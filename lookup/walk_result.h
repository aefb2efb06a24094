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
 * Room-private: what a walk has found so far.
 */

#ifndef WALK_RESULT_H
#define WALK_RESULT_H

#include "lookup/walk.h"

/* A branch came to this; text is the directory's, or "". */
void	 walk_status(struct walk *, enum resolve_status, const char *text);

/*
 * A mailbox: it counts, and is kept when its status is one to keep.
 * address is as written; account and url may be "".
 */
void	 walk_mailbox(struct walk *, const struct walk_item *);

/* A record with uses=N was on the way. */
void	 walk_uses(struct walk *, const char *name);

/* Forget all of it. */
void	 walk_result_free(struct walk *);

#endif
