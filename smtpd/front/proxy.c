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
 * PROXY protocol: octets of a header to addresses.  Sections are those of
 * HAProxy's proxy-protocol.txt.
 */

#include <string.h>

#include "smtpd/front/proxy.h"

#define V2_FIXED	16	/* octets in front of the addresses */
#define V2_VERSION	0x20
#define V2_LOCAL	0x00
#define V2_PROXY	0x01
#define V2_UNIX_LEN	216	/* two names of sockets */

static const uint8_t	 v1_begin[6] = { 'P', 'R', 'O', 'X', 'Y', ' ' };
static const uint8_t	 v2_begin[12] = { 0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d,
    0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a };

/* Decimal, as few digits as there can be. */
static int
v1_port(const char *text, uint16_t *port)
{
	unsigned int	 n = 0;
	size_t		 i;

	for (i = 0; text[i] >= '0' && text[i] <= '9' && i < 5; i++)
		n = n * 10 + (unsigned int)(text[i] - '0');
	*port = (uint16_t)n;
	return (i > 0 && text[i] == '\0' && n <= UINT16_MAX &&
	    (text[0] != '0' || i == 1) ? 0 : -1);
}

static int
v1_address(const char *text, uint8_t family, struct ip *ip)
{
	if (ip_parse(text, ip) == -1 || ip->family != family)
		return (-1);
	ip_unmap(ip);
	return (0);
}

/* Four fields with one blank in between; text is cut up. */
static int
v1_fields(char *text, uint8_t family, struct proxy_head *h)
{
	char	*field[4], *blank;
	int	 i;

	for (i = 0; i < 4; i++, text = blank + 1) {
		field[i] = text;
		blank = strchr(text, ' ');
		if ((blank == NULL) != (i == 3))
			return (-1);
		if (blank == NULL)
			break;
		*blank = '\0';
	}
	h->given = 1;
	return (v1_address(field[0], family, &h->remote) == 0 &&
	    v1_address(field[1], family, &h->local) == 0 &&
	    v1_port(field[2], &h->remote_port) == 0 &&
	    v1_port(field[3], &h->local_port) == 0 ? 0 : -1);
}

/* Section 2.1.  What follows UNKNOWN counts for nothing. */
static enum proxy_result
v1_parse(const uint8_t *buf, size_t len, struct proxy_head *h, size_t *used)
{
	const uint8_t	*lf;
	char		 line[PROXY_V1_MAX + 1], *rest;
	size_t		 n = len < PROXY_V1_MAX ? len : PROXY_V1_MAX;
	int		 ret;

	if ((lf = memchr(buf, '\n', n)) == NULL)
		return (n < PROXY_V1_MAX ? PROXY_MORE : PROXY_BAD);
	*used = (size_t)(lf + 1 - buf);
	if (lf[-1] != '\r')	/* begins with six octets that are not LF */
		return (PROXY_BAD);
	n = *used - 2;
	memcpy(line, buf, n);
	line[n] = '\0';
	if (strlen(line) != n)
		return (PROXY_BAD);
	rest = line + sizeof(v1_begin);
	if (strcmp(rest, "UNKNOWN") == 0 || strncmp(rest, "UNKNOWN ", 8) == 0)
		return (PROXY_DONE);
	if (strncmp(rest, "TCP4 ", 5) == 0)
		ret = v1_fields(rest + 5, 4, h);
	else if (strncmp(rest, "TCP6 ", 5) == 0)
		ret = v1_fields(rest + 5, 6, h);
	else
		ret = -1;
	return (ret == 0 ? PROXY_DONE : PROXY_BAD);
}

/* Two addresses of size octets each, then two ports. */
static enum proxy_result
v2_addresses(const uint8_t *p, size_t len, uint8_t family, size_t size,
    struct proxy_head *h)
{
	if (len < 2 * size + 4)
		return (PROXY_BAD);
	h->given = 1;
	h->remote.family = h->local.family = family;
	memcpy(h->remote.octets, p, size);
	memcpy(h->local.octets, p + size, size);
	ip_unmap(&h->remote);
	ip_unmap(&h->local);
	p += 2 * size;
	h->remote_port = (uint16_t)(p[0] << 8 | p[1]);
	h->local_port = (uint16_t)(p[2] << 8 | p[3]);
	return (PROXY_DONE);
}

/* Section 2.2.  SMTP comes over streams alone: a datagram is refused. */
static enum proxy_result
v2_parse(const uint8_t *buf, size_t len, struct proxy_head *h, size_t *used)
{
	const uint8_t	*p = buf + V2_FIXED;
	size_t		 n;

	if (len < V2_FIXED)
		return (PROXY_MORE);
	n = (size_t)buf[14] << 8 | buf[15];
	if (n > PROXY_HEAD_MAX - V2_FIXED ||
	    (buf[12] != (V2_VERSION | V2_LOCAL) &&
	    buf[12] != (V2_VERSION | V2_PROXY)))
		return (PROXY_BAD);
	if (len < V2_FIXED + n)
		return (PROXY_MORE);
	*used = V2_FIXED + n;
	if (buf[12] == (V2_VERSION | V2_LOCAL))
		return (PROXY_DONE);
	switch (buf[13]) {
	case 0x00:		/* UNSPEC */
		return (PROXY_DONE);
	case 0x11:		/* TCP over IPv4 */
		return (v2_addresses(p, n, 4, 4, h));
	case 0x21:		/* TCP over IPv6 */
		return (v2_addresses(p, n, 6, 16, h));
	case 0x31:		/* a UNIX socket of the balancer's machine */
		return (n < V2_UNIX_LEN ? PROXY_BAD : PROXY_DONE);
	default:
		return (PROXY_BAD);
	}
}

static int
begins(const uint8_t *buf, size_t len, const uint8_t *with, size_t n)
{
	return (memcmp(buf, with, len < n ? len : n) == 0);
}

enum proxy_result
proxy_parse(const uint8_t *buf, size_t len, struct proxy_head *head,
    size_t *used)
{
	memset(head, 0, sizeof(*head));
	if (len == 0)
		return (PROXY_MORE);
	if (begins(buf, len, v2_begin, sizeof(v2_begin)))
		return (v2_parse(buf, len, head, used));
	if (begins(buf, len, v1_begin, sizeof(v1_begin)))
		return (v1_parse(buf, len, head, used));
	return (PROXY_BAD);
}
