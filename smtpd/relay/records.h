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
 * DNS for policy: MSG_POLICY_DNS_ASK.
 */

#ifndef RECORDS_H
#define RECORDS_H

#include "smtpd/code/datum.h"
#include "smtpd/msg/msg_dns.h"
#include "smtpd/relay/resolver.h"

struct proc_msg;

#define RECORDS_OCTETS	65536		/* no DNS message has more */

/* What an answer says, as text. */
struct records {
	uint32_t	 n;
	struct datum	 texts[DNS_RECORDS_MAX];
	size_t		 len;
	char		 octets[RECORDS_OCTETS];	/* of texts */
};

/*
 * Read an answer of DNS, which is hostile.  RESOLVER_OK: at least one
 * record of that type; a null MX (RFC 7505) is none.
 */
enum resolver_status
	 records_read(enum dns_type, const unsigned char *body, int len,
	    struct records *);

/* Answer, then or later. */
int	 records_take(struct proc_msg *);

#endif
