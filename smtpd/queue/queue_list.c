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
 * Rows for smtpctl, and its commands.  A list comes in parts, so that one
 * of any length holds up the loop no more than one part does.
 */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/proc.h"
#include "smtpd/base/wire.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_control.h"
#include "smtpd/queue/envelope.h"
#include "smtpd/queue/queue_deliver.h"
#include "smtpd/queue/queue_list.h"
#include "smtpd/queue/queue_select.h"
#include "smtpd/queue/queue_tx.h"
#include "smtpd/queue/spool.h"

#define LIST_PAGE	(64 * 1024)	/* octets of rows in one answer */
#define LIST_MESSAGES	1000		/* changed in one answer */
#define LIST_WAITING	32		/* smtpctl's that wait for the start */

/* A question of before the spool was read. */
struct waiting {
	struct list_ask	 ask;
	uint64_t	 id;
	unsigned int	 inst;
};

static struct spool	*spool;
static struct waiting	 waiting[LIST_WAITING];
static size_t		 nwaiting;

static const char *
rcpt_word(const struct message *m, const struct rcpt *rc)
{
	if (rc->active)
		return ("active");
	if (rc->state == RCPT_FAILED)
		return ("failed");
	if (rc->state != RCPT_WAIT)
		return ("done");
	return (m->flags & MESSAGE_HELD ? "held" : "waiting");
}

static void
row_address(struct wbuf *w, const char *key, const struct address *a)
{
	char	 text[ADDRESS_STR_SIZE];

	if (address_format(a, text, sizeof(text)) == -1)
		text[0] = '\0';
	row_str(w, key, text);
}

/* The i-th recipient of m, whose envelope is e. */
static void
list_row(struct wbuf *w, const struct message *m, const struct envelope *e,
    uint32_t i)
{
	const struct rcpt	*rc = &m->rcpts[i];
	struct envelope_note	 note;
	uint64_t		 now = clock_mono();
	char			 id[TX_ID_SIZE];

	message_rcpt(m, i, &note);
	(void)snprintf(id, sizeof(id), "%016" PRIx64, m->id);
	row_str(w, "message", id);
	row_address(w, "from", &e->sender);
	row_address(w, "to", &note.rcpt);
	row_str(w, "state", rcpt_word(m, rc));
	row_num(w, "tries", rc->tries);
	row_num(w, "next", rc->state != RCPT_WAIT || rc->next <= now ? 0 :
	    (int64_t)((rc->next - now + 999) / 1000));
	row_num(w, "size", (int64_t)m->length);
	row_num(w, "age", clock_wall() - m->created);
	row_str(w, "why", rc->text == NULL ? "" : rc->text);
	row_end(w);
}

/*
 * The recipients of m from the part-th on.  Returns 0 when the page is
 * full, and the cursor leads to what is left of m.
 */
static int
list_message(struct wbuf *w, const struct message *m, uint32_t part,
    struct list_head *head)
{
	struct envelope	 e;
	uint32_t	 i;

	message_envelope(m, &e);
	for (i = part; i < m->nrcpts; i++) {
		if (m->rcpts[i].state == RCPT_DONE)
			continue;
		if (w->len > LIST_PAGE) {
			head->next = m->id - 1;
			head->part = i;
			return (0);
		}
		list_row(w, m, &e, i);
	}
	return (1);
}

static void
list_show(const struct list_ask *ask, struct list_head *head,
    struct wbuf *rows)
{
	struct message	*m;

	m = ask->id != 0 ? spool_find(spool, ask->id) :
	    spool_next(spool, ask->after);
	/* part counts within a message that may be gone meanwhile */
	while (m != NULL && (!queue_selects(ask, m) || list_message(rows, m,
	    m->id == ask->after + 1 ? ask->part : 0, head)))
		m = ask->id != 0 ? NULL : spool_next(spool, m->id);
}

static void
list_change(const struct list_ask *ask, struct list_head *head)
{
	struct message	*m;
	uint64_t	 id = ask->after;
	unsigned int	 n;

	if (ask->id != 0) {
		if ((m = spool_find(spool, ask->id)) != NULL)
			head->changed += (uint32_t)queue_deliver_command(m,
			    ask->what);
		return;
	}
	for (n = 0; (m = spool_next(spool, id)) != NULL; n++) {
		if (n == LIST_MESSAGES) {
			head->next = id;
			return;
		}
		id = m->id;
		if (queue_selects(ask, m))
			head->changed += (uint32_t)queue_deliver_command(m,
			    ask->what);
	}
}

static void
list_answer(unsigned int inst, uint64_t id, const struct list_ask *ask)
{
	struct list_head	 head = { .next = 0 };
	struct wbuf		 rows, w;

	wbuf_init(&rows);
	if (ask->what == LIST_SHOW)
		list_show(ask, &head, &rows);
	else
		list_change(ask, &head);
	wbuf_init(&w);
	msg_put_list_head(&w, &head);
	wbuf_raw(&w, rows.data, rows.len);
	wbuf_free(&rows);
	(void)proc_send(PROC_CONTROL, inst, MSG_QUEUE_LIST_ANSWER, id, -1,
	    &w);
}

int
queue_take_list(struct proc_msg *m)
{
	struct list_ask	 ask;

	if (msg_get_list_ask(&m->body, &ask) == -1)
		return (-1);
	if (spool != NULL)
		list_answer(m->inst, m->id, &ask);
	else if (nwaiting < LIST_WAITING) {
		waiting[nwaiting].ask = ask;
		waiting[nwaiting].id = m->id;
		waiting[nwaiting++].inst = m->inst;
	} else
		/* hears at its deadline that there was no answer */
		log_warnx("event=too-many-questions");
	return (0);
}

void
queue_list_init(struct spool *sp)
{
	size_t	 i;

	spool = sp;
	for (i = 0; i < nwaiting; i++)
		list_answer(waiting[i].inst, waiting[i].id, &waiting[i].ask);
	nwaiting = 0;
}

void
queue_list_forget(void)
{
	nwaiting = 0;
}

int
queue_take_stats(struct proc_msg *m)
{
	struct spool_stats	 s;
	struct deliver_stats	 d;
	struct wbuf		 w;

	memset(&s, 0, sizeof(s));
	if (spool != NULL)
		spool_stats(spool, &s);
	queue_deliver_stats(&d);
	wbuf_init(&w);
	row_num(&w, "ready", spool != NULL);
	row_num(&w, "messages", (int64_t)s.messages);
	row_num(&w, "transactions", (int64_t)queue_tx_open());
	row_num(&w, "active", d.active);
	row_num(&w, "deliveries", d.asked);
	row_num(&w, "relaying", d.relaying);
	row_num(&w, "next_hops", d.hops);
	row_num(&w, "committed", (int64_t)s.committed);
	row_num(&w, "refused", (int64_t)s.refused);
	row_num(&w, "delivered", (int64_t)d.delivered);
	row_num(&w, "deferred", (int64_t)d.deferred);
	row_num(&w, "failed", (int64_t)d.failed);
	row_num(&w, "syncs", (int64_t)s.syncs);
	row_num(&w, "notes", (int64_t)s.notes);
	row_num(&w, "segments", (int64_t)s.segments);
	row_num(&w, "own_files", (int64_t)s.own);
	row_num(&w, "moved", (int64_t)s.moved);
	row_num(&w, "spool_down", s.down);
	row_end(&w);
	(void)proc_answer(m, MSG_CHILD_STATS_ANSWER, -1, &w);
	return (0);
}
