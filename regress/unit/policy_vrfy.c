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
 * HELO, MAIL, VRFY and EXPN.
 */

#include "regress/unit/policy_play.h"

static enum verdict
vrfy(uint64_t session, int expand, const char *arg)
{
	struct vrfy_ask	 ask;
	struct wbuf	 w;

	memset(&ask, 0, sizeof(ask));
	ask.session = session;
	ask.expand = (uint8_t)expand;
	(void)strlcpy(ask.arg, arg, sizeof(ask.arg));
	wbuf_init(&w);
	msg_put_vrfy_ask(&w, &ask);
	play_said->type = 0;
	CHECK(play_put(PROC_FRONT, 0, MSG_FRONT_VRFY_ASK, ++play_id, &w) == 0,
	    "VRFY");
	return (play_said->type == 0 ? VERDICT_COUNT :
	    play_said->vrfy.verdict);
}

/* lookup says these names to the last question */
static void
names(enum resolve_status status, unsigned int n, int more)
{
	static struct names_answer	 ans;
	struct wbuf			 w;
	unsigned int			 i;

	memset(&ans, 0, sizeof(ans));
	ans.status = status;
	ans.n = (uint16_t)n;
	ans.more = (uint8_t)more;
	for (i = 0; i < n; i++)
		(void)snprintf(ans.names[i], sizeof(ans.names[i]),
		    "m%02u@foobar.org", i);
	wbuf_init(&w);
	msg_put_names_answer(&w, &ans);
	play_asks[play_nasks - 1].done = 1;
	CHECK(play_put(PROC_LOOKUP, 0, MSG_LOOKUP_NAMES_ANSWER,
	    play_asks[play_nasks - 1].id, &w) == 0, "names");
}

static void
test_helo(void)
{
	struct helo_ask	 ask;
	struct wbuf	 w;
	uint64_t	 session;

	/* an unknown session, one that is not logged in, one that is */
	play_session(0, 1, "", 0);
	play_session(0, 2, "john", 0);
	for (session = 0; session < 3; session++) {
		memset(&ask, 0, sizeof(ask));
		ask.session = session;
		(void)strlcpy(ask.helo, "client.test", sizeof(ask.helo));
		wbuf_init(&w);
		msg_put_helo_ask(&w, &ask);
		CHECK(play_put(PROC_FRONT, 0, MSG_FRONT_HELO_ASK, ++play_id,
		    &w) == 0 && play_said->id == play_id, "HELO");
		CHECK(play_said->helo.extensions == (SMTP_EXT_PIPELINING |
		    SMTP_EXT_SIZE | SMTP_EXT_8BITMIME | SMTP_EXT_ENHANCED |
		    SMTP_EXT_DSN | SMTP_EXT_LIMITS | SMTP_EXT_HELP |
		    (session == 2 ? SMTP_EXT_VRFY | SMTP_EXT_EXPN : 0)),
		    "session %d: extensions %x", (int)session,
		    play_said->helo.extensions);
		CHECK(play_said->helo.max_recipients == 2 &&
		    play_said->helo.max_size == 1024, "limits");
	}
	/* EHLO ends a transaction */
	CHECK(play_mail(0, 1, "a@b.test", 0) == VERDICT_ACCEPT, "MAIL");
	wbuf_init(&w);
	ask.session = 1;
	msg_put_helo_ask(&w, &ask);
	CHECK(play_put(PROC_FRONT, 0, MSG_FRONT_HELO_ASK, ++play_id, &w) ==
	    0 && play_decide(1, "jane@foobar.org") == VERDICT_SEQUENCE,
	    "a transaction outlives EHLO");
}

static void
test_mail(void)
{
	/* A-MAIL-07 */
	CHECK(play_mail(0, 1, "a@foobar.org", 1512) == VERDICT_SIZE &&
	    play_decide(1, "jane@foobar.org") == VERDICT_SEQUENCE, "SIZE");
	CHECK(play_mail(0, 1, "", UINT64_MAX) == VERDICT_SIZE, "SIZE, <>");
	CHECK(play_mail(0, 1, "", 1023) == VERDICT_ACCEPT &&
	    play_said->mail.max_size == 1024 &&
	    play_said->mail.extensions & SMTP_EXT_DSN &&
	    play_said->mail.sender.local[0] == '\0', "<>");
	CHECK(play_mail(0, 1, "Some.One@Foobar.ORG", 0) == VERDICT_ACCEPT &&
	    strcmp(play_said->mail.sender.local, "Some.One") == 0, "sender");
}

