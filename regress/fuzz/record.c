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
 * Values of records.  The first octet is the length of the key, which
 * follows; then the value, as it is and with a checksum that is right.
 * What is taken and written again is the same.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "lookup/record.h"
#include "regress/unit/record_again.h"

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check(const uint8_t *key, size_t keylen, const uint8_t *value, size_t len)
{
	struct wbuf	 w;

	wbuf_init(&w);
	if (record_again(key, keylen, value, len, &w) == 0 && (w.bad ||
	    w.len != len || memcmp(w.data, value, len) != 0))
		abort();
	wbuf_free(&w);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char		 name[RECORD_KEY_SIZE];
	const uint8_t	*key = data + 1;
	uint8_t		*sealed;
	uint32_t	 sum, number;
	size_t		 keylen, i;

	if (len < 1)
		return (0);
	keylen = data[0] < len - 1 ? data[0] : len - 1;
	(void)record_key_name(key, keylen, name, sizeof(name), &number);
	len -= 1 + keylen;
	check(key, keylen, key + keylen, len);
	if ((sealed = malloc(len + 4)) == NULL)
		return (0);
	memcpy(sealed, key + keylen, len);
	sum = (uint32_t)crc32_z(crc32_z(0, key, keylen), sealed, len);
	for (i = 0; i < 4; i++)
		sealed[len + i] = (uint8_t)(sum >> (24 - 8 * i));
	check(key, keylen, sealed, len + 4);
	free(sealed);
	return (0);
}
