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
 * The resolver says what mail to an address would come to; it belongs to
 * the account that would have it.
 */

#include <bsd/string.h>

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lookup/asker.h"
#include "lookup/owner.h"
#include "lookup/resolve.h"
#include "lookup/view.h"
#include "lookup/work.h"
#include "smtpd/base/xmem.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_auth.h"

#define OWNER_MAX	1024		/* questions that take turns */
#define OWNER_ALL	(WALK_KEEP(RESOLVE_STATUS_COUNT) - 1)

struct owner {
	struct asker	 asker;
	struct resolve	 r;
	struct work	 work;
	char		 account[RESOLVE_NAME_MAX + 1];
};

static unsigned int	 nowners;

static void
owner_answer(const struct asker *asker, enum auth_result result)
{
	struct owner_answer	 a = { .result = result };
	struct wbuf		 w;

	wbuf_init(&w);
	msg_put_owner_answer(&w, &a);
	asker_answer(asker, MSG_LOOKUP_OWNER_ANSWER, &w);
}

/* Is the account one of those behind the address, full or closed or not? */
static int
owner_is(const struct resolve *r, const char *account)
{
	size_t	 i;

	if (strcasecmp(r->ans.account, account) == 0)
		return (1);
	for (i = 0; i < r->walk.nitems; i++)
		if (strcasecmp(r->walk.items[i]->account, account) == 0)
			return (1);
	return (0);
}

static void
owner_end(struct owner *o)
{
	owner_answer(&o->asker, owner_is(&o->r, o->account) ? AUTH_OK :
	    o->r.ans.status == RESOLVE_TEMPFAIL ? AUTH_TEMPFAIL : AUTH_NO);
	resolve_free(&o->r);
	free(o);
	nowners--;
}

static int
owner_turn(void *arg)
{
	struct owner	*o = arg;

	if (!resolve_turn(&o->r))
		return (1);
	owner_end(o);
	return (0);
}

/* The name of the account that logs in so. */
static enum auth_result
owner_account(const struct resolve_ask *ask, char *name, size_t size)
{
	struct account_record	 a;
	struct view		*v;

	if ((v = view_find(ask->directory)) == NULL)
		return (AUTH_TEMPFAIL);
	switch (find_login(v, ask->login, &a)) {
	case ANSWER_FOUND:
		(void)strlcpy(name, a.name, size);
		explicit_bzero(&a, sizeof(a));
		return (AUTH_OK);
	case ANSWER_NONE:
		return (AUTH_NO);
	default:
		return (AUTH_TEMPFAIL);
	}
}

int
owner_take(struct proc_msg *m)
{
	struct owner		*o;
	struct asker		 asker;
	enum auth_result	 result;

	o = xcalloc(1, sizeof(*o));
	asker_init(&asker, m);
	if (msg_get_resolve_ask(&m->body, &o->r.ask) == -1) {
		free(o);
		return (-1);
	}
	result = owner_account(&o->r.ask, o->account, sizeof(o->account));
	if (result == AUTH_OK && nowners >= OWNER_MAX)
		result = AUTH_TEMPFAIL;
	if (result != AUTH_OK) {
		owner_answer(&asker, result);
		free(o);
		return (0);
	}
	o->asker = asker;
	o->r.keep = OWNER_ALL;
	nowners++;
	if (resolve_begin(&o->r))
		owner_end(o);
	else
		work_start(&o->work, owner_turn, o);
	return (0);
}
