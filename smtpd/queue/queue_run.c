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
 * A try of one recipient.  Lookup names the mailboxes behind it in batches,
 * deliver gets them one by one, all runs taking turns within one window.
 *
 * A mailbox that has the message is remembered by its name, for the list
 * may have changed when the rest is tried again.
 */

#include <sys/types.h>

#include <bsd/string.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/pending.h"
#include "smtpd/base/xmem.h"
#include "smtpd/msg/msg.h"
#include "smtpd/queue/envelope.h"
#include "smtpd/queue/run_part.h"
#include "smtpd/queue/spool.h"

#define RUN_WINDOW	64		/* deliveries under way */

static TAILQ_HEAD(, run) turns = TAILQ_HEAD_INITIALIZER(turns);
static unsigned int	 nruns;
static unsigned int	 nparked, nheld;	/* of nruns, and their items */
static int		 stopping;

unsigned int
run_count(void)
{
	return (nruns);
}

unsigned int
run_parked(void)
{
	return (nparked);
}

unsigned int
run_held(void)
{
	return (nheld);
}

void
run_stop(void)
{
	stopping = 1;
}

const char *
run_owner(const struct run *r)
{
	return (r == NULL ? "" : r->owner);
}

struct wait_list *
run_waits(struct run *r)
{
	return (&r->waits);
}

/* It has its turn. */
void
run_queue(struct run *r)
{
	if (r->queued)
		return;
	r->queued = 1;
	TAILQ_INSERT_TAIL(&turns, r, entry);
}

void
run_park(struct run *r)
{
	int	 parked = r->next == r->nitems && r->asked != 0 &&
	    r->asked == r->onward;

	if (parked == r->parked)
		return;
	r->parked = parked;
	if (parked) {
		nparked++;
		nheld += (unsigned int)r->nitems;
	} else {
		nparked--;
		nheld -= (unsigned int)r->nitems;
	}
}

void
run_text(struct run *r, const char *text)
{
	(void)strlcpy(r->text, text, sizeof(r->text));
}

/* A batch of mailboxes is here. */
static void
run_items(struct run *r, const struct expand_answer *ans)
{
	free(r->items);
	r->items = NULL;
	r->nitems = r->next = 0;
	if (r->skip != 0 && (ans->n == 0 || ans->total != r->total)) {
		/* the members have moved: none must be passed over */
		r->later = 1;
		run_text(r, "the list has changed meanwhile");
		r->total = r->skip;
		return;
	}
	if (ans->n == 0) {
		r->failed = 1;
		run_text(r, "5.1.1 no mailbox is behind this address");
		return;
	}
	r->total = ans->total;
	r->items = xcalloc(ans->n, sizeof(*r->items));
	memcpy(r->items, ans->items, ans->n * sizeof(*r->items));
	r->nitems = ans->n;
	r->skip += ans->n;
}

/* The recipient itself is the only item. */
static void
run_onward(struct run *r)
{
	r->items = xcalloc(1, sizeof(*r->items));
	r->items[0].kind = EXPAND_REMOTE;
	if (address_format(&r->note.rcpt, r->items[0].address,
	    sizeof(r->items[0].address)) == -1) {
		r->failed = 1;
		run_text(r, "5.1.3 the address is not usable");
		return;
	}
	r->nitems = 1;
	r->total = r->skip = 1;
}

/* What lookup said of the recipient. */
static void
run_verdict(struct run *r, const struct expand_answer *ans)
{
	/* all that this try will hear of it */
	if (ans->status != RESOLVE_FOUND)
		r->total = r->skip;
	switch (ans->status) {
	case RESOLVE_FOUND:
		r->m->rcpts[r->i].counted = 1;
		memcpy(r->owner, ans->owner, sizeof(r->owner));
		run_items(r, ans);
		break;
	case RESOLVE_DISCARD:
		break;
	case RESOLVE_NONE:
		r->failed = 1;
		run_text(r, "5.1.1 no such mailbox any more");
		break;
	case RESOLVE_DISABLED:
		r->failed = 1;
		run_text(r, ans->text[0] == '\0' ? "5.2.1 mailbox disabled" :
		    ans->text);
		break;
	case RESOLVE_NOT_LOCAL:
		/* a notice to somebody elsewhere, or a domain that left */
		run_onward(r);
		break;
	default:
		r->later = 1;
		run_text(r, ans->text[0] == '\0' ? RUN_LATER_TEXT :
		    ans->text);
		break;
	}
}

