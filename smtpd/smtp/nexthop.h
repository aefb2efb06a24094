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
 * Where mail goes on: the URLs of smtpd.conf(5) and smtpd-directory(5).
 *
 *	mx://domain[:port]	the mail exchangers of domain
 *	smtp://host[:port]	that host
 *	smtps://host[:port]	TLS from the first octet, of a certificate that
 *				names the host
 *	lmtp://host[:port]	RFC 2033
 *	lmtp:///path		the same over a UNIX socket
 *
 * STARTTLS is used when it is offered, whatever the certificate; mx, smtp
 * and lmtp may have a suffix that says otherwise: "+notls" never, "+anytls"
 * always, "+tls" always, and the certificate must name the host.
 *
 * A user may stand before the host of the SMTP ones: "user@".  A host is a
 * name, an IPv4 address, or an IPv6 address in brackets.
 */

#ifndef NEXTHOP_H
#define NEXTHOP_H

#include <stddef.h>
#include <stdint.h>

#define NEXTHOP_HOST_MAX	255	/* also of a path */
#define NEXTHOP_USER_MAX	255
#define NEXTHOP_STR_SIZE	600	/* the longest one, printed */

enum nexthop_kind {
	NEXTHOP_MX,
	NEXTHOP_HOST,
	NEXTHOP_UNIX,
	NEXTHOP_KIND_COUNT
};

enum nexthop_tls {
	NEXTHOP_TLS_DEFAULT,	/* when it is offered, of any certificate */
	NEXTHOP_TLS_NEVER,
	NEXTHOP_TLS_REQUIRE,	/* of any certificate */
	NEXTHOP_TLS_VERIFY,
	NEXTHOP_TLS_COUNT
};

struct nexthop {
	enum nexthop_kind kind;
	enum nexthop_tls tls;
	uint8_t		 smtps;		/* TLS before the greeting */
	uint8_t		 lmtp;
	uint16_t	 port;
	char		 host[NEXTHOP_HOST_MAX + 1];	/* lower case; path */
	char		 user[NEXTHOP_USER_MAX + 1];	/* "": none */
};

/* 0, or -1 and *why, a constant to stand behind the URL. */
int	 nexthop_parse(const char *text, struct nexthop *, const char **why);

/* The shortest text that reads as that; its length, or -1. */
int	 nexthop_format(const struct nexthop *, char *buf, size_t size);

#endif