static void
test_vrfy(void)
{
	size_t	 asks = play_nasks;

	/* D-VRFY-04 */
	CHECK(vrfy(1, 0, "john@foobar.org") == VERDICT_DENIED &&
	    vrfy(1, 1, "staff@foobar.org") == VERDICT_DENIED &&
	    play_nasks == asks, "asks though it is not allowed");
	CHECK(vrfy(9, 0, "john@foobar.org") == VERDICT_TEMPFAIL,
	    "unknown session");

	CHECK(vrfy(2, 0, "john@foobar.org") == VERDICT_COUNT, "no question");
	play_answer_all();
	CHECK(play_said->type == MSG_POLICY_VRFY_ANSWER &&
	    play_said->id == play_id && play_said->vrfy.n == 1 &&
	    play_said->vrfy.verdict == VERDICT_ACCEPT &&
	    strcmp(play_said->vrfy.names[0], "john@foobar.org") == 0, "john");
	CHECK(strcmp(play_asks[play_nasks - 1].ask.login, "john") == 0,
	    "login");

	/* D-VRFY-02 */
	(void)vrfy(2, 0, "<john@foobar.org>");
	CHECK(strcmp(play_asks[play_nasks - 1].ask.rcpt.local, "john") == 0,
	    "brackets");
	play_answer_all();
	(void)vrfy(2, 0, "\"john@foobar.org\"");
	CHECK(strcmp(play_asks[play_nasks - 1].ask.rcpt.domain,
	    "foobar.org") == 0, "quotes");
	play_answer_all();
	(void)vrfy(2, 0, "\"a b\"@foobar.org");
	CHECK(strcmp(play_asks[play_nasks - 1].ask.rcpt.local, "a b") == 0,
	    "quoted local part");
	play_answer_all();
	CHECK(play_said->vrfy.verdict == VERDICT_UNKNOWN, "unknown");
	(void)vrfy(2, 0, "x@away.test");
	play_answer_all();
	CHECK(play_said->vrfy.verdict == VERDICT_UNKNOWN, "not local");
	(void)vrfy(2, 0, "broken@foobar.org");
	play_answer_all();
	CHECK(play_said->vrfy.verdict == VERDICT_TEMPFAIL, "broken");
	CHECK(vrfy(2, 0, "a@@b") == VERDICT_UNKNOWN &&
	    vrfy(2, 0, "<>") == VERDICT_UNKNOWN, "nonsense");
}

static void
test_names(void)
{
	const struct play_ask	*a;

	(void)vrfy(2, 0, "jo");
	a = &play_asks[play_nasks - 1];
	CHECK(a->type == MSG_POLICY_NAMES_ASK && a->names.max == 5 &&
	    !a->names.expand && strcmp(a->ask.rcpt.local, "jo") == 0,
	    "question about a part");
	names(RESOLVE_FOUND, 5, 1);
	CHECK(play_said->vrfy.verdict == VERDICT_ACCEPT &&
	    play_said->vrfy.n == 5 && strcmp(play_said->vrfy.names[4],
	    "m04@foobar.org") == 0, "five names");
	(void)vrfy(2, 0, "invalid");
	names(RESOLVE_NONE, 0, 0);
	CHECK(play_said->vrfy.verdict == VERDICT_UNKNOWN, "no name");

	(void)vrfy(2, 1, "<staff@foobar.org>");
	a = &play_asks[play_nasks - 1];
	CHECK(a->type == MSG_POLICY_NAMES_ASK && a->names.max == 50 &&
	    a->names.expand && strcmp(a->ask.rcpt.local, "staff") == 0,
	    "question about a list");
	names(RESOLVE_FOUND, 50, 1);
	CHECK(play_said->vrfy.verdict == VERDICT_MORE &&
	    play_said->vrfy.n == 50, "more than 50");
	(void)vrfy(2, 1, "staff@foobar.org");
	names(RESOLVE_FOUND, 3, 0);
	CHECK(play_said->vrfy.verdict == VERDICT_ACCEPT &&
	    play_said->vrfy.n == 3, "three members");
	(void)vrfy(2, 1, "staff@foobar.org");
	names(RESOLVE_TEMPFAIL, 0, 0);
	CHECK(play_said->vrfy.verdict == VERDICT_TEMPFAIL, "tempfail");
	CHECK(vrfy(2, 1, "staff") == VERDICT_UNKNOWN, "EXPN of a part");
}

static void
test_apart(void)
{
	size_t	 said;

	/* V-03: nothing happens to the transaction, nothing is counted */
	CHECK(play_mail(0, 2, "a@b.test", 0) == VERDICT_ACCEPT &&
	    play_decide(2, "jane@foobar.org") == VERDICT_ACCEPT, "RCPT");
	for (said = 0; said < 5; said++) {
		(void)vrfy(2, 0, "nobody@foobar.org");
		play_answer_all();
	}
	CHECK(play_decide(2, "jane@foobar.org") == VERDICT_DUPLICATE,
	    "the transaction is lost");
	CHECK(play_decide(2, "nobody@foobar.org") == VERDICT_UNKNOWN &&
	    !play_said->rcpt.last, "misses of VRFY count");

	(void)vrfy(2, 0, "john@foobar.org");
	(void)vrfy(2, 1, "staff@foobar.org");
	said = play_nsaid;
	pending_expire(UINT64_MAX);
	CHECK(play_nsaid == said + 2 &&
	    play_said->vrfy.verdict == VERDICT_TEMPFAIL, "deadline");
	(void)vrfy(2, 0, "john@foobar.org");
	said = play_nsaid;
	play_id_note(0, MSG_FRONT_END_NOTE, 2);
	play_answer_all();
	CHECK(play_nsaid == said && pending_count() == 0,
	    "an answer to an ended session");
}

int
main(void)
{
	struct policy_conf	 c;

	play_conf(&c);
	play_start(&c);
	test_helo();
	test_mail();
	test_vrfy();
	test_names();
	test_apart();
	return (check_done("policy_vrfy"));
}
