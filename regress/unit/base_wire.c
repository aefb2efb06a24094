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
 * Cursors: growth, bounds, the sticky error.
 */

#include <stdlib.h>
#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/base/wire.h"

static void
test_growth(void)
{
	struct wbuf	 w;
	struct rbuf	 r;
	unsigned int	 i;

	wbuf_init(&w);
	for (i = 0; i < 10000; i++)
		wbuf_u32(&w, i);
	CHECK(!w.bad && w.len == 40000, "len %zu", w.len);
	rbuf_init(&r, w.data, w.len);
	for (i = 0; i < 10000; i++)
		CHECK(rbuf_u32(&r) == i, "number %u", i);
	CHECK(rbuf_done(&r), "not at the end");
	wbuf_free(&w);
	wbuf_free(&w);
}

static void
test_limit(void)
{
	struct wbuf	 w;
	char		*big;

	big = calloc(1, WIRE_MAX);
	wbuf_init(&w);
	wbuf_data(&w, big, WIRE_MAX - 4);
	CHECK(!w.bad, "the largest body is bad");
	wbuf_u8(&w, 1);
	CHECK(w.bad && w.len == WIRE_MAX, "one octet more was taken");
	wbuf_free(&w);
	wbuf_data(&w, big, WIRE_MAX + 1);
	CHECK(w.bad, "too long a field");
	wbuf_u8(&w, 1);
	CHECK(w.bad, "the error did not stick");
	wbuf_free(&w);
	free(big);
}

static void
test_strings(void)
{
	struct wbuf	 w;
	struct rbuf	 r;
	char		 buf[4], *s;

	wbuf_init(&w);
	wbuf_str(&w, "abc");
	rbuf_init(&r, w.data, w.len);
	rbuf_str(&r, buf, sizeof(buf));
	CHECK(rbuf_done(&r) && strcmp(buf, "abc") == 0, "exact fit");
	rbuf_init(&r, w.data, w.len);
	rbuf_str(&r, buf, sizeof(buf) - 1);
	CHECK(r.bad && buf[0] == '\0', "one too long");
	rbuf_init(&r, w.data, w.len);
	CHECK(rbuf_strdup(&r, 2) == NULL && r.bad, "strdup too long");
	rbuf_init(&r, w.data, w.len);
	s = rbuf_strdup(&r, 3);
	CHECK(s != NULL && strcmp(s, "abc") == 0, "strdup");
	free(s);
	wbuf_free(&w);

	wbuf_data(&w, "a\0b", 3);
	rbuf_init(&r, w.data, w.len);
	rbuf_str(&r, buf, sizeof(buf));
	CHECK(r.bad, "NUL in a string");
	wbuf_free(&w);
	wbuf_str(&w, NULL);
	rbuf_init(&r, w.data, w.len);
	rbuf_str(&r, buf, sizeof(buf));
	CHECK(rbuf_done(&r) && buf[0] == '\0', "NULL is empty");
	wbuf_free(&w);
}

static void
test_sticky(void)
{
	static const uint8_t	 data[] = { 0, 0, 0, 9, 'a', 2 };
	struct rbuf		 r;
	size_t			 len;

	rbuf_init(&r, data, sizeof(data));
	CHECK(rbuf_data(&r, &len, 100) == NULL && len == 0, "length lies");
	CHECK(rbuf_u8(&r, 255) == 0 && rbuf_left(&r) == 0 && !rbuf_done(&r),
	    "the error did not stick");
	rbuf_init(&r, data + 5, 1);
	CHECK(rbuf_u8(&r, 1) == 0 && r.bad, "out of range");
	rbuf_init(&r, data, 0);
	CHECK(rbuf_done(&r), "empty is done");
	CHECK(rbuf_u64(&r) == 0 && r.bad, "nothing to read");
}

int
main(void)
{
	test_growth();
	test_limit();
	test_strings();
	test_sticky();
	return (check_done("base_wire"));
}
