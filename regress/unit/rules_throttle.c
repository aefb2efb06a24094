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
 * Throttles at step 12 of RCPT.md 1: who comes to it, what is asked, what
 * each answer means; and stores, whose answers are values.
 */

#include "regress/unit/rules_play.h"

#define ONE								\
	"rcpt { errors { total 100; wait 0 } }\n"			\
	"throttle { match sender_domain = 'slow.test'; key [sender, rcpt];" \
	" rate 2/1h }\n"

static int
answer(enum proc_id from, enum throttle_status status, uint8_t which)
{
	struct throttle_answer	 ans = { status, which, 1234 };
	struct wbuf		 w;

	wbuf_init(&w);
	msg_put_throttle_answer(&w, &ans);
	return (play_put(from, 0, MSG_LOOKUP_THROTTLE_ANSWER,
	    play_asks[play_nasks - 1].id, &w));
}

static int
asked(uint32_t type)
{
	return (play_nasks > 0 && play_asks[play_nasks - 1].type == type);
}

/* RCPT; how many throttles are asked about. */
static unsigned int
rcpt(const char *text)
{
	uint64_t	 id;

	play_throttle.n = 0;
	id = play_rcpt(0, 1, text);
	play_answer_all();
	CHECK((play_said->id == id) == (play_throttle.n == 0), "%s: answered "
	    "before, or not at all", text);
	return (play_throttle.n);
}

static void
test_steps(void)
{
	rules_start(ONE);
	rules_mail("a@fast.test");
	CHECK(rcpt("jane@foobar.org") == 0 &&
	    play_said->rcpt.verdict == VERDICT_ACCEPT, "does not match");
	rules_mail("a@slow.test");
	/* row O-09: only those that would be accepted come to it */
	CHECK(rcpt("nobody@foobar.org") == 0 &&
	    play_said->rcpt.verdict == VERDICT_UNKNOWN, "unknown");
	CHECK(rcpt("x@away.test") == 0 &&
	    play_said->rcpt.verdict == VERDICT_RELAY, "relay");
	CHECK(rcpt("jane@foobar.org") == 1 && !play_throttle.dry &&
	    play_throttle.takes[0].rate.count == 2 &&
	    play_throttle.takes[0].rate.period == 3600000, "asked");
	CHECK(answer(PROC_RELAY, THROTTLE_TAKEN, 0) == -1, "another's answer");
	CHECK(answer(PROC_LOOKUP, THROTTLE_TAKEN, 0) == 0 &&
	    play_said->rcpt.verdict == VERDICT_ACCEPT, "taken");
	CHECK(rcpt("JANE@foobar.org") == 0 &&
	    play_said->rcpt.verdict == VERDICT_DUPLICATE, "duplicate");
	CHECK(rcpt("john@foobar.org") == 1 &&
	    answer(PROC_LOOKUP, THROTTLE_FULL, 0) == 0 &&
	    play_said->rcpt.verdict == VERDICT_THROTTLED &&
	    !play_said->rcpt.error, "full");
	/* it has left no trace: there is room for it still */
	CHECK(rcpt("john@foobar.org") == 1 &&
	    answer(PROC_LOOKUP, THROTTLE_BROKEN, 0) == 0 &&
	    play_said->rcpt.verdict == VERDICT_TEMPFAIL &&
	    rules_named("setting=throttle", "looked up"), "broken: %s",
	    rules_said);
	CHECK(rcpt("john@foobar.org") == 1, "asked");
	CHECK(answer(PROC_LOOKUP, THROTTLE_FULL, 1) == -1, "one that was not "
	    "asked about");
}

/* Lookup is away, or late; RSET while it is asked. */
static void
test_silence(void)
{
	rules_start(ONE);
	rules_mail("a@slow.test");
	CHECK(rcpt("jane@foobar.org") == 1, "asked");
	pending_expire(UINT64_MAX);
	CHECK(play_said->rcpt.verdict == VERDICT_TEMPFAIL, "late");
	CHECK(rcpt("jane@foobar.org") == 1, "asked");
	play_id_note(0, MSG_FRONT_RESET_NOTE, 1);
	CHECK(play_said->rcpt.verdict == VERDICT_SEQUENCE &&
	    pending_count() == 0, "RSET");
	CHECK(answer(PROC_LOOKUP, THROTTLE_TAKEN, 0) == 0, "late answer");
	rules_mail("a@slow.test");
	CHECK(rcpt("jane@foobar.org") == 1, "asked");
	play_id_note(0, MSG_FRONT_END_NOTE, 1);
	CHECK(pending_count() == 0, "end");
}

static int
same_key(const struct throttle_take *a, const struct throttle_take *b)
{
	return (memcmp(a->key, b->key, sizeof(a->key)) == 0);
}

