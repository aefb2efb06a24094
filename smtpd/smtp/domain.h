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
 * Domain names and address literals, RFC 5321 4.1.2 and 4.1.3: the right
 * side of the @.  For address.c; everybody else uses address.h.
 */

#ifndef DOMAIN_H
#define DOMAIN_H

#include <stddef.h>

#include "smtpd/smtp/address.h"

/*
 * Read a domain name, or an address literal in brackets, at the start of
 * text, as far as it goes; *used is its length, at most ADDRESS_DOMAIN_MAX.
 * With utf8 labels may be U-labels (RFC 5890); whether IDNA knows them is
 * decided where they are folded.
 */
enum address_error
	 domain_scan(const char *text, size_t len, int utf8, size_t *used);

#endif
