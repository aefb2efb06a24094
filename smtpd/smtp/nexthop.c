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
 * Reading and printing of next hops.
 */

#include <sys/socket.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "smtpd/smtp/address.h"
#include "smtpd/smtp/nexthop.h"

static const struct scheme {
	const char	*name;
	enum nexthop_kind kind;
	uint8_t		 smtps, lmtp;
	uint16_t	 port;
} schemes[] = {
	{ "mx",		NEXTHOP_MX,	0, 0, 25 },
	{ "smtp",	NEXTHOP_HOST,	0, 0, 25 },
	{ "smtps",	NEXTHOP_HOST,	1, 0, 465 },
	{ "lmtp",	NEXTHOP_HOST,	0, 1, 24 },
};

#define NSCHEMES	(sizeof(schemes) / sizeof(schemes[0]))

static const char *const	 suffixes[NEXTHOP_TLS_COUNT] = {
	[NEXTHOP_TLS_DEFAULT]	= "",
	[NEXTHOP_TLS_NEVER]	= "+notls",
	[NEXTHOP_TLS_REQUIRE]	= "+anytls",
	[NEXTHOP_TLS_VERIFY]	= "+tls",
};

/* Is it text of n octets? */
static int
is_word(const char *word, const char *text, size_t n)
{
	return (strlen(word) == n && strncmp(word, text, n) == 0);
}

static const struct scheme *
scheme_find(const char *text, enum nexthop_tls *tls, const char **rest)
{
	size_t	 i, t, n, m;

	n = strcspn(text, ":");
	m = strcspn(text, "+:");
	if (strncmp(text + n, "://", 3) != 0)
		return (NULL);
	*rest = text + n + 3;
	for (t = 0; t < NEXTHOP_TLS_COUNT; t++)
		if (is_word(suffixes[t], text + m, n - m))
			break;
	for (i = 0; i < NSCHEMES && t < NEXTHOP_TLS_COUNT; i++) {
		if (!is_word(schemes[i].name, text, m) ||
		    (schemes[i].smtps && t != NEXTHOP_TLS_DEFAULT))
			continue;
		*tls = schemes[i].smtps ? NEXTHOP_TLS_VERIFY :
		    (enum nexthop_tls)t;
		return (&schemes[i]);
	}
	return (NULL);
}

/* ":587" at the end of a URL, or nothing. */
static int
read_port(const char *text, uint16_t *port)
{
	unsigned int	 n = 0;

	if (*text == '\0')
		return (0);
	if (*text++ != ':' || *text < '1' || *text > '9')
		return (-1);
	for (; *text >= '0' && *text <= '9' && n <= UINT16_MAX; text++)
		n = n * 10 + (unsigned int)(*text - '0');
	if (*text != '\0' || n > UINT16_MAX)
		return (-1);
	*port = (uint16_t)n;
	return (0);
}

/* The host is kept without brackets. */
static int
read_host(const char *text, struct nexthop *h, const char **rest)
{
	unsigned char	 addr[16];
	size_t		 n, i;

	if (*text == '[') {
		n = strcspn(++text, "]");
		if (text[n] != ']' || n > NEXTHOP_HOST_MAX)
			return (-1);
		*rest = text + n + 1;
	} else {
		n = strcspn(text, ":/");
		if (n == 0 || n > NEXTHOP_HOST_MAX)
			return (-1);
		*rest = text + n;
	}
	memcpy(h->host, text, n);
	h->host[n] = '\0';
	for (i = 0; i < n; i++)
		if (h->host[i] >= 'A' && h->host[i] <= 'Z')
			h->host[i] += 'a' - 'A';
	if (text[-1] == '[')
		return (inet_pton(AF_INET6, h->host, addr) == 1 ? 0 : -1);
	return (h->host[0] != '[' && address_check_domain(h->host, n, 0) ==
	    ADDRESS_OK ? 0 : -1);
}

static int
read_user(const char **text, struct nexthop *h, const char **why)
{
	const char	*at = strrchr(*text, '@');
	size_t		 n, i;

	if (at == NULL)
		return (0);
	n = (size_t)(at - *text);
	if (n == 0 || n > NEXTHOP_USER_MAX || h->kind != NEXTHOP_HOST ||
	    h->lmtp || h->tls == NEXTHOP_TLS_NEVER) {
		*why = "cannot have that user";
		return (-1);
	}
	for (i = 0; i < n; i++)
		if ((*text)[i] <= 32 || (*text)[i] > 126) {
			*why = "has a user of other than visible ASCII";
			return (-1);
		}
	memcpy(h->user, *text, n);
	h->user[n] = '\0';
	*text = at + 1;
	return (0);
}

static int
read_path(const char *path, struct nexthop *h, const char **why)
{
	size_t	 n = strlen(path), i;

	h->kind = NEXTHOP_UNIX;
	h->port = 0;
	/* sun_path of every system holds that many */
	*why = "has no usable path of a socket";
	if (n < 2 || n > 103 || h->tls != NEXTHOP_TLS_DEFAULT)
		return (-1);
	for (i = 0; i < n; i++)
		if (path[i] < 32 || path[i] > 126)
			return (-1);
	memcpy(h->host, path, n + 1);
	return (0);
}

int
nexthop_parse(const char *text, struct nexthop *h, const char **why)
{
	const struct scheme	*s;

	memset(h, 0, sizeof(*h));
	if ((s = scheme_find(text, &h->tls, &text)) == NULL) {
		*why = "begins with none of mx://, smtp://, smtps://, "
		    "lmtp:// and smtp+tls:// (or +anytls, +notls)";
		return (-1);
	}
	h->kind = s->kind;
	h->smtps = s->smtps;
	h->lmtp = s->lmtp;
	h->port = s->port;
	if (h->lmtp && *text == '/')
		return (read_path(text, h, why));
	if (read_user(&text, h, why) == -1)
		return (-1);
	if (read_host(text, h, &text) == -1) {
		*why = "has no usable host";
		return (-1);
	}
	if (read_port(text, &h->port) == -1) {
		*why = "has more behind the host than a port from 1 to 65535";
		return (-1);
	}
	return (0);
}

int
nexthop_format(const struct nexthop *h, char *buf, size_t size)
{
	const char	*open = "", *close = "";
	char		 port[8] = "";
	size_t		 i;
	int		 n;

	if (h->kind == NEXTHOP_UNIX) {
		n = snprintf(buf, size, "lmtp://%s", h->host);
		return (n < 0 || (size_t)n >= size ? -1 : n);
	}
	for (i = 0; i < NSCHEMES; i++)
		if (schemes[i].kind == h->kind && schemes[i].smtps ==
		    h->smtps && schemes[i].lmtp == h->lmtp)
			break;
	if (i == NSCHEMES || h->tls >= NEXTHOP_TLS_COUNT)
		return (-1);
	if (h->port != schemes[i].port)
		(void)snprintf(port, sizeof(port), ":%u", h->port);
	if (strchr(h->host, ':') != NULL) {
		open = "[";
		close = "]";
	}
	n = snprintf(buf, size, "%s%s://%s%s%s%s%s%s", schemes[i].name,
	    h->smtps ? "" : suffixes[h->tls], h->user, h->user[0] == '\0' ?
	    "" : "@", open, h->host, close, port);
	return (n < 0 || (size_t)n >= size ? -1 : n);
}
