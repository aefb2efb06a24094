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
 * Values and questions to stores as messages: what was put is got again;
 * every truncation, one octet more and what no message may hold are refused.
 */

#include <bsd/string.h>

#include <stdlib.h>
#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/base/wire.h"
#include "smtpd/msg/msg_store.h"
#include "smtpd/msg/msg_value.h"

static struct value_answer	 value;
static struct datum		 many[VALUE_ELEMENTS_MAX + 1];
static char			 octets[VALUE_OCTETS_MAX + 1];

/* From a copy of exactly n octets, that a read behind them is seen. */
static int
get(int (*try)(struct rbuf *), const struct wbuf *w, size_t n)
{
	struct rbuf	 r;
	uint8_t		*copy = malloc(n == 0 ? 1 : n);
	int		 ret;

	if (n > 0)
		memcpy(copy, w->data, n);
	rbuf_init(&r, copy, n);
	ret = try(&r);
	free(copy);
	return (ret);
}

static void
cuts(const char *name, int (*try)(struct rbuf *), struct wbuf *w)
{
	size_t	 n;

	CHECK(!w->bad && get(try, w, w->len) == 0, "%s refused", name);
	for (n = 0; n < w->len; n++)
		CHECK(get(try, w, n) == -1, "%s accepts %zu of %zu", name, n,
		    w->len);
	wbuf_u8(w, 0);
	CHECK(get(try, w, w->len) == -1, "%s accepts an octet more", name);
	wbuf_free(w);
}

static int
try_store(struct rbuf *r)
{
	struct store_ask	 m;

	if (msg_get_store_ask(r, &m) == -1)
		return (-1);
	CHECK(m.op == STORE_COUNTER_INCR && strcmp(m.store, "grey") == 0 &&
	    m.keylen == 3 && memcmp(m.key, "a\0b", 3) == 0 && m.len == 0 &&
	    m.by == INT64_MIN && m.expiry == UINT64_MAX, "store_ask");
	return (0);
}

static int
try_array(struct rbuf *r)
{
	const struct datum	*a;

	if (msg_get_value(r, &value) == -1)
		return (-1);
	a = value.value.array;
	CHECK(value.status == VALUE_FOUND && value.value.type == DATUM_ARRAY &&
	    value.value.len == 3 && a[0].type == DATUM_STRING &&
	    a[0].len == 3 && memcmp(a[0].string, "a\0b", 3) == 0 &&
	    a[1].type == DATUM_INTEGER && a[1].integer == -1 &&
	    a[2].type == DATUM_FLOAT && a[2].real == 0.5, "array");
	return (0);
}

static int
try_none(struct rbuf *r)
{
	if (msg_get_value(r, &value) == -1)
		return (-1);
	CHECK(value.status == VALUE_BROKEN && value.value.len == 0, "none");
	return (0);
}

static void
test_good(void)
{
	struct store_ask	 ask;
	struct datum		 d;
	struct wbuf		 w;

	memset(&ask, 0, sizeof(ask));
	ask.op = STORE_COUNTER_INCR;
	(void)strlcpy(ask.store, "grey", sizeof(ask.store));
	ask.key = "a\0b";
	ask.keylen = 3;
	ask.by = INT64_MIN;
	ask.expiry = UINT64_MAX;
	wbuf_init(&w);
	msg_put_store_ask(&w, &ask);
	cuts("store_ask", try_store, &w);
	many[0] = datum_string("a\0b", 3);
	many[1] = datum_integer(-1);
	many[2] = datum_float(0.5);
	d.type = DATUM_ARRAY;
	d.array = many;
	d.len = 3;
	wbuf_init(&w);
	msg_put_value(&w, VALUE_FOUND, &d);
	cuts("array", try_array, &w);
	wbuf_init(&w);
	msg_put_value(&w, VALUE_BROKEN, NULL);
	cuts("none", try_none, &w);
}

static void
bad(const char *name, const struct datum *d)
{
	struct wbuf	 w;

	wbuf_init(&w);
	msg_put_value(&w, VALUE_FOUND, d);
	CHECK(w.bad, "%s is put", name);
	wbuf_free(&w);
}

static void
test_limits(void)
{
	static const uint8_t	 nan[] = { VALUE_FOUND, DATUM_FLOAT, 0x7f,
	    0xf8, 0, 0, 0, 0, 0, 0 };
	static const uint8_t	 nested[] = { VALUE_FOUND, DATUM_ARRAY, 0, 0,
	    0, 1, DATUM_ARRAY, 0, 0, 0, 0 };
	static const uint8_t	 endless[] = { VALUE_FOUND, DATUM_ARRAY,
	    0xff, 0xff, 0xff, 0xff };
	static const uint8_t	 status[] = { VALUE_STATUS_COUNT };
	static const uint8_t	 kind[] = { VALUE_FOUND, DATUM_TYPE_COUNT };
	static const struct {
		const uint8_t	*octets;
		size_t		 len;
	} refused[] = {
		{ nan, sizeof(nan) },		{ nested, sizeof(nested) },
		{ endless, sizeof(endless) },	{ status, sizeof(status) },
		{ kind, sizeof(kind) },
	};
	struct datum		 d = { .type = DATUM_ARRAY };
	struct rbuf		 r;
	struct wbuf		 w;
	size_t			 i;

	memset(many, 0, sizeof(many));
	d.array = many;
	d.len = VALUE_ELEMENTS_MAX + 1;
	bad("an array of too many", &d);
	d.len = 2;
	many[0] = datum_string(octets, VALUE_OCTETS_MAX);
	many[1] = datum_string(octets, 1);
	bad("an array of too many octets", &d);
	d = datum_string(octets, sizeof(octets));
	bad("too long a string", &d);
	many[0] = (struct datum){ .type = DATUM_ARRAY };
	d = (struct datum){ .type = DATUM_ARRAY, .len = 1 };
	d.array = many;
	bad("an array in an array", &d);
	wbuf_init(&w);
	wbuf_u8(&w, VALUE_FOUND);
	wbuf_u8(&w, DATUM_STRING);
	wbuf_data(&w, octets, sizeof(octets));
	rbuf_init(&r, w.data, w.len);
	CHECK(msg_get_value(&r, &value) == -1, "gets too many octets");
	wbuf_free(&w);
	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		rbuf_init(&r, refused[i].octets, refused[i].len);
		CHECK(msg_get_value(&r, &value) == -1, "gets case %zu", i);
	}
}

int
main(void)
{
	test_good();
	test_limits();
	return (check_done("msg_value"));
}
