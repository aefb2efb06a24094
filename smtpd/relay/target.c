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
 * From a next hop to addresses: MX, then A and AAAA of each host, all hosts
 * at once.  Addresses of one host alternate between IPv6 and IPv4, so that
 * a network without one of them costs one failure and not all tries.
 */

#include <bsd/stdlib.h>
#include <bsd/string.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/xmem.h"
#include "smtpd/relay/errand.h"
#include "smtpd/relay/target.h"

#define TARGET_FRESH	60000	/* ms an answer is used for */
#define TARGET_BAD	5000	/* ms a failure is */

/* What is known so far. */
struct lookup {
	struct target	*target;
	void		(*ready)(struct errand *);
	unsigned int	 asked;		/* questions in flight */
	int		 tempfail;	/* some host could not be found out */
	int		 own;		/* some address is ourselves */
	struct host {
		struct lookup	*lookup;
		struct ip	 six[RESOLVER_IP_MAX], four[RESOLVER_IP_MAX];
		size_t		 nsix, nfour;
	} hosts[MX_HOSTS_MAX];
};

RB_HEAD(target_tree, target);

static struct target_tree	 targets = RB_INITIALIZER(&targets);
static const struct relay_conf	*conf;
static unsigned int		 ntargets;

static int
target_cmp(const struct target *a, const struct target *b)
{
	return (strcmp(a->key, b->key));
}

RB_PROTOTYPE(target_tree, target, entry, target_cmp)
RB_GENERATE(target_tree, target, entry, target_cmp)

void
target_init(const struct relay_conf *c)
{
	conf = c;
}

unsigned int
target_count(void)
{
	return (ntargets);
}

struct target *
target_use(const char *nexthop, const char **why)
{
	struct target	*t, key;

	(void)strlcpy(key.key, nexthop, sizeof(key.key));
	if ((t = RB_FIND(target_tree, &targets, &key)) == NULL) {
		if (nexthop_parse(nexthop, &key.hop, why) == -1)
			return (NULL);
		t = xcalloc(1, sizeof(*t));
		memcpy(t->key, key.key, sizeof(t->key));
		t->hop = key.hop;
		TAILQ_INIT(&t->waiting);
		TAILQ_INIT(&t->idle);
		RB_INSERT(target_tree, &targets, t);
		ntargets++;
	}
	t->users++;
	return (t);
}

struct places *
places_use(struct places *p)
{
	if (p != NULL)
		p->users++;
	return (p);
}

void
places_drop(struct places *p)
{
	if (p != NULL && --p->users == 0)
		free(p);
}

void
target_drop(struct target *t)
{
	if (--t->users != 0)
		return;
	places_drop(t->places);
	RB_REMOVE(target_tree, &targets, t);
	ntargets--;
	free(t);
}

static int
is_any(const struct ip *ip)
{
	struct ip	 any = { .family = ip->family };

	return (ip_equal(ip, &any));
}

int
target_is_own(const struct ip *remote, uint16_t port, const struct ip *local)
{
	size_t	 i;

	for (i = 0; i < conf->nown; i++) {
		if (conf->own[i].port != port)
			continue;
		if (ip_equal(&conf->own[i].ip, remote))
			return (1);
		/* a wildcard: connected to where we connect from */
		if (is_any(&conf->own[i].ip) && local != NULL &&
		    ip_equal(local, remote))
			return (1);
	}
	return (0);
}

/* Not an address that a host can have. */
static int
is_unusable(const struct ip *ip)
{
	if (is_any(ip))
		return (1);
	return (ip->family == 4 ? ip->octets[0] >= 224 :
	    ip->octets[0] == 0xff);
}

static void
place_add(struct lookup *l, const struct ip *found, size_t host)
{
	struct places	*all = l->target->places;
	uint16_t	 port = l->target->hop.port;
	struct ip	 ip = *found;
	struct place	*p;

	/* ::ffff:192.0.2.1 leads to the IPv4 address */
	ip_unmap(&ip);
	if (all->n == TARGET_PLACES_MAX || is_unusable(&ip))
		return;
	if (target_is_own(&ip, port, NULL)) {
		l->own = 1;
		return;
	}
	p = &all->list[all->n++];
	p->ip = ip;
	p->port = port;
	p->host = host;
}

static void
shuffle(struct ip *ips, size_t n)
{
	struct ip	 ip;
	size_t		 k;

	for (; n > 1; n--) {
		k = arc4random_uniform((uint32_t)n);
		ip = ips[n - 1];
		ips[n - 1] = ips[k];
		ips[k] = ip;
	}
}

static void
host_places(struct lookup *l, size_t host)
{
	struct host	*h = &l->hosts[host];
	size_t		 i;

	shuffle(h->six, h->nsix);
	shuffle(h->four, h->nfour);
	for (i = 0; i < RESOLVER_IP_MAX; i++) {
		if (i < h->nsix)
			place_add(l, &h->six[i], host);
		if (i < h->nfour)
			place_add(l, &h->four[i], host);
	}
}

/* The answer is known: everybody who waits goes on. */
static void
target_ready(struct lookup *l, enum target_state state, const char *enhanced,
    const char *why)
{
	struct target		*t = l->target;
	struct errand_list	 waiting;
	struct errand		*e;
	void			(*ready)(struct errand *) = l->ready;

	t->state = state;
	t->fresh = clock_mono() + (state == TARGET_FOUND ? TARGET_FRESH :
	    TARGET_BAD);
	(void)strlcpy(t->enhanced, enhanced, sizeof(t->enhanced));
	(void)strlcpy(t->why, why, sizeof(t->why));
	t->lookup = NULL;
	free(l);
	TAILQ_INIT(&waiting);
	TAILQ_CONCAT(&waiting, &t->waiting, entry);
	while ((e = TAILQ_FIRST(&waiting)) != NULL) {
		TAILQ_REMOVE(&waiting, e, entry);
		ready(e);
	}
	target_drop(t);
}

