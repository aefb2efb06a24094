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
 * The life of a client connection, and its deadlines.
 */

#include <sys/types.h>
#include <sys/socket.h>

#include <event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/pending.h"
#include "smtpd/base/proc.h"
#include "smtpd/front/client.h"
#include "smtpd/front/files.h"
#include "smtpd/front/front_policy.h"
#include "smtpd/front/front_trace.h"
#include "smtpd/front/session.h"
#include "smtpd/front/tx.h"
#include "smtpd/smtp/line.h"

static void	 session_timer(int, short, void *);

static TAILQ_HEAD(, session)	 sessions = TAILQ_HEAD_INITIALIZER(sessions);
static unsigned int		 count;
static uint64_t			 last_id;

struct front_stats		 front_stats;

unsigned int
session_count(void)
{
	return (count);
}

struct session *
session_first(void)
{
	return (TAILQ_FIRST(&sessions));
}

struct session *
session_after(uint64_t id)
{
	struct session	*s;

	TAILQ_FOREACH(s, &sessions, entry)
		if (s->id > id)
			break;
	return (s);
}

/* One who speaks before the greeting is no mail server: RFC 5321 4.3.1. */
void
session_greet(struct session *s)
{
	char	 text[CONF_HOST_MAX + sizeof(" ESMTP")];

	if (session_early(s) > 0) {
		session_finish(s, REPLY_EARLY_TALKER);
		return;
	}
	(void)snprintf(text, sizeof(text), "%s ESMTP", front_conf.hostname);
	session_reply_text(s, 220, "", text);
}

void
session_ready(struct session *s)
{
	if (s->listener->tls == LISTENER_TLS)
		session_tls_begin(s);
	else
		session_greet(s);
}

void
session_start(int fd, const struct ip *ip, uint16_t port,
    const struct listener_conf *listener, struct client *client)
{
	struct session	*s;
	char		 text[IP_STR_SIZE];

	if ((s = calloc(1, sizeof(*s))) == NULL) {
		log_warn("session");
		client_leave(client);
		close(fd);
		files_give();
		return;
	}
	if (last_id == 0)	/* differs from that of any other front */
		last_id = (uint64_t)proc_inst() << 56 |
		    (uint64_t)clock_wall() << 20;
	s->id = ++last_id;
	s->fd = fd;
	s->remote = *ip;
	s->remote_port = port;
	s->listener = listener;
	s->client = client;
	s->asking = VERB_NONE;
	s->recv_wait = EV_READ;
	s->send_wait = EV_WRITE;
	s->start = clock_mono();
	s->end = s->start + front_conf.duration;
	event_set(&s->io, fd, EV_READ | EV_PERSIST, session_io, s);
	evtimer_set(&s->timer, session_timer, s);
	TAILQ_INSERT_TAIL(&sessions, s, entry);
	count++;
	front_policy_join(s);
	front_stats.connections++;
	if (listener->nproxies == 0)
		front_trace_begin(s);
	log_debug("session=%016llx event=connect client=%s port=%u",
	    (unsigned long long)s->id, ip_format(ip, text, sizeof(text)),
	    port);
	if (listener->nproxies > 0)
		session_proxy_begin(s);
	else
		session_ready(s);
	session_queue(s);
}

/* A client may have as many as it likes, of most kinds without an error. */
int
session_may_log(struct session *s)
{
	return (lines_more(&s->refusals, clock_mono()));
}

void
session_free(struct session *s, const char *why)
{
	char	 text[IP_STR_SIZE];

	if (s->phase < SESSION_CLOSING)
		log_info("session=%016llx event=end client=%s reason=\"%s\"",
		    (unsigned long long)s->id, ip_format(&s->remote, text,
		    sizeof(text)), why);
	if (s->refusals.left_out > 0)
		log_info("session=%016llx event=unlogged client=%s "
		    "refusals=%llu", (unsigned long long)s->id,
		    ip_format(&s->remote, text, sizeof(text)),
		    (unsigned long long)s->refusals.left_out);
	if (s->watched != 0)
		front_trace_end(s, why[0] == '\0' ? "closed" : why);
	tx_reset(s);
	pending_forget(s);
	front_policy_end(s);
	session_io_free(s);
	session_proxy_free(s);
	evtimer_del(&s->timer);
	close(s->fd);
	files_give();
	client_leave(s->client);
	TAILQ_REMOVE(&sessions, s, entry);
	count--;
	front_auth_forget(s);
	front_policy_leave(s);
	free(s->helo);
	free(s->login);
	free(s);
}

