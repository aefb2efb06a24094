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
 * Encoding of answers that are values.
 */

#include "smtpd/base/wire.h"
#include "smtpd/code/datum_wire.h"
#include "smtpd/msg/msg_value.h"

static int
value_fits(const struct datum *d)
{
	size_t		 octets = 0;
	uint32_t	 i;

	if (d->type == DATUM_STRING)
		return (d->len <= VALUE_OCTETS_MAX);
	if (d->type != DATUM_ARRAY)
		return (1);
	for (i = 0; i < d->len && d->len <= VALUE_ELEMENTS_MAX; i++)
		if (d->array[i].type == DATUM_STRING)
			octets += d->array[i].len;
	return (i == d->len && octets <= VALUE_OCTETS_MAX);
}

void
msg_put_value(struct wbuf *w, enum value_status status,
    const struct datum *d)
{
	wbuf_u8(w, (uint8_t)status);
	if (status != VALUE_FOUND)
		return;
	if (!value_fits(d))
		w->bad = 1;
	datum_put(w, d);
}

int
msg_get_value(struct rbuf *r, struct value_answer *m)
{
	m->status = (enum value_status)rbuf_u8(r, VALUE_STATUS_COUNT - 1);
	if (m->status == VALUE_FOUND) {
		datum_get(r, &m->value, m->elements, VALUE_ELEMENTS_MAX);
		if (!value_fits(&m->value))
			rbuf_fail(r);
	} else
		m->value = datum_string("", 0);
	return (rbuf_done(r) ? 0 : -1);
}
