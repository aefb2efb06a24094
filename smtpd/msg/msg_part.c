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
 * Addresses in message bodies.
 */

#include <string.h>

#include "smtpd/base/ip.h"
#include "smtpd/base/wire.h"
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
