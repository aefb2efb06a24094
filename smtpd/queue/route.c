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
 * Routes by domain.
 */

#include <sys/socket.h>

#include <bsd/string.h>
#include <string.h>

#include "smtpd/base/idn.h"
#include "smtpd/queue/route.h"
#include "smtpd/smtp/nexthop.h"

static int
route_fits(const struct relay_route *r, const char *domain)
{
	size_t	 n = strlen(domain), k = strlen(r->domain);

	if (r->domain[0] != '.')
		return (strcmp(r->domain, domain) == 0);
	return (n > k && strcmp(domain + n - k, r->domain) == 0);
}

/* "[192.0.2.1]" is the host itself. */
static int
route_literal(const char *domain, struct nexthop *h)
{
	size_t	 n;

	h->kind = NEXTHOP_HOST;
	n = strncasecmp(domain, "[IPv6:", 6) == 0 ? 6 : 1;
	if (strlcpy(h->host, domain + n, sizeof(h->host)) >=
	    sizeof(h->host))
		return (-1);
	h->host[strcspn(h->host, "]")] = '\0';
	return (0);
}

static int
route_mx(const struct queue_conf *c, const char *domain, char *out)
{
	struct nexthop	 h;
	unsigned char	 addr[16];
	int		 family;

	memset(&h, 0, sizeof(h));
	h.kind = NEXTHOP_MX;
	h.port = c->relay_port;
	if (domain[0] == '[') {
		if (address_literal(domain, &family, addr) == -1 ||
		    route_literal(domain, &h) == -1)
			return (-1);
	} else if (strlcpy(h.host, domain, sizeof(h.host)) >= sizeof(h.host))
		return (-1);
	return (nexthop_format(&h, out, NEXTHOP_STR_SIZE) == -1 ? -1 : 0);
}

int
route_find(const struct queue_conf *c, const struct address *to,
    const char *url, char *out)
{
	char		 domain[ADDRESS_DOMAIN_MAX + 1];
	const char	*why;
	struct nexthop	 h;
	uint32_t	 i;

	if (url[0] != '\0') {
		if (nexthop_parse(url, &h, &why) == -1 ||
		    h.kind == NEXTHOP_UNIX)
			return (-1);
		return (nexthop_format(&h, out, NEXTHOP_STR_SIZE) == -1 ?
		    -1 : 0);
	}
	if (to->domain[0] == '\0' || idn_fold(to->domain, domain,
	    sizeof(domain)) == -1)
		return (-1);
	for (i = 0; i < c->nroutes; i++)
		if (route_fits(&c->routes[i], domain)) {
			(void)strlcpy(out, c->routes[i].url,
			    NEXTHOP_STR_SIZE);
			return (0);
		}
	if (c->relay_host[0] != '\0') {
		(void)strlcpy(out, c->relay_host, NEXTHOP_STR_SIZE);
		return (0);
	}
	return (route_mx(c, domain, out));
}
