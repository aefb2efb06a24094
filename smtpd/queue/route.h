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
 * Which next hop an address has.  Pure.
 */

#ifndef ROUTE_H
#define ROUTE_H

#include <stddef.h>

#include "smtpd/msg/msg_conf.h"
#include "smtpd/smtp/address.h"

/*
 * The next hop of to into out (NEXTHOP_STR_SIZE): url when the directory
 * gave one, else the first route that fits the domain, else the smarthost,
 * else the mail exchangers of the domain.  0, or -1 when there is none: url
 * is not usable, or the domain is no domain.
 */
int	 route_find(const struct queue_conf *, const struct address *to,
	    const char *url, char *out);

#endif
