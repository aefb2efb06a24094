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
 * The name of a client: what its PTR record says, when that name has its
 * address.  Anybody may write any name into the PTR record of an address of
 * his own, so a name that does not lead back is none.
 */

#include <arpa/nameser.h>

#include <stdlib.h>
#include <string.h>

#include "smtpd/base/ip.h"
#include "smtpd/base/xmem.h"
#include "smtpd/relay/host.h"
#include "smtpd/relay/records.h"

#define HOST_NAMES_MAX	4	/* of one address that are looked at */

struct host {
	struct ip	 ip;
	char		 names[HOST_NAMES_MAX][DNS_NAME_MAX + 1];
	size_t		 n, next;
	int		 unclear;	/* of one it could not be found out */
	host_cb		 done;
	void		*arg;
};

static void
host_end(struct host *h, enum resolver_status status, const char *name)
{
	h->done(h->arg, status, name);
	free(h);
}

static void	 host_ips(void *, enum resolver_status, const struct ip *,
		    size_t);

static void
host_next(struct host *h)
{
	if (h->next < h->n)
		resolver_ip(h->names[h->next], h->ip.family, host_ips, h);
	else
		host_end(h, h->unclear ? RESOLVER_TEMPFAIL : RESOLVER_OK, "");
}

static void
host_ips(void *arg, enum resolver_status status, const struct ip *ips,
    size_t n)
{
	struct host	*h = arg;
	size_t		 i;

	h->unclear |= status == RESOLVER_TEMPFAIL;
	for (i = 0; status == RESOLVER_OK && i < n; i++)
		if (ip_equal(&ips[i], &h->ip)) {
			host_end(h, RESOLVER_OK, h->names[h->next]);
			return;
		}
	h->next++;
	host_next(h);
}

/* Is it a name that a host can have?  Records may hold any octets. */
static int
host_is_name(const char *s, size_t len)
{
	size_t	 i;

	for (i = 0; i < len; i++)
		if (!((s[i] >= 'a' && s[i] <= 'z') || (s[i] >= '0' &&
		    s[i] <= '9') || s[i] == '-' || s[i] == '.' ||
		    s[i] == '_'))
			return (0);
	return (len > 0 && len <= DNS_NAME_MAX);
}

static void
host_names(void *arg, enum resolver_status status, const unsigned char *body,
    int len)
{
	static struct records	 r;
	struct host		*h = arg;
	uint32_t		 i;

	if (status == RESOLVER_OK)
		status = records_read(DNS_PTR, body, len, &r);
	if (status == RESOLVER_TEMPFAIL) {
		host_end(h, status, "");
		return;
	}
	for (i = 0; status == RESOLVER_OK && i < r.n && h->n < HOST_NAMES_MAX;
	    i++)
		if (host_is_name(r.texts[i].string, r.texts[i].len)) {
			memcpy(h->names[h->n], r.texts[i].string,
			    r.texts[i].len);
			h->n++;
		}
	host_next(h);
}

void
host_find(const struct ip *ip, host_cb done, void *arg)
{
	struct host	*h = xcalloc(1, sizeof(*h));
	char		 name[IP_REVERSE_SIZE];

	h->ip = *ip;
	ip_unmap(&h->ip);
	h->done = done;
	h->arg = arg;
	resolver_raw(ip_reverse(&h->ip, name, sizeof(name)), ns_t_ptr,
	    host_names, h);
}
