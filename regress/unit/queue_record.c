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
 * Records of the spool as octets: what was put is got again; cut anywhere,
 * with any bit changed, or with values out of range they are refused.
 */

#include <stdlib.h>
#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/base/wire.h"
#include "smtpd/queue/envelope.h"
#include "smtpd/queue/spool_record.h"
#include "smtpd/smtp/param.h"

/* A whole record of that type around w, its text behind it. */
static uint8_t *
make(enum record_type type, struct wbuf *w, const char *text, size_t *len)
{
	struct record	 rec = { .type = type, .segment = 7, .id = 0xabcdef };
	uint8_t		*p;

	rec.bodylen = (uint32_t)w->len;
	rec.textlen = text == NULL ? 0 : strlen(text);
	rec.textsum = text == NULL ? 0 : record_sum(0, text, rec.textlen);
	*len = RECORD_HEAD + w->len + (size_t)rec.textlen;
	if ((p = malloc(*len)) == NULL)
		abort();
	record_seal(p, &rec, w->data);
	memcpy(p + RECORD_HEAD, w->data, w->len);
	if (text != NULL)
		memcpy(p + RECORD_HEAD + w->len, text, rec.textlen);
	wbuf_free(w);
	return (p);
}

/* Is it a whole record? */
static int
whole(const uint8_t *p, size_t len, struct record *rec)
{
	if (len < RECORD_HEAD || record_open(p, rec) != RECORD_OK ||
	    rec->bodylen + rec->textlen != len - RECORD_HEAD ||
	    record_check(p, p + RECORD_HEAD, rec->bodylen) == -1)
		return (0);
	return (record_sum(0, p + RECORD_HEAD + rec->bodylen,
	    (size_t)rec->textlen) == rec->textsum);
}

