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
 * How a session comes to TLS: at its first octet, or by STARTTLS, RFC 3207.
 */

#include <sys/types.h>
#include <sys/socket.h>

#include <errno.h>
#include <event.h>
#include <stdlib.h>
#include <string.h>
#include <tls.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/front/front_policy.h"
#include "smtpd/front/front_trace.h"
#include "smtpd/front/session.h"
#include "smtpd/front/signer.h"
#include "smtpd/front/tls_server.h"
#include "smtpd/front/tx.h"
#include "smtpd/smtp/line.h"

#define TLS_HANDSHAKE	60000	/* ms for all of it */
#define TLS_TRIM_COUNT	1000	/* sessions that ended */
#define TLS_TRIM_PAUSE	5000	/* ms for more of them to end */

static unsigned int	 ended;		/* since memory was given back */
static struct event	 trim_timer;

static ssize_t
octets_read(struct tls *tls, void *buf, size_t len, void *arg)
{
	struct session	*s = arg;
	ssize_t		 n;

	do
		n = recv(s->fd, buf, len, 0);
	while (n == -1 && errno == EINTR);
	return (n == -1 && errno == EAGAIN ? TLS_WANT_POLLIN : n);
}

static ssize_t
octets_write(struct tls *tls, const void *buf, size_t len, void *arg)
{
	struct session	*s = arg;
	ssize_t		 n;

	do
		n = send(s->fd, buf, len, MSG_NOSIGNAL);
	while (n == -1 && errno == EINTR);
	return (n == -1 && errno == EAGAIN ? TLS_WANT_POLLOUT : n);
}

/* There is nobody who could be told in words. */
static void
tls_failed(struct session *s, const char *why)
{
	char	 text[IP_STR_SIZE], quoted[256];

	(void)log_quote(why, strlen(why), quoted, sizeof(quoted));
	log_info("session=%016llx event=end client=%s reason=\"TLS: %s\"",
	    (unsigned long long)s->id, ip_format(&s->remote, text,
	    sizeof(text)), quoted);
	front_stats.tls_failed++;
	if (s->watched != 0)
		front_trace(s, "tls", "failed", "error", why, NULL);
	s->broken = 1;
	session_close(s);
}

/*
 * RFC 3207 4.2: all that was said in the clear is forgotten.  What stays
 * is the count of errors, which nothing resets.
 */
static void
tls_forget(struct session *s)
{
	tx_reset(s);
	front_policy_end(s);
	s->policy = 0;
	front_auth_forget(s);
	free(s->helo);
	free(s->login);
	s->helo = s->login = NULL;
	s->extensions = 0;
	s->mechanisms = 0;
	s->esmtp = 0;
	s->bad = 0;
}

void
session_tls_begin(struct session *s)
{
	struct tls	*server = tls_server_get(s->listener);

	tls_forget(s);
	s->phase = SESSION_HANDSHAKE;
	s->idle = clock_mono() + TLS_HANDSHAKE;
	s->recv_wait = EV_READ;
	session_queue(s);
	if (server == NULL)
		tls_failed(s, "no certificate");
	else if (tls_accept_cbs(server, &s->tls, octets_read, octets_write,
	    s) == -1)
		tls_failed(s, tls_error(server));
}

static void
tls_done(struct session *s)
{
	const char	*name = tls_conn_servername(s->tls);
	char		 quoted[512] = "";

	if (name != NULL)
		(void)log_quote(name, strlen(name), quoted, sizeof(quoted));
	log_info("session=%016llx event=tls version=%s cipher=%s resumed=%d "
	    "name=\"%s\"", (unsigned long long)s->id,
	    tls_conn_version(s->tls), tls_conn_cipher(s->tls),
	    tls_conn_session_resumed(s->tls), quoted);
	front_stats.tls++;
	if (s->watched != 0)
		front_trace(s, "tls", tls_conn_version(s->tls), "cipher",
		    tls_conn_cipher(s->tls), "resumed",
		    tls_conn_session_resumed(s->tls) ? "yes" : "no", "name",
		    name == NULL ? "" : name, NULL);
	if (tls_conn_session_resumed(s->tls))
		front_stats.tls_resumed++;
	s->phase = SESSION_OPEN;
	s->recv_wait = EV_READ;
	s->more = 1;		/* what came with the last flight */
	session_touch(s);
	if (s->listener->tls == LISTENER_TLS)
		session_greet(s);
}

void
session_tls_step(struct session *s)
{
	const char	*why;
	int		 ret;

	session_queue(s);
	ret = tls_server_handshake(s->tls);
	if (ret == TLS_WANT_POLLIN)
		s->recv_wait = EV_READ;
	else if (ret == TLS_WANT_POLLOUT)
		s->recv_wait = EV_WRITE;
	else if (ret == 0)
		tls_done(s);
	else if (ret == 1)
		tls_failed(s, "client left");
	else {
		why = tls_error(s->tls);
		tls_failed(s, why == NULL ? "no reason" : why);
	}
}

static void
tls_trim(int fd, short what, void *arg)
{
	ended = 0;
#ifdef __GLIBC__
	(void)malloc_trim(0);	/* 0: there was nothing to give back */
#endif
}

/*
 * malloc keeps what thousands of sessions had, some 15 KiB each, unless it
 * is asked for it.
 */
static void
tls_ended(void)
{
	struct timeval	 tv = clock_tv(TLS_TRIM_PAUSE);

	if (++ended != TLS_TRIM_COUNT)
		return;
	evtimer_set(&trim_timer, tls_trim, NULL);
	evtimer_add(&trim_timer, &tv);
}

void
session_tls_free(struct session *s)
{
	if (s->tls == NULL)
		return;
	tls_free(s->tls);
	s->tls = NULL;
	tls_ended();
}

int
session_offers_tls(const struct session *s)
{
	return (s->listener->tls == LISTENER_STARTTLS && s->tls == NULL &&
	    tls_server_get(s->listener) != NULL);
}

/* What follows is parked until the turn ends: session_starttls. */
enum reply
front_starttls(struct session *s, const char *arg, size_t len)
{
	if (s->tls != NULL)
		return (REPLY_BAD_SEQUENCE);
	if (s->listener->tls != LISTENER_STARTTLS)
		return (REPLY_NOT_IMPLEMENTED);
	if (!session_offers_tls(s) || !signer_up())
		return (REPLY_STARTTLS_TEMPFAIL);
	s->asking = VERB_STARTTLS;
	session_queue(s);
	return (REPLY_NONE);
}

/*
 * Anything that came behind the command was sent in the clear by somebody,
 * and must not be taken for a command of the client: CVE-2011-0411.
 */
void
session_starttls(struct session *s)
{
	s->asking = VERB_NONE;
	if (session_early(s) > 0) {
		session_finish(s, REPLY_SYNC);
		return;
	}
	session_reply(s, REPLY_STARTTLS, NULL);
	if (s->phase != SESSION_OPEN)
		return;
	s->phase = SESSION_UPGRADING;
	s->idle = clock_mono() + TLS_HANDSHAKE;
}
