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
 * Logins on the wire: what put wrote, get reads; nothing shorter, longer or
 * out of range; and a question is a secret.
 */

#include <stdlib.h>
#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/base/wire.h"
#include "smtpd/msg/msg_auth.h"

static union {
	struct auth_ask		 ask;
	struct auth_answer	 answer;
	struct login_ask	 login;
	struct login_answer	 found;
	struct owner_answer	 owner;
	struct hash_ask		 hash;
	struct hash_answer	 done;
} in, out, zero;

#define GET(suffix, member)						\
static int get_##suffix(struct rbuf *r)					\
{ return (msg_get_##suffix(r, &out.member)); }

GET(auth_ask, ask)
GET(auth_answer, answer)
GET(login_ask, login)
GET(login_answer, found)
GET(owner_answer, owner)
GET(hash_ask, hash)
GET(hash_answer, done)

/* From memory of its own size: whole, every truncation, an octet more. */
static void
test_body(const char *name, struct wbuf *w, size_t size,
    int (*get)(struct rbuf *), int secret)
{
	struct rbuf	 r;
	uint8_t		*copy;
	size_t		 n;

	CHECK(!w->bad && w->secret == secret, "%s: put", name);
	for (n = 0; n <= w->len + 1; n++) {
		if ((copy = calloc(1, n + 1)) == NULL)
			exit(1);
		memcpy(copy, w->data, n > w->len ? w->len : n);
		rbuf_init(&r, copy, n);
		out = zero;
		CHECK(get(&r) == (n == w->len ? 0 : -1), "%s: %zu of %zu",
		    name, n, w->len);
		CHECK(n != w->len || memcmp(&in, &out, size) == 0,
		    "%s: differs", name);
		free(copy);
	}
	wbuf_free(w);
}

static void
fill_question(struct auth_question *q, enum auth_step step)
{
	q->step = step;
	memset(q->name, 'n', SASL_NAME_MAX);
	if (step == AUTH_PASSWORD)
		memset(q->password, 'p', SASL_PASSWORD_MAX);
	if (step != AUTH_PROOF)
		return;
	memset(q->message, 'm', SASL_MESSAGE_MAX);
	memset(q->proof, 0xab, sizeof(q->proof));
}

static void
fill_scram(struct auth_scram *s)
{
	s->iterations = SCRAM_ITERATIONS_MAX;
	s->saltlen = SCRAM_SALT_MAX;
	memset(s->salt, 0x5a, sizeof(s->salt));
	memset(s->signature, 0xa5, sizeof(s->signature));
}

static void
test_questions(void)
{
	struct wbuf	 w;
	unsigned int	 step;

	for (step = 0; step < AUTH_STEP_COUNT; step++) {
		in = zero;
		in.ask.session = 7;
		fill_question(&in.ask.q, (enum auth_step)step);
		wbuf_init(&w);
		msg_put_auth_ask(&w, &in.ask);
		test_body("auth_ask", &w, sizeof(in.ask), get_auth_ask, 1);
		in = zero;
		memset(in.login.directory, 'd', SESSION_DIRECTORY_MAX);
		fill_question(&in.login.q, (enum auth_step)step);
		wbuf_init(&w);
		msg_put_login_ask(&w, &in.login);
		test_body("login_ask", &w, sizeof(in.login), get_login_ask,
		    1);
	}
	in = zero;
	in.hash.never = 1;
	memset(in.hash.password, 'p', SASL_PASSWORD_MAX);
	memset(in.hash.secret, 's', AUTH_SECRET_MAX);
	wbuf_init(&w);
	msg_put_hash_ask(&w, &in.hash);
	test_body("hash_ask", &w, sizeof(in.hash), get_hash_ask, 1);
}

static void
test_answers(void)
{
	struct wbuf	 w;

	in = zero;
	in.answer.result = AUTH_TEMPFAIL;
	in.answer.wait = 5000;
	in.answer.last = in.answer.error = 1;
	fill_scram(&in.answer.scram);
	wbuf_init(&w);
	msg_put_auth_answer(&w, &in.answer);
	test_body("auth_answer", &w, sizeof(in.answer), get_auth_answer, 0);
	in = zero;
	in.found.result = AUTH_TEMPFAIL;
	fill_scram(&in.found.scram);
	wbuf_init(&w);
	msg_put_login_answer(&w, &in.found);
	test_body("login_answer", &w, sizeof(in.found), get_login_answer, 0);
	in = zero;
	in.owner.result = AUTH_NO;
	wbuf_init(&w);
	msg_put_owner_answer(&w, &in.owner);
	test_body("owner_answer", &w, sizeof(in.owner), get_owner_answer, 0);
	in = zero;
	in.done.result = AUTH_NO;
	wbuf_init(&w);
	msg_put_hash_answer(&w, &in.done);
	test_body("hash_answer", &w, sizeof(in.done), get_hash_answer, 0);
}

/* What no put writes, octet by octet. */
static void
test_ranges(void)
{
	struct rbuf	 r;
	struct wbuf	 w;

	in = zero;
	wbuf_init(&w);
	msg_put_login_answer(&w, &in.found);
	w.data[0] = AUTH_RESULT_COUNT;
	rbuf_init(&r, w.data, w.len);
	CHECK(get_login_answer(&r) == -1, "takes another result");
	w.data[0] = 0;
	w.data[1] = 0x7f;
	rbuf_init(&r, w.data, w.len);
	CHECK(get_login_answer(&r) == -1, "takes so many iterations");
	wbuf_free(&w);
	wbuf_init(&w);
	msg_put_hash_answer(&w, &in.done);
	w.data[0] = AUTH_RESULT_COUNT;
	rbuf_init(&r, w.data, w.len);
	CHECK(get_hash_answer(&r) == -1, "takes another answer");
	wbuf_free(&w);
	in.ask.q.step = AUTH_SALT;
	wbuf_init(&w);
	msg_put_auth_ask(&w, &in.ask);
	w.data[8] = AUTH_STEP_COUNT;
	rbuf_init(&r, w.data, w.len);
	CHECK(get_auth_ask(&r) == -1, "takes another step");
	wbuf_free(&w);
}

int
main(void)
{
	test_questions();
	test_answers();
	test_ranges();
	return (check_done("msg_auth"));
}
