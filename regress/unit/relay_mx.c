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
 * Unit test of smtpd/relay/mx.c.
 */

#include <stdio.h>
#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/relay/mx.h"

static uint32_t	 next;

static uint32_t
chance(uint32_t below)
{
	return (next++ * 2654435761U % below);
}

static struct mx	 list[40];

static enum mx_verdict
order(const char *text, size_t *n)
{
	char	 copy[512], *p, *save = NULL;

	*n = 0;
	memset(list, 0, sizeof(list));
	(void)snprintf(copy, sizeof(copy), "%s", text);
	for (p = strtok_r(copy, " ", &save); p != NULL;
	    p = strtok_r(NULL, " ", &save)) {
		unsigned int	 pref;
		char		 host[256] = "";

		(void)sscanf(p, "%u:%255s", &pref, host);
		list[*n].preference = (uint16_t)pref;
		memcpy(list[(*n)++].host, host, sizeof(host));
	}
	return (mx_order(list, n, "self.test", chance));
}

int
main(void)
{
	size_t	 n, i, first[3] = { 0 };

	CHECK(order("20:b 10:a 65535:c", &n) == MX_OK && n == 3 &&
	    strcmp(list[0].host, "a") == 0 && strcmp(list[1].host, "b") ==
	    0 && strcmp(list[2].host, "c") == 0, "by preference");
	CHECK(order("0:.", &n) == MX_NULL && n == 0, "null MX");
	CHECK(order("0:", &n) == MX_NULL, "null MX, empty");
	CHECK(order("0:. 10:a", &n) == MX_OK && n == 1, "a dot beside others");
	CHECK(order("10:self.test", &n) == MX_SELF && n == 0, "self");
	CHECK(order("10:self.test 10:a 20:b", &n) == MX_SELF, "self is best");
	CHECK(order("20:self.test 10:a 20:b 30:c", &n) == MX_OK && n == 1 &&
	    strcmp(list[0].host, "a") == 0, "only better than self");
	CHECK(order("65535:self.test 10:a", &n) == MX_OK && n == 1,
	    "self is last");
	CHECK(order("10:a_b! 10:-x 10:[127.0.0.1] 10:a..b", &n) ==
	    MX_UNUSABLE && n == 0, "%zu unusable names", n);
	CHECK(order("", &n) == MX_UNUSABLE, "none");
	for (i = 0; i < 300; i++) {
		CHECK(order("10:a 10:b 10:c 20:d", &n) == MX_OK && n == 4 &&
		    strcmp(list[3].host, "d") == 0, "round %zu", i);
		first[list[0].host[0] - 'a']++;
	}
	CHECK(first[0] > 50 && first[1] > 50 && first[2] > 50,
	    "chance %zu %zu %zu", first[0], first[1], first[2]);
	CHECK(order("9:a 9:a 9:a 9:a 9:a 9:a 9:a 9:a 9:a 9:a 9:a 1:b", &n) ==
	    MX_OK && n == MX_HOSTS_MAX && strcmp(list[0].host, "b") == 0,
	    "the best of many");
	return (check_done("relay_mx"));
}