/* No command is read any more; what was in flight is forgotten. */
void
session_close(struct session *s)
{
	tx_reset(s);
	pending_forget(s);
	s->asking = VERB_NONE;
	s->phase = SESSION_CLOSING;
	s->idle = clock_mono() + SESSION_LINGER;
	session_queue(s);
}

void
session_finish(struct session *s, enum reply reply)
{
	char	 text[IP_STR_SIZE];

	/* there and in the middle of a handshake nothing can be said */
	if (s->phase == SESSION_PROXY || s->phase == SESSION_UPGRADING ||
	    s->phase == SESSION_HANDSHAKE)
		s->broken = 1;
	else if (s->phase != SESSION_OPEN)
		return;
	if (reply != REPLY_QUIT)
		log_info("session=%016llx event=end client=%s reason=\"%s\"",
		    (unsigned long long)s->id, ip_format(&s->remote, text,
		    sizeof(text)), reply == REPLY_NONE ? "told so" :
		    reply_get(reply)->text);
	if (reply != REPLY_NONE)
		session_reply(s, reply, NULL);
	session_close(s);
}

void
session_abandon(struct session *s, const char *why)
{
	if (s->phase >= SESSION_CLOSING)
		return;
	log_warnx("session=%016llx event=end reason=\"%s\"",
	    (unsigned long long)s->id, why);
	session_close(s);
}

void
session_finish_all(enum reply reply)
{
	struct session	*s;

	TAILQ_FOREACH(s, &sessions, entry)
		if (!session_in_commit(s))
			session_finish(s, reply);
}

/* Who waits for a commit hears of it first: else mail would come twice. */
int
session_in_commit(const struct session *s)
{
	return (s->tx != NULL && s->tx->stage == TX_COMMIT);
}

int
session_is_waiting(const struct session *s)
{
	return (s->asking != VERB_NONE || tx_asked(s->tx) > 0);
}

void
session_touch(struct session *s)
{
	if (s->phase == SESSION_OPEN)
		s->idle = clock_mono() + front_conf.timeout;
}

static uint64_t
session_deadline(const struct session *s)
{
	uint64_t	 when = s->end, due;

	if (s->phase != SESSION_OPEN)
		return (s->idle);
	if (session_in_commit(s))
		return (UINT64_MAX);	/* the question has a deadline */
	if (!session_is_waiting(s) && s->idle < when)
		when = s->idle;
	if ((due = front_auth_due(s)) != 0 && due < when)
		when = due;
	if ((due = front_rcpt_due(s)) != 0 && due < when)
		when = due;
	return (when);
}

/* Deadlines mostly move away: then the timer fires early, and looks again. */
void
session_arm(struct session *s)
{
	struct timeval	 tv;
	uint64_t	 when, now;

	when = session_deadline(s);
	if (when == UINT64_MAX || (s->armed != 0 && s->armed <= when))
		return;
	now = clock_mono();
	tv = clock_tv(when > now ? when - now : 0);
	evtimer_add(&s->timer, &tv);
	s->armed = when;
}

static void
session_timer(int fd, short what, void *arg)
{
	struct session	*s = arg;
	uint64_t	 due, now = clock_mono();

	s->armed = 0;
	if (s->phase != SESSION_OPEN) {
		if (now >= s->idle) {
			session_free(s, s->phase == SESSION_PROXY ?
			    "no PROXY header in time" :
			    "TLS handshake timeout");
			return;
		}
	} else if (session_in_commit(s))
		return;
	else if (now >= s->end)
		session_finish(s, REPLY_DURATION);
	else if (now >= s->idle && !session_is_waiting(s))
		session_finish(s, REPLY_TIMEOUT);
	else if ((due = front_rcpt_due(s)) != 0 && now >= due)
		front_rcpt_flush(s);
	else if ((due = front_auth_due(s)) != 0 && now >= due)
		session_queue(s);
	/* its turn does, when it has one: what is due is due no longer then */
	if (!s->queued)
		session_arm(s);
}
