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
 * Who asks about the greylist, and what smtpctl does with it.
 */

#include <string.h>

#include "lookup/greylist.h"
#include "lookup/lookup_greylist.h"
#include "lookup/memo.h"
#include "smtpd/base/log.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_control.h"
#include "smtpd/msg/msg_value.h"

#define LIST_RECORDS	200		/* of one answer */
#define SEC		1000		/* ms */

int
lookup_greylist_take(struct proc_msg *m)
{
	struct greylist_ask	 ask;
	struct datum		 d;
	struct wbuf		 w;
	uint64_t		 wait;
	enum answer		 ans;

	if (msg_get_greylist_ask(&m->body, &ask) == -1)
		return (-1);
	ans = greylist_decide(&ask, &wait);
	d = datum_integer((int64_t)wait);
	wbuf_init(&w);
	if (ans == ANSWER_FOUND)
		msg_put_value(&w, VALUE_FOUND, &d);
	else
		msg_put_value(&w, VALUE_BROKEN, NULL);
	(void)proc_answer(m, MSG_LOOKUP_VALUE_ANSWER, -1, &w);
	return (0);
}

static void
list_row(struct wbuf *w, const struct grey *g, uint64_t now)
{
	char		 net[NETWORK_STR_SIZE];
	const char	*state;
	uint64_t	 wait = 0;
	int		 three = g->rcpt[0] != '\0';

	if (three)
		state = g->passed ? "passed" : "waiting";
	else
		state = greylist_is_known(g) ? "known" : "counting";
	if (three && !g->passed)
		wait = greylist_wait(g, now);
	row_str(w, "network", network_format(&g->network, net, sizeof(net)));
	row_str(w, "sender", !three ? "*" : g->sender[0] == '\0' ? "<>" :
	    g->sender);
	row_str(w, "recipient", three ? g->rcpt : "*");
	row_str(w, "state", state);
	row_num(w, "passed", three ? g->passed : g->count);
	row_num(w, "wait", (int64_t)((wait + SEC - 1) / SEC));
	row_num(w, "expires", (int64_t)((g->expires - now) / SEC));
	row_end(w);
}

static void
list_one(const struct greylist_list_ask *ask, const struct grey *g,
    struct greylist_list_answer *ans, struct wbuf *rows)
{
	uint64_t	 now = memo_now();

	if (g->expires <= now && ask->what == GREYLIST_SHOW)
		return;			/* not swept yet */
	if (ask->what == GREYLIST_SHOW) {
		list_row(rows, g, now);
		return;
	}
	greylist_delete(g);
	ans->changed += g->expires > now;
}

static int
list_is_over(const struct greylist_list_ask *ask, enum answer found,
    const struct grey *g)
{
	return (found == ANSWER_NONE || (found == ANSWER_FOUND &&
	    ask->network.family != 0 &&
	    network_cmp(&g->network, &ask->network) != 0));
}

/* Some records from the cursor on; those of a network stand together. */
static void
list_part(const struct greylist_list_ask *ask,
    struct greylist_list_answer *ans, struct wbuf *rows)
{
	struct greylist_cursor	 last;
	struct grey		 g;
	enum answer		 found;
	int			 i;

	ans->next = ask->after;
	if (ask->network.family != 0 && ans->next.len == 0)
		ans->next.len = (uint16_t)greylist_start(&ask->network,
		    ans->next.key);
	for (i = 0; i < LIST_RECORDS; i++) {
		last = ans->next;
		found = greylist_next(&ans->next, &g);
		ans->failed |= found == ANSWER_TEMPFAIL;
		if (list_is_over(ask, found, &g))
			break;
		if (found == ANSWER_FOUND)
			list_one(ask, &g, ans, rows);
		/* behind a damaged one there may be more */
		else if (memcmp(&last, &ans->next, sizeof(last)) == 0)
			break;
	}
	if (i < LIST_RECORDS)
		ans->next.len = 0;
}

static void
list_pass(const struct greylist_list_ask *ask,
    struct greylist_list_answer *ans)
{
	ans->failed = greylist_pass(&ask->network) == -1;
	ans->changed = !ans->failed;
}

int
lookup_greylist_take_list(struct proc_msg *m)
{
	static struct greylist_list_ask		 ask;
	static struct greylist_list_answer	 ans;
	struct wbuf				 rows, w;

	if (msg_get_greylist_list(&m->body, &ask) == -1)
		return (-1);
	memset(&ans, 0, sizeof(ans));
	wbuf_init(&rows);
	if (ask.what == GREYLIST_PASS)
		list_pass(&ask, &ans);
	else if (ask.what == GREYLIST_SHOW)
		list_part(&ask, &ans, &rows);
	else {
		memo_begin();
		list_part(&ask, &ans, &rows);
		ans.failed |= memo_commit() == -1;
	}
	wbuf_init(&w);
	msg_put_greylist_answer(&w, &ans);
	wbuf_raw(&w, rows.data, rows.len);
	wbuf_free(&rows);
	(void)proc_answer(m, MSG_LOOKUP_GREYLIST_ANSWER, -1, &w);
	return (0);
}
