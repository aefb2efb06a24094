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
 * Network addresses as plain octets.
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>

#include <arpa/inet.h>
#include <string.h>

#include "smtpd/base/ip.h"

static const uint8_t	 mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0xff, 0xff };

void
ip_from_sockaddr(struct ip *ip, uint16_t *port, const struct sockaddr *sa)
{
	const struct sockaddr_in	*sin = (const void *)sa;
	const struct sockaddr_in6	*sin6 = (const void *)sa;
	uint16_t			 n = 0;

	memset(ip, 0, sizeof(*ip));
	if (sa->sa_family == AF_INET) {
		ip->family = 4;
		memcpy(ip->octets, &sin->sin_addr, 4);
		n = ntohs(sin->sin_port);
	} else if (sa->sa_family == AF_INET6) {
		n = ntohs(sin6->sin6_port);
		if (memcmp(&sin6->sin6_addr, mapped, sizeof(mapped)) == 0) {
			ip->family = 4;
			memcpy(ip->octets, sin6->sin6_addr.s6_addr + 12, 4);
		} else {
			ip->family = 6;
			memcpy(ip->octets, &sin6->sin6_addr, 16);
		}
	}
	if (port != NULL)
		*port = n;
}

int
ip_parse(const char *text, struct ip *ip)
{
	memset(ip, 0, sizeof(*ip));
	if (inet_pton(AF_INET, text, ip->octets) == 1)
		ip->family = 4;
	else if (inet_pton(AF_INET6, text, ip->octets) == 1)
		ip->family = 6;
	else {
		memset(ip, 0, sizeof(*ip));
		return (-1);
	}
	return (0);
}

const char *
ip_format(const struct ip *ip, char *buf, size_t size)
{
	if (size == 0)
		return (buf);
	buf[0] = '\0';
	if (ip->family == 4)
		(void)inet_ntop(AF_INET, ip->octets, buf, (socklen_t)size);
	else if (ip->family == 6)
		(void)inet_ntop(AF_INET6, ip->octets, buf, (socklen_t)size);
	return (buf);
}

int
ip_equal(const struct ip *a, const struct ip *b)
{
	return (a->family == b->family &&
	    memcmp(a->octets, b->octets, sizeof(a->octets)) == 0);
}

void
ip_mask(struct ip *ip, unsigned int bits)
{
	unsigned int	 i, len = ip->family == 4 ? 4 : 16;

	for (i = 0; i < len; i++) {
		if (bits >= 8)
			bits -= 8;
		else {
			ip->octets[i] &= (uint8_t)(0xff00 >> bits);
			bits = 0;
		}
	}
}
