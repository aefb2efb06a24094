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
 * A type, and behind it a number or counted octets.
 */

#include <string.h>

#include "smtpd/base/wire.h"
#include "smtpd/code/datum_wire.h"

static void
put_scalar(struct wbuf *w, const struct datum *d)
{
	uint64_t	 bits;

	wbuf_u8(w, (uint8_t)d->type);
	switch (d->type) {
	case DATUM_INTEGER:
		wbuf_u64(w, (uint64_t)d->integer);
		break;
	case DATUM_FLOAT:
		memcpy(&bits, &d->real, sizeof(bits));
		wbuf_u64(w, bits);
		break;
	case DATUM_STRING:
		wbuf_data(w, d->string, d->len);
		break;
	default:
		w->bad = 1;
		break;
	}
}

void
datum_put(struct wbuf *w, const struct datum *d)
{
	uint32_t	 i;

	if (d->type != DATUM_ARRAY) {
		put_scalar(w, d);
		return;
	}
	wbuf_u8(w, DATUM_ARRAY);
	wbuf_u32(w, d->len);
	for (i = 0; i < d->len; i++)
		put_scalar(w, &d->array[i]);
}

static void
get_scalar(struct rbuf *r, struct datum *d, uint8_t kind)
{
	const void	*p;
	uint64_t	 bits;
	double		 real;
	size_t		 len;

	switch (kind) {
	case DATUM_STRING:
		if ((p = rbuf_data(r, &len, WIRE_MAX)) != NULL)
			*d = datum_string(p, len);
		break;
	case DATUM_INTEGER:
		*d = datum_integer((int64_t)rbuf_u64(r));
		break;
	case DATUM_FLOAT:
		bits = rbuf_u64(r);
		memcpy(&real, &bits, sizeof(real));
		*d = datum_float(real);
		/* it would not be finite */
		if (memcmp(&d->real, &real, sizeof(real)) != 0)
			rbuf_fail(r);
		break;
	default:
		rbuf_fail(r);
		break;
	}
}

void
datum_get(struct rbuf *r, struct datum *d, struct datum *elements,
    uint32_t max)
{
	uint32_t	 i, n;
	uint8_t		 type = rbuf_u8(r, DATUM_TYPE_COUNT - 1);

	*d = datum_string("", 0);
	if (type == DATUM_ARRAY) {
		if ((n = rbuf_u32(r)) > max)
			rbuf_fail(r);
		for (i = 0; i < n && !r->bad; i++)
			get_scalar(r, &elements[i], rbuf_u8(r, DATUM_FLOAT));
		d->type = DATUM_ARRAY;
		d->len = n;
		d->array = elements;
	} else
		get_scalar(r, d, type);
	if (r->bad)
		*d = datum_string("", 0);
}
