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
 * Expansion into mailboxes.  A walk finds all of them, each once; what does
 * not fit into one answer is kept for the batches that follow, so that they
 * are all of the same moment, whatever becomes of the list meanwhile.
 */

#include <bsd/string.h>
#include <bsd/sys/queue.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lookup/asker.h"
#include "lookup/bdb_env.h"
#include "lookup/expand.h"
#include "lookup/find.h"
#include "lookup/resolve.h"
#include "lookup/state.h"
#include "lookup/uses.h"
#include "lookup/view.h"
#include "lookup/walk.h"
#include "lookup/work.h"
#include "smtpd/base/clock.h"
#include "smtpd/base/pending.h"
#include "smtpd/base/xmem.h"
#include "smtpd/msg/msg.h"

#define EXPAND_MAX	1024		/* questions under way */
#define EXPAND_WALKS	4		/* that take turns at a time */
#define EXPAND_TRIES	10		/* while lists change under them */
#define EXPAND_KEPT	1000000		/* mailboxes kept */
/*
 * ms until nobody will come for the next batch: one may wait long for slow
 * servers elsewhere, so the short time is for when there is no more room.
 */
#define EXPAND_IDLE	(6 * 3600 * 1000)
#define EXPAND_IDLE_FULL (2 * PENDING_DELIVER)

struct expand {
	TAILQ_ENTRY(expand)	 entry;		/* of waiting or kept */
	int			 kept;
	struct asker		 asker;
	struct expand_ask	 ask;
	uint64_t		 when;		/* asked, or used last */
	struct view		*view;
	struct walk		 walk;
	char			 owner[ADDRESS_STR_SIZE]; /* of the list */
	struct work		 work;
	unsigned int		 tries;
};

TAILQ_HEAD(expand_list, expand);

/* Walks that wait for others to end. */
static struct expand_list	 waiting = TAILQ_HEAD_INITIALIZER(waiting);
static unsigned int		 nwalks, nexpands;

/* Those with more mailboxes than one answer holds, used last in front. */
static struct expand_list	 kept = TAILQ_HEAD_INITIALIZER(kept);
static size_t			 nkept;		/* mailboxes of them */

unsigned int
expand_busy(void)
{
	return (nexpands);
}

size_t
expand_kept(void)
{
	return (nkept);
}

static void
expand_free(struct expand *e)
{
	if (e->kept) {
		TAILQ_REMOVE(&kept, e, entry);
		nkept -= e->walk.nitems;
	} else
		nexpands--;
	walk_free(&e->walk);
	free(e);
}

static void
expand_send(const struct expand *e, const struct expand_answer *ans)
{
	struct wbuf	 w;

	wbuf_init(&w);
	msg_put_expand_answer(&w, ans);
	asker_answer(&e->asker, MSG_LOOKUP_EXPAND_ANSWER, &w);
}

/* There is nobody to bring it to. */
static void
expand_refuse(struct expand *e, enum resolve_status status, const char *text)
{
	static struct expand_answer	 ans;

	ans.status = status;
	ans.n = 0;
	ans.total = 0;
	ans.owner[0] = '\0';
	(void)strlcpy(ans.text, text, sizeof(ans.text));
	expand_send(e, &ans);
	expand_free(e);
}

static void
expand_item(struct expand_item *to, const struct walk_item *from)
{
	to->kind = from->status == RESOLVE_FOUND ? from->kind : EXPAND_LATER;
	to->quota = from->quota;
	(void)strlcpy(to->account, from->account, sizeof(to->account));
	(void)strlcpy(to->address, from->address, sizeof(to->address));
	(void)strlcpy(to->url, from->url, sizeof(to->url));
}

static void
expand_keep(struct expand *e)
{
	if (!e->kept) {
		nexpands--;
		nkept += e->walk.nitems;
		e->kept = 1;
	} else
		TAILQ_REMOVE(&kept, e, entry);
	TAILQ_INSERT_HEAD(&kept, e, entry);
	e->when = clock_mono();
}

