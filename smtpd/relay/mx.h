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
 * The order in which mail exchangers are tried: RFC 5321 5.1, RFC 7505.
 * Pure: chance is the caller's.
 */

#ifndef MX_H
#define MX_H

#include <stddef.h>
#include <stdint.h>

#include "smtpd/smtp/address.h"

#define MX_HOSTS_MAX	10	/* the best ones; a reply may have hundreds */

struct mx {
	uint16_t	 preference;
	char		 host[ADDRESS_DOMAIN_MAX + 1];	/* lower case */
};

enum mx_verdict {
	MX_OK,
	MX_NULL,		/* the domain takes no mail: 5.1.10 */
	MX_SELF,		/* we are the best one: a loop, 5.4.6 */
	MX_UNUSABLE		/* none has a name that can be one */
};

/*
 * Put the n hosts in order, hosts of one preference in any; *n is how many
 * are left.  self is our own name: hosts that are no better than it are
 * dropped.
 */
enum mx_verdict
	 mx_order(struct mx *, size_t *n, const char *self,
	    uint32_t (*chance)(uint32_t below));

#endif
