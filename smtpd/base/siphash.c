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
 * SipHash-2-4.
 */

#include <sys/types.h>
#include <bsd/stdlib.h>

#include <stdlib.h>

#include "smtpd/base/siphash.h"

struct sip {
	uint64_t	 v0, v1, v2, v3;
};

static uint64_t
rotate(uint64_t x, int n)
{
	return (x << n | x >> (64 - n));
}

static void
sip_rounds(struct sip *s, int n)
{
	while (n-- > 0) {
		s->v0 += s->v1;
		s->v1 = rotate(s->v1, 13) ^ s->v0;
		s->v0 = rotate(s->v0, 32);
		s->v2 += s->v3;
		s->v3 = rotate(s->v3, 16) ^ s->v2;
		s->v0 += s->v3;
		s->v3 = rotate(s->v3, 21) ^ s->v0;
		s->v2 += s->v1;
		s->v1 = rotate(s->v1, 17) ^ s->v2;
		s->v2 = rotate(s->v2, 32);
	}
}

/* Up to eight octets as a number, the first one lowest. */
static uint64_t
sip_word(const uint8_t *p, size_t len)
{
	uint64_t	 m = 0;

	while (len-- > 0)
		m = m << 8 | p[len];
	return (m);
}

static void
sip_take(struct sip *s, uint64_t m)
{
	s->v3 ^= m;
	sip_rounds(s, 2);
	s->v0 ^= m;
}

uint64_t
siphash(const uint8_t key[SIPHASH_KEY], const void *data, size_t len)
{
	const uint8_t	*p = data;
	uint64_t	 k0 = sip_word(key, 8), k1 = sip_word(key + 8, 8);
	uint64_t	 last = (uint64_t)len << 56;
	struct sip	 s = {
		k0 ^ UINT64_C(0x736f6d6570736575),
		k1 ^ UINT64_C(0x646f72616e646f6d),
		k0 ^ UINT64_C(0x6c7967656e657261),
		k1 ^ UINT64_C(0x7465646279746573)
	};

	for (; len >= 8; p += 8, len -= 8)
		sip_take(&s, sip_word(p, 8));
	sip_take(&s, last | sip_word(p, len));
	s.v2 ^= 0xff;
	sip_rounds(&s, 4);
	return (s.v0 ^ s.v1 ^ s.v2 ^ s.v3);
}

uint64_t
siphash_secret(const void *data, size_t len)
{
	static uint8_t	 key[SIPHASH_KEY];
	static int	 drawn;

	if (!drawn)
		arc4random_buf(key, sizeof(key));
	drawn = 1;
	return (siphash(key, data, len));
}
