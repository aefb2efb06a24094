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
 * SipHash-2-4 beside the vectors of its paper, appendix A, and of its
 * authors' vectors.h: key 00 01 .. 0f, data 00 01 02 ..
 */

#include <inttypes.h>

#include "regress/unit/check.h"
#include "smtpd/base/siphash.h"

static const struct {
	size_t		 len;
	uint64_t	 hash;
} vectors[] = {
	{ 0, UINT64_C(0x726fdb47dd0e0e31) },
	{ 1, UINT64_C(0x74f839c593dc67fd) },
	{ 7, UINT64_C(0xab0200f58b01d137) },
	{ 8, UINT64_C(0x93f5f5799a932462) },
	{ 15, UINT64_C(0xa129ca6149be45e5) },
	{ 16, UINT64_C(0x3f2acc7f57c29bdb) },
	{ 63, UINT64_C(0x958a324ceb064572) },
};

int
main(void)
{
	uint8_t		 key[SIPHASH_KEY], data[64];
	uint64_t	 hash;
	size_t		 i;

	for (i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)i;
	for (i = 0; i < sizeof(key); i++)
		key[i] = (uint8_t)i;
	for (i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		hash = siphash(key, data, vectors[i].len);
		CHECK(hash == vectors[i].hash, "%zu octets: %016" PRIx64,
		    vectors[i].len, hash);
	}
	CHECK(siphash_secret(data, 8) == siphash_secret(data, 8) &&
	    siphash_secret(data, 8) != siphash_secret(data, 9) &&
	    siphash_secret(data, 8) != siphash(key, data, 8), "the secret");
	return (check_done("base_siphash"));
}
