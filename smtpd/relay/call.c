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
 * Connections on libevent and libtls: their life, and what ends it.  What is
 * said is talk.c's, what comes of it errand.c's, how octets move
 * call_turn.c's.
 */

#include <sys/types.h>

#include <bsd/string.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/xmem.h"
#include "smtpd/relay/errand.h"
#include "smtpd/relay/call.h"
#include "smtpd/relay/call_io.h"

#define CALL_IDLE	3000	/* ms an idle connection is kept */
#define CALL_MESSAGES	100	/* over one connection */
#define CALL_LIFE	300000	/* ms after which no message begins */

/* RFC 5321 4.5.3.2, ms. */
#define WAIT_CONNECT	30000
#define WAIT_HANDSHAKE	60000
#define WAIT_GREETING	300000
#define WAIT_COMMAND	300000
#define WAIT_TEXT	180000	/* for each piece */
#define WAIT_FINAL	600000
#define WAIT_QUIT	5000

static const struct relay_conf	*conf;
static unsigned int		 ncalls;

void
call_init(const struct relay_conf *c)
{
	conf = c;
	io_init();
}

unsigned int
call_count(void)
{
	return (ncalls);
}

static unsigned int
call_wait(const struct call *c)
{
	if (c->phase == CALL_CONNECT)
		return (WAIT_CONNECT);
	if (c->phase == CALL_HANDSHAKE)
		return (WAIT_HANDSHAKE);
	switch (c->talk.state) {
	case TALK_IN_GREETING:
		return (WAIT_GREETING);
	case TALK_IN_IDLE:
		return (CALL_IDLE);
	case TALK_IN_TEXT:
		return (WAIT_TEXT);
	case TALK_IN_FINAL:
		return (WAIT_FINAL);
	case TALK_IN_QUIT:
		return (WAIT_QUIT);
	default:
		return (WAIT_COMMAND);
	}
}

/* Something was achieved: the time begins anew. */
void
call_alarm(struct call *c)
{
	struct timeval	 tv = clock_tv(call_wait(c));

	evtimer_add(&c->timer, &tv);
}

void
call_arm(struct call *c, short what)
{
	event_del(&c->event);
	event_set(&c->event, c->fd, what, call_event, c);
	event_add(&c->event, NULL);
}

void
call_close(struct call *c)
{
	if (c->idle)
		TAILQ_REMOVE(&c->target->idle, c, entry);
	event_del(&c->event);
	evtimer_del(&c->timer);
	io_close(c);
	free(c->text);
	target_drop(c->target);
	ncalls--;
	free(c);
}

/* The connection is of no more use: its message is told, if there is one. */
void
call_lost(struct call *c, enum talk_fault fault, const char *why)
{
	struct errand	*e = c->errand;

	talk_lost(&c->talk, fault, why);
	c->errand = NULL;
	if (e != NULL)
		errand_lost(e, c);
	call_close(c);
}

void
call_lost_errno(struct call *c, const char *what)
{
	char	 why[128];

	(void)snprintf(why, sizeof(why), "%s: %s", what, strerror(errno));
	call_lost(c, TALK_LOST, why);
}

static void
call_timer(int fd, short what, void *arg)
{
	struct call	*c = arg;

	if (!c->idle) {
		call_lost(c, TALK_LOST, c->phase == CALL_CONNECT ?
		    "no connection in time" : "no answer in time");
		return;
	}
	TAILQ_REMOVE(&c->target->idle, c, entry);
	c->idle = 0;
	talk_quit(&c->talk);
	call_alarm(c);
	call_turn(c);
}

static void
call_begin(struct call *c)
{
	errand_fit(c->errand, &c->talk);
	c->messages++;
	c->offset = c->errand->ask.offset;
	c->left = c->errand->ask.length;
}

/* The message is over: the connection waits for the next one, or ends. */
static void
call_done(struct call *c)
{
	struct errand	*e = c->errand;

	free(c->text);
	c->text = NULL;
	c->textlen = c->textpos = 0;
	c->errand = NULL;
	if (c->messages < CALL_MESSAGES &&
	    clock_mono() - c->born < CALL_LIFE) {
		c->idle = 1;
		TAILQ_INSERT_HEAD(&c->target->idle, c, entry);
	} else
		talk_quit(&c->talk);
	/* the next errand may take it up at once */
	errand_done(e, c);
}

/* READY, or DONE with recipients that have no outcome yet. */
void
call_ready(struct call *c)
{
	struct errand	*e = c->errand;
	size_t		 i;

	for (i = 0; i < e->tx.nrcpts; i++)
		if (e->tx.rcpts[i].outcome == TALK_OPEN)
			break;
	if (i == e->tx.nrcpts)
		call_done(c);
	else {
		call_begin(c);
		if (talk_begin(&c->talk, &e->tx) == TALK_DONE)
			call_done(c);
	}
}

int
call_reuse(struct target *t, struct errand *e)
{
	struct call	*c;

	if ((c = TAILQ_FIRST(&t->idle)) == NULL)
		return (0);
	TAILQ_REMOVE(&t->idle, c, entry);
	c->idle = 0;
	c->errand = e;
	e->call = c;
	call_ready(c);
	call_alarm(c);
	/* what is said goes out in the next turn of the loop */
	call_arm(c, EV_READ | EV_WRITE);
	return (1);
}

static const char *
call_secret(const struct nexthop *h)
{
	char	 where[sizeof(conf->secrets[0].where)];
	size_t	 i;

	(void)snprintf(where, sizeof(where), "%s@%s", h->user, h->host);
	for (i = 0; i < conf->nsecrets; i++)
		if (strcmp(conf->secrets[i].where, where) == 0)
			return (conf->secrets[i].secret);
	return ("");
}

int
call_open(struct target *t, const struct place *p, const char *name,
    int plain, struct errand *e)
{
	struct talk_conf	 tc = { .helo = conf->hostname,
	    .tls = t->hop.tls, .lmtp = t->hop.lmtp, .plain = plain };
	struct call		*c;
	int			 fd;

	if ((fd = io_connect(&t->hop, p)) == -1)
		return (-1);
	c = xcalloc(1, sizeof(*c));
	c->fd = fd;
	c->target = t;
	t->users++;
	ncalls++;
	c->place = *p;
	(void)strlcpy(c->name, name, sizeof(c->name));
	c->born = clock_mono();
	c->errand = e;
	e->call = c;
	if (t->hop.user[0] != '\0') {
		tc.user = t->hop.user;
		tc.secret = call_secret(&t->hop);
	}
	talk_init(&c->talk, &tc);
	c->phase = CALL_CONNECT;
	evtimer_set(&c->timer, call_timer, c);
	event_set(&c->event, c->fd, EV_WRITE, call_event, c);
	event_add(&c->event, NULL);
	call_alarm(c);
	return (0);
}
