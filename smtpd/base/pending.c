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
 * Questions in flight: one table, found by number, by asker, by deadline.
 */

#include <bsd/stdlib.h>
#include <bsd/sys/queue.h>

#include <event.h>
#include <stdlib.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/pending.h"
#include "smtpd/base/xmem.h"

#define PENDING_BUCKETS	4096		/* a power of two */
#define PENDING_WAITS	8		/* queues by time to wait */
#define PENDING_TICK	250		/* ms between looks at deadlines */

struct pending {
	uint64_t		 id;
	uint64_t		 deadline;
	enum proc_id		 asked;
	unsigned int		 inst;
	pending_cb		 cb;
	void			*arg;
	LIST_ENTRY(pending)	 byid;
	LIST_ENTRY(pending)	 byarg;
	TAILQ_ENTRY(pending)	 bytime;
	struct pending_wait	*wait;
};

LIST_HEAD(pending_list, pending);
TAILQ_HEAD(pending_queue, pending);

/*
 * Those with the same time to wait end in the order they were asked in.  The
 * last queue is for all others.
 */
struct pending_wait {
	unsigned int		 ms;
	struct pending_queue	 queue;
};

static struct pending_list	 ids[PENDING_BUCKETS];
static struct pending_list	 args[PENDING_BUCKETS];
static struct pending_wait	 waits[PENDING_WAITS];
static size_t			 nwaits;
static struct pending_wait	 failed;	/* never got away */
static uint64_t			 last_id;
static unsigned int		 count;
static struct event		 tick;
static int			 ticking;

static struct pending_list *
bucket_id(uint64_t id)
{
	return (&ids[id & (PENDING_BUCKETS - 1)]);
}

static struct pending_list *
bucket_arg(const void *arg)
{
	uint64_t	 h = (uint64_t)(uintptr_t)arg;

	h *= 0x9e3779b97f4a7c15ULL;	/* 2^64 / golden ratio */
	return (&args[h >> 52 & (PENDING_BUCKETS - 1)]);
}

static struct pending_wait *
wait_of(unsigned int ms)
{
	size_t	 i;

	for (i = 0; i < nwaits; i++)
		if (waits[i].ms == ms)
			return (&waits[i]);
	if (nwaits == PENDING_WAITS)
		return (&waits[PENDING_WAITS - 1]);
	waits[nwaits].ms = ms;
	TAILQ_INIT(&waits[nwaits].queue);
	return (&waits[nwaits++]);
}

static void
pending_tick(int fd, short what, void *arg)
{
	struct timeval	 tv = clock_tv(PENDING_TICK);

	pending_expire(clock_mono());
	ticking = count != 0;
	if (ticking)
		evtimer_add(&tick, &tv);
}

static void
pending_arm(unsigned int ms)
{
	struct timeval	 tv = clock_tv(ms);

	if (!evtimer_initialized(&tick))
		evtimer_set(&tick, pending_tick, NULL);
	evtimer_add(&tick, &tv);
	ticking = 1;
}

/* By deadline: it is nearly always the last one. */
static void
pending_insert(struct pending *p)
{
	struct pending_queue	*q = &p->wait->queue;
	struct pending		*before;

	TAILQ_FOREACH_REVERSE(before, q, pending_queue, bytime)
		if (before->deadline <= p->deadline)
			break;
	if (before == NULL)
		TAILQ_INSERT_HEAD(q, p, bytime);
	else
		TAILQ_INSERT_AFTER(q, before, p, bytime);
}

uint64_t
pending_ask(enum proc_id to, unsigned int inst, uint32_t type, int fd,
    struct wbuf *body, unsigned int wait, pending_cb cb, void *arg)
{
	struct pending	*p;

	/* an answer to the process that was here before must fit nothing */
	while (last_id == 0)
		arc4random_buf(&last_id, sizeof(last_id));
	p = xcalloc(1, sizeof(*p));
	if ((p->id = ++last_id) == 0)
		p->id = ++last_id;
	p->asked = to;
	p->inst = inst;
	p->cb = cb;
	p->arg = arg;
	p->deadline = clock_mono() + wait;
	p->wait = wait_of(wait);
	LIST_INSERT_HEAD(bucket_id(p->id), p, byid);
	LIST_INSERT_HEAD(bucket_arg(arg), p, byarg);
	count++;
	if (proc_send(to, inst, type, p->id, fd, body) == -1) {
		if (failed.queue.tqh_last == NULL)
			TAILQ_INIT(&failed.queue);
		p->wait = &failed;
		TAILQ_INSERT_TAIL(&failed.queue, p, bytime);
		pending_arm(0);
		return (p->id);
	}
	pending_insert(p);
	if (!ticking)
		pending_arm(PENDING_TICK);
	return (p->id);
}

static void
pending_remove(struct pending *p)
{
	LIST_REMOVE(p, byid);
	LIST_REMOVE(p, byarg);
	TAILQ_REMOVE(&p->wait->queue, p, bytime);
	count--;
}

static int
pending_end(struct pending *p, struct proc_msg *m)
{
	pending_cb	 cb = p->cb;
	void		*arg = p->arg;

	pending_remove(p);
	free(p);
	return (cb(arg, m));
}

int
pending_take(struct proc_msg *m)
{
	struct pending	*p;

	LIST_FOREACH(p, bucket_id(m->id), byid)
		if (p->id == m->id)
			break;
	if (p == NULL) {
		/* late answers are normal: clients leave */
		rbuf_skip(&m->body);
		return (0);
	}
	if (p->asked != m->from || p->inst != m->inst)
		return (-1);
	return (pending_end(p, m));
}

void
pending_forget(void *arg)
{
	struct pending_list	*head = bucket_arg(arg);
	struct pending		*p, *next;

	for (p = LIST_FIRST(head); p != NULL; p = next) {
		next = LIST_NEXT(p, byarg);
		if (p->arg != arg)
			continue;
		pending_remove(p);
		free(p);
	}
}

unsigned int
pending_count(void)
{
	return (count);
}

void
pending_peer_gone(enum proc_id id, unsigned int inst)
{
	struct pending	*p, *next;
	size_t		 i;

	/* callbacks may ask again: those go to the end, or to failed */
	for (i = 0; i < nwaits; i++)
		for (p = TAILQ_FIRST(&waits[i].queue); p != NULL; p = next) {
			next = TAILQ_NEXT(p, bytime);
			if (p->asked != id || p->inst != inst)
				continue;
			TAILQ_REMOVE(&p->wait->queue, p, bytime);
			if (failed.queue.tqh_last == NULL)
				TAILQ_INIT(&failed.queue);
			p->wait = &failed;
			TAILQ_INSERT_TAIL(&failed.queue, p, bytime);
		}
	if (count != 0)
		pending_arm(0);
}

void
pending_expire(uint64_t now)
{
	struct pending	*p;
	size_t		 i;
	unsigned int	 n;

	/* what fails in here waits for the next turn: no endless loop */
	for (n = count; n > 0 && failed.queue.tqh_last != NULL &&
	    (p = TAILQ_FIRST(&failed.queue)) != NULL; n--)
		(void)pending_end(p, NULL);
	for (i = 0; i < nwaits; i++)
		while ((p = TAILQ_FIRST(&waits[i].queue)) != NULL &&
		    p->deadline <= now)
			(void)pending_end(p, NULL);
}