static int
run_expanded(void *arg, struct proc_msg *m)
{
	struct expand_answer	*ans;
	struct run		*r = arg;
	int			 ret = 0;

	run_queue(r);
	if (m == NULL) {
		r->away = 1;
		run_text(r, "no answer from the directory");
		return (0);
	}
	ans = xcalloc(1, sizeof(*ans));
	if (msg_get_expand_answer(&m->body, ans) == -1)
		ret = -1;
	else
		run_verdict(r, ans);
	free(ans);
	return (ret);
}

static void
run_expand(struct run *r)
{
	const struct rcpt	*rc = &r->m->rcpts[r->i];
	struct expand_ask	 ask;
	struct wbuf		 w;

	memset(&ask, 0, sizeof(ask));
	memcpy(ask.directory, r->note.directory, sizeof(ask.directory));
	ask.rcpt = r->note.rcpt;
	memcpy(ask.via, r->note.via, sizeof(ask.via));
	ask.skip = r->skip;
	ask.count_use = r->skip == 0 && !rc->counted && rc->tries == 0 &&
	    rc->had == NULL;
	ask.message = r->m->id;
	wbuf_init(&w);
	msg_put_expand_ask(&w, &ask);
	(void)pending_ask(PROC_LOOKUP, 0, MSG_QUEUE_EXPAND_ASK, -1, &w,
	    PENDING_LOOKUP, run_expanded, r);
}

void
run_start(struct spool *sp, struct message *m, uint32_t i)
{
	struct envelope	 e;
	struct run	*r;

	r = xcalloc(1, sizeof(*r));
	r->spool = sp;
	r->m = m;
	r->i = i;
	message_rcpt(m, i, &r->note);
	message_envelope(m, &e);
	r->sender = e.sender;
	TAILQ_INIT(&r->waits);
	m->rcpts[i].run = r;
	m->rcpts[i].active = 1;
	m->nactive++;
	nruns++;
	run_expand(r);
}

static enum run_result
run_result(const struct run *r)
{
	/* what is left comes first: the rest shows again next time */
	if (r->away)
		return (RUN_AWAY);
	if (r->later)
		return (RUN_LATER);
	if (r->until != 0)
		return (RUN_POSTPONED);
	if (r->failed)
		return (RUN_FAILED);
	/* what failed has been told to whom it concerns */
	if (r->members.n != 0)
		return (RUN_TOLD);
	if (r->owner[0] != '\0')
		return (RUN_DONE);
	return (r->total > 1 ? RUN_EXPANDED : r->success);
}

static void
run_told(void *arg, int ok)
{
	struct run	*r = arg;

	if (!ok)
		r->later = 1;
	run_queue(r);
}

static void
run_end(struct run *r, void (*end)(struct message *, uint32_t,
    enum run_result, const char *))
{
	if (r->members.n != 0 && !r->told) {
		r->told = 1;
		members_tell(&r->members, r->m, r->i, r->owner, run_told, r);
		return;
	}
	r->m->rcpts[r->i].run = NULL;
	r->m->rcpts[r->i].active = 0;
	r->m->nactive--;
	nruns--;
	r->m->rcpts[r->i].next = r->until;
	end(r->m, r->i, run_result(r), r->text);
	members_free(&r->members);
	free(r->items);
	free(r);
}

/* Is anything left to be begun? */
static int
run_left(const struct run *r)
{
	return (r->next < r->nitems || r->skip < r->total);
}

void
run_turn(void (*end)(struct message *, uint32_t, enum run_result,
    const char *))
{
	struct run	*r;

	while ((run_asked() < RUN_WINDOW || stopping) &&
	    (r = TAILQ_FIRST(&turns)) != NULL) {
		TAILQ_REMOVE(&turns, r, entry);
		r->queued = 0;
		if (run_left(r) && (stopping ||
		    r->m->flags & (MESSAGE_REMOVE | MESSAGE_HELD)))
			r->away = 1;
		if (r->next < r->nitems && !r->away) {
			run_item(r);
			run_park(r);
			if (r->next < r->nitems || r->asked == 0)
				run_queue(r);
			continue;
		}
		r->next = r->nitems;
		run_park(r);
		if (r->asked != 0)
			continue;
		if (r->skip < r->total && !r->away)
			run_expand(r);
		else
			run_end(r, end);
	}
}
