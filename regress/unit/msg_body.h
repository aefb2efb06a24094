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
 * A message body under test: what was put is got again, and anything else
 * is refused.
 */

#ifndef MSG_BODY_H
#define MSG_BODY_H

#include <stdlib.h>
#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/base/wire.h"

/*
 * A get that fills static storage, then a put of what it filled: the
 * octets must be the same ones.
 */
struct body {
	const char	*name;
	void		(*put)(struct wbuf *, const void *);
	int		(*get)(struct rbuf *, void *);
	size_t		 size;
	void		(*fill)(void *);
	void		(*clear)(void *);
	int		 open;		/* more may follow it */
};

#define BODY(name, type, suffix)					\
static void put_##suffix(struct wbuf *w, const void *p)			\
{ msg_put_##suffix(w, p); }						\
static int get_##suffix(struct rbuf *r, void *p)			\
{ return (msg_get_##suffix(r, p)); }

#define PLAIN(type, suffix) { #suffix, put_##suffix, get_##suffix,	\
    sizeof(struct type), NULL, NULL, 0 }
#define FILLED(type, suffix, fill) { #suffix, put_##suffix,		\
    get_##suffix, sizeof(struct type), fill, NULL, 0 }

/* get, from a copy on the heap that ends where the body does */
static inline int
try_get(const struct body *b, const uint8_t *data, size_t len, void *out)
{
	struct rbuf	 r;
	uint8_t		*copy;
	int		 ret;

	copy = malloc(len == 0 ? 1 : len);
	memcpy(copy, data, len);
	rbuf_init(&r, copy, len);
	memset(out, 0, b->size);
	ret = b->get(&r, out);
	free(copy);
	return (ret);
}

static inline void
test_body(const struct body *b)
{
	struct wbuf	 w, again;
	void		*in, *out;
	size_t		 n;

	in = calloc(1, b->size);
	out = calloc(1, b->size);
	if (b->fill != NULL)
		b->fill(in);
	wbuf_init(&w);
	b->put(&w, in);
	CHECK(!w.bad, "%s does not fit", b->name);
	CHECK(try_get(b, w.data, w.len, out) == 0, "%s refused", b->name);
	wbuf_init(&again);
	b->put(&again, out);
	CHECK(again.len == w.len && memcmp(again.data, w.data, w.len) == 0,
	    "%s came back different", b->name);
	if (b->clear != NULL)
		b->clear(out);
	for (n = 0; n < w.len; n++)
		CHECK(try_get(b, w.data, n, out) == -1,
		    "%s accepts %zu of %zu", b->name, n, w.len);
	wbuf_u8(&w, 0);
	if (!b->open)
		CHECK(try_get(b, w.data, w.len, out) == -1,
		    "%s accepts an octet more", b->name);
	if (b->clear != NULL)
		b->clear(in);
	wbuf_free(&w);
	wbuf_free(&again);
	free(in);
	free(out);
}

#endif
