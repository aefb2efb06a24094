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
 * Encoding of questions to DNS.
 */

#include <string.h>
#include <strings.h>

#include "smtpd/base/wire.h"
#include "smtpd/msg/msg_dns.h"

void
msg_put_dns_ask(struct wbuf *w, const struct dns_ask *m)
{
	wbuf_u8(w, m->host);
	wbuf_u8(w, (uint8_t)m->type);
	wbuf_str(w, m->name);
}

int
msg_get_dns_ask(struct rbuf *r, struct dns_ask *m)
{
	m->host = rbuf_u8(r, 1);
	m->type = (enum dns_type)rbuf_u8(r, DNS_TYPE_COUNT - 1);
	rbuf_str(r, m->name, sizeof(m->name));
	return (rbuf_done(r) ? 0 : -1);
}

enum dns_type
dns_type_find(const char *name, size_t len)
{
	static const struct {
		const char	*name;
		enum dns_type	 type;
	} names[] = {
		{ "A", DNS_A },		{ "AAAA", DNS_AAAA },
		{ "MX", DNS_MX },	{ "TXT", DNS_TXT },
		{ "PTR", DNS_PTR },	{ "NS", DNS_NS },
		{ "IPV4", DNS_A },	{ "IPV6", DNS_AAAA },
	};
	size_t	 i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i].name) == len &&
		    strncasecmp(names[i].name, name, len) == 0)
			return (names[i].type);
	return (DNS_TYPE_COUNT);
}
