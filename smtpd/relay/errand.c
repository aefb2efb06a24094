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
 * Errands: which address is tried, what an end of a connection means, and
 * the answer to the queue.
 */

#include <sys/types.h>

#include <bsd/string.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/idn.h"
#include "smtpd/base/log.h"
#include "smtpd/base/proc.h"
#include "smtpd/base/xmem.h"
#include "smtpd/msg/msg.h"
#include "smtpd/relay/errand.h"
#include "smtpd/relay/call.h"
#include "smtpd/relay/target.h"
#include "smtpd/relay/textscan.h"
#include "smtpd/smtp/ext.h"
#include "smtpd/smtp/utf8.h"

#define ERRAND_TRIES	8	/* addresses for one message in one try */

static uint64_t			 queue_life;
static struct errand_stats	 stats;

static void	 errand_go(struct errand *);
static void	 errand_next(struct errand *);

void
errand_queue_gone(void)
{
	queue_life++;
}

void
errand_stats(struct errand_stats *st)
{
	*st = stats;
}

static void
errand_free(struct errand *e)
{
	evtimer_del(&e->timer);
	if (e->waiting)
		TAILQ_REMOVE(&e->target->waiting, e, entry);
	places_drop(e->places);
	if (e->target != NULL)
		target_drop(e->target);
	(void)close(e->fd);	/* was open for reading */
	free(e->ask.rcpts);
	free(e->tx.rcpts);
	free(e);
	stats.running--;
}

static enum relay_outcome
errand_count(enum talk_outcome o)
{
	switch (o) {
	case TALK_OK:
		stats.ok++;
		return (RELAY_OK);
	case TALK_NEVER:
		stats.never++;
		return (RELAY_NEVER);
	default:
		stats.later++;
		return (RELAY_LATER);
	}
}

/* Every recipient has an outcome: tell the queue, and end. */
static void
errand_answer(struct errand *e, int down)
{
	struct relay_answer	 ans = { .down = (uint8_t)down,
	    .dsn = e->tx.dsn };
	struct talk_rcpt	*r = e->tx.rcpts;
	struct relay_result	*p;
	struct wbuf		 w;
	uint32_t		 i;

	(void)strlcpy(ans.mta, e->mta, sizeof(ans.mta));
	ans.nrcpts = e->ask.nrcpts;
	ans.results = xcalloc(ans.nrcpts, sizeof(*ans.results));
	for (i = 0, p = ans.results; i < ans.nrcpts; i++, p++, r++) {
		p->outcome = errand_count(r->outcome);
		p->code = (uint16_t)r->code;
		(void)strlcpy(p->enhanced, r->enhanced, sizeof(p->enhanced));
		(void)strlcpy(p->text, r->text, sizeof(p->text));
	}
	wbuf_init(&w);
	msg_put_relay_answer(&w, &ans);
	free(ans.results);
	/* a new queue process asks anew */
	if (e->life == queue_life)
		(void)proc_send(PROC_QUEUE, 0, MSG_RELAY_DONE_ANSWER,
		    e->question, -1, &w);
	else
		wbuf_free(&w);
	errand_free(e);
}

static void
errand_settle(struct errand *e, enum talk_outcome o, const char *enhanced,
    const char *why, int down)
{
	talk_settle(&e->tx, o, 0, enhanced, why);
	errand_answer(e, down);
}

/* All addresses have been tried. */
static void
errand_give_up(struct errand *e)
{
	/* RFC 7504: no server of that domain ever takes mail */
	if (e->unwanted && !e->refused)
		errand_settle(e, TALK_NEVER, "5.3.2", e->why, 0);
	else
		errand_settle(e, TALK_LATER, "4.4.1", e->why[0] == '\0' ?
		    "no server can be reached" : e->why, !e->reached);
}

static void
errand_why(struct errand *e, const char *name, const struct place *p,
    const char *what)
{
	char	 ip[IP_STR_SIZE];

	(void)snprintf(e->why, sizeof(e->why), "%s [%s]: %s", name,
	    ip_format(&p->ip, ip, sizeof(ip)), what);
}

static void
errand_open(struct errand *e, const struct place *p)
{
	const char	*name = e->places->names[p->host];

	(void)strlcpy(e->mta, name, sizeof(e->mta));
	if (call_open(e->target, p, name, e->plain, e) == 0)
		return;
	e->refused = 1;
	errand_why(e, name, p, strerror(errno));
	errand_next(e);
}

static void
errand_next(struct errand *e)
{
	e->plain = 0;
	if (e->place == e->places->n || e->tries++ == ERRAND_TRIES)
		errand_give_up(e);
	else
		errand_open(e, &e->places->list[e->place++]);
}

/* The addresses are known, or are known not to be. */
static void
errand_ready(struct errand *e)
{
	const struct target	*t = e->target;

	e->waiting = 0;
	if (t->state == TARGET_FOUND) {
		e->places = places_use(t->places);
		e->place = 0;
		errand_next(e);
	} else
		errand_settle(e, t->state == TARGET_NEVER ? TALK_NEVER :
		    TALK_LATER, t->enhanced, t->why, 1);
}

static void
errand_go(struct errand *e)
{
	if (call_reuse(e->target, e))
		return;
	if (e->places != NULL)
		errand_next(e);
	else if (target_ask(e->target, errand_ready)) {
		e->waiting = 1;
		TAILQ_INSERT_TAIL(&e->target->waiting, e, entry);
	} else
		errand_ready(e);
}

