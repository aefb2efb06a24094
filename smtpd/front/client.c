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
 * Sessions for each client, in a hash table that strangers cannot aim at.
 */

#include <bsd/sys/queue.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/siphash.h"
#include "smtpd/front/client.h"

#define CLIENT_BUCKETS	8192	/* a power of two */
#define CLIENT_V6_BITS	64	/* one customer has at least these */

struct client {
	LIST_ENTRY(client)	 entry;
	struct ip		 ip;
	unsigned int		 sessions;
};

static LIST_HEAD(, client)	 buckets[CLIENT_BUCKETS];
static unsigned int		 count;

static size_t
client_bucket(const struct ip *ip)
{
	uint8_t	 octets[1 + sizeof(ip->octets)];

	octets[0] = ip->family;
	memcpy(octets + 1, ip->octets, sizeof(ip->octets));
	return (siphash_secret(octets, sizeof(octets)) &
	    (CLIENT_BUCKETS - 1));
}

struct client *
client_enter(const struct ip *ip, unsigned int max)
{
	struct client	*c;
	struct ip	 net = *ip;
	size_t		 at;

	if (net.family == 6)
		ip_mask(&net, CLIENT_V6_BITS);
	at = client_bucket(&net);
	LIST_FOREACH(c, &buckets[at], entry)
		if (ip_equal(&c->ip, &net))
			break;
	if (c != NULL && max != 0 && c->sessions >= max)
		return (NULL);
	if (c == NULL) {
		if ((c = calloc(1, sizeof(*c))) == NULL)
			return (NULL);
		c->ip = net;
		LIST_INSERT_HEAD(&buckets[at], c, entry);
		count++;
	}
	c->sessions++;
	return (c);
}

void
client_leave(struct client *c)
{
	if (c == NULL || --c->sessions > 0)
		return;
	LIST_REMOVE(c, entry);
	count--;
	free(c);
}

unsigned int
client_count(void)
{
	return (count);
}
