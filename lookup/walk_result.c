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
 * Gathering of mailboxes and of what the branches came to.
 */

#include <bsd/string.h>

#include <stdlib.h>
#include <string.h>

#include "lookup/walk_result.h"
#include "smtpd/base/xmem.h"

/*
 * Mail goes somewhere; then it may later; then it is dropped, which must
 * not be said while somebody else could have it later; then it never will.
 */
enum resolve_status
walk_better(enum resolve_status a, enum resolve_status b)
{
	static const int	 ranks[RESOLVE_STATUS_COUNT] = {
		[RESOLVE_FOUND]		= 9,
		[RESOLVE_RELAY]		= 8,
		[RESOLVE_TEMPFAIL]	= 7,
		[RESOLVE_DEFERRED]	= 6,
		[RESOLVE_QUOTA]		= 5,
		[RESOLVE_DISCARD]	= 4,
		[RESOLVE_DISABLED]	= 3,
		[RESOLVE_SENDERS]	= 2,
		[RESOLVE_NOT_LOCAL]	= 1,
		[RESOLVE_NONE]		= 0,
	};

	return (ranks[a] >= ranks[b] ? a : b);
}

void
walk_status(struct walk *w, enum resolve_status status, const char *text)
{
	if (w->status == status || walk_better(w->status, status) != status)
		return;
	w->status = status;
	(void)strlcpy(w->text, text, sizeof(w->text));
}

/* With its strings behind it, in one piece: there may be many. */
static struct walk_item *
item_copy(const struct walk_item *from)
{
	struct walk_item	*it;
	size_t			 account = strlen(from->account) + 1;
	size_t			 address = strlen(from->address) + 1;
	size_t			 url = strlen(from->url) + 1;

	it = xcalloc(1, sizeof(*it) + account + address + url);
	it->kind = from->kind;
	it->status = from->status;
	it->quota = from->quota;
	it->account = memcpy(it->text, from->account, account);
	it->address = memcpy(it->text + account, from->address, address);
	it->url = memcpy(it->text + account + address, from->url, url);
	return (it);
}

void
walk_mailbox(struct walk *w, const struct walk_item *it)
{
	w->nmailboxes++;
	w->behind++;
	if (it->account[0] != '\0' && w->account[0] == '\0') {
		(void)strlcpy(w->account, it->account, sizeof(w->account));
		(void)strlcpy(w->primary, it->address, sizeof(w->primary));
	}
	if (!(w->keep & WALK_KEEP(it->status)))
		return;
	if (w->nitems == w->max) {
		w->more = 1;
		return;
	}
	/* grows at powers of two */
	if ((w->nitems & (w->nitems - 1)) == 0)
		w->items = xreallocarray(w->items, w->nitems == 0 ? 1 :
		    w->nitems * 2, sizeof(struct walk_item *));
	w->items[w->nitems++] = item_copy(it);
}

void
walk_uses(struct walk *w, const char *name)
{
	if ((w->nuses & (w->nuses - 1)) == 0)
		w->uses = xreallocarray(w->uses, w->nuses == 0 ? 1 :
		    w->nuses * 2, sizeof(char *));
	w->uses[w->nuses++] = xstrdup(name);
}

void
walk_result_free(struct walk *w)
{
	size_t	 i;

	for (i = 0; i < w->nitems; i++)
		free(w->items[i]);
	free(w->items);
	for (i = 0; i < w->nuses; i++)
		free(w->uses[i]);
	free(w->uses);
}
