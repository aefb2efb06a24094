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
 * Fuzz target: the spool's records.  The first octet says what the rest
 * is: a body of some record, a body to be sealed, or a whole file.  What
 * is accepted encodes back to the same octets, and no walk goes astray.
 */

#include <sys/mman.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/base/wire.h"
#include "smtpd/queue/envelope.h"
#include "smtpd/queue/spool_record.h"
#include "smtpd/queue/spool_window.h"

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check_same(struct wbuf *w, const uint8_t *data, size_t len)
{
	if (w->bad || w->len != len || memcmp(w->data, data, len) != 0)
		abort();
	wbuf_free(w);
}

static void
check_message(const uint8_t *data, size_t len)
{
	struct envelope_note	 note;
	struct envelope		 e;
	struct message		*m;
	struct wbuf		 w;
	uint32_t		 i;

	/* what encodes back in one piece is bounded by the cursor */
	if (len > WIRE_MAX || (m = message_new(1, data, len)) == NULL)
		return;
	wbuf_init(&w);
	message_envelope(m, &e);
	envelope_put(&w, &e);
	for (i = 0; i < m->nrcpts; i++) {
		message_rcpt(m, i, &note);
		envelope_put_rcpt(&w, &note);
	}
	check_same(&w, data, len);
	message_free(m);
}

static void
check_body(enum record_type kind, const uint8_t *data, size_t len)
{
	struct record_segment	 seg;
	struct record_done	 done;
	struct record_state	 st;
	struct rbuf		 r;
	struct wbuf		 w;

	rbuf_init(&r, data, len);
	wbuf_init(&w);
	switch (kind) {
	case RECORD_SEGMENT:
		if (record_get_segment(&r, &seg) == -1)
			return;
		record_put_segment(&w, &seg);
		break;
	case RECORD_DONE:
		if (record_get_done(&r, &done) == -1)
			return;
		record_put_done(&w, &done);
		break;
	case RECORD_STATE:
		if (record_get_state(&r, &st) == -1)
			return;
		record_put_state(&w, &st);
		break;
	default:
		check_message(data, len);
		return;
	}
	check_same(&w, data, len);
}

static void
check_seal(enum record_type type, const uint8_t *data, size_t len)
{
	struct record	 rec = { .type = type, .id = 1 }, out;
	uint8_t		 head[RECORD_HEAD];

	rec.bodylen = (uint32_t)len;
	record_seal(head, &rec, data);
	if (record_open(head, &out) != RECORD_OK || out.type != type ||
	    out.bodylen != len || record_check(head, data, len) == -1 ||
	    record_find(head, sizeof(head)) != 0)
		abort();
}

/* Every record that a start could find in a file of these octets. */
static void
check_file(const uint8_t *data, size_t len)
{
	struct record	 rec;
	struct window	 w;
	const uint8_t	*body;
	uint64_t	 offset = 0, next;
	int		 fd;

	if ((fd = memfd_create("spool", 0)) == -1 ||
	    write(fd, data, len) != (ssize_t)len)
		abort();
	memset(&w, 0, sizeof(w));
	w.fd = fd;
	w.size = len;
	while ((offset = window_find(&w, offset)) < len) {
		next = offset + 1;
		if (window_record(&w, offset, 1, &rec, &body) ==
		    WINDOW_RECORD) {
			check_body(rec.type, body, rec.bodylen);
			next = offset + window_length(&rec);
		}
		if (next <= offset || window_rest(&w, offset) > len)
			abort();
		offset = next;
	}
	window_close(&w);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	enum record_type	 type;

	if (len < 2)
		return (0);
	type = (enum record_type)(1 + data[1] % (RECORD_COUNT - 1));
	switch (data[0] % 3) {
	case 0:
		check_body(type, data + 2, len - 2);
		break;
	case 1:
		check_seal(type, data + 2, len - 2);
		break;
	default:
		check_file(data + 2, len - 2);
		break;
	}
	return (0);
}
