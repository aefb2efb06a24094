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
 * Fuzz target: the address parser.  What it accepts is within the limits,
 * prints, and parses back to itself.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/smtp/address.h"
#include "smtpd/smtp/utf8.h"

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check(const struct address *a, unsigned int flags)
{
	struct address	 b;
	char		 buf[ADDRESS_STR_SIZE];
	size_t		 i, nlocal = strlen(a->local);
	int		 n;

	if (nlocal + 1 + strlen(a->domain) > ADDRESS_PATH_MAX - 2)
		abort();
	if (nlocal == 0 && (a->domain[0] != '\0' ||
	    !(flags & ADDRESS_ALLOW_NULL)))
		abort();
	if (nlocal > 0 && a->domain[0] == '\0' &&
	    !(flags & ADDRESS_ALLOW_POSTMASTER))
		abort();
	if (!utf8_valid(a->local, nlocal))
		abort();
	for (i = 0; i < nlocal; i++)
		if ((unsigned char)a->local[i] < 0x20 || a->local[i] == 0x7f)
			abort();
	if (!(flags & ADDRESS_UTF8_OK) && (!utf8_is_ascii(a->local, nlocal) ||
	    !utf8_is_ascii(a->domain, strlen(a->domain))))
		abort();
	if ((n = address_format(a, buf, sizeof(buf))) == -1)
		abort();
	if (address_parse(buf, (size_t)n, flags, &b) != ADDRESS_OK ||
	    !address_equal_exact(a, &b))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct address	 a;
	const char	*text = (const char *)data + 1;
	size_t		 used;
	unsigned int	 flags;

	if (len < 1)
		return (0);
	flags = data[0] & 7;
	len--;
	if (address_parse_path(text, len, flags, &a, &used) == ADDRESS_OK) {
		if (used < 2 || used > len || text[used - 1] != '>')
			abort();
		check(&a, flags);
	}
	if (address_parse(text, len, flags, &a) == ADDRESS_OK)
		check(&a, flags);
	return (0);
}
