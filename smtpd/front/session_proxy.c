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
 * Sessions that come through a balancer: its header says who the client
 * is, and nothing is done for them before it has been read.
 */

#include <sys/types.h>
#include <sys/socket.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/front/client.h"
#include "smtpd/front/front_policy.h"
#include "smtpd/front/front_trace.h"
#include "smtpd/front/proxy.h"
#include "smtpd/front/session.h"

#define PROXY_WAIT	10000	/* ms; TCP may have to send it again twice */

int
session_is_balancer(const struct listener_conf *l, const struct ip *ip)
{
	size_t	 i;

	for (i = 0; i < l->nproxies; i++)
		if (ip_net_has(&l->proxies[i], ip))
			return (1);
	return (0);
}

void
session_proxy_begin(struct session *s)
{
	if ((s->proxied = calloc(1, sizeof(*s->proxied))) == NULL) {
		session_abandon(s, "out of memory");
		return;
	}
	s->phase = SESSION_PROXY;
	s->idle = clock_mono() + PROXY_WAIT;
}

void
session_proxy_free(struct session *s)
{
	if (s->proxied == NULL)
		return;
	free(s->proxied->head);
	free(s->proxied);
	s->proxied = NULL;
}

/* Whoever set up the balancer is told, unless TLS is spoken here. */
static void
proxy_bad(struct session *s)
{
	char	 text[IP_STR_SIZE];

	front_stats.refused++;
	if (s->listener->tls != LISTENER_TLS) {
		s->phase = SESSION_OPEN;
		session_finish(s, REPLY_PROXY_BAD);
		return;
	}
	log_info("session=%016llx event=end client=%s reason=\"%s\"",
	    (unsigned long long)s->id, ip_format(&s->remote, text,
	    sizeof(text)), reply_get(REPLY_PROXY_BAD)->text);
	session_close(s);
}

static void
proxy_done(struct session *s, const struct proxy_head *h)
{
	char	 text[IP_STR_SIZE], via[IP_STR_SIZE];

	free(s->proxied->head);
	s->proxied->head = NULL;
	(void)ip_format(&s->remote, via, sizeof(via));
	if (h->given) {
		s->remote = h->remote;
		s->remote_port = h->remote_port;
		s->proxied->local = h->local;
		s->proxied->local_port = h->local_port;
	}
	(void)ip_format(&s->remote, text, sizeof(text));
	log_debug("session=%016llx event=proxy client=%s port=%u via=%s",
	    (unsigned long long)s->id, text, s->remote_port, via);
	s->phase = SESSION_OPEN;
	front_trace_begin(s);
	if (front_is_banned(&s->remote)) {
		front_stats.banned++;
		session_finish(s, REPLY_BANNED);
		return;
	}
	s->client = client_enter(&s->remote, front_conf.max_per_client);
	if (s->client != NULL) {
		session_ready(s);
		return;
	}
	front_stats.refused++;
	session_finish(s, REPLY_TOO_MANY_CLIENT);
}

/* The header goes on: keep what there is of it. */
static void
proxy_keep(struct session *s, const uint8_t *head, size_t len)
{
	uint8_t	*copy;

	if ((copy = realloc(s->proxied->head, len)) == NULL) {
		session_abandon(s, "out of memory");
		return;
	}
	memcpy(copy, head, len);
	s->proxied->head = copy;
	s->proxied->len = len;
}

/*
 * What follows the header is the client's, and may be for TLS: it stays
 * with the kernel.  So look first, and then take what belongs to us.
 */
void
session_proxy_step(struct session *s)
{
	static uint8_t		 head[PROXY_HEAD_MAX];
	struct proxy_head	 h;
	enum proxy_result	 result;
	size_t			 used = 0, have = s->proxied->len;
	ssize_t			 n;

	if (have > 0)
		memcpy(head, s->proxied->head, have);
	n = recv(s->fd, head + have, sizeof(head) - have, MSG_PEEK);
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		session_free(s, n == 0 ? "client left" : strerror(errno));
		return;
	}
	session_queue(s);
	result = proxy_parse(head, have + (size_t)n, &h, &used);
	if (result == PROXY_BAD) {
		proxy_bad(s);
		return;
	}
	if (result == PROXY_DONE)
		n = (ssize_t)(used - have);
	if (recv(s->fd, head + have, (size_t)n, 0) != n)
		session_free(s, "client left");
	else if (result == PROXY_DONE)
		proxy_done(s, &h);
	else
		proxy_keep(s, head, have + (size_t)n);
}
