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
 * What EXPN shows: those behind a list who would be accepted, and no others.
 */

#include <bsd/string.h>

#include <stdlib.h>
#include <string.h>

#include "lookup/asker.h"
#include "lookup/names.h"
#include "lookup/names_prefix.h"
#include "lookup/resolve.h"
#include "lookup/view.h"
#include "lookup/work.h"
#include "smtpd/base/xmem.h"
#include "smtpd/msg/msg.h"

#define NAMES_MAX	256		/* questions under way */
#define NAMES_TRIES	10		/* while lists change under them */

/* An EXPN under way. */
struct names {
	struct asker		 asker;
	struct names_ask	 ask;
	struct view		*view;
	struct walk		 walk;
	struct work		 work;
	unsigned int		 tries;
};

static unsigned int	 nnames;

static void
names_send(const struct asker *a, const struct names_answer *ans)
{
	struct wbuf	 w;

	wbuf_init(&w);
	msg_put_names_answer(&w, ans);
	asker_answer(a, MSG_LOOKUP_NAMES_ANSWER, &w);
}

static void
names_refuse(const struct asker *a, enum resolve_status status)
{
	static struct names_answer	 ans;

	ans.status = status;
	ans.more = 0;
	ans.n = 0;
	names_send(a, &ans);
}

static void
names_free(struct names *n)
{
	nnames--;
	walk_free(&n->walk);
	free(n);
}

static void
names_end(struct names *n, enum resolve_status status)
{
	names_refuse(&n->asker, status);
	names_free(n);
}

/* All that are behind the list, or as many as are wanted. */
static void
names_walked(struct names *n)
{
	static struct names_answer	 ans;
	const struct walk		*w = &n->walk;
	size_t				 i;

	memset(&ans, 0, sizeof(ans));
	ans.status = RESOLVE_FOUND;
	ans.more = (uint8_t)w->more;
	for (i = 0; i < w->nitems; i++) {
		if (w->items[i]->status == RESOLVE_TEMPFAIL)
			ans.status = RESOLVE_TEMPFAIL;
		(void)strlcpy(ans.names[ans.n++], w->items[i]->address,
		    sizeof(ans.names[0]));
	}
	if (w->failed || ans.status == RESOLVE_TEMPFAIL)
		names_end(n, RESOLVE_TEMPFAIL);
	else if (ans.n == 0)
		names_end(n, RESOLVE_NONE);
	else {
		names_send(&n->asker, &ans);
		names_free(n);
	}
}

/* Find the list or alias; 0: there is none, it was answered. */
static int
names_begin(struct names *n)
{
	enum resolve_status	 status;
	struct found		 f;

	walk_free(&n->walk);
	switch (resolve_find(n->view, &n->ask.ask, &f)) {
	case FIND_FOUND:
		if (f.rec.kind != RESOLVE_ACCOUNT) {
			n->walk.keep = NAMES_SHOWN |
			    WALK_KEEP(RESOLVE_TEMPFAIL);
			n->walk.max = n->ask.max;
			walk_begin(&n->walk, n->view, WALK_MEMBERS |
			    WALK_LIMITS, &f);
			return (1);
		}
		status = RESOLVE_NONE;
		break;
	case FIND_RELAY:
		status = RESOLVE_RELAY;
		break;
	case FIND_TEMPFAIL:
		status = RESOLVE_TEMPFAIL;
		break;
	default:
		status = RESOLVE_NONE;
		break;
	}
	names_end(n, status);
	return (0);
}

static int
names_turn(void *arg)
{
	struct names	*n = arg;

	switch (walk_turn(&n->walk)) {
	case WALK_DONE:
		names_walked(n);
		return (0);
	case WALK_MORE:
		return (1);
	default:
		if (++n->tries < NAMES_TRIES)
			return (names_begin(n));
		names_end(n, RESOLVE_TEMPFAIL);
		return (0);
	}
}

static void
names_expand(const struct asker *a, struct view *v,
    const struct names_ask *ask)
{
	struct names	*n;

	if (nnames >= NAMES_MAX) {
		names_refuse(a, RESOLVE_TEMPFAIL);
		return;
	}
	n = xcalloc(1, sizeof(*n));
	nnames++;
	n->asker = *a;
	n->ask = *ask;
	n->view = v;
	if (names_begin(n) && names_turn(n))
		work_start(&n->work, names_turn, n);
}

int
names_take(struct proc_msg *m)
{
	static struct names_ask		 ask;
	static struct names_answer	 ans;
	struct asker			 a;
	struct view			*v;

	if (msg_get_names_ask(&m->body, &ask) == -1)
		return (-1);
	asker_init(&a, m);
	if ((v = view_find(ask.ask.directory)) == NULL)
		names_refuse(&a, RESOLVE_TEMPFAIL);
	else if (ask.expand)
		names_expand(&a, v, &ask);
	else {
		names_prefix(v, &ask, &ans);
		names_send(&a, &ans);
	}
	return (0);
}
