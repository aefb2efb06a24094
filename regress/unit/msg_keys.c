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
 * Certificates, tickets and signatures on the wire: what put wrote, get
 * reads; nothing shorter, longer or out of range.
 */

#include <stdlib.h>
#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/base/wire.h"
#include "smtpd/msg/msg_keys.h"

static union {
	struct pem_note		 pem;
	struct tickets_note	 tickets;
	struct sign_ask		 ask;
	struct sign_answer	 answer;
} out;

static int
get_pem(struct rbuf *r)
{
	int	 ret = msg_get_pem(r, &out.pem, 64);

	if (ret == 0) {
		free(out.pem.pem);
		out.pem.pem = NULL;
	}
	return (ret);
}

static int
get_tickets(struct rbuf *r)
{
	return (msg_get_tickets(r, &out.tickets));
}

static int
get_ask(struct rbuf *r)
{
	return (msg_get_sign_ask(r, &out.ask));
}

static int
get_answer(struct rbuf *r)
{
	return (msg_get_sign_answer(r, &out.answer));
}

/* From a copy on the heap that ends where the body does. */
static int
try(int (*get)(struct rbuf *), const uint8_t *data, size_t len)
{
	struct rbuf	 r;
	uint8_t		*copy = malloc(len + 1);
	int		 ret;

	memcpy(copy, data, len);
	copy = realloc(copy, len == 0 ? 1 : len);
	rbuf_init(&r, copy, len);
	memset(&out, 0, sizeof(out));
	ret = get(&r);
	free(copy);
	return (ret);
}

static void
test_lengths(const char *name, int (*get)(struct rbuf *), struct wbuf *w)
{
	size_t	 n;

	CHECK(!w->bad && try(get, w->data, w->len) == 0, "%s refused", name);
	for (n = 0; n < w->len; n++)
		CHECK(try(get, w->data, n) == -1, "%s: %zu of %zu", name, n,
		    w->len);
	wbuf_u8(w, 0);
	CHECK(try(get, w->data, w->len) == -1, "%s: an octet more", name);
	wbuf_free(w);
}

static void
test_pem(void)
{
	char		 text[] = "-----BEGIN", large[66];
	struct pem_note	 note = { .index = 1, .count = 2, .name = "mx",
	    .pem = text };
	struct wbuf	 w;

	wbuf_init(&w);
	msg_put_pem(&w, &note);
	test_lengths("pem", get_pem, &w);
	note.index = 2;
	wbuf_init(&w);
	msg_put_pem(&w, &note);
	CHECK(try(get_pem, w.data, w.len) == -1, "index out of count");
	wbuf_free(&w);
	note.index = 0;
	memset(large, 'A', sizeof(large) - 1);
	large[sizeof(large) - 1] = '\0';
	note.pem = large;
	wbuf_init(&w);
	msg_put_pem(&w, &note);
	CHECK(try(get_pem, w.data, w.len) == -1, "too large");
	wbuf_free(&w);
}

static void
test_sign(void)
{
	static struct sign_ask		 ask = { .how = SIGN_RSA_PSS,
	    .len = KEYS_DATA_MAX };
	static struct sign_answer	 answer = { .len = 3 };
	struct wbuf			 w;

	wbuf_init(&w);
	msg_put_sign_ask(&w, &ask);
	test_lengths("sign_ask", get_ask, &w);
	wbuf_init(&w);
	msg_put_sign_ask(&w, &ask);
	w.data[KEYS_ID_SIZE] = SIGN_HOW_COUNT;
	CHECK(try(get_ask, w.data, w.len) == -1, "how out of range");
	wbuf_free(&w);
	wbuf_init(&w);
	wbuf_raw(&w, ask.id, sizeof(ask.id));
	wbuf_u8(&w, SIGN_ECDSA);
	wbuf_u32(&w, KEYS_DATA_MAX + 1);
	wbuf_raw(&w, ask.data, sizeof(ask.data));
	wbuf_u8(&w, 0);
	CHECK(try(get_ask, w.data, w.len) == -1, "too much data");
	wbuf_free(&w);
	wbuf_init(&w);
	msg_put_sign_answer(&w, &answer);
	test_lengths("sign_answer", get_answer, &w);
	answer.len = 0;
	wbuf_init(&w);
	msg_put_sign_answer(&w, &answer);
	test_lengths("no signature", get_answer, &w);
}

int
main(void)
{
	static struct tickets_note	 tickets;
	struct wbuf			 w;

	test_pem();
	test_sign();
	wbuf_init(&w);
	msg_put_tickets(&w, &tickets);
	test_lengths("tickets", get_tickets, &w);
	return (check_done("msg_keys"));
}