void
errand_fit(struct errand *e, const struct talk *t)
{
	int	 eight, head;

	(void)strlcpy(e->mta, e->call->name, sizeof(e->mta));
	if (!(e->tx.eight && !(t->ext & SMTP_EXT_8BITMIME)) &&
	    !(e->tx.utf8 && !(t->ext & SMTP_EXT_SMTPUTF8)))
		return;
	/* what was announced need not be there */
	if (text_scan(e->fd, e->ask.offset, e->ask.length, &eight, &head) ==
	    -1)
		return;
	e->tx.eight = (uint8_t)(e->tx.eight && eight);
	e->tx.utf8_head = (uint8_t)head;
}

static void
errand_log(const struct errand *e, const struct call *c)
{
	char	 ip[IP_STR_SIZE];

	log_debug("message=%016" PRIx64 " event=relay host=%s ip=%s tls=%d "
	    "fault=%d why=\"%s\"", e->ask.id, c->name, ip_format(
	    &c->place.ip, ip, sizeof(ip)), c->talk.conf.secure,
	    (int)c->talk.fault, c->talk.why);
}

void
errand_done(struct errand *e, const struct call *c)
{
	errand_log(e, c);
	e->call = NULL;
	errand_answer(e, 0);
}

/* Recipients that the lost connection alone has put off are open again. */
static int
errand_reopen(struct errand *e)
{
	struct talk_rcpt	*r;
	int			 n = 0;

	for (r = e->tx.rcpts; r < e->tx.rcpts + e->tx.nrcpts; r++)
		if (r->outcome == TALK_LATER && r->code == 0) {
			r->outcome = TALK_OPEN;
			n = 1;
		}
	return (n);
}

void
errand_lost(struct errand *e, const struct call *c)
{
	const struct talk	*t = &c->talk;

	errand_log(e, c);
	e->call = NULL;
	errand_why(e, c->name, &c->place, t->why);
	talk_settle(&e->tx, TALK_LATER, 0, "", t->why);
	if (!talk_may_repeat(t) || !errand_reopen(e))
		errand_answer(e, 0);
	else if (t->fault == TALK_LOOP)
		errand_settle(e, TALK_NEVER, "5.4.6", t->why, 0);
	else if (t->fault == TALK_NO_AUTH)
		errand_settle(e, TALK_LATER, "4.7.0", e->why, 1);
	else if (c->messages > 1)
		/* it had carried others: it was just let go */
		errand_go(e);
	else if (t->fault == TALK_NO_TLS && !e->plain &&
	    e->target->hop.tls == NEXTHOP_TLS_DEFAULT) {
		e->plain = 1;
		errand_open(e, &c->place);
	} else {
		if (t->fault == TALK_UNWANTED)
			e->unwanted = 1;
		else
			e->refused = 1;
		errand_next(e);
	}
}

/* Whatever it is, it takes too long; nobody may hold an errand for ever. */
static void
errand_timer(int fd, short what, void *arg)
{
	struct errand	*e = arg;

	if (e->call != NULL)
		call_close(e->call);
	e->call = NULL;
	errand_settle(e, TALK_LATER, "4.4.2", "it took too long", 0);
}

/* A domain that is not ASCII has a form that every server understands. */
static void
errand_fold(struct address *a)
{
	char	 domain[ADDRESS_DOMAIN_MAX + 1];

	if (utf8_is_ascii(a->local, strlen(a->local)) &&
	    !utf8_is_ascii(a->domain, strlen(a->domain)) &&
	    idn_fold(a->domain, domain, sizeof(domain)) == 0)
		memcpy(a->domain, domain, sizeof(a->domain));
}

static void
errand_tx(struct errand *e)
{
	struct talk_tx	*tx = &e->tx;
	size_t		 i;

	tx->sender = e->ask.sender;
	errand_fold(&tx->sender);
	tx->size = e->ask.length;
	tx->eight = e->ask.body8;
	tx->utf8 = e->ask.smtputf8;
	tx->ret = (enum mail_ret)e->ask.ret;
	(void)strlcpy(tx->envid, e->ask.envid, sizeof(tx->envid));
	tx->nrcpts = e->ask.nrcpts;
	tx->rcpts = xcalloc(tx->nrcpts, sizeof(*tx->rcpts));
	for (i = 0; i < tx->nrcpts; i++) {
		tx->rcpts[i].rcpt = e->ask.rcpts[i].rcpt;
		errand_fold(&tx->rcpts[i].rcpt);
		tx->rcpts[i].notify = e->ask.rcpts[i].notify;
		(void)strlcpy(tx->rcpts[i].orcpt, e->ask.rcpts[i].orcpt,
		    sizeof(tx->rcpts[i].orcpt));
	}
}

int
errand_take(struct proc_msg *m)
{
	const char	*why = "";
	struct timeval	 tv;
	struct errand	*e = xcalloc(1, sizeof(*e));

	if (msg_get_relay_ask(&m->body, &e->ask) == -1) {
		free(e);
		return (-1);
	}
	stats.running++;
	e->question = m->id;
	e->life = queue_life;
	e->fd = m->fd;
	m->fd = -1;
	errand_tx(e);
	evtimer_set(&e->timer, errand_timer, e);
	tv = clock_tv(RELAY_JOB_MS(e->ask.length));
	evtimer_add(&e->timer, &tv);
	if ((e->target = target_use(e->ask.nexthop, &why)) == NULL) {
		log_warnx("message=%016" PRIx64 " event=no-route: a next hop "
		    "that %s", e->ask.id, why);
		errand_settle(e, TALK_LATER, "4.3.5",
		    "the route is not usable", 1);
	} else
		errand_go(e);
	return (0);
}
