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
 * DNS for rules and scripts: policy asks relay, which has the network and
 * the resolver.  It is answered with MSG_RELAY_DNS_ANSWER, a value of
 * msg_value.h: an array of strings.
 */

#ifndef MSG_DNS_H
#define MSG_DNS_H

#include <stddef.h>
#include <stdint.h>

struct rbuf;
struct wbuf;

#define DNS_NAME_MAX	253		/* RFC 1035 3.1, as text */
#define DNS_RECORDS_MAX	100		/* in an answer: the first ones */

enum dns_type {
	DNS_A,
	DNS_AAAA,
	DNS_MX,			/* hosts, the preferred first */
	DNS_TXT,		/* each with its strings joined */
	DNS_PTR,
	DNS_NS,
	DNS_TYPE_COUNT
};

/*
 * MSG_POLICY_DNS_ASK
 *
 * host: the name is an IP address, and what is wanted, whatever the type,
 * is the name of its PTR record that leads back to it; the answer is always
 * an array of one string, which is empty where there is no such name.
 */
struct dns_ask {
	uint8_t		 host;
	enum dns_type	 type;
	char		 name[DNS_NAME_MAX + 1];
};

void	 msg_put_dns_ask(struct wbuf *, const struct dns_ask *);
int	 msg_get_dns_ask(struct rbuf *, struct dns_ask *);

/*
 * The type of that name, in any case; "ipv4" and "ipv6" are A and AAAA.
 * DNS_TYPE_COUNT when there is none.
 */
enum dns_type dns_type_find(const char *name, size_t len);

#endif
