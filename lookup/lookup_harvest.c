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
 * Who draws on the harvest memory, and who is told of bans.
 */

#include "lookup/harvest.h"
#include "lookup/lookup_harvest.h"
#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_control.h"

#define ROWS_MAX	500		/* of one answer */
#define MS		1000		/* us */

static struct harvest_conf	 conf;
static int			 started;

/* Rounded up: 0 would say that it is over. */
static void
ban_send(unsigned int inst, const struct network *n, uint64_t left)
{
	struct ban_note	 note = { .network = *n };
	struct wbuf	 w;

	note.left = (left + MS - 1) / MS;
	wbuf_init(&w);
	msg_put_ban(&w, &note);
	(void)proc_send(PROC_POLICY, inst, MSG_LOOKUP_BAN_NOTE, 0, -1, &w);
}

static void
ban_changed(const struct network *n, uint64_t left)
{
	unsigned int	 i;

	for (i = 0; i < PROC_INST_MAX; i++)
		if (proc_peer_up(PROC_POLICY, i))
			ban_send(i, n, left);
}

/* All there are; what that process was told by another one is void. */
static void
ban_tell(unsigned int inst)
{
	const struct harvest	*h;
	struct network		 none = { 0, 0 };
	uint64_t		 left, now = clock_wall_us();

	ban_send(inst, &none, 0);
	for (h = harvest_from(&none); h != NULL; h = harvest_next(h))
		if ((left = harvest_left(h, now)) != 0)
			ban_send(inst, &h->network, left);
}

void
lookup_harvest_start(const struct harvest_conf *c)
{
	unsigned int	 i;

	conf = *c;
	harvest_init(c->budget.count, c->budget.period, c->ban,
	    clock_wall_us(), ban_changed);
	started = 1;
	for (i = 0; i < PROC_INST_MAX; i++)
		if (proc_peer_up(PROC_POLICY, i))
			ban_tell(i);
}

void
lookup_harvest_peer(enum proc_id id, unsigned int inst, int up)
{
	if (started && up && id == PROC_POLICY)
		ban_tell(inst);
}

int
lookup_harvest_take(struct proc_msg *m)
{
	struct harvest_ask	 ask;
	struct wbuf		 w;

	if (msg_get_harvest_ask(&m->body, &ask) == -1 || !started ||
	    ask.network.family == 0)
		return (-1);
	wbuf_init(&w);
	msg_put_harvest_answer(&w, harvest_draw(&ask.network,
	    clock_wall_us()));
	(void)proc_answer(m, MSG_LOOKUP_HARVEST_ANSWER, -1, &w);
	return (0);
}

static void
list_row(struct wbuf *w, const struct harvest *h, uint64_t now)
{
	char		 net[NETWORK_STR_SIZE];
	uint64_t	 left = harvest_left(h, now);

	row_str(w, "network", network_format(&h->network, net, sizeof(net)));
	row_str(w, "state", left != 0 ? "banned" : "free");
	row_num(w, "taken", harvest_taken(h, now));
	row_num(w, "budget", conf.budget.count);
	row_num(w, "errors", (int64_t)h->errors);
	row_num(w, "banned", (int64_t)((left + MS * MS - 1) / (MS * MS)));
	row_end(w);
}

/* From there on, those that have not recovered. */
static void
list_show(const struct network *from, struct list_head *head,
    struct wbuf *rows)
{
	const struct harvest	*h = harvest_from(from);
	uint64_t		 now = clock_wall_us();
	unsigned int		 n;

	/* a next of 0 would say that there are no more */
	for (n = 0; h != NULL && (n < ROWS_MAX || h->network.prefix == 0);
	    h = harvest_next(h), n++)
		if (harvest_left(h, now) != 0 || harvest_taken(h, now) != 0)
			list_row(rows, h, now);
	if (h == NULL)
		return;
	head->next = h->network.prefix;
	head->part = h->network.family;
}

int
lookup_harvest_take_list(struct proc_msg *m)
{
	struct list_ask		 ask;
	struct list_head	 head = { 0, 0, 0 };
	struct network		 n;
	struct wbuf		 rows, w;

	if (msg_get_list_ask(&m->body, &ask) == -1)
		return (-1);
	n.family = (uint8_t)ask.part;
	n.prefix = ask.after;
	wbuf_init(&rows);
	if (ask.what == LIST_SHOW)
		list_show(&n, &head, &rows);
	else
		head.changed = harvest_pardon(&n);
	wbuf_init(&w);
	msg_put_list_head(&w, &head);
	wbuf_raw(&w, rows.data, rows.len);
	wbuf_free(&rows);
	(void)proc_answer(m, MSG_LOOKUP_NETWORKS_ANSWER, -1, &w);
	return (0);
}
