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
 * Encoding of the spool's records.
 */

#include <string.h>
#include <zlib.h>

#include "smtpd/base/wire.h"
#include "smtpd/queue/envelope.h"
#include "smtpd/queue/spool_record.h"

static const uint8_t	 magic[RECORD_MARK] = { 0xd1, 'S', 'Q', 0x1a };

#define HEAD_SUM	(RECORD_HEAD - 4)	/* where the checksum stands */

static void
put_number(uint8_t *p, uint64_t v, size_t n)
{
	while (n-- > 0) {
		p[n] = (uint8_t)v;
		v >>= 8;
	}
}

static uint64_t
get_number(const uint8_t *p, size_t n)
{
	uint64_t	 v = 0;

	while (n-- > 0)
		v = v << 8 | *p++;
	return (v);
}

static uint32_t
head_sum(const uint8_t *head, const void *body, size_t bodylen)
{
	return (record_sum(record_sum(0, head, HEAD_SUM), body, bodylen));
}

void
record_seal(uint8_t head[RECORD_HEAD], const struct record *rec,
    const void *body)
{
	memcpy(head, magic, sizeof(magic));
	head[4] = RECORD_VERSION;
	head[5] = (uint8_t)rec->type;
	head[6] = head[7] = 0;
	put_number(head + 8, rec->segment, 4);
	put_number(head + 12, rec->id, 8);
	put_number(head + 20, rec->bodylen, 4);
	put_number(head + 24, rec->textlen, 8);
	put_number(head + 32, rec->textsum, 4);
	put_number(head + HEAD_SUM, head_sum(head, body, rec->bodylen), 4);
}

enum record_status
record_open(const uint8_t head[RECORD_HEAD], struct record *rec)
{
	static const uint8_t	 zeros[RECORD_HEAD];

	if (memcmp(head, zeros, sizeof(zeros)) == 0)
		return (RECORD_NONE);
	if (memcmp(head, magic, sizeof(magic)) != 0)
		return (RECORD_BAD);
	if (head[4] != RECORD_VERSION)
		return (RECORD_OTHER);
	rec->type = (enum record_type)head[5];
	rec->segment = (uint32_t)get_number(head + 8, 4);
	rec->id = get_number(head + 12, 8);
	rec->bodylen = (uint32_t)get_number(head + 20, 4);
	rec->textlen = get_number(head + 24, 8);
	rec->textsum = (uint32_t)get_number(head + 32, 4);
	if (head[5] == 0 || head[5] >= RECORD_COUNT || head[6] != 0 ||
	    head[7] != 0 || rec->bodylen > RECORD_BODY_MAX ||
	    rec->textlen > INT64_MAX / 2)
		return (RECORD_BAD);
	if (rec->type != RECORD_MESSAGE && rec->textlen != 0)
		return (RECORD_BAD);
	return (RECORD_OK);
}

int
record_check(const uint8_t head[RECORD_HEAD], const void *body,
    size_t bodylen)
{
	return (head_sum(head, body, bodylen) ==
	    get_number(head + HEAD_SUM, 4) ? 0 : -1);
}

size_t
record_find(const void *data, size_t len)
{
	const uint8_t	*p = data, *end = p + len;

	while (end - p >= RECORD_MARK && (p = memchr(p, magic[0],
	    (size_t)(end - p) - RECORD_MARK + 1)) != NULL) {
		if (memcmp(p, magic, RECORD_MARK) == 0)
			return ((size_t)(p - (const uint8_t *)data));
		p++;
	}
	return (len);
}

uint32_t
record_sum(uint32_t sum, const void *data, size_t len)
{
	/* with no data crc32_z would give its first value */
	return (len == 0 ? sum : (uint32_t)crc32_z(sum, data, len));
}

void
record_put_line(struct wbuf *w, const char *s)
{
	if (s[strcspn(s, "\r\n")] != '\0')
		w->bad = 1;
	wbuf_str(w, s);
}

void
record_get_line(struct rbuf *r, char *dst, size_t size)
{
	rbuf_str(r, dst, size);
	if (dst[strcspn(dst, "\r\n")] != '\0') {
		rbuf_fail(r);
		dst[0] = '\0';
	}
}

int64_t
record_get_time(struct rbuf *r)
{
	uint64_t	 v = rbuf_u64(r);

	if (v > (uint64_t)RECORD_TIME_MAX) {
		rbuf_fail(r);
		return (0);
	}
	return ((int64_t)v);
}

void
record_put_segment(struct wbuf *w, const struct record_segment *b)
{
	wbuf_u64(w, (uint64_t)b->created);
	wbuf_u64(w, b->last_id);
}

int
record_get_segment(struct rbuf *r, struct record_segment *b)
{
	b->created = record_get_time(r);
	b->last_id = rbuf_u64(r);
	return (rbuf_done(r) ? 0 : -1);
}

void
record_put_done(struct wbuf *w, const struct record_done *b)
{
	wbuf_u32(w, b->rcpt);
	record_put_line(w, b->key);
}

int
record_get_done(struct rbuf *r, struct record_done *b)
{
	b->rcpt = rbuf_u32(r);
	record_get_line(r, b->key, sizeof(b->key));
	return (rbuf_done(r) ? 0 : -1);
}

void
record_put_state(struct wbuf *w, const struct record_state *b)
{
	wbuf_u32(w, b->rcpt);
	wbuf_u8(w, b->state);
	wbuf_u8(w, b->told);
	wbuf_u32(w, b->tries);
	wbuf_u64(w, (uint64_t)b->next);
	record_put_line(w, b->text);
}

int
record_get_state(struct rbuf *r, struct record_state *b)
{
	b->rcpt = rbuf_u32(r);
	b->state = rbuf_u8(r, RCPT_STATE_COUNT - 1);
	b->told = rbuf_u8(r, 1);
	b->tries = rbuf_u32(r);
	b->next = record_get_time(r);
	record_get_line(r, b->text, sizeof(b->text));
	return (rbuf_done(r) ? 0 : -1);
}