/* Keys are what is in them, not what they look like together. */
static void
test_keys(void)
{
	struct throttle_ask	 first;

	rules_start("rcpt { directory false; relay true;"
	    " errors { total 100; wait 0 } }\n"
	    "throttle { key [email_part(rcpt, 'local'), rcpt_domain];"
	    " rate 1/1s }\n"
	    "throttle { key [remote_ip, sender]; rate 1/1s }\n"
	    "throttle { rate 1000000/1s }\n"
	    "throttle { match false; rate 5/1m }\n"
	    "throttle { key len(rcpt); rate 3/30d }\n"
	    "throttle { rate 1000000/1s }\n");
	rules_mail("a@slow.test");
	CHECK(rcpt("ab@c.test") == 5, "%u asked", play_throttle.n);
	first = play_throttle;
	CHECK(first.takes[2].id != first.takes[4].id, "two of the same");
	CHECK(answer(PROC_LOOKUP, THROTTLE_TAKEN, 0) == 0 &&
	    rcpt("a@bc.test") == 5 &&
	    !same_key(&first.takes[0], &play_throttle.takes[0]) &&
	    same_key(&first.takes[1], &play_throttle.takes[1]) &&
	    same_key(&first.takes[2], &play_throttle.takes[2]) &&
	    same_key(&first.takes[3], &play_throttle.takes[3]) &&
	    memcmp(&first.takes[3].rate, &play_throttle.takes[3].rate,
	    sizeof(first.takes[3].rate)) == 0, "keys");
	CHECK(answer(PROC_LOOKUP, THROTTLE_FULL, 3) == 0 &&
	    play_said->rcpt.verdict == VERDICT_THROTTLED, "one of them");
}

/* A match that cannot be evaluated, and one that asks a store. */
static void
test_faults(void)
{
	struct datum	 d = datum_integer(5);
	struct wbuf	 w;

	rules_start("rcpt { errors { total 100; wait 0 } }\n"
	    "throttle { match counter_get('', sender) > 4; rate 1/1m }\n"
	    "throttle { match matches('^(a+)+$', rcpt); rate 1/1m }\n");
	rules_mail("a@slow.test");
	(void)play_rcpt(0, 1, "jane@foobar.org");
	play_answer_all();
	CHECK(asked(MSG_POLICY_STORE_ASK) &&
	    play_store.op == STORE_COUNTER_GET, "store");
	wbuf_init(&w);
	msg_put_value(&w, VALUE_FOUND, &d);
	CHECK(play_put(PROC_LOOKUP, 0, MSG_LOOKUP_VALUE_ANSWER,
	    play_asks[play_nasks - 1].id, &w) == 0 &&
	    asked(MSG_POLICY_THROTTLE_ASK) && play_throttle.n == 1, "goes on");
	CHECK(answer(PROC_LOOKUP, THROTTLE_TAKEN, 0) == 0 &&
	    play_said->rcpt.verdict == VERDICT_ACCEPT, "accept");
	(void)play_rcpt(0, 1, "john@foobar.org");
	play_answer_all();
	wbuf_init(&w);
	msg_put_value(&w, VALUE_BROKEN, NULL);
	CHECK(play_put(PROC_LOOKUP, 0, MSG_LOOKUP_VALUE_ANSWER,
	    play_asks[play_nasks - 1].id, &w) == 0 &&
	    play_said->rcpt.verdict == VERDICT_TEMPFAIL &&
	    rules_named("setting=throttle.match", ":6:"), "broken store: %s",
	    rules_said);
	/* a counter is no text */
	(void)play_rcpt(0, 1, "john@foobar.org");
	play_answer_all();
	d = datum_string("5", 1);
	wbuf_init(&w);
	msg_put_value(&w, VALUE_FOUND, &d);
	CHECK(play_put(PROC_LOOKUP, 0, MSG_LOOKUP_VALUE_ANSWER,
	    play_asks[play_nasks - 1].id, &w) == -1, "a text for a number");
	play_id_note(0, MSG_FRONT_END_NOTE, 1);
}

/* More than a store takes is no question; none changes anything twice. */
static void
test_large(void)
{
	char	 text[4096];
	int	 i;

	(void)strlcpy(text, "rcpt { relay key_set('', rcpt, rcpt",
	    sizeof(text));
	for (i = 0; i < 9; i++)
		(void)strlcat(text, " + substring(rcpt + rcpt + rcpt + rcpt + "
		    "rcpt + rcpt + rcpt + rcpt, 0, 2000)", sizeof(text));
	(void)strlcat(text, ") }", sizeof(text));
	rules_start(text);
	rules_mail("a@b.test");
	(void)play_rcpt(0, 1, "x@away.test");
	play_answer_all();
	CHECK(asked(MSG_POLICY_STORE_ASK) && play_store.op == STORE_KEY_SET &&
	    play_store.len == 11 + 9 * 88, "%zu octets", play_store.len);
	play_id_note(0, MSG_FRONT_RESET_NOTE, 1);
	rules_mail("a@b.test");
	(void)memset(text, 'x', 64);
	(void)strlcpy(text + 64, "@", 2);
	for (i = 0; i < 4; i++)
		(void)strlcat(text, "dddddddddddddddddddddddddddddddddddddddd."
		    , sizeof(text));
	(void)strlcat(text, "test", sizeof(text));
	(void)play_rcpt(0, 1, text);
	play_answer_all();
	CHECK(play_said->rcpt.verdict == VERDICT_TEMPFAIL &&
	    rules_named("setting=rcpt.relay", "looked up"), "%d: %s",
	    (int)play_said->rcpt.verdict, rules_said);
}

int
main(void)
{
	rules_test("steps", test_steps);
	rules_test("silence", test_silence);
	rules_test("keys", test_keys);
	rules_test("faults", test_faults);
	rules_test("large", test_large);
	return (check_done("unit/rules_throttle"));
}
