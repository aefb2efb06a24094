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
 * Client networks: the first 64 bits of addresses.
 */

#include <stdio.h>
#include <string.h>

#include "smtpd/base/network.h"
#include "smtpd/base/wire.h"

#define BITS_4	24
#define BITS_6	64

static unsigned int
network_bits(int family)
{
	return (family == 4 ? BITS_4 : BITS_6);
}

void
network_of(struct network *n, const struct ip *ip)
{
	struct ip	 masked = *ip;
	unsigned int	 i;

	n->family = ip->family;
	n->prefix = 0;
	if (ip->family == 0)
		return;
	ip_mask(&masked, network_bits(ip->family));
	for (i = 0; i < sizeof(n->prefix); i++)
		n->prefix = n->prefix << 8 | masked.octets[i];
}

int
network_cmp(const struct network *a, const struct network *b)
{
	if (a->family != b->family)
		return (a->family < b->family ? -1 : 1);
	if (a->prefix != b->prefix)
		return (a->prefix < b->prefix ? -1 : 1);
	return (0);
}

const char *
network_format(const struct network *n, char *buf, size_t size)
{
	struct ip	 ip;
	size_t		 len;
	unsigned int	 i;

	memset(&ip, 0, sizeof(ip));
	ip.family = n->family;
	for (i = 0; i < sizeof(n->prefix); i++)
		ip.octets[i] = (uint8_t)(n->prefix >> (56 - 8 * i));
	len = strlen(ip_format(&ip, buf, size));
	if (len > 0)
		(void)snprintf(buf + len, size - len, "/%u",
		    network_bits(n->family));
	return (buf);
}

int
network_parse(const char *text, struct network *n)
{
	struct ip_net	 net;
	unsigned int	 bits;

	if (ip_net_parse(text, strlen(text), &net) == -1)
		return (-1);
	ip_unmap(&net.ip);
	bits = network_bits(net.ip.family);
	if (strchr(text, '/') != NULL && net.bits != bits)
		return (-1);
	network_of(n, &net.ip);
	return (0);
}

void
network_put(struct wbuf *w, const struct network *n)
{
	wbuf_u8(w, n->family);
	wbuf_u64(w, n->prefix);
}

void
network_get(struct rbuf *r, struct network *n)
{
	n->family = rbuf_u8(r, 6);
	n->prefix = rbuf_u64(r);
	if ((n->family != 0 && n->family != 4 && n->family != 6) ||
	    (n->family == 0 && n->prefix != 0) ||
	    (n->family == 4 && n->prefix << BITS_4 != 0))
		rbuf_fail(r);
}
