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
 * Parts of addresses.
 */

#include <string.h>
#include <strings.h>

#include "smtpd/sieve/addresspart.h"

const char *
addresspart_get(enum addresspart part, const char *text, size_t len,
    const char *delims, char buf[ADDRESSPART_SIZE], size_t *outlen)
{
	struct address	 a;
	const char	*from;
	size_t		 user, detail, local;

	*outlen = len;
	if (part == ADDRESSPART_ALL || len == 0)
		return (text);
	if (address_parse(text, len, ADDRESS_ALLOW_POSTMASTER |
	    ADDRESS_UTF8_OK, &a) != ADDRESS_OK)
		return (NULL);
	local = strlen(a.local);
	user = address_split_tag(a.local, delims, &detail);
	from = a.local;
	switch (part) {
	case ADDRESSPART_DOMAIN:
		from = a.domain;
		*outlen = strlen(a.domain);
		if (*outlen == 0)
			return (NULL);
		break;
	case ADDRESSPART_USER:
		*outlen = user;
		break;
	case ADDRESSPART_DETAIL:
		if (user == local)
			return (NULL);
		from = a.local + user + 1;
		*outlen = detail;
		break;
	default:
		*outlen = local;
		break;
	}
	memcpy(buf, from, *outlen);
	return (buf);
}
