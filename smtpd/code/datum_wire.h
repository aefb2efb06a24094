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
 * Values as octets of messages: of programs, of what they ask and of what
 * they are answered.
 */

#ifndef DATUM_WIRE_H
#define DATUM_WIRE_H

#include <stdint.h>

#include "smtpd/code/datum.h"

struct rbuf;
struct wbuf;

/* An array in an array makes w bad. */
void	 datum_put(struct wbuf *, const struct datum *);

/*
 * Strings point into the body; an array is put in elements, of at most max.
 * On failure r is bad and *d the empty string.
 */
void	 datum_get(struct rbuf *, struct datum *d, struct datum *elements,
	    uint32_t max);

#endif