static void
test_flips(void)
{
	struct record		 rec;
	struct record_done	 d = { .rcpt = 3, .key = "a:john" };
	struct wbuf		 w;
	uint8_t			*p;
	size_t			 len, i;

	wbuf_init(&w);
	record_put_done(&w, &d);
	p = make(RECORD_MESSAGE, &w, "Subject: x\r\n\r\ny\r\n", &len);
	CHECK(whole(p, len, &rec) && rec.type == RECORD_MESSAGE &&
	    rec.segment == 7 && rec.id == 0xabcdef, "came back different");
	for (i = 0; i < len * 8; i++) {
		p[i / 8] ^= (uint8_t)(1 << i % 8);
		CHECK(!whole(p, len, &rec), "bit %zu flipped is accepted", i);
		p[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	for (i = 0; i < len; i++)
		CHECK(!whole(p, i, &rec), "%zu of %zu are a record", i, len);
	CHECK(whole(p, len, &rec), "was not put back");
	free(p);
}

static void
test_heads(void)
{
	struct record	 rec = { .type = RECORD_END }, out;
	uint8_t		 head[RECORD_HEAD], zeros[RECORD_HEAD] = { 0 };

	CHECK(record_open(zeros, &out) == RECORD_NONE, "zeros");
	record_seal(head, &rec, NULL);
	CHECK(record_open(head, &out) == RECORD_OK, "empty body");
	head[4] = RECORD_VERSION + 1;
	CHECK(record_open(head, &out) == RECORD_OTHER, "another version");

	rec.type = RECORD_COUNT;
	record_seal(head, &rec, NULL);
	CHECK(record_open(head, &out) == RECORD_BAD, "type too large");
	rec.type = (enum record_type)0;
	record_seal(head, &rec, NULL);
	CHECK(record_open(head, &out) == RECORD_BAD, "type 0");
	rec.type = RECORD_DONE;
	rec.textlen = 1;
	record_seal(head, &rec, NULL);
	CHECK(record_open(head, &out) == RECORD_BAD, "text without message");
	rec.type = RECORD_MESSAGE;
	rec.textlen = UINT64_MAX;
	record_seal(head, &rec, NULL);
	CHECK(record_open(head, &out) == RECORD_BAD, "text too long");
	memset(head, 0, sizeof(head));
	rec.textlen = 0;
	rec.bodylen = 0;
	record_seal(head, &rec, NULL);
	head[22] = head[20] = 0xff;	/* of the body's length */
	CHECK(record_open(head, &out) == RECORD_BAD, "body too long");
	record_seal(head, &rec, NULL);
	head[6] = 1;
	CHECK(record_open(head, &out) == RECORD_BAD, "reserved octet");
}

static void
test_find(void)
{
	struct record	 rec = { .type = RECORD_END };
	uint8_t		 data[3 * RECORD_HEAD];
	size_t		 i;

	CHECK(record_find("", 0) == 0, "in nothing");
	for (i = 0; i + RECORD_HEAD <= sizeof(data); i++) {
		memset(data, 0xd1, sizeof(data));
		record_seal(data + i, &rec, NULL);
		CHECK(record_find(data, sizeof(data)) == i, "at %zu", i);
		CHECK(record_find(data, i + RECORD_MARK - 1) ==
		    i + RECORD_MARK - 1, "cut at %zu", i);
	}
	/* a head has NUL: no text over SMTP can hold one */
	CHECK(memchr(data, 0, sizeof(data)) != NULL, "no NUL in a head");
}

/* Each body is refused when cut, with an octet more, and out of range. */
#define BODY(name, type, put, get, fill)				\
static void								\
test_##name(void)							\
{									\
	struct type	 in, out;					\
	struct rbuf	 r;						\
	struct wbuf	 w, again;					\
	uint8_t		*copy;						\
	size_t		 n;						\
									\
	memset(&in, 0, sizeof(in));					\
	fill;								\
	wbuf_init(&w);							\
	wbuf_init(&again);						\
	put(&w, &in);							\
	CHECK(!w.bad, #name " does not fit");				\
	for (n = 0; n <= w.len; n++) {					\
		copy = malloc(n == 0 ? 1 : n);				\
		memcpy(copy, w.data, n);				\
		rbuf_init(&r, copy, n);					\
		memset(&out, 0, sizeof(out));				\
		CHECK((get(&r, &out) == 0) == (n == w.len),		\
		    #name " cut at %zu of %zu", n, w.len);		\
		free(copy);						\
	}								\
	put(&again, &out);						\
	CHECK(again.len == w.len &&					\
	    memcmp(again.data, w.data, w.len) == 0, #name " differs");	\
	wbuf_u8(&w, 0);							\
	rbuf_init(&r, w.data, w.len);					\
	CHECK(get(&r, &out) == -1, #name " with an octet more");	\
	wbuf_free(&w);							\
	wbuf_free(&again);						\
}

BODY(segment, record_segment, record_put_segment, record_get_segment,
    in.created = 1800000000; in.last_id = 9)
BODY(done, record_done, record_put_done, record_get_done,
    in.rcpt = 5; memcpy(in.key, "a:john", 7))
BODY(state, record_state, record_put_state, record_get_state,
    in.rcpt = 5; in.state = RCPT_FAILED; in.tries = 3;
    in.next = 1800000001; memcpy(in.text, "mailbox full", 13))

static void
test_lines(void)
{
	struct record_state	 st = { .text = "two\nlines" };
	struct record_done	 d = { .key = "a:b\r" };
	struct rbuf		 r;
	struct wbuf		 w;

	wbuf_init(&w);
	record_put_state(&w, &st);
	CHECK(w.bad, "a state with a line feed is written");
	wbuf_free(&w);
	record_put_done(&w, &d);
	CHECK(w.bad, "a key with a carriage return is written");
	wbuf_free(&w);

	/* and neither is read, nor a NUL, nor a state nobody knows */
	memset(st.text, 0, sizeof(st.text));
	st.text[0] = 'x';
	record_put_state(&w, &st);
	w.data[w.len - 1] = '\n';
	rbuf_init(&r, w.data, w.len);
	CHECK(record_get_state(&r, &st) == -1, "line feed is read");
	w.data[w.len - 1] = '\0';
	rbuf_init(&r, w.data, w.len);
	CHECK(record_get_state(&r, &st) == -1, "NUL is read");
	w.data[w.len - 1] = 'x';
	w.data[4] = RCPT_STATE_COUNT;
	rbuf_init(&r, w.data, w.len);
	CHECK(record_get_state(&r, &st) == -1, "unknown state is read");
	w.data[4] = RCPT_WAIT;
	w.data[10] = 0x80;	/* next: before 1970 */
	rbuf_init(&r, w.data, w.len);
	CHECK(record_get_state(&r, &st) == -1, "a time of no time is read");
	wbuf_free(&w);
}

/* The body of a message with n recipients, and what e says. */
static void
put_message(struct wbuf *w, const struct envelope *e, uint32_t n)
{
	struct envelope_note	 note;
	uint32_t		 i;

	memset(&note, 0, sizeof(note));
	memcpy(note.rcpt.domain, "d.example", 10);
	memcpy(note.directory, "accounts", 9);
	memcpy(note.orcpt, "rfc822;x", 9);
	note.notify = NOTIFY_ALL;
	envelope_put(w, e);
	for (i = 0; i < n; i++) {
		note.rcpt.local[0] = (char)('a' + i);
		envelope_put_rcpt(w, &note);
	}
}

static void
test_message(void)
{
	struct envelope		 e = { .created = 1800000000, .nrcpts = 3,
	    .sender = { "bob", "s.example" }, .ret = TX_RET_HDRS,
	    .smtputf8 = 1, .envid = "id+2B" }, out;
	struct envelope_note	 note;
	struct message		*m;
	struct wbuf		 w;
	size_t			 n;

	wbuf_init(&w);
	put_message(&w, &e, 3);
	for (n = 0; n < w.len; n++)
		CHECK(message_new(1, w.data, n) == NULL, "cut at %zu", n);
	m = message_new(0x42, w.data, w.len);
	CHECK(m != NULL && m->nrcpts == 3 && m->nopen == 3 &&
	    m->ntell == 0 && m->id == 0x42, "not a message");
	message_envelope(m, &out);
	CHECK(out.created == e.created && out.ret == TX_RET_HDRS &&
	    strcmp(out.sender.local, "bob") == 0 && out.smtputf8 == 1 &&
	    strcmp(out.envid, "id+2B") == 0, "envelope differs");
	for (n = 0; n < 3; n++) {
		message_rcpt(m, (uint32_t)n, &note);
		CHECK(note.rcpt.local[0] == (char)('a' + n) &&
		    note.id == 0x42 && note.notify == NOTIFY_ALL &&
		    strcmp(note.orcpt, "rfc822;x") == 0, "rcpt %zu", n);
	}
	message_set(m, 0, RCPT_DONE, NULL);
	message_set(m, 1, RCPT_FAILED, "why");
	CHECK(m->nopen == 1 && m->ntell == 1, "counts");
	message_set(m, 1, RCPT_WAIT, NULL);
	CHECK(m->nopen == 2 && m->ntell == 0 && m->rcpts[1].text == NULL,
	    "counts again");
	message_free(m);
	wbuf_u8(&w, 0);
	CHECK(message_new(1, w.data, w.len) == NULL, "an octet more");
	wbuf_free(&w);
}

/* Counts that do not fit what is there, values out of range. */
static void
test_hostile_message(void)
{
	static const uint32_t	 counts[] = { 0, 2, ENVELOPE_RCPTS_MAX,
	    ENVELOPE_RCPTS_MAX + 1, UINT32_MAX };
	struct envelope		 e = { .created = 1, .nrcpts = 1 };
	struct message		*m;
	struct wbuf		 w;
	uint32_t		 i;

	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		e.nrcpts = counts[i];
		wbuf_init(&w);
		put_message(&w, &e, 1);
		CHECK(message_new(1, w.data, w.len) == NULL,
		    "%u recipients of 1", counts[i]);
		wbuf_free(&w);
	}
	e.nrcpts = 1;
	memcpy(e.envid, "a\nb", 4);
	put_message(&w, &e, 1);
	CHECK(w.bad, "an envid of two lines is written");
	wbuf_free(&w);
	e.envid[0] = '\0';
	put_message(&w, &e, 1);
	m = message_new(1, w.data, w.len);
	CHECK(m != NULL, "was good before");
	message_free(m);
	w.data[0] = 0xff;
	CHECK(message_new(1, w.data, w.len) == NULL, "a time of no time");
	wbuf_free(&w);
}

/* The example of smtpd-queue(5) is what is written, octet for octet. */
static void
test_page(void)
{
	struct record		 rec = { .type = RECORD_DONE,
	    .segment = 0x2a, .id = 0x006b085488655998 };
	struct record_done	 d = { .rcpt = 1, .key = "a:john" };
	struct wbuf		 w;
	uint8_t			 octets[RECORD_HEAD + 64];
	char			 line[256], want[64];
	FILE			*page;
	size_t			 i, n, len;

	wbuf_init(&w);
	record_put_done(&w, &d);
	rec.bodylen = (uint32_t)w.len;
	record_seal(octets, &rec, w.data);
	memcpy(octets + RECORD_HEAD, w.data, w.len);
	len = RECORD_HEAD + w.len;
	wbuf_free(&w);
	if ((page = fopen("man/smtpd-queue.5", "r")) == NULL)
		abort();
	for (i = 0; i < len && fgets(line, sizeof(line), page) != NULL;) {
		for (n = 0; n < 16 && i + n < len; n++)
			(void)snprintf(want + n * 3, sizeof(want) - n * 3,
			    "%02x%s", octets[i + n], n == 15 || i + n + 1 ==
			    len ? "\n" : " ");
		if (strcmp(line, want) == 0)
			i += n;
	}
	CHECK(i == len, "the page differs from octet %zu on", i);
	(void)fclose(page);
}

int
main(void)
{
	test_page();
	test_flips();
	test_heads();
	test_find();
	test_segment();
	test_done();
	test_state();
	test_lines();
	test_message();
	test_hostile_message();
	return (check_done("queue_record"));
}
