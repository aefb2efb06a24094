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
 * The order of the steps, verdicts, limits, duplicates, and questions
 * asked ahead: rows of conformance/rcpt.md that constants can express.
 */

#include "regress/unit/policy_play.h"

/* Session 1 with a fresh transaction and no errors. */
static void
fresh(const char *login)
{
	play_id_note(0, MSG_FRONT_END_NOTE, 1);
	play_session(0, 1, login, 0);
	CHECK(play_mail(0, 1, "sender@elsewhere.test", 0) == VERDICT_ACCEPT,
	    "MAIL");
}

static void
test_order(void)
{
	size_t	 before;

	fresh("");		/* O-03, D-RCPT-01, O-04 */
	CHECK(play_decide(1, "jane@foobar.org") == VERDICT_ACCEPT, "jane");
	CHECK(play_said->rcpt.route == ROUTE_LOCAL &&
	    strcmp(play_said->rcpt.directory, "accounts") == 0 &&
	    strcmp(play_said->rcpt.via, "jane@foobar.org") == 0 &&
	    play_said->rcpt.wait == 0 && !play_said->rcpt.error, "fields");
	CHECK(play_decide(1, "john@foobar.org") == VERDICT_ACCEPT, "john");
	before = play_nasks;
	CHECK(play_decide(1, "bill@foobar.org") == VERDICT_TOO_MANY, "bill");
	CHECK(play_decide(1, "JANE@foobar.org") == VERDICT_TOO_MANY,
	    "a duplicate before the limit");
	CHECK(play_decide(1, "nobody@foobar.org") == VERDICT_TOO_MANY,
	    "unknown before the limit");
	CHECK(play_decide(1, "x@away.test") == VERDICT_TOO_MANY,
	    "relay before the limit");
	CHECK(play_nasks == before, "asks at the limit");

	fresh("");		/* D-RCPT-03 */
	CHECK(play_decide(1, "jane@foobar.org") == VERDICT_ACCEPT, "jane");
	before = play_nasks;
	CHECK(play_decide(1, "Jane@FooBar.ORG") == VERDICT_DUPLICATE &&
	    play_decide(1, "\"jane\"@foobar.org") == VERDICT_DUPLICATE,
	    "not a duplicate");
	CHECK(play_nasks == before, "asks about a duplicate");
	CHECK(play_decide(1, "john@foobar.org") == VERDICT_ACCEPT,
	    "duplicates count");
}

static void
test_verdicts(void)
{
	fresh("");		/* O-11: none of these is an error */
	CHECK(play_decide(1, "late@foobar.org") == VERDICT_DEFERRED &&
	    strcmp(play_said->rcpt.text, "Later.") == 0, "late");
	CHECK(play_decide(1, "staff@foobar.org") == VERDICT_SENDERS &&
	    play_decide(1, "full@foobar.org") == VERDICT_QUOTA &&
	    play_decide(1, "broken@foobar.org") == VERDICT_TEMPFAIL &&
	    !play_said->rcpt.error && !play_said->rcpt.last, "4yz");
	CHECK(play_decide(1, "eve@split.example") == VERDICT_ACCEPT &&
	    play_said->rcpt.route == ROUTE_RELAY &&
	    strcmp(play_said->rcpt.url, "lmtp://127.0.0.1:24") == 0,
	    "split domain");
	CHECK(play_decide(1, "hole@foobar.org") == VERDICT_DISCARD &&
	    strcmp(play_said->rcpt.stored.local, "hole") == 0, "hole");
	CHECK(play_decide(1, "jane@foobar.org") == VERDICT_TOO_MANY,
	    "a discarded one does not count");

	fresh("john");		/* T-06, F-AUTH */
	CHECK(play_decide(1, "staff@foobar.org") == VERDICT_ACCEPT, "staff");
	CHECK(play_decide(1, "Far@Away.Test") == VERDICT_ACCEPT &&
	    play_said->rcpt.route == ROUTE_RELAY &&
	    play_said->rcpt.url[0] == '\0' &&
	    strcmp(play_said->rcpt.stored.local, "Far") == 0 &&
	    strcmp(play_said->rcpt.stored.domain, "Away.Test") == 0,
	    "relay of a client that logged in");
}

