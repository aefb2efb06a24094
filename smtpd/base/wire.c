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
 * Bounded cursors with a sticky error.
 */

#include <sys/types.h>
#include <bsd/string.h>

#include <stdlib.h>
#include <string.h>

#include "smtpd/base/wire.h"

void
wbuf_init(struct wbuf *w)
{
	w->data = w->small;
	w->len = 0;
	w->size = sizeof(w->small);
	w->bad = 0;
	w->secret = 0;
}

void
wbuf_free(struct wbuf *w)
{
	if (w->secret)
		explicit_bzero(w->data, w->len);
	if (w->data != w->small)
		free(w->data);
	wbuf_init(w);
}

void
wbuf_secret(struct wbuf *w)
{
	w->secret = 1;
}

/* Heap of that size in place of what there is; -1 without memory. */
static int
wbuf_grow(struct wbuf *w, size_t size)
{
	uint8_t	*p;

	if (!w->secret && w->data != w->small) {
		if ((p = realloc(w->data, size)) == NULL)
			return (-1);
	} else {
		if ((p = malloc(size)) == NULL)
			return (-1);
		memcpy(p, w->data, w->len);
		if (w->secret)
			explicit_bzero(w->data, w->len);
		if (w->data != w->small)
			free(w->data);
	}
	w->data = p;
	w->size = size;
	return (0);
}

/* Room for n more octets, or NULL and bad. */
static uint8_t *
wbuf_room(struct wbuf *w, size_t n)
{
	uint8_t	*p;
	size_t	 size;

	if (w->bad)
		return (NULL);
	if (n > WIRE_MAX - w->len) {
		w->bad = 1;
		return (NULL);
	}
	if (n > w->size - w->len) {
		for (size = w->size; size < w->len + n; size *= 2)
			;
		if (wbuf_grow(w, size) == -1) {
			w->bad = 1;
			return (NULL);
		}
	}
	p = w->data + w->len;
	w->len += n;
	return (p);
}

static void
wbuf_number(struct wbuf *w, uint64_t v, size_t n)
{
	uint8_t	*p;

	if ((p = wbuf_room(w, n)) == NULL)
		return;
	while (n-- > 0) {
		p[n] = (uint8_t)v;
		v >>= 8;
	}
}

void
wbuf_u8(struct wbuf *w, uint8_t v)
{
	wbuf_number(w, v, 1);
}

void
wbuf_u16(struct wbuf *w, uint16_t v)
{
	wbuf_number(w, v, 2);
}

void
wbuf_u32(struct wbuf *w, uint32_t v)
{
	wbuf_number(w, v, 4);
}

void
wbuf_u64(struct wbuf *w, uint64_t v)
{
	wbuf_number(w, v, 8);
}

void
wbuf_raw(struct wbuf *w, const void *data, size_t len)
{
	uint8_t	*p;

	if ((p = wbuf_room(w, len)) != NULL && len != 0)
		memcpy(p, data, len);
}

void
wbuf_data(struct wbuf *w, const void *data, size_t len)
{
	if (len > WIRE_MAX) {
		w->bad = 1;
		return;
	}
	wbuf_number(w, len, 4);
	wbuf_raw(w, data, len);
}

void
wbuf_str(struct wbuf *w, const char *s)
{
	wbuf_data(w, s, s == NULL ? 0 : strlen(s));
}

void
rbuf_init(struct rbuf *r, const void *data, size_t len)
{
	r->p = data;
	r->end = r->p + len;
	r->bad = 0;
}

const void *
rbuf_raw(struct rbuf *r, size_t len)
{
	const uint8_t	*p = r->p;

	if (r->bad || len > (size_t)(r->end - r->p)) {
		r->bad = 1;
		return (NULL);
	}
	r->p += len;
	return (p);
}

static uint64_t
rbuf_number(struct rbuf *r, size_t n)
{
	const uint8_t	*p;
	uint64_t	 v = 0;

	if ((p = rbuf_raw(r, n)) == NULL)
		return (0);
	while (n-- > 0)
		v = v << 8 | *p++;
	return (v);
}

uint8_t
rbuf_u8(struct rbuf *r, uint8_t max)
{
	uint8_t	 v = (uint8_t)rbuf_number(r, 1);

	if (v > max) {
		r->bad = 1;
		return (0);
	}
	return (v);
}

uint16_t
rbuf_u16(struct rbuf *r)
{
	return ((uint16_t)rbuf_number(r, 2));
}

uint32_t
rbuf_u32(struct rbuf *r)
{
	return ((uint32_t)rbuf_number(r, 4));
}

uint64_t
rbuf_u64(struct rbuf *r)
{
	return (rbuf_number(r, 8));
}

const void *
rbuf_data(struct rbuf *r, size_t *len, size_t max)
{
	const void	*p;

	*len = rbuf_u32(r);
	if (*len > max)
		r->bad = 1;
	if ((p = rbuf_raw(r, *len)) == NULL)
		*len = 0;
	return (p);
}

void
rbuf_str(struct rbuf *r, char *dst, size_t size)
{
	const void	*p;
	size_t		 len;

	dst[0] = '\0';
	if ((p = rbuf_data(r, &len, size - 1)) == NULL)
		return;
	if (memchr(p, '\0', len) != NULL) {
		r->bad = 1;
		return;
	}
	memcpy(dst, p, len);
	dst[len] = '\0';
}

char *
rbuf_strdup(struct rbuf *r, size_t max)
{
	const void	*p;
	char		*s;
	size_t		 len;

	if ((p = rbuf_data(r, &len, max)) == NULL)
		return (NULL);
	if (memchr(p, '\0', len) != NULL || (s = malloc(len + 1)) == NULL) {
		r->bad = 1;
		return (NULL);
	}
	memcpy(s, p, len);
	s[len] = '\0';
	return (s);
}

void
rbuf_octets(struct rbuf *r, void *dst, size_t len)
{
	const void	*p;

	if ((p = rbuf_raw(r, len)) != NULL)
		memcpy(dst, p, len);
	else
		memset(dst, 0, len);
}

size_t
rbuf_left(const struct rbuf *r)
{
	return (r->bad ? 0 : (size_t)(r->end - r->p));
}

void
rbuf_skip(struct rbuf *r)
{
	r->p = r->end;
}

void
rbuf_fail(struct rbuf *r)
{
	r->bad = 1;
}

int
rbuf_done(const struct rbuf *r)
{
	return (!r->bad && r->p == r->end);
}
