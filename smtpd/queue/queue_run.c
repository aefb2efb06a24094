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
#include <bsd/sys/queue.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/keyset.h"
#include "smtpd/base/log.h"
#include "smtpd/base/pending.h"
#include "smtpd/base/xmem.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_deliver.h"
#include "smtpd/queue/envelope.h"
#include "smtpd/queue/queue_run.h"
#include "smtpd/queue/spool.h"

#define RUN_WINDOW	64		/* deliveries under way */
#define RUN_LATER_TEXT	"the directory cannot tell now"

struct run {
	struct spool		*spool;
	struct message		*m;
	uint32_t		 i;
	struct envelope_note	 note;
	struct address		 sender;
	uint32_t		 skip;		/* items in batches so far */
	uint32_t		 total;		/* that there are */
	struct expand_item	*items;
	size_t			 nitems, next;
	unsigned int		 asked;		/* deliveries under way */
	int			 later, away, failed;
	char			 text[RECORD_TEXT_MAX + 1];
	TAILQ_ENTRY(run)	 entry;		/* of turns */
};

/* A delivery under way. */
struct drop {
	struct run	*run;
	char		 key[RECORD_KEY_MAX + 1];
};

static TAILQ_HEAD(, run) turns = TAILQ_HEAD_INITIALIZER(turns);
static unsigned int	 nruns, nasked;
static int		 stopping;
static uint64_t		 ndelivered;

unsigned int
run_count(void)
{
	return (nruns);
}

unsigned int
run_asked(void)
{
	return (nasked);
}

void
run_stop(void)
{
	stopping = 1;
}

uint64_t
run_delivered(void)
{
	return (ndelivered);
}

static void
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
		run_text(r, "no mailbox is behind this address");
		return;
	}
	r->total = ans->total;
	r->items = xcalloc(ans->n, sizeof(*r->items));
	memcpy(r->items, ans->items, ans->n * sizeof(*r->items));
	r->nitems = ans->n;
	r->skip += ans->n;
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
		run_items(r, ans);
		break;
	case RESOLVE_DISCARD:
		break;
	case RESOLVE_NONE:
		r->failed = 1;
		run_text(r, "no such mailbox any more");
		break;
	case RESOLVE_DISABLED:
		r->failed = 1;
		run_text(r, ans->text[0] == '\0' ? "mailbox disabled" :
		    ans->text);
		break;
	case RESOLVE_RELAY:
	case RESOLVE_NOT_LOCAL:
		r->later = 1;
		run_text(r, RUN_RELAY_TEXT);
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

	TAILQ_INSERT_TAIL(&turns, r, entry);
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
	m->rcpts[i].active = 1;
	m->nactive++;
	nruns++;
	if (r->note.route == ROUTE_LOCAL) {
		run_expand(r);
		return;
	}
	r->later = 1;
	run_text(r, RUN_RELAY_TEXT);
	TAILQ_INSERT_TAIL(&turns, r, entry);
}

/* The name of a mailbox, the same at every try. */
static void
item_key(const struct expand_item *item, char *key, size_t size)
{
	(void)snprintf(key, size, "%c:%s",
	    item->kind == EXPAND_ACCOUNT ? 'a' : 'r',
	    item->kind == EXPAND_ACCOUNT ? item->account : item->address);
}

static void
run_delivery(struct run *r, const struct drop *d,
    const struct deliver_answer *ans)
{
	struct rcpt	*rc = &r->m->rcpts[r->i];

	switch (ans->status) {
	case DELIVER_OK:
		ndelivered++;
		/* the end of the only one is the end of the recipient */
		if (r->total == 1)
			break;
		if (rc->had == NULL)
			rc->had = keyset_new();
		(void)keyset_add(rc->had, d->key);
		spool_note_done(r->spool, r->m, r->i, d->key);
		break;
	case DELIVER_REFUSED:
		r->failed = 1;
		run_text(r, ans->text);
		break;
	default:
		r->later = 1;
		run_text(r, ans->text[0] == '\0' ? "delivery failed" :
		    ans->text);
		break;
	}
}

