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
 * Addresses and networks in message bodies.
 */

#include <string.h>

#include "smtpd/base/ip.h"
#include "smtpd/base/wire.h"
#include "smtpd/msg/msg_conf.h"
#include "smtpd/msg/msg_part.h"
#include "smtpd/smtp/address.h"

void
msg_put_address(struct wbuf *w, const struct address *a)
{
	wbuf_str(w, a->local);
	wbuf_str(w, a->domain);
}

void
msg_get_address(struct rbuf *r, struct address *a)
{
	rbuf_str(r, a->local, sizeof(a->local));
	rbuf_str(r, a->domain, sizeof(a->domain));
}

void
msg_get_line(struct rbuf *r, char *dst, size_t size)
{
	const unsigned char	*p;

	rbuf_str(r, dst, size);
	for (p = (const unsigned char *)dst; !r->bad && *p != '\0'; p++)
		if (*p < ' ' || *p == 127)
			rbuf_fail(r);
}

void
msg_put_ip(struct wbuf *w, const struct ip *ip)
{
	wbuf_u8(w, ip->family);
	wbuf_raw(w, ip->octets, sizeof(ip->octets));
}

void
msg_get_ip(struct rbuf *r, struct ip *ip)
{
	const void	*p;

	memset(ip, 0, sizeof(*ip));
	ip->family = rbuf_u8(r, 6);
	if (ip->family != 0 && ip->family != 4 && ip->family != 6)
		rbuf_fail(r);
	if ((p = rbuf_raw(r, sizeof(ip->octets))) != NULL)
		memcpy(ip->octets, p, sizeof(ip->octets));
}

void
msg_put_net(struct wbuf *w, const struct ip_net *net)
{
	msg_put_ip(w, &net->ip);
	wbuf_u8(w, net->bits);
}

void
msg_get_net(struct rbuf *r, struct ip_net *net)
{
	msg_get_ip(r, &net->ip);
	net->bits = rbuf_u8(r, net->ip.family == 4 ? 32 : 128);
	if (net->ip.family == 0)
		rbuf_fail(r);
}

int
networks_have(const struct networks_conf *c, const struct ip *ip)
{
	size_t	 i;

	for (i = 0; i < c->n; i++)
		if (ip_net_has(&c->nets[i], ip))
			return (1);
	return (0);
}

void
msg_put_networks(struct wbuf *w, const struct networks_conf *c)
{
	size_t	 i;

	wbuf_u16(w, c->n);
	for (i = 0; i < c->n; i++)
		msg_put_net(w, &c->nets[i]);
}

void
msg_get_networks(struct rbuf *r, struct networks_conf *c)
{
	size_t	 i;

	if ((c->n = rbuf_u16(r)) > CONF_NETWORKS_MAX) {
		rbuf_fail(r);
		c->n = 0;
	}
	for (i = 0; i < c->n; i++)
		msg_get_net(r, &c->nets[i]);
}

void
msg_put_exempt(struct wbuf *w, const struct exempt_conf *c)
{
	size_t	 i;

	msg_put_networks(w, &c->networks);
	wbuf_u16(w, c->nsenders);
	for (i = 0; i < c->nsenders; i++)
		wbuf_str(w, c->senders[i]);
}

void
msg_get_exempt(struct rbuf *r, struct exempt_conf *c)
{
	size_t	 i;

	msg_get_networks(r, &c->networks);
	if ((c->nsenders = rbuf_u16(r)) > CONF_SENDERS_MAX) {
		rbuf_fail(r);
		c->nsenders = 0;
	}
	for (i = 0; i < c->nsenders; i++)
		rbuf_str(r, c->senders[i], sizeof(c->senders[i]));
}
