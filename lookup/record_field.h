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
 * Room-private: the fields of records, for record.c.
 *
 * A field that is what it mostly is (active, as the key says, none) takes
 * no room: a mask says which are there.  One that is there and says just
 * that is malformed, so that each record has one encoding.
 */

#ifndef RECORD_FIELD_H
#define RECORD_FIELD_H

#include <stddef.h>
#include <stdint.h>

#include "lookup/record.h"

enum {
	HAS_STATE	= 0x0001,
	HAS_EXPIRES	= 0x0002,
	HAS_USES	= 0x0004,
	HAS_TEXT	= 0x0008,
	HAS_NAME	= 0x0010,	/* as written: not as in the key */
	HAS_PRIMARY	= 0x0020,	/* not as written */
	HAS_QUOTA	= 0x0040,
	HAS_PERSON	= 0x0080,
	HAS_OWNER	= 0x0100,
	HAS_SENDERS	= 0x0200,
	HAS_LOGIN	= 0x0400,	/* not the name */
	HAS_SECRET	= 0x0800,
	HAS_ALIAS_OF	= 0x1000,
	HAS_URL		= 0x2000
};

#define HAS_ATTRS	(HAS_STATE | HAS_EXPIRES | HAS_USES | HAS_TEXT)

/* The value's version and mask; its checksum. */
void	 field_begin(struct wbuf *, uint16_t has);
void	 field_end(struct wbuf *, const void *key, size_t keylen);

/*
 * A cursor over the fields behind the mask, which is returned.  The cursor
 * is bad when the value is not whole, or has what it may not have.
 */
uint16_t field_open(struct rbuf *, const void *key, size_t keylen,
	    const void *value, size_t len, uint16_t may);

/* Never empty, no control octets, shorter than size. */
void	 field_put_text(struct wbuf *, const char *, size_t size);
void	 field_get_text(struct rbuf *, char *, size_t size);

/* Never 0. */
uint64_t field_get_number(struct rbuf *);

/* Is it the name in the key? */
int	 field_is_key(const void *key, size_t keylen, const char *name);

/* The name as written: it is in the key when not HAS_NAME. */
void	 field_get_name(struct rbuf *, uint16_t has, const void *key,
	    size_t keylen, char *buf, size_t size);

uint16_t field_attrs_has(const struct record_state_attrs *);
void	 field_put_attrs(struct wbuf *, uint16_t has,
	    const struct record_state_attrs *);
void	 field_get_attrs(struct rbuf *, uint16_t has,
	    struct record_state_attrs *);

/* Addresses; get reads over them and leaves a cursor for record_next. */
void	 field_put_strings(struct wbuf *, const char *const *, uint32_t n,
	    uint32_t max);
void	 field_get_strings(struct rbuf *, struct record_strings *,
	    uint32_t max);

#endif
