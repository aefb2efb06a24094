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
 * The fields of records: what all values have in common.
 */

#include <string.h>
#include <zlib.h>

#include "lookup/bdb.h"
#include "lookup/record_field.h"

#define SUM_LEN		4

static uint32_t
value_sum(const void *key, size_t keylen, const void *value, size_t len)
{
	return ((uint32_t)crc32_z(crc32_z(0, key, keylen), value, len));
}

void
field_begin(struct wbuf *w, uint16_t has)
{
	wbuf_u8(w, RECORD_VERSION);
	wbuf_u16(w, has);
}

void
field_end(struct wbuf *w, const void *key, size_t keylen)
{
	if (w->bad)
		return;
	wbuf_u32(w, value_sum(key, keylen, w->data, w->len));
	if (w->len > BDB_VALUE_MAX)
		w->bad = 1;
}

uint16_t
field_open(struct rbuf *r, const void *key, size_t keylen, const void *value,
    size_t len, uint16_t may)
{
	struct rbuf	 tail;
	uint16_t	 has;

	rbuf_init(r, value, len < SUM_LEN ? 0 : len - SUM_LEN);
	rbuf_init(&tail, r->end, len < SUM_LEN ? 0 : SUM_LEN);
	if (rbuf_u32(&tail) != value_sum(key, keylen, r->p,
	    (size_t)(r->end - r->p)) || tail.bad ||
	    rbuf_u8(r, UINT8_MAX) != RECORD_VERSION)
		rbuf_fail(r);
	if (((has = rbuf_u16(r)) & ~may) != 0)
		rbuf_fail(r);
	return (r->bad ? 0 : has);
}

static int
is_line(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return (0);
	return (1);
}

void
field_put_text(struct wbuf *w, const char *s, size_t size)
{
	size_t	 len = strlen(s);

	if (len == 0 || len >= size || !is_line(s))
		w->bad = 1;
	wbuf_u16(w, (uint16_t)len);
	wbuf_raw(w, s, len);
}

void
field_get_text(struct rbuf *r, char *buf, size_t size)
{
	const void	*p;
	size_t		 len = rbuf_u16(r);

	buf[0] = '\0';
	if (len == 0 || len >= size)
		rbuf_fail(r);
	if ((p = rbuf_raw(r, len)) == NULL)
		return;
	memcpy(buf, p, len);
	buf[len] = '\0';
	if (strlen(buf) != len || !is_line(buf)) {
		rbuf_fail(r);
		buf[0] = '\0';
	}
}

int
field_is_key(const void *key, size_t keylen, const char *name)
{
	size_t	 len = strlen(name);

	return (keylen == 1 + len &&
	    memcmp((const char *)key + 1, name, len) == 0);
}

void
field_get_name(struct rbuf *r, uint16_t has, const void *key, size_t keylen,
    char *buf, size_t size)
{
	uint32_t	 number;

	if (!(has & HAS_NAME)) {
		if (keylen == 0 || *(const char *)key == RECORD_MEMBER ||
		    record_key_name(key, keylen, buf, size, &number) == -1 ||
		    !is_line(buf))
			rbuf_fail(r);
		return;
	}
	field_get_text(r, buf, size);
	if (field_is_key(key, keylen, buf))
		rbuf_fail(r);
}

uint64_t
field_get_number(struct rbuf *r)
{
	uint64_t	 v = rbuf_u64(r);

	if (v == 0)
		rbuf_fail(r);
	return (v);
}

uint16_t
field_attrs_has(const struct record_state_attrs *a)
{
	return ((uint16_t)((a->state != STATE_ACTIVE ? HAS_STATE : 0) |
	    (a->expires != 0 ? HAS_EXPIRES : 0) |
	    (a->uses != 0 ? HAS_USES : 0) |
	    (a->text[0] != '\0' ? HAS_TEXT : 0)));
}

void
field_put_attrs(struct wbuf *w, uint16_t has,
    const struct record_state_attrs *a)
{
	if (has & HAS_STATE) {
		if ((unsigned int)a->state >= STATE_COUNT)
			w->bad = 1;
		wbuf_u8(w, (uint8_t)a->state);
	}
	if (has & HAS_EXPIRES) {
		if (a->expires < 0)
			w->bad = 1;
		wbuf_u64(w, (uint64_t)a->expires);
	}
	if (has & HAS_USES)
		wbuf_u64(w, a->uses);
	if (has & HAS_TEXT)
		field_put_text(w, a->text, sizeof(a->text));
}

void
field_get_attrs(struct rbuf *r, uint16_t has, struct record_state_attrs *a)
{
	if (has & HAS_STATE) {
		a->state = (enum record_state)rbuf_u8(r, STATE_COUNT - 1);
		if (a->state == STATE_ACTIVE)
			rbuf_fail(r);
	}
	if (has & HAS_EXPIRES) {
		a->expires = (int64_t)field_get_number(r);
		if (a->expires < 0)
			rbuf_fail(r);
	}
	if (has & HAS_USES)
		a->uses = field_get_number(r);
	if (has & HAS_TEXT)
		field_get_text(r, a->text, sizeof(a->text));
}

void
field_put_strings(struct wbuf *w, const char *const *strings, uint32_t n,
    uint32_t max)
{
	uint32_t	 i;

	if (n > max)
		w->bad = 1;
	wbuf_u16(w, (uint16_t)n);
	for (i = 0; i < n && !w->bad; i++)
		field_put_text(w, strings[i], ADDRESS_STR_SIZE);
}

void
field_get_strings(struct rbuf *r, struct record_strings *s, uint32_t max)
{
	char		 buf[ADDRESS_STR_SIZE];
	uint32_t	 i;

	if ((s->n = rbuf_u16(r)) > max)
		rbuf_fail(r);
	s->r = *r;
	for (i = 0; i < s->n && !r->bad; i++)
		field_get_text(r, buf, sizeof(buf));
	if (r->bad)
		s->n = 0;
}

const char *
record_next(struct record_strings *s, char *buf, size_t size)
{
	if (s->n == 0 || s->r.bad)
		return (NULL);
	s->n--;
	field_get_text(&s->r, buf, size);
	return (s->r.bad ? NULL : buf);
}
