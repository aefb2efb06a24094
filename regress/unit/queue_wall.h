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
 * The processes around the queue, played: fronts that hand over mail,
 * lookup that knows what is behind an address by its first letters, and
 * deliver and relay that keep count of what each mailbox got.
 */

#ifndef QUEUE_WALL_H
#define QUEUE_WALL_H

#include "regress/unit/queue_onward.h"

/* Ours win over those of the ground floor. */
uint64_t
clock_mono(void)
{
	struct timespec	 ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return ((uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000 +
	    wall.skew);
}

int
proc_send(enum proc_id id, unsigned int inst, uint32_t type, uint64_t msgid,
    int fd, struct wbuf *body)
{
	struct wall_ask	*a = &wall.asks[wall.nasks];

	if (wall.down[id]) {
		if (fd != -1)
			close(fd);
		if (body != NULL)
			wbuf_free(body);
		return (-1);
	}
	if (wall.nasks == WALL_ASKS || body->bad)
		abort();
	a->to = id;
	a->inst = inst;
	a->type = type;
	a->id = msgid;
	a->fd = fd;
	a->len = body->len;
	if ((a->body = malloc(body->len + 1)) == NULL)
		abort();
	memcpy(a->body, body->data, body->len);
	wbuf_free(body);
	wall.nasks++;
	return (0);
}

int
proc_answer(const struct proc_msg *m, uint32_t type, int fd,
    struct wbuf *body)
{
	return (proc_send(m->from, m->inst, type, m->id, fd, body));
}

int
proc_peer_up(enum proc_id id, unsigned int inst)
{
	return (!wall.down[id]);
}

/* The first thing said of that type leaves the line: 1, or 0. */
static inline int
wall_take(uint32_t type, struct wall_ask *a)
{
	size_t	 i;

	for (i = 0; i < wall.nasks; i++) {
		if (wall.asks[i].type != type)
			continue;
		*a = wall.asks[i];
		wall.nasks--;
		memmove(&wall.asks[i], &wall.asks[i + 1],
		    (wall.nasks - i) * sizeof(wall.asks[0]));
		return (1);
	}
	memset(a, 0, sizeof(*a));
	a->fd = -1;
	return (0);
}

static inline void
wall_done(struct wall_ask *a)
{
	if (a->fd != -1)
		close(a->fd);
	free(a->body);
}

/* Somebody says something to the queue; returns what take does. */
static inline int
wall_say(int (*take)(struct proc_msg *), enum proc_id from,
    unsigned int inst, uint64_t id, struct wbuf *w)
{
	struct proc_msg	 m;
	int		 ret;

	memset(&m, 0, sizeof(m));
	m.from = from;
	m.inst = inst;
	m.id = id;
	m.fd = -1;
	rbuf_init(&m.body, w->data, w->len);
	ret = take(&m);
	if (ret == 0 && !rbuf_done(&m.body))
		ret = -1;
	wbuf_free(w);
	return (ret);
}

/* Members of "listN..." and of "oneX". */
static inline void
wall_members(const struct expand_ask *ask, struct expand_answer *a)
{
	const char	*name = ask->rcpt.local;
	uint32_t	 i, n = 1;
	char		 account[64];

	if (strncmp(name, "list", 4) == 0)
		n = (uint32_t)strtoul(name + 4, NULL, 10) - wall.shrink;
	a->status = RESOLVE_FOUND;
	if (n > 1)
		(void)strlcpy(a->owner, wall.owner, sizeof(a->owner));
	a->total = n;
	for (i = ask->skip; i < n && a->n < RESOLVE_ITEMS_MAX; i++) {
		struct expand_item	*item = &a->items[a->n++];

		(void)strlcpy(account, name, sizeof(account));
		if (n > 1)
			(void)snprintf(account, sizeof(account), "m%u",
			    wall.shrink + i);
		item->kind = ask->rcpt.domain[0] == 'x' ? EXPAND_REMOTE :
		    ask->rcpt.domain[0] == 'w' ? EXPAND_RELAY :
		    EXPAND_ACCOUNT;
		(void)strlcpy(item->account, account, sizeof(item->account));
		(void)snprintf(item->address, sizeof(item->address),
		    "%s@%s.test", account, item->kind == EXPAND_ACCOUNT ?
		    "d" : "y");
	}
}

static inline void
wall_expand(const struct wall_ask *q, struct wbuf *w)
{
	static const struct {
		const char		*begin;
		enum resolve_status	 status;
	} known[] = {
		{ "none", RESOLVE_NONE },	{ "off", RESOLVE_DISABLED },
		{ "drop", RESOLVE_DISCARD },	{ "temp", RESOLVE_TEMPFAIL },
	};
	static struct expand_answer	 a;
	struct expand_ask		 ask;
	struct rbuf			 r;
	size_t				 i;

	memset(&a, 0, sizeof(a));
	rbuf_init(&r, q->body, q->len);
	if (msg_get_expand_ask(&r, &ask) == -1)
		abort();
	wall.expands++;
	wall.counted += ask.count_use;
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strncmp(ask.rcpt.local, known[i].begin,
		    strlen(known[i].begin)) == 0)
			break;
	if (i < sizeof(known) / sizeof(known[0]))
		a.status = known[i].status;
	else if (wall.temp_at != -1 && (int)ask.skip >= wall.temp_at)
		a.status = RESOLVE_TEMPFAIL;
	else
		wall_members(&ask, &a);
	msg_put_expand_answer(w, &a);
}

