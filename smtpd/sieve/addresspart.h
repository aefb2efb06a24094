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
 * Parts of addresses: RFC 5228 2.7.4, RFC 5233.
 */

#ifndef ADDRESSPART_H
#define ADDRESSPART_H

#include <stddef.h>

#include "smtpd/smtp/address.h"

enum addresspart {
	ADDRESSPART_ALL,
	ADDRESSPART_LOCALPART,
	ADDRESSPART_DOMAIN,
	ADDRESSPART_USER,
	ADDRESSPART_DETAIL,
	ADDRESSPART_COUNT
};

#define ADDRESSPART_SIZE	(ADDRESS_DOMAIN_MAX + 1)

/*
 * A part of an address without brackets and route, and its length: in text
 * or in buf.  NULL when there is none, which matches nothing:
 *
 *	the domain of a bare postmaster;
 *	the detail where no delimiter stands in the local part;
 *	any part but all of what is no address.
 *
 * The local part comes without its quotes.  All parts of the null address
 * "" are "" (RFC 5228 5.4).  User and detail are what stands before and
 * behind the first of the characters in delims; the user without any is
 * all of the local part.
 */
const char *addresspart_get(enum addresspart, const char *text, size_t len,
	    const char *delims, char buf[ADDRESSPART_SIZE], size_t *outlen);

#endif
