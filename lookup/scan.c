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
 * Scans that go on behind the record where the last turn ended.
 */

#include <string.h>

#include "lookup/overlay.h"
#include "lookup/scan.h"
#include "lookup/view.h"

static enum answer
scan_first(struct scan *s, struct bdb_item *item)
{
	enum answer	 ans;

	ans = view_seek(s->view, s->last, s->lastlen, item);
	/* it may be gone by now */
	if (ans == ANSWER_FOUND && s->lastlen > 1 && overlay_compare(item->key,
	    item->keylen, s->last, s->lastlen) == 0)
		ans = view_next(s->view, item);
	return (ans);
}

static int
scan_turn(void *arg)
{
	struct scan	*s = arg;
	struct bdb_item	 item;
	enum answer	 ans;
	int		 n;

	ans = scan_first(s, &item);
	for (n = 0; ans == ANSWER_FOUND; n++) {
		if (item.keylen > sizeof(s->last) ||
		    *(const char *)item.key != s->kind) {
			ans = ANSWER_NONE;
			break;
		}
		memcpy(s->last, item.key, item.keylen);
		s->lastlen = item.keylen;
		if (s->look(s->arg, &item))
			break;
		if (n == WORK_SLICE)
			return (1);
		ans = view_next(s->view, &item);
	}
	s->done(s->arg, ans);
	return (0);
}

void
scan_go_on(struct scan *s)
{
	work_start(&s->work, scan_turn, s);
}

void
scan_start(struct scan *s)
{
	memset(&s->work, 0, sizeof(s->work));
	s->last[0] = (uint8_t)s->kind;
	s->lastlen = 1;
	scan_go_on(s);
}
