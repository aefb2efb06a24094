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
#include <stdio.h>
#include <string.h>

#include "smtpd/base/ip.h"

static const uint8_t	 mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0xff, 0xff };

void
ip_unmap(struct ip *ip)
{
	if (ip->family != 6 ||
	    memcmp(ip->octets, mapped, sizeof(mapped)) != 0)
		return;
	ip->family = 4;
	memmove(ip->octets, ip->octets + sizeof(mapped), 4);
	memset(ip->octets + 4, 0, sizeof(ip->octets) - 4);
}

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
		ip->family = 6;
		memcpy(ip->octets, &sin6->sin6_addr, 16);
		ip_unmap(ip);
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

const char *
ip_reverse(const struct ip *ip, char *buf, size_t size)
{
	const uint8_t	*o = ip->octets;
	size_t		 len = 0;
	int		 i;

	if (ip->family == 4) {
		(void)snprintf(buf, size, "%u.%u.%u.%u.in-addr.arpa", o[3],
		    o[2], o[1], o[0]);
		return (buf);
	}
	for (i = 15; i >= 0; i--)
		len += (size_t)snprintf(buf + len, size - len, "%x.%x.",
		    o[i] & 15, o[i] >> 4);
	(void)snprintf(buf + len, size - len, "ip6.arpa");
	return (buf);
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

/* The bits behind a slash; -1 when they are none, or too many. */
static int
net_bits(const char *s, const char *end, unsigned int max, uint8_t *bits)
{
	unsigned int	 n = 0;

	if (s == end)
		return (-1);
	for (; s < end && n <= max; s++) {
		if (*s < '0' || *s > '9')
			return (-1);
		n = n * 10 + (unsigned int)(*s - '0');
	}
	*bits = (uint8_t)n;
	return (n <= max ? 0 : -1);
}

int
ip_net_parse(const char *text, size_t len, struct ip_net *net)
{
	const char	*slash = NULL;
	char		 address[IP_STR_SIZE];
	size_t		 n = len;
	unsigned int	 max;

	if (len > 0 && (slash = memchr(text, '/', len)) != NULL)
		n = (size_t)(slash - text);
	if (n == 0 || n >= sizeof(address))
		return (-1);
	memcpy(address, text, n);
	address[n] = '\0';
	if (strlen(address) != n || ip_parse(address, &net->ip) == -1)
		return (-1);
	max = net->ip.family == 4 ? 32 : 128;
	net->bits = (uint8_t)max;
	return (slash == NULL ? 0 : net_bits(slash + 1, text + len, max,
	    &net->bits));
}

const char *
ip_net_format(const struct ip_net *net, char *buf, size_t size)
{
	size_t	 n;

	n = strlen(ip_format(&net->ip, buf, size));
	if (net->bits != (net->ip.family == 4 ? 32 : 128))
		(void)snprintf(buf + n, size - n, "/%u", net->bits);
	return (buf);
}

int
ip_net_has(const struct ip_net *net, const struct ip *ip)
{
	struct ip	 a = net->ip, b = *ip;

	ip_mask(&a, net->bits);
	ip_mask(&b, net->bits);
	return (ip_equal(&a, &b));
}