/* The batch that was asked for; it was the last one, or more may come. */
static void
expand_batch(struct expand *e)
{
	static struct expand_answer	 ans;
	size_t				 i = e->ask.skip;

	ans.status = RESOLVE_FOUND;
	ans.text[0] = '\0';
	memcpy(ans.owner, e->owner, sizeof(ans.owner));
	ans.total = (uint32_t)e->walk.nitems;
	for (ans.n = 0; ans.n < RESOLVE_ITEMS_MAX && i < e->walk.nitems; i++)
		expand_item(&ans.items[ans.n++], e->walk.items[i]);
	expand_send(e, &ans);
	if (i < e->walk.nitems)
		expand_keep(e);
	else
		expand_free(e);
}

/* Those whose next batch was not asked for in so many ms. */
static void
kept_sweep(uint64_t idle)
{
	struct expand	*e;

	while ((e = TAILQ_LAST(&kept, expand_list)) != NULL &&
	    clock_mono() - e->when > idle)
		expand_free(e);
}

/* What the walk came to, after all that had to be done for it. */
static void
expand_respond(void *arg)
{
	struct expand	*e = arg;

	if (e->walk.status == RESOLVE_FOUND)
		expand_batch(e);
	else
		expand_refuse(e, e->walk.status, e->walk.text);
}

/* The walk is over. */
static void
expand_finish(struct expand *e)
{
	struct walk	*w = &e->walk;

	/* what cannot be remembered is not begun; those begun will end */
	if (nkept + w->nitems > EXPAND_KEPT)
		kept_sweep(EXPAND_IDLE_FULL);
	if (w->nitems > RESOLVE_ITEMS_MAX && nkept != 0 &&
	    nkept + w->nitems > EXPAND_KEPT) {
		expand_refuse(e, RESOLVE_TEMPFAIL, "too many large lists at "
		    "a time");
		return;
	}
	if (!e->ask.count_use || w->nuses == 0 ||
	    (w->status != RESOLVE_FOUND && w->status != RESOLVE_DISCARD)) {
		expand_respond(e);
		return;
	}
	if (uses_count(view_name(e->view), (const char *const *)w->uses,
	    w->nuses, e->ask.message) == -1) {
		expand_refuse(e, RESOLVE_TEMPFAIL, "");
		return;
	}
	bdb_env_sync(state_env(), expand_respond, e);
}

/* Nobody has looked before: a notice of the queue. */
static enum find_status
expand_resolve(struct expand *e, struct found *f)
{
	struct resolve_ask	 ask;

	memset(&ask, 0, sizeof(ask));
	ask.rcpt = e->ask.rcpt;
	ask.sub = ask.catchall = CANDIDATE_STANDARD;
	(void)strlcpy(ask.delims, "+", sizeof(ask.delims));
	return (resolve_find(e->view, &ask, f));
}

/*
 * What the resolver found is looked at again by its key.  When that is gone,
 * the address itself may stand in the directory now.
 */
static enum find_status
expand_find(struct expand *e, struct found *f)
{
	char	 folded[ADDRESS_STR_SIZE];

	if (e->ask.directory[0] == '\0')
		return (expand_resolve(e, f));
	if (e->ask.via[0] != '\0')
		switch (find_address(e->view, e->ask.via, f)) {
		case ANSWER_FOUND:
			return (FIND_FOUND);
		case ANSWER_NONE:
			break;
		default:
			return (FIND_TEMPFAIL);
		}
	if (record_fold_address(&e->ask.rcpt, folded, sizeof(folded)) == -1)
		return (FIND_NONE);
	return (find_literal(e->view, folded, f));
}

