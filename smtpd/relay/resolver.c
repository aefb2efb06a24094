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
 * c-ares and libevent.
 */

#include <sys/types.h>
#include <sys/select.h>
#include <sys/socket.h>

#include <ares.h>
#include <arpa/nameser.h>
#include <bsd/string.h>
#include <event.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/xmem.h"
#include "smtpd/relay/resolver.h"

#define RESOLVER_TIMEOUT 4000	/* ms for the first try of a server */
#define RESOLVER_TRIES	3

/* A socket of c-ares. */
struct watch {
	int		 fd;
	struct event	 event;
	struct watch	*next;
};

struct question {
	resolver_mx_cb	 mx;
	resolver_ip_cb	 ip;
	resolver_raw_cb	 raw;
	int		 family;
	void		*arg;
	/* answered at once: told in the next turn */
	struct event	 later;
	enum resolver_status status;
};

static ares_channel	 channel;
static struct watch	*watches;
static struct event	 timer;
static unsigned int	 nasked;

/* c-ares wants to be woken up by itself. */
static void
resolver_arm(void)
{
	struct timeval	 tv, *next;

	next = ares_timeout(channel, NULL, &tv);
	if (next != NULL)
		evtimer_add(&timer, next);
	else
		evtimer_del(&timer);
}

static void
resolver_timer(int fd, short what, void *arg)
{
	ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	resolver_arm();
}

static void
resolver_event(int fd, short what, void *arg)
{
	ares_process_fd(channel, what & EV_READ ? fd : ARES_SOCKET_BAD,
	    what & EV_WRITE ? fd : ARES_SOCKET_BAD);
	resolver_arm();
}

static void
watch_free(struct watch **p)
{
	struct watch	*w = *p;

	*p = w->next;
	event_del(&w->event);
	free(w);
}

static void
resolver_socket(void *arg, ares_socket_t fd, int readable, int writable)
{
	struct watch	**p, *w;
	short		  what = EV_PERSIST;

	for (p = &watches; *p != NULL && (*p)->fd != fd; p = &(*p)->next)
		;
	if (*p != NULL)
		watch_free(p);
	if (!readable && !writable)
		return;
	w = xcalloc(1, sizeof(*w));
	w->fd = fd;
	what |= (short)((readable ? EV_READ : 0) | (writable ? EV_WRITE : 0));
	event_set(&w->event, fd, what, resolver_event, NULL);
	event_add(&w->event, NULL);
	w->next = watches;
	watches = w;
}

void
resolver_init(const char *servers)
{
	struct ares_options	 o;
	int			 ret;

	memset(&o, 0, sizeof(o));
	o.timeout = RESOLVER_TIMEOUT;
	o.tries = RESOLVER_TRIES;
	o.sock_state_cb = resolver_socket;
	o.ndomains = 0;
	if ((ret = ares_library_init(ARES_LIB_INIT_ALL)) != ARES_SUCCESS ||
	    (ret = ares_init_options(&channel, &o, ARES_OPT_TIMEOUTMS |
	    ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB | ARES_OPT_DOMAINS)) !=
	    ARES_SUCCESS)
		fatalx("resolver: %s", ares_strerror(ret));
	if (servers[0] != '\0' && (ret = ares_set_servers_ports_csv(channel,
	    servers)) != ARES_SUCCESS)
		fatalx("resolver \"%s\": %s", servers, ares_strerror(ret));
	evtimer_set(&timer, resolver_timer, NULL);
}

unsigned int
resolver_asked(void)
{
	return (nasked);
}

static enum resolver_status
resolver_status(int status)
{
	switch (status) {
	case ARES_SUCCESS:
		return (RESOLVER_OK);
	case ARES_ENODATA:
		return (RESOLVER_NONE);
	case ARES_ENOTFOUND:
		return (RESOLVER_NO_NAME);
	default:
		return (RESOLVER_TEMPFAIL);
	}
}