static void
test_errors(void)
{
	fresh("");		/* O-10, D-RCPT-05, M-02 */
	CHECK(play_decide(1, "shut@foobar.org") == VERDICT_DISABLED &&
	    strcmp(play_said->rcpt.text, "Moved away.") == 0 &&
	    play_said->rcpt.error && play_said->rcpt.wait == 5000 &&
	    !play_said->rcpt.last, "shut");
	play_id_note(0, MSG_FRONT_RESET_NOTE, 1);
	CHECK(play_decide(1, "jane@foobar.org") == VERDICT_SEQUENCE,
	    "RCPT after RSET");
	CHECK(play_mail(0, 1, "a@b.test", 0) == VERDICT_ACCEPT, "MAIL");
	CHECK(play_decide(1, "nobody@foobar.org") == VERDICT_UNKNOWN &&
	    play_said->rcpt.error && !play_said->rcpt.last, "second error");
	CHECK(play_decide(1, "broken@foobar.org") == VERDICT_TEMPFAIL,
	    "tempfail");
	CHECK(play_decide(1, "x@away.test") == VERDICT_RELAY &&
	    play_said->rcpt.error && !play_said->rcpt.last, "third error");
	play_session(0, 1, "", 0);
	CHECK(play_decide(1, "nobody@foobar.org") == VERDICT_UNKNOWN &&
	    play_said->rcpt.last, "the fourth error is not the last");

	play_id_note(0, MSG_FRONT_END_NOTE, 1);
	play_session(0, 1, "", 3);
	CHECK(play_mail(0, 1, "a@b.test", 0) == VERDICT_ACCEPT, "MAIL");
	CHECK(play_decide(1, "nobody@foobar.org") == VERDICT_UNKNOWN &&
	    play_said->rcpt.last, "the count of before a restart is lost");
}

static void
test_own(void)
{
	fresh("");		/* D-RCPT-12, P-01, P-02, p-09 */
	CHECK(play_decide(1, "postmaster") == VERDICT_ACCEPT &&
	    play_said->rcpt.route == ROUTE_RELAY &&
	    strcmp(play_said->rcpt.stored.local, "chief") == 0 &&
	    strcmp(play_said->rcpt.stored.domain, "own.example") == 0,
	    "postmaster goes to %s@%s", play_said->rcpt.stored.local,
	    play_said->rcpt.stored.domain);
	CHECK(play_decide(1, "PostMaster") == VERDICT_DUPLICATE &&
	    play_decide(1, "Postmaster@MX.own.example") == VERDICT_DUPLICATE,
	    "postmaster twice");
	CHECK(play_decide(1, "postmaster@foobar.org") == VERDICT_UNKNOWN,
	    "another domain's postmaster");
	CHECK(play_decide(1, "jane@[127.0.0.1]") == VERDICT_ACCEPT &&
	    strcmp(play_said->rcpt.stored.domain, "mx.own.example") == 0 &&
	    play_said->rcpt.route == ROUTE_LOCAL, "own literal");

	fresh("");
	CHECK(play_decide(1, "jane@[192.0.2.1]") == VERDICT_RELAY,
	    "literal of somebody else");
	CHECK(play_decide(1, "chief@own.example") == VERDICT_RELAY,
	    "only postmaster may go there");
}

static void
test_strangers(void)
{
	play_id_note(0, MSG_FRONT_END_NOTE, 7);
	CHECK(play_decide(7, "jane@foobar.org") == VERDICT_SEQUENCE,
	    "unknown session");
	CHECK(play_mail(0, 7, "a@b.test", 0) == VERDICT_TEMPFAIL,
	    "MAIL of an unknown session");
	play_session(0, 7, "", 0);
	CHECK(play_decide(7, "jane@foobar.org") == VERDICT_SEQUENCE,
	    "no MAIL");
}

