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
 * Items of a run: mailboxes for deliver, or for the LMTP server, and
 * addresses elsewhere.
 */

#include <sys/types.h>

#include <bsd/string.h>
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
#include "smtpd/msg/msg_relay.h"
#include "smtpd/queue/envelope.h"
#include "smtpd/queue/queue_relay.h"
#include "smtpd/queue/run_part.h"
#include "smtpd/queue/spool.h"

/* A delivery under way. */
struct drop {
	struct run	*run;
	char		 key[RECORD_KEY_MAX + 1];
};

static unsigned int	 nasked;
static uint64_t		 ndelivered;
static int		 lmtp;

unsigned int
run_asked(void)
{
	return (nasked);
}

uint64_t
run_delivered(void)
{
	return (ndelivered);
}

void
run_lmtp(void)
{
	lmtp = 1;
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
member_log(const struct run *r, const char *event, const char *key,
    const char *text)
{
	char	 to[RECORD_KEY_MAX * 4 + 1], why[RECORD_TEXT_MAX * 4 + 1];

	(void)log_quote(key + 2, strlen(key + 2), to, sizeof(to));
	(void)log_quote(text, strlen(text), why, sizeof(why));
	log_info("message=%016" PRIx64 " event=%s to=<%s>%s%s%s", r->m->id,
	    event, to, why[0] == '\0' ? "" : " why=\"", why,
	    why[0] == '\0' ? "" : "\"");
}

/* It has got the message. */
static void
item_done(struct run *r, const char *key, enum run_result success,
    const char *text)
{
	struct rcpt	*rc = &r->m->rcpts[r->i];

	r->success = success;
	/* the end of the only one is the end of the recipient */
	if (r->total == 1) {
		run_text(r, text);
		return;
	}
	member_log(r, "member", key, text);
	if (rc->had == NULL)
		rc->had = keyset_new();
	(void)keyset_add(rc->had, key);
	spool_note_done(r->spool, r->m, r->i, key);
}

/* It never will. */
static void
item_failed(struct run *r, const char *key, const char *address,
    const char *text)
{
	if (r->total == 1 && r->owner[0] == '\0')
		r->failed = 1;
	else if (members_add(&r->members, key, address, text) == -1)
		r->later = 1;
	else
		member_log(r, "member-failed", key, text);
	run_text(r, text);
}

/* One that was under way is not any more. */
static void
item_over(struct run *r)
{
	/* while there are more of the batch it waits for its turn anyway */
	if (r->asked == 1 && r->next == r->nitems)
		run_queue(r);
	r->asked--;
	run_park(r);
}

/* Mailboxes are ours, wherever they are. */
static int
item_is_onward(const struct expand_item *item)
{
	return (item->kind != EXPAND_ACCOUNT);
}

static void
run_delivery(struct run *r, const struct drop *d,
    const struct deliver_answer *ans)
{
	switch (ans->status) {
	case DELIVER_OK:
		ndelivered++;
		item_done(r, d->key, RUN_DONE, "");
		break;
	case DELIVER_REFUSED:
		item_failed(r, d->key, d->key + 2, ans->text);
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

	item_over(r);
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
void
run_item(struct run *r)
{
	const struct expand_item	*item = &r->items[r->next++];
	char				 key[RECORD_KEY_MAX + 1];

	item_key(item, key, sizeof(key));
	if (keyset_has(r->m->rcpts[r->i].had, key))
		return;
	if (item->kind == EXPAND_LATER) {
		r->later = 1;
		run_text(r, RUN_LATER_TEXT);
	} else if (item->kind != EXPAND_ACCOUNT || lmtp) {
		r->asked++;
		r->onward += item_is_onward(item);
		queue_relay_item(r, r->m, r->i, (uint32_t)r->next - 1,
		    item->address, item->url, item->kind == EXPAND_ACCOUNT);
	} else if (!proc_peer_up(PROC_DELIVER, 0))
		r->away = 1;
	else
		run_ask(r, item, key);
}

void
run_relayed(struct run *r, uint32_t item, enum run_result result,
    const char *text)
{
	const struct expand_item	*it = &r->items[item];
	char				 key[RECORD_KEY_MAX + 1];

	r->onward -= item_is_onward(it);
	item_over(r);
	item_key(it, key, sizeof(key));
	switch (result) {
	case RUN_LATER:
		r->later = 1;
		run_text(r, text);
		break;
	case RUN_AWAY:
		r->away = 1;
		run_text(r, text);
		break;
	case RUN_FAILED:
		item_failed(r, key, it->address, text);
		break;
	default:
		item_done(r, key, result, text);
		break;
	}
}

void
run_postponed(struct run *r, uint32_t item, uint64_t until, const char *text)
{
	r->onward -= item_is_onward(&r->items[item]);
	item_over(r);
	if (r->until < until)
		r->until = until;
	run_text(r, text);
}

int
run_relay_rcpt(const struct run *r, uint32_t item, struct relay_rcpt *out)
{
	const char	*address = r->items[item].address;

	memset(out, 0, sizeof(*out));
	if (address_parse(address, strlen(address), ADDRESS_UTF8_OK,
	    &out->rcpt) != ADDRESS_OK)
		return (-1);
	/* RFC 3461 5.2.7: a list's own message; an alias of many */
	if (r->owner[0] != '\0')
		return (0);
	memcpy(out->orcpt, r->note.orcpt, sizeof(out->orcpt));
	out->notify = r->note.notify;
	if (r->total == 1 || out->notify == 0)
		return (0);
	out->notify &= (uint8_t)~NOTIFY_SUCCESS;
	if (out->notify == 0)
		out->notify = NOTIFY_NEVER;
	return (0);
}
