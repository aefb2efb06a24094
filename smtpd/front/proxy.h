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
 * The header of the PROXY protocol, versions 1 and 2, as HAProxy's
 * proxy-protocol.txt has it.  Pure: what to believe is said elsewhere.
 */

#ifndef PROXY_H
#define PROXY_H

#include <stddef.h>
#include <stdint.h>

#include "smtpd/base/ip.h"

#define PROXY_V1_MAX	107	/* octets with CRLF: section 2.1 */
#define PROXY_HEAD_MAX	4096	/* of any header, type-length-values too */

enum proxy_result {
	PROXY_MORE,		/* so far it is one, and all of buf is in it */
	PROXY_DONE,
	PROXY_BAD
};

/* Who is behind the balancer.  Not given: LOCAL, UNSPEC, UNKNOWN, AF_UNIX. */
struct proxy_head {
	int		 given;
	struct ip	 remote, local;
	uint16_t	 remote_port, local_port;
};

/*
 * Read a header at the start of buf.  With PROXY_DONE *head is filled in
 * and *used is its length.  Type-length-values are skipped unread.
 */
enum proxy_result proxy_parse(const uint8_t *buf, size_t len,
	    struct proxy_head *head, size_t *used);

#endif