static int
run_delivered_answer(void *arg, struct proc_msg *m)
{
	struct deliver_answer	 ans;
	struct drop		*d = arg;
	struct run		*r = d->run;
	int			 ret = 0;

	/* when the window was full the run still waits for its turn */
	if (r->asked == 1 && r->next == r->nitems)
		TAILQ_INSERT_TAIL(&turns, r, entry);
	r->asked--;
	nasked--;
	if (m == NULL) {
		r->away = 1;
		run_text(r, "no answer from deliver");
	} else if (msg_get_deliver_answer(&m->body, &ans) == -1)
		ret = -1;
	else
		run_delivery(r, d, &ans);
	free(d);
	return (ret);
}

static void
run_ask(struct run *r, const struct expand_item *item, const char *key)
{
	struct deliver_ask	 ask;
	struct drop		*d;
	struct wbuf		 w;
	int			 fd;

	if ((fd = spool_text(r->spool, r->m)) == -1) {
		log_warn("message=%016" PRIx64 " event=unreadable",
		    r->m->id);
		r->later = 1;
		run_text(r, "the spool cannot be read");
		return;
	}
	memset(&ask, 0, sizeof(ask));
	ask.id = r->m->id;
	ask.rcpt = r->i;
	ask.item = record_sum(0, key, strlen(key));
	ask.offset = r->m->offset;
	ask.length = r->m->length;
	ask.created = r->m->created;
	ask.sender = r->sender;
	ask.stored = r->note.rcpt;
	memcpy(ask.directory, r->note.directory, sizeof(ask.directory));
	memcpy(ask.account, item->account, sizeof(ask.account));
	memcpy(ask.address, item->address, sizeof(ask.address));
	ask.quota = item->quota;
	wbuf_init(&w);
	msg_put_deliver_ask(&w, &ask);
	d = xcalloc(1, sizeof(*d));
	d->run = r;
	(void)strlcpy(d->key, key, sizeof(d->key));
	r->asked++;
	nasked++;
	(void)pending_ask(PROC_DELIVER, 0, MSG_QUEUE_DELIVER_ASK, fd, &w,
	    PENDING_DELIVER, run_delivered_answer, d);
}

/* The next mailbox of the batch that has not got it yet. */
static void
run_item(struct run *r)
{
	const struct expand_item	*item = &r->items[r->next++];
	char				 key[RECORD_KEY_MAX + 1];

	item_key(item, key, sizeof(key));
	if (keyset_has(r->m->rcpts[r->i].had, key))
		return;
	if (item->kind != EXPAND_ACCOUNT) {
		r->later = 1;
		run_text(r, item->kind == EXPAND_LATER ? RUN_LATER_TEXT :
		    RUN_RELAY_TEXT);
	} else if (!proc_peer_up(PROC_DELIVER, 0))
		r->away = 1;
	else
		run_ask(r, item, key);
}

static enum run_result
run_result(const struct run *r)
{
	/* what is left comes first: the rest shows again next time */
	if (r->away)
		return (RUN_AWAY);
	if (r->later)
		return (RUN_LATER);
	return (r->failed ? RUN_FAILED : RUN_DONE);
}

static void
run_end(struct run *r, void (*end)(struct message *, uint32_t,
    enum run_result, const char *))
{
	r->m->rcpts[r->i].active = 0;
	r->m->nactive--;
	nruns--;
	end(r->m, r->i, run_result(r), r->text);
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

	while ((nasked < RUN_WINDOW || stopping) &&
	    (r = TAILQ_FIRST(&turns)) != NULL) {
		TAILQ_REMOVE(&turns, r, entry);
		if (run_left(r) && (stopping ||
		    r->m->flags & MESSAGE_REMOVE))
			r->away = 1;
		if (r->next < r->nitems && !r->away) {
			run_item(r);
			if (r->next < r->nitems || r->asked == 0)
				TAILQ_INSERT_TAIL(&turns, r, entry);
			continue;
		}
		r->next = r->nitems;
		if (r->asked != 0)
			continue;
		if (r->skip < r->total && !r->away)
			run_expand(r);
		else
			run_end(r, end);
	}
}
