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
 * Network addresses as facts about a client, not as sockets.
 */

#ifndef IP_H
#define IP_H

#include <stddef.h>
#include <stdint.h>

struct sockaddr;

#define IP_STR_SIZE	46	/* INET6_ADDRSTRLEN, on every system */

/* family 0 is "none"; IPv4 uses the first 4 octets, the rest are zero. */
struct ip {
	uint8_t	 family;	/* 0, 4 or 6 */
	uint8_t	 octets[16];
};

/* A network: so many bits of the address count. */
struct ip_net {
	struct ip	 ip;	/* as written, the other bits too */
	uint8_t		 bits;
};

#define IP_NET_STR_SIZE	(IP_STR_SIZE + 4)	/* with "/128" */

/* IPv4-mapped IPv6 addresses become IPv4; port (may be NULL) in host order. */
void	 ip_from_sockaddr(struct ip *, uint16_t *port, const struct sockaddr *);

/* Text without brackets or scope; 0 or -1. */
int	 ip_parse(const char *, struct ip *);

/* Returns buf; "" for family 0. */
const char *ip_format(const struct ip *, char *buf, size_t size);

int	 ip_equal(const struct ip *, const struct ip *);

/* An IPv4-mapped IPv6 address becomes IPv4; others stay. */
void	 ip_unmap(struct ip *);

/* The name that it has for PTR, RFC 1035 3.5, RFC 3596 2.5; returns buf. */
#define IP_REVERSE_SIZE	74
const char *ip_reverse(const struct ip *, char *buf, size_t size);

/* Clear all but the first bits of the address. */
void	 ip_mask(struct ip *, unsigned int bits);

/* "192.0.2.0/24", or an address alone, in len octets; 0 or -1. */
int	 ip_net_parse(const char *, size_t len, struct ip_net *);

/* Returns buf; without "/32" and "/128". */
const char *ip_net_format(const struct ip_net *, char *buf, size_t size);

int	 ip_net_has(const struct ip_net *, const struct ip *);

#endif