/* Begin the walk; 0: there is none, it was answered. */
static int
expand_begin(struct expand *e)
{
	struct found	 f;

	walk_free(&e->walk);
	e->walk.keep = WALK_KEEP(RESOLVE_FOUND) |
	    WALK_KEEP(RESOLVE_DEFERRED) | WALK_KEEP(RESOLVE_TEMPFAIL);
	e->walk.max = SIZE_MAX;
	switch (expand_find(e, &f)) {
	case FIND_FOUND:
		if (f.rec.kind == RESOLVE_LIST)
			memcpy(e->owner, f.rec.owner, sizeof(e->owner));
		walk_begin(&e->walk, e->view, WALK_MEMBERS, &f);
		return (1);
	case FIND_RELAY:
		walk_relay(&e->walk, &e->ask.rcpt, f.url);
		expand_respond(e);
		return (0);
	case FIND_TEMPFAIL:
		expand_refuse(e, RESOLVE_TEMPFAIL, "");
		return (0);
	case FIND_NOT_LOCAL:
		expand_refuse(e, RESOLVE_NOT_LOCAL, "");
		return (0);
	default:
		expand_refuse(e, RESOLVE_NONE, "");
		return (0);
	}
}

/* One turn; 1: there are more to come. */
static int
expand_turn(struct expand *e)
{
	switch (walk_turn(&e->walk)) {
	case WALK_DONE:
		expand_finish(e);
		return (0);
	case WALK_MORE:
		return (1);
	default:
		if (++e->tries < EXPAND_TRIES)
			return (expand_begin(e));
		expand_refuse(e, RESOLVE_TEMPFAIL, "the lists change too "
		    "fast");
		return (0);
	}
}

/* Has the one who asked given up by now?  He asks again. */
static int
expand_is_late(const struct expand *e)
{
	return (clock_mono() - e->when > PENDING_LOOKUP);
}

static void	 expand_next(void);

static int
expand_work(void *arg)
{
	struct expand	*e = arg;

	if (expand_is_late(e))
		expand_free(e);
	else if (expand_turn(e))
		return (1);
	nwalks--;
	expand_next();
	return (0);
}

/* Let those that wait take turns, as many as may. */
static void
expand_next(void)
{
	struct expand	*e;

	while (nwalks < EXPAND_WALKS && (e = TAILQ_FIRST(&waiting)) != NULL) {
		TAILQ_REMOVE(&waiting, e, entry);
		nwalks++;
		work_start(&e->work, expand_work, e);
	}
}

/* A further batch of what was begun; NULL when that is not remembered. */
static struct expand *
kept_find(const struct expand_ask *ask)
{
	struct expand	*e;

	TAILQ_FOREACH(e, &kept, entry)
		if (e->ask.message == ask->message &&
		    address_equal_exact(&e->ask.rcpt, &ask->rcpt) &&
		    strcmp(e->ask.via, ask->via) == 0 &&
		    strcmp(e->ask.directory, ask->directory) == 0)
			return (e);
	return (NULL);
}

static void
expand_new(struct expand *e)
{
	if (nexpands > EXPAND_MAX ||
	    (e->view = view_find(e->ask.directory)) == NULL)
		expand_refuse(e, RESOLVE_TEMPFAIL, "");
	else if (expand_begin(e) && expand_turn(e)) {
		TAILQ_INSERT_TAIL(&waiting, e, entry);
		expand_next();
	}
}

int
expand_take(struct proc_msg *m)
{
	struct expand	*e, *old;

	e = xcalloc(1, sizeof(*e));
	if (msg_get_expand_ask(&m->body, &e->ask) == -1) {
		free(e);
		return (-1);
	}
	kept_sweep(EXPAND_IDLE);
	asker_init(&e->asker, m);
	e->when = clock_mono();
	nexpands++;
	old = kept_find(&e->ask);
	if (e->ask.skip == 0) {
		if (old != NULL)
			expand_free(old);
		expand_new(e);
	} else if (old == NULL)
		expand_refuse(e, RESOLVE_TEMPFAIL, "the list is begun anew");
	else {
		old->asker = e->asker;
		old->ask = e->ask;
		expand_free(e);
		expand_batch(old);
	}
	return (0);
}

void
expand_peer(enum proc_id id, unsigned int inst, int up)
{
	struct expand	*e;

	if (id != PROC_QUEUE)
		return;
	while ((e = TAILQ_FIRST(&kept)) != NULL)
		expand_free(e);
}