/* A good, a bad and a good one in one write. */
static void
test_ahead(void)
{
	uint64_t	 a, b, c;
	size_t		 asks, said;

	fresh("");
	asks = play_nasks;
	said = play_nsaid;
	a = play_rcpt(0, 1, "jane@foobar.org");
	b = play_rcpt(0, 1, "nobody@foobar.org");
	c = play_rcpt(0, 1, "Jane@foobar.org");
	CHECK(play_nasks == asks + 3, "%zu questions at once",
	    play_nasks - asks);
	CHECK(play_answer(asks + 2, PROC_LOOKUP) == 0 &&
	    play_answer(asks + 1, PROC_LOOKUP) == 0 && play_nsaid == said,
	    "answers before its turn");
	CHECK(play_answer(asks, PROC_QUEUE) == -1,
	    "takes an answer of somebody else");
	CHECK(play_answer(asks, PROC_LOOKUP) == 0 && play_nsaid == said + 3,
	    "%zu answers", play_nsaid - said);
	CHECK(play_order[said] == a && play_order[said + 1] == b &&
	    play_order[said + 2] == c, "out of order");
	CHECK(play_said->rcpt.verdict == VERDICT_DUPLICATE,
	    "asked ahead, and no duplicate");
	CHECK(play_nasks == asks + 3, "asked again");

	/* the client becomes somebody else between question and turn */
	fresh("");
	asks = play_nasks;
	(void)play_rcpt(0, 1, "john@foobar.org");
	(void)play_rcpt(0, 1, "staff@foobar.org");
	CHECK(play_answer(asks + 1, PROC_LOOKUP) == 0, "staff, ahead");
	play_session(0, 1, "john", 0);
	CHECK(play_said->rcpt.verdict == VERDICT_SEQUENCE &&
	    play_answer(asks, PROC_LOOKUP) == 0, "the old answer is used");
	CHECK(play_mail(0, 1, "a@b.test", 0) == VERDICT_ACCEPT &&
	    play_decide(1, "staff@foobar.org") == VERDICT_ACCEPT,
	    "staff, logged in");
}

static void
test_ends(void)
{
	size_t		 asks, said;
	uint64_t	 a;

	fresh("");
	asks = play_nasks;
	(void)play_rcpt(0, 1, "jane@foobar.org");
	a = play_rcpt(0, 1, "john@foobar.org");
	play_id_note(0, MSG_FRONT_RESET_NOTE, 1);
	CHECK(play_said->id == a && play_said->rcpt.verdict ==
	    VERDICT_SEQUENCE, "RSET leaves one");
	said = play_nsaid;
	CHECK(play_answer(asks, PROC_LOOKUP) == 0 && play_answer(asks + 1,
	    PROC_LOOKUP) == 0 && play_nsaid == said, "late answers");

	fresh("");
	said = play_nsaid;
	(void)play_rcpt(0, 1, "jane@foobar.org");
	(void)play_rcpt(0, 1, "john@foobar.org");
	pending_expire(UINT64_MAX);
	CHECK(play_nsaid == said + 2 && play_said->rcpt.verdict ==
	    VERDICT_TEMPFAIL && !play_said->rcpt.error, "deadline");
	CHECK(play_decide(1, "jane@foobar.org") == VERDICT_ACCEPT,
	    "a refused one left a trace");

	said = play_nsaid;
	(void)play_rcpt(0, 1, "bill@foobar.org");
	pending_peer_gone(PROC_LOOKUP, 0);
	pending_expire(0);
	CHECK(play_nsaid == said + 1 && play_said->rcpt.verdict ==
	    VERDICT_TEMPFAIL, "lookup died");
	play_lookup_down = 1;
	(void)play_rcpt(0, 1, "bill@foobar.org");
	CHECK(play_nsaid == said + 1, "answers before the callback");
	pending_expire(0);
	play_lookup_down = 0;
	CHECK(play_nsaid == said + 2 && play_said->rcpt.verdict ==
	    VERDICT_TEMPFAIL, "lookup is not there");
	CHECK(play_decide(1, "bill@foobar.org") == VERDICT_ACCEPT,
	    "lookup came back");

	/* front dies: nothing is said to the new one */
	fresh("");
	said = play_nsaid;
	asks = play_nasks;
	(void)play_rcpt(0, 1, "jane@foobar.org");
	play_session(1, 1, "", 0);
	CHECK(play_mail(1, 1, "a@b.test", 0) == VERDICT_ACCEPT, "front 1");
	said = play_nsaid;
	play_on_peer(PROC_FRONT, 0, 0);
	CHECK(play_answer(asks, PROC_LOOKUP) == 0 && play_nsaid == said,
	    "an answer to a dead front");
	CHECK(play_decide(1, "jane@foobar.org") == VERDICT_SEQUENCE,
	    "a session outlives its front");
	(void)play_rcpt(1, 1, "jane@foobar.org");
	play_answer_all();
	CHECK(play_said->rcpt.verdict == VERDICT_ACCEPT,
	    "another front's session is gone");
	CHECK(pending_count() == 0, "%u questions left", pending_count());
}

int
main(void)
{
	struct policy_conf	 c;

	play_conf(&c);
	c.settings[SET_RCPT_ERRORS_WAIT].number = 5000;
	play_start(&c);
	test_order();
	test_verdicts();
	test_errors();
	test_own();
	test_strangers();
	test_ahead();
	test_ends();
	return (check_done("policy_rcpt"));
}