static void
lookup_done(struct lookup *l)
{
	struct target	*t = l->target;
	char		 why[NEXTHOP_HOST_MAX + 32];
	size_t		 i;

	for (i = 0; i < t->places->nhosts; i++)
		host_places(l, i);
	if (t->places->n > 0)
		target_ready(l, TARGET_FOUND, "", "");
	else if (l->own)
		target_ready(l, TARGET_NEVER, "5.4.6",
		    "mail loops back to this server");
	else if (l->tempfail)
		target_ready(l, TARGET_LATER, "4.4.3",
		    "the name server cannot tell the address");
	else {
		(void)snprintf(why, sizeof(why), "%s has no address",
		    t->hop.host);
		/* a smarthost that is not there is our fault, not the mail's */
		if (t->hop.kind == NEXTHOP_MX)
			target_ready(l, TARGET_NEVER, "5.4.4", why);
		else
			target_ready(l, TARGET_LATER, "4.4.4", why);
	}
}

static void
host_answer(struct lookup *l, enum resolver_status status)
{
	if (status == RESOLVER_TEMPFAIL)
		l->tempfail = 1;
	if (--l->asked == 0)
		lookup_done(l);
}

static void
host_six(void *arg, enum resolver_status status, const struct ip *ips,
    size_t n)
{
	struct host	*h = arg;

	memcpy(h->six, ips, n * sizeof(*ips));
	h->nsix = n;
	host_answer(h->lookup, status);
}

static void
host_four(void *arg, enum resolver_status status, const struct ip *ips,
    size_t n)
{
	struct host	*h = arg;

	memcpy(h->four, ips, n * sizeof(*ips));
	h->nfour = n;
	host_answer(h->lookup, status);
}

/* Ask for the addresses of all names; an address needs no question. */
static void
lookup_hosts(struct lookup *l)
{
	struct target	*t = l->target;
	struct places	*all = t->places;
	struct host	*h;
	size_t		 i;

	l->asked = 1;
	for (i = 0; i < all->nhosts; i++) {
		h = &l->hosts[i];
		h->lookup = l;
		if (t->hop.kind == NEXTHOP_HOST &&
		    ip_parse(all->names[i], &h->four[0]) == 0) {
			h->nfour = 1;
			continue;
		}
		l->asked += 2;
		resolver_ip(all->names[i], 6, host_six, h);
		resolver_ip(all->names[i], 4, host_four, h);
	}
	host_answer(l, RESOLVER_OK);
}

static void
lookup_found_mx(struct lookup *l, struct mx *m, size_t n)
{
	struct places	*all = l->target->places;
	size_t		 i;

	switch (mx_order(m, &n, conf->hostname, arc4random_uniform)) {
	case MX_NULL:
		target_ready(l, TARGET_NEVER, "5.1.10",
		    "the domain takes no mail");
		return;
	case MX_SELF:
		target_ready(l, TARGET_NEVER, "5.4.6",
		    "mail loops back to this server");
		return;
	case MX_UNUSABLE:
		target_ready(l, TARGET_NEVER, "5.4.4",
		    "the mail exchangers of the domain have no usable name");
		return;
	case MX_OK:
		break;
	}
	for (i = 0; i < n; i++)
		(void)strlcpy(all->names[i], m[i].host,
		    sizeof(all->names[i]));
	all->nhosts = n;
	lookup_hosts(l);
}

static void
lookup_mx(void *arg, enum resolver_status status, struct mx *m, size_t n)
{
	struct lookup	*l = arg;

	switch (status) {
	case RESOLVER_OK:
		lookup_found_mx(l, m, n);
		break;
	case RESOLVER_NONE:
		/* RFC 5321 5.1: the domain itself is the exchanger */
		lookup_hosts(l);
		break;
	case RESOLVER_NO_NAME:
		target_ready(l, TARGET_NEVER, "5.1.2",
		    "there is no such domain");
		break;
	case RESOLVER_TEMPFAIL:
		target_ready(l, TARGET_LATER, "4.4.3",
		    "the name server cannot tell the mail exchangers");
		break;
	}
}

int
target_ask(struct target *t, void (*ready)(struct errand *))
{
	struct places	*all;
	struct lookup	*l;

	if (t->lookup != NULL)
		return (1);
	if (clock_mono() < t->fresh)
		return (0);
	places_drop(t->places);
	all = t->places = xcalloc(1, sizeof(*all));
	all->users = 1;
	all->nhosts = 1;
	(void)strlcpy(all->names[0], t->hop.kind == NEXTHOP_UNIX ?
	    "localhost" : t->hop.host, sizeof(all->names[0]));
	if (t->hop.kind == NEXTHOP_UNIX) {
		all->n = 1;
		t->state = TARGET_FOUND;
		return (0);
	}
	l = t->lookup = xcalloc(1, sizeof(*l));
	l->target = t;
	l->ready = ready;
	t->state = TARGET_ASKING;
	t->users++;
	if (t->hop.kind == NEXTHOP_MX)
		resolver_mx(t->hop.host, lookup_mx, l);
	else
		lookup_hosts(l);
	return (t->lookup != NULL);
}