/* Is the text in fd that of the message?  Its sender says which it is. */
static inline void
wall_text(const struct deliver_ask *ask, int fd)
{
	static char	 want[256 * 1024], have[256 * 1024];
	size_t		 len;
	uint32_t	 n;

	if (sscanf(ask->sender.local, "%u.%zu", &n, &len) != 2 ||
	    len != ask->length || len > sizeof(want) ||
	    pread(fd, have, len, (off_t)ask->offset) != (ssize_t)len ||
	    memcmp(have, want, box_text(n, len, want)) != 0)
		wall.bad++;
}

static inline void
wall_deliver(const struct wall_ask *q, struct wbuf *w)
{
	struct deliver_answer	 a;
	struct deliver_ask	 ask;
	struct rbuf		 r;

	memset(&a, 0, sizeof(a));
	rbuf_init(&r, q->body, q->len);
	if (msg_get_deliver_ask(&r, &ask) == -1 || q->fd == -1)
		abort();
	if (address_is_null(&ask.sender)) {
		wall_notice(&ask, q->fd);
		msg_put_deliver_answer(w, &a);
		return;
	}
	wall_text(&ask, q->fd);
	if (wall.full && (strcmp(ask.account, "m3") == 0 ||
	    strcmp(ask.account, "m7") == 0)) {
		a.status = DELIVER_QUOTA;
		(void)strlcpy(a.text, "mailbox full", sizeof(a.text));
	} else if (strncmp(ask.account, "onebad", 6) == 0)
		a.status = DELIVER_REFUSED;
	else {
		if (wall.ndrops == WALL_DROPS)
			abort();
		(void)strlcpy(wall.drops[wall.ndrops].account, ask.account,
		    sizeof(wall.drops[0].account));
		wall.drops[wall.ndrops++].id = ask.id;
	}
	msg_put_deliver_answer(w, &a);
}

/* How often that mailbox (NULL: any) got that message (0: any). */
static inline unsigned int
wall_got(const char *account, uint64_t id)
{
	unsigned int	 n = 0;
	size_t		 i;

	for (i = 0; i < wall.ndrops; i++)
		n += (account == NULL ||
		    strcmp(wall.drops[i].account, account) == 0) &&
		    (id == 0 || wall.drops[i].id == id);
	return (n);
}

/* Answer the first question of that type; 0 when there is none. */
static inline int
wall_play(uint32_t type)
{
	struct wall_ask	 q;
	struct wbuf	 w;

	if (!wall_take(type, &q))
		return (0);
	wbuf_init(&w);
	if (type == MSG_QUEUE_EXPAND_ASK)
		wall_expand(&q, &w);
	else if (type == MSG_QUEUE_RELAY_ASK)
		wall_relay(&q, &w);
	else
		wall_deliver(&q, &w);
	CHECK(wall_say(pending_take, q.to, q.inst, q.id, &w) == 0,
	    "an answer is not taken");
	wall_done(&q);
	return (1);
}

