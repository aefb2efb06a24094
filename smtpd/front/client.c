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

#include <bsd/stdlib.h>
#include <bsd/sys/queue.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/front/client.h"

#define CLIENT_BUCKETS	8192	/* a power of two */
#define CLIENT_V6_BITS	64	/* one customer has at least these */

struct client {
	LIST_ENTRY(client)	 entry;
	struct ip		 ip;
	unsigned int		 sessions;
};

static LIST_HEAD(, client)	 buckets[CLIENT_BUCKETS];
static uint64_t			 key[2];
static unsigned int		 count;

static uint64_t
rotate(uint64_t x, unsigned int n)
{
	return (x << n | x >> (64 - n));
}

static void
sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[0] = rotate(v[0], 32);
	v[2] += v[3];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

/* SipHash-2-4 of the address, which is a whole number of its words. */
static uint64_t
client_hash(const struct ip *ip)
{
	uint64_t	 v[4], m[3];
	size_t		 i;
	int		 n;

	memset(m, 0, sizeof(m));
	memcpy(m, ip->octets, sizeof(ip->octets));
	m[2] = (uint64_t)sizeof(ip->octets) << 56 | ip->family;
	v[0] = key[0] ^ 0x736f6d6570736575ULL;
	v[1] = key[1] ^ 0x646f72616e646f6dULL;
	v[2] = key[0] ^ 0x6c7967656e657261ULL;
	v[3] = key[1] ^ 0x7465646279746573ULL;
	for (i = 0; i < sizeof(m) / sizeof(m[0]); i++) {
		v[3] ^= m[i];
		sip_round(v);
		sip_round(v);
		v[0] ^= m[i];
	}
	v[2] ^= 0xff;
	for (n = 0; n < 4; n++)
		sip_round(v);
	return (v[0] ^ v[1] ^ v[2] ^ v[3]);
}

struct client *
client_enter(const struct ip *ip, unsigned int max)
{
	struct client	*c;
	struct ip	 net = *ip;
	size_t		 at;

	if (key[0] == 0 && key[1] == 0)
		arc4random_buf(key, sizeof(key));
	if (net.family == 6)
		ip_mask(&net, CLIENT_V6_BITS);
	at = client_hash(&net) & (CLIENT_BUCKETS - 1);
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
