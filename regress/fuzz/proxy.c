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
 * Fuzz target: headers of the PROXY protocol.  However a header is cut, it
 * is the same one; what waits for more is all of it header; and what is
 * read out of it, written by the rule of either version, reads the same.
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/front/proxy.h"

#define INPUT_MAX	8192

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static int
same(const struct proxy_head *a, const struct proxy_head *b)
{
	return (a->given == b->given && ip_equal(&a->remote, &b->remote) &&
	    ip_equal(&a->local, &b->local) &&
	    a->remote_port == b->remote_port &&
	    a->local_port == b->local_port);
}

/* Every beginning: MORE up to the end, and the same ever after. */
static void
check_cuts(const uint8_t *buf, size_t len)
{
	struct proxy_head	 whole, cut;
	enum proxy_result	 want, got;
	uint8_t			*copy;
	size_t			 n, used = 0, cutused = 0;

	want = proxy_parse(buf, len, &whole, &used);
	if (want == PROXY_DONE && (used == 0 || used > len ||
	    used > PROXY_HEAD_MAX))
		abort();
	if (want == PROXY_MORE && len >= PROXY_HEAD_MAX)
		abort();
	for (n = 1; n < len && n < 300; n++) {
		/* of that very size, so that checkers see its end */
		if ((copy = malloc(n)) == NULL)
			abort();
		memcpy(copy, buf, n);
		got = proxy_parse(copy, n, &cut, &cutused);
		free(copy);
		if (want == PROXY_DONE && got != (n < used ? PROXY_MORE :
		    PROXY_DONE))
			abort();
		if (want == PROXY_MORE && got != PROXY_MORE)
			abort();
		if (got == PROXY_DONE && (cutused != used ||
		    !same(&whole, &cut)))
			abort();
	}
}

static size_t
write_v1(const struct proxy_head *h, char *out, size_t size)
{
	char	 a[IP_STR_SIZE], b[IP_STR_SIZE];

	return ((size_t)snprintf(out, size, "PROXY TCP%u %s %s %u %u\r\n",
	    h->remote.family, ip_format(&h->remote, a, sizeof(a)),
	    ip_format(&h->local, b, sizeof(b)), h->remote_port,
	    h->local_port));
}

static size_t
write_v2(const struct proxy_head *h, uint8_t *p)
{
	size_t	 n = h->remote.family == 4 ? 4 : 16;

	memcpy(p, "\r\n\r\n\0\r\nQUIT\n\x21", 13);
	p[13] = n == 4 ? 0x11 : 0x21;
	p[14] = 0;
	p[15] = (uint8_t)(2 * n + 4);
	memcpy(p + 16, h->remote.octets, n);
	memcpy(p + 16 + n, h->local.octets, n);
	p += 16 + 2 * n;
	p[0] = (uint8_t)(h->remote_port >> 8);
	p[1] = (uint8_t)h->remote_port;
	p[2] = (uint8_t)(h->local_port >> 8);
	p[3] = (uint8_t)h->local_port;
	return (16 + 2 * n + 4);
}

static void
check_again(const struct proxy_head *h)
{
	struct proxy_head	 again;
	uint8_t			 buf[256];
	size_t			 n, used = 0;

	n = write_v1(h, (char *)buf, sizeof(buf));
	if (proxy_parse(buf, n, &again, &used) != PROXY_DONE || used != n ||
	    !same(h, &again))
		abort();
	n = write_v2(h, buf);
	if (proxy_parse(buf, n, &again, &used) != PROXY_DONE || used != n ||
	    !same(h, &again))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct proxy_head	 h;
	size_t			 used = 0;

	if (len > INPUT_MAX)
		len = INPUT_MAX;
	check_cuts(data, len);
	if (proxy_parse(data, len, &h, &used) == PROXY_DONE && h.given &&
	    h.remote.family == h.local.family)
		check_again(&h);
	return (0);
}