static enum resolver_status
read_mx(const unsigned char *body, int len, struct mx *out, size_t *n)
{
	struct ares_mx_reply	*list = NULL, *p;
	size_t			 k;
	int			 ret;

	ret = ares_parse_mx_reply(body, len, &list);
	for (p = list; ret == ARES_SUCCESS && p != NULL &&
	    *n < RESOLVER_MX_MAX; p = p->next) {
		if (strlcpy(out[*n].host, p->host, sizeof(out[*n].host)) >=
		    sizeof(out[*n].host))
			continue;
		for (k = 0; out[*n].host[k] != '\0'; k++)
			if (out[*n].host[k] >= 'A' && out[*n].host[k] <= 'Z')
				out[*n].host[k] += 'a' - 'A';
		out[(*n)++].preference = p->priority;
	}
	if (list != NULL)
		ares_free_data(list);
	if (ret == ARES_SUCCESS && *n == 0)
		return (RESOLVER_NONE);
	return (resolver_status(ret));
}

static enum resolver_status
read_ip(const struct question *q, const unsigned char *body, int len,
    struct ip *out, size_t *n)
{
	struct ares_addr6ttl	 six[RESOLVER_IP_MAX];
	struct ares_addrttl	 four[RESOLVER_IP_MAX];
	int			 ret, i, got = RESOLVER_IP_MAX;

	if (q->family == 4)
		ret = ares_parse_a_reply(body, len, NULL, four, &got);
	else
		ret = ares_parse_aaaa_reply(body, len, NULL, six, &got);
	if (ret != ARES_SUCCESS)
		return (resolver_status(ret));
	for (i = 0; i < got; i++) {
		memset(&out[i], 0, sizeof(out[i]));
		out[i].family = (uint8_t)q->family;
		if (q->family == 4)
			memcpy(out[i].octets, &four[i].ipaddr, 4);
		else
			memcpy(out[i].octets, &six[i].ip6addr, 16);
	}
	*n = (size_t)got;
	return (got == 0 ? RESOLVER_NONE : RESOLVER_OK);
}

static void
question_tell(struct question *q, enum resolver_status status,
    const unsigned char *body, int len)
{
	struct mx	 hosts[RESOLVER_MX_MAX];
	struct ip	 ips[RESOLVER_IP_MAX];
	size_t		 n = 0;

	nasked--;
	if (q->mx != NULL) {
		if (status == RESOLVER_OK)
			status = read_mx(body, len, hosts, &n);
		q->mx(q->arg, status, hosts, n);
	} else if (q->raw != NULL)
		q->raw(q->arg, status, body, len);
	else {
		if (status == RESOLVER_OK)
			status = read_ip(q, body, len, ips, &n);
		q->ip(q->arg, status, ips, n);
	}
	free(q);
}

static void
question_later(int fd, short what, void *arg)
{
	struct question	*q = arg;

	question_tell(q, q->status, NULL, 0);
}

static int	 asking;	/* within ares_query */

static void
question_done(void *arg, int status, int timeouts, unsigned char *body,
    int len)
{
	struct question	*q = arg;
	struct timeval	 now = { 0, 0 };

	if (!asking) {
		question_tell(q, resolver_status(status), body, len);
		return;
	}
	/* refused without asking: a name that is none, no server, no socket */
	q->status = status == ARES_SUCCESS ? RESOLVER_TEMPFAIL :
	    status == ARES_EBADNAME ? RESOLVER_NO_NAME :
	    resolver_status(status);
	evtimer_set(&q->later, question_later, q);
	evtimer_add(&q->later, &now);
}

static void
question_ask(const char *name, int type, struct question *q)
{
	nasked++;
	asking = 1;
	ares_query(channel, name, ns_c_in, type, question_done, q);
	asking = 0;
	resolver_arm();
}

void
resolver_mx(const char *domain, resolver_mx_cb cb, void *arg)
{
	struct question	*q = xcalloc(1, sizeof(*q));

	q->mx = cb;
	q->arg = arg;
	question_ask(domain, ns_t_mx, q);
}

void
resolver_ip(const char *host, int family, resolver_ip_cb cb, void *arg)
{
	struct question	*q = xcalloc(1, sizeof(*q));

	q->ip = cb;
	q->arg = arg;
	q->family = family;
	question_ask(host, family == 4 ? ns_t_a : ns_t_aaaa, q);
}

void
resolver_raw(const char *name, int type, resolver_raw_cb cb, void *arg)
{
	struct question	*q = xcalloc(1, sizeof(*q));

	q->raw = cb;
	q->arg = arg;
	question_ask(name, type, q);
}