/* One turn of the loop, and what the others do meanwhile. */
static inline void
wall_turn(void)
{
	if (event_loop(EVLOOP_NONBLOCK) == -1)
		abort();
	queue_deliver_turn();
	while (!wall.hold && (wall_play(MSG_QUEUE_EXPAND_ASK) ||
	    wall_play(MSG_QUEUE_DELIVER_ASK) ||
	    (!wall.hang && wall_play(MSG_QUEUE_RELAY_ASK))))
		;
}

/* Until cond, or two seconds. */
#define WALL_UNTIL(cond)						\
do {									\
	int	 wall_left = 4000;					\
									\
	while (!(cond) && wall_left-- > 0) {				\
		wall_turn();						\
		usleep(500);						\
	}								\
	CHECK(cond, "never: %s", #cond);				\
} while (0)

/* Until nothing is under way (but what is held), and all is written. */
static inline void
wall_settle(void)
{
	int	 quiet;

	for (quiet = 0; quiet < 4; quiet++) {
		wall_turn();
		if (wall.spool != NULL && ((run_count() != 0 && !wall.hold &&
		    !wall.hang) ||
		    queue_notice_count() != 0 ||
		    !lane_is_quiet(&wall.spool->loglane) ||
		    !lane_is_quiet(&wall.spool->ownlane))) {
			quiet = 0;
			usleep(200);
		}
	}
}

/* The queue comes up on the spool of the box. */
static inline void
wall_start(void)
{
	wall.conf.nretries = 1;
	wall.conf.retries[0] = 100;
	wall.conf.expire = 1000;
	wall.conf.concurrency = 20;
	wall.conf.relay_port = 25;
	(void)strlcpy(wall.conf.hostname, "mx.own.test",
	    sizeof(wall.conf.hostname));
	wall.spool = box_open(box_path("spool"), NULL);
	queue_deliver_init(wall.spool, &wall.conf);
	queue_tx_init(wall.spool, 20);
	queue_list_init(wall.spool);
}

/*
 * A message of that number to these recipients (separated by blanks), as
 * if a front had committed it, now: it will be tried.
 */
static inline struct message *
wall_mail(uint32_t number, size_t len, const char *rcpts)
{
	struct envelope		 e = { .nrcpts = 0 };
	struct envelope_note	 note;
	struct box_commit	 c;
	struct wbuf		 w, all;
	char			*copy, *p, *next;

	memset(&c, 0, sizeof(c));
	memset(&note, 0, sizeof(note));
	wbuf_init(&w);
	if ((next = copy = strdup(rcpts)) == NULL)
		abort();
	while ((p = strsep(&next, " ")) != NULL) {
		/* "name>domain" goes elsewhere, "name@x" is ours */
		note.route = strchr(p, '>') ? ROUTE_RELAY : ROUTE_LOCAL;
		(void)strlcpy(note.rcpt.domain, p[strcspn(p, ">@")] == '\0' ?
		    "d.test" : p + strcspn(p, ">@") + 1,
		    sizeof(note.rcpt.domain));
		p[strcspn(p, ">@")] = '\0';
		note.notify = wall.ask_notify;
		(void)strlcpy(note.directory, "d", sizeof(note.directory));
		(void)strlcpy(note.rcpt.local, p, sizeof(note.rcpt.local));
		envelope_put_rcpt(&w, &note);
		e.nrcpts++;
	}
	free(copy);
	e.created = clock_wall();
	(void)snprintf(e.sender.local, sizeof(e.sender.local), "%u.%zu",
	    number, len);
	(void)strlcpy(e.sender.domain, "s.test", sizeof(e.sender.domain));
	wbuf_init(&all);
	envelope_put(&all, &e);
	wbuf_raw(&all, w.data, w.len);
	c.fd = box_file(wall.spool, number, len);
	c.m = message_new(spool_id(wall.spool), all.data, all.len);
	wbuf_free(&w);
	wbuf_free(&all);
	spool_commit(wall.spool, c.m, c.fd, len, box_committed, &c);
	if (!box_until(&c.done) || c.m == NULL)
		abort();
	queue_deliver_new(c.m);
	return (c.m);
}

/* Time goes by, and what is due then is tried. */
static inline void
wall_later(unsigned int seconds)
{
	wall.skew += seconds * 1000ULL;
	wall_settle();
}

#endif
