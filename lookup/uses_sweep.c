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
 * Counts of records that an import has taken away: one that takes such a
 * name later shall begin anew.
 */

#include "lookup/find.h"
#include "lookup/view_set.h"

/* Is what was counted by this name still there? */
static enum answer
sweep_find(struct view *v, const char *name)
{
	struct account_record	 account;
	struct found		 f;

	if (name[0] == RECORD_ACCOUNT)
		return (find_account(v, name + 1, &account));
	return (find_address(v, name + 1, &f));
}

static int
sweep_turn(void *arg)
{
	struct view	*v = arg;
	int		 n;

	for (n = 0; n < WORK_SLICE; n++) {
		if (uses_next(v->conf.name, v->swept) != ANSWER_FOUND)
			return (0);
		switch (sweep_find(v, v->swept)) {
		case ANSWER_FOUND:
			break;
		case ANSWER_NONE:
			if (uses_forget(v->conf.name, v->swept) == -1)
				return (0);
			break;
		default:
			return (0);
		}
	}
	return (1);
}

void
uses_sweep(struct view *v)
{
	v->swept[0] = '\0';
	work_start(&v->sweep, sweep_turn, v);
}
