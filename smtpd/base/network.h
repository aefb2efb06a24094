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
 * The network a client is remembered by: an IPv4 address alone is one
 * customer's today and another's tomorrow, and one IPv6 customer has a
 * whole /64.
 */

#ifndef NETWORK_H
#define NETWORK_H

#include <stddef.h>
#include <stdint.h>

#include "smtpd/base/ip.h"

struct rbuf;
struct wbuf;

#define NETWORK_STR_SIZE	(IP_STR_SIZE + 3)	/* with "/64" */

/* The /24 of IPv4, the /64 of IPv6; family 0 is none. */
struct network {
	uint8_t		 family;	/* 0, 4 or 6 */
	uint64_t	 prefix;	/* its first 64 bits, the rest are 0 */
};

void	 network_of(struct network *, const struct ip *);

/* As strcmp: IPv4 first, by address. */
int	 network_cmp(const struct network *, const struct network *);

/* "192.0.2.0/24"; returns buf, "" for none. */
const char *network_format(const struct network *, char *buf, size_t size);

/* That, or any address of it; another length of the prefix is -1. */
int	 network_parse(const char *, struct network *);

/* In message bodies and records. */
void	 network_put(struct wbuf *, const struct network *);
void	 network_get(struct rbuf *, struct network *);

#endif
