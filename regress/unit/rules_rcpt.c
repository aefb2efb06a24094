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
 * Rewriting, candidates, relay: rows of rcpt.md 1 to 3 and 8 as they go
 * through policy, and what goes wrong on the way.
 */

#include "regress/unit/rules_play.h"

/* F-REW */
static void
test_rewrite(void)
{
	const char	*stored;

	rules_start("postmaster \"chief@own.example\"; rcpt {\n"
	    "rewrite if rcpt_domain = 'foobar.org' &\n"
	    " matches('^([^.]+)\\.([^.]+)@(.+)$', rcpt)\n"
	    " then $1 + '+' + $2 + '@' + $3\n"
	    "if rcpt_domain = 'noat.test' then email_part(rcpt, 'local')\n"
	    "if rcpt_domain = 'twoats.test' then rcpt + '@x.test'\n"
	    "if rcpt_domain = 'empty.test' then substring(rcpt, 0, 0)\n"
	    "if rcpt_domain = 'one.test' then len(rcpt)\n"
	    "if rcpt_domain = 'array.test' then split_once(rcpt, '@')\n"
	    "if rcpt_domain = 'old.test' then\n"
	    "  email_part(rcpt, 'local') + '@foobar.org'\n"
	    "if rcpt_domain = 'own.test' then 'post' + 'master@' + '[' +\n"
	    "  local_ip + ']'\n"
	    "max-recipients 100; errors { total 100; wait 0 } }");
	rules_mail("x@y.org");
	CHECK(strcmp(rules_stored("many.smith@foobar.org"),
	    "many+smith@foobar.org") == 0, "A-REW-02: %s@%s",
	    play_said->rcpt.stored.local, play_said->rcpt.stored.domain);
	CHECK(play_decide(1, "Many.Smith@FooBar.ORG") == VERDICT_DUPLICATE,
	    "A-REW-02: a duplicate behind rewriting");
	CHECK(strcmp(rules_stored("Jane@foobar.org"), "Jane@foobar.org") == 0,
	    "what no rule applies to has changed");
	/* W-02: each a fault, that names its rule and tries no other */
	CHECK(play_decide(1, "x@noat.test") == VERDICT_CONFIG &&
	    !play_said->rcpt.error && rules_named("rcpt.rewrite", ":9:1") &&
	    strstr(rules_said, "address") != NULL, "W-02: %s", rules_said);
	CHECK(play_decide(1, "x@twoats.test") == VERDICT_CONFIG &&
	    rules_named("rcpt.rewrite", ":10:1"), "W-02: %s", rules_said);
	CHECK(play_decide(1, "x@empty.test") == VERDICT_CONFIG, "empty");
	CHECK(play_decide(1, "x@one.test") == VERDICT_CONFIG, "a number");
	CHECK(play_decide(1, "x@array.test") == VERDICT_CONFIG, "an array");
	/* D-RCPT-04, both ways */
	CHECK(play_decide(1, "jane@old.test") == VERDICT_DUPLICATE,
	    "rewritten to one that is there");
	CHECK(strcmp(rules_stored("john@old.test"), "john@foobar.org") == 0 &&
	    play_decide(1, "JOHN@old.test") == VERDICT_DUPLICATE &&
	    play_decide(1, "john@foobar.org") == VERDICT_DUPLICATE,
	    "said as what it was rewritten to");
	CHECK(play_decide(1, "nobody@old.test") == VERDICT_UNKNOWN &&
	    play_said->rcpt.error, "O-07");
	/* what a rule makes may be an address of the server itself */
	stored = rules_stored("x@own.test");
	CHECK(strcmp(stored, "chief@own.example") == 0,
	    "own: %d, asked for %s@%s", (int)play_said->rcpt.verdict,
	    play_asks[play_nasks - 1].ask.rcpt.local,
	    play_asks[play_nasks - 1].ask.rcpt.domain);
}

/* E-30, E-31, D-EXP-14: captures live in the rule list */
static void
test_captures(void)
{
	rules_start("rcpt {\n"
	    "rewrite if matches('^a(.)', rcpt) & false then 'x@foobar.org'\n"
	    "  if rcpt_domain = 'stay.test' then 'many' + $1 + '@foobar.org'\n"
	    "  if rcpt_domain = 'gone.test' & !matches('q(.)', rcpt)\n"
	    "    then 'many' + $1 + '@foobar.org'\n"
	    "relay matches('^.', rcpt) & $0 = 'a' & !is_empty($0) }");
	rules_mail("x@y.org");
	CHECK(strcmp(rules_stored("abc@stay.test"), "manyb@foobar.org") == 0,
	    "D-EXP-14");
	CHECK(strcmp(rules_stored("abc@gone.test"), "many@foobar.org") == 0,
	    "E-30");
	CHECK(strcmp(rules_stored("abc@none.test"), "abc@none.test") == 0 &&
	    play_said->rcpt.route == ROUTE_RELAY, "E-31");
}

/* F-RULE: what lookup is asked */
static void
test_candidates(void)
{
	const struct resolve_ask	*ask;

	rules_start("rcpt {\n"
	    "sub-addressing if matches('^([^.]+)\\.([^.]+)@(.+)$', rcpt)\n"
	    "    then $2 + '@' + $3\n"
	    "  if starts_with(address, 'void') then ''\n"
	    "  if starts_with(address, 'std') then true\n"
	    "catch-all if starts_with(email, 'far') then 'r@catchall.org'\n"
	    "  if matches('(.+)@(.+)$', rcpt) & $2 = 'example.org'\n"
	    "    then 'info@' + $2 else false\n"
	    "directory if rcpt_domain = 'else.test' then false else 'acc' +\n"
	    "    substring('ounts', 0, 5 + len(sender) * 0)\n"
	    "relay true; max-recipients 100 }");
	rules_mail("x@y.org");
	(void)play_decide(1, "Shop.JANE@Example.org");
	ask = &play_asks[play_nasks - 1].ask;
	CHECK(ask->sub == CANDIDATE_GIVEN &&
	    strcmp(ask->sub_given, "jane@example.org") == 0 &&
	    ask->catchall == CANDIDATE_GIVEN &&
	    strcmp(ask->catchall_given, "info@example.org") == 0 &&
	    strcmp(ask->rcpt.local, "Shop.JANE") == 0 &&
	    strcmp(ask->directory, "accounts") == 0, "A-MAP-03: %s %s",
	    ask->sub_given, ask->catchall_given);
	(void)play_decide(1, "void@catchall.org");
	ask = &play_asks[play_nasks - 1].ask;
	CHECK(ask->sub == CANDIDATE_NONE && ask->catchall == CANDIDATE_NONE,
	    "D-MAP-04");
	(void)play_decide(1, "std+far@x.test");
	ask = &play_asks[play_nasks - 1].ask;
	CHECK(ask->sub == CANDIDATE_STANDARD && ask->catchall ==
	    CANDIDATE_NONE && strcmp(ask->delims, "+") == 0, "true");
	(void)play_decide(1, "far@x.test");
	ask = &play_asks[play_nasks - 1].ask;
	CHECK(ask->sub == CANDIDATE_NONE && ask->catchall == CANDIDATE_GIVEN &&
	    strcmp(ask->catchall_given, "r@catchall.org") == 0, "D-MAP-06");
	/* what an earlier one was asked with is not left over */
	CHECK(ask->sub_given[0] == '\0', "left over: %s", ask->sub_given);
	/* and without a directory there is no question */
	ask = &play_asks[play_nasks - 1].ask;
	CHECK(play_decide(1, "x@else.test") == VERDICT_ACCEPT &&
	    play_said->rcpt.route == ROUTE_RELAY &&
	    ask == &play_asks[play_nasks - 1].ask, "no directory");
}

/* A 451 for that recipient, never a 5yz and never yes: D-EXP-15, R11. */
static void
test_faults(void)
{
	char	 a64[128];

	rules_start("rcpt {\n"
	    "rewrite if matches('(a+)+$', rcpt) then 'jane@foobar.org'\n"
	    "    else 'jane@foobar.org'\n"
	    "relay true }");
	rules_mail("x@y.org");
	memset(a64, 'a', 64);
	(void)strlcpy(a64 + 64, "@example.org", sizeof(a64) - 64);
	CHECK(play_decide(1, a64) == VERDICT_CONFIG &&
	    !play_said->rcpt.error && play_nasks == 0, "not a 451");
	CHECK(rules_named("rcpt.rewrite", ":6:9") &&
	    rules_named("at=", ":6:12") &&
	    strstr(rules_said, "at its limit") != NULL, "%s", rules_said);
	CHECK(strcmp(rules_stored("b@example.org"), "jane@foobar.org") == 0,
	    "the next one suffers");
}

static void
test_faults_elsewhere(void)
{
	static const char *const	 settings[] = {
		"directory if matches('(a+)+$', rcpt) then 'accounts'",
		"sub-addressing if matches('(a+)+$', rcpt) then 'x@y'",
		"catch-all if matches('(a+)+$', rcpt) then 'x@y'",
		"relay if matches('(a+)+$', rcpt) then true else true",
		"directory if is_tls then 'accounts' else len(rcpt)",
	};
	static const char *const	 names[] = { "rcpt.directory",
	    "rcpt.sub-addressing", "rcpt.catch-all", "rcpt.relay",
	    "rcpt.directory" };
	char				 text[512], a64[128];
	size_t				 i;
	pid_t				 pid;
	int				 status;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if ((pid = fork()) != 0) {
			CHECK(pid != -1 && waitpid(pid, &status, 0) == pid &&
			    status == 0, "%s", settings[i]);
			continue;
		}
		check_failed = 0;
		(void)snprintf(text, sizeof(text), "rcpt { %s\n}",
		    settings[i]);
		rules_start(text);
		rules_mail("x@y.org");
		memset(a64, 'a', 64);
		(void)strlcpy(a64 + 64, "@away.test", sizeof(a64) - 64);
		CHECK(play_decide(1, a64) == VERDICT_CONFIG &&
		    !play_said->rcpt.error && rules_named(names[i], ":5:"),
		    "%s: %d, %s", settings[i],
		    (int)play_said->rcpt.verdict, rules_said);
		_exit(check_failed != 0);
	}
}

/* The recipients accepted so far, and nothing asked ahead because of it. */
static void
test_recipients(void)
{
	size_t	 asks;

	rules_start("rcpt {\n"
	    "rewrite if count(recipients) = 1 & recipients[0] =\n"
	    "    'jane@foobar.org' then 'bill@foobar.org'\n"
	    "  if contains(recipients, 'bill@foobar.org') then\n"
	    "    'many' + count(recipients) + '@foobar.org'\n"
	    "relay recipients = [] | recipients[0] != rcpt }");
	rules_mail("x@y.org");
	asks = play_nasks;
	(void)play_rcpt(0, 1, "JANE@foobar.org");
	(void)play_rcpt(0, 1, "nobody@foobar.org");
	(void)play_rcpt(0, 1, "x@foobar.org");
	CHECK(play_nasks == asks + 1, "asks ahead");
	play_answer_all();
	CHECK(strcmp(play_said->rcpt.stored.local, "many2") == 0,
	    "third: %s", play_said->rcpt.stored.local);
	CHECK(play_nasks == asks + 3, "%zu questions", play_nasks - asks);
	play_id_note(0, MSG_FRONT_RESET_NOTE, 1);
	rules_mail("x@y.org");
	CHECK(strcmp(rules_stored("john@foobar.org"), "john@foobar.org") == 0,
	    "those of the transaction before");
}

#define LOOKUP_RULES							\
	"rcpt {\n"							\
	"rewrite if is_local_domain('', rcpt_domain) &\n"		\
	"    !is_local_address('accounts', rcpt) then 'jane@foobar.org'\n" \
	"relay is_local_domain('', 'foobar.org')\n"			\
	"max-recipients 10 }"

/* Look-ups of rules: in parallel, and the replies in order. */
static void
test_lookups(void)
{
	uint64_t	 ids[3];
	size_t		 asks, said, i;

	rules_start(LOOKUP_RULES);
	rules_mail("x@y.org");
	asks = play_nasks;
	said = play_nsaid;
	ids[0] = play_rcpt(0, 1, "bill@foobar.org");
	ids[1] = play_rcpt(0, 1, "nobody@foobar.org");
	ids[2] = play_rcpt(0, 1, "far@away.test");
	CHECK(play_nasks == asks + 3, "not in parallel");
	CHECK(strcmp(play_asks[asks].ask.rcpt.local, "postmaster") == 0 &&
	    play_asks[asks].ask.sub == CANDIDATE_NONE &&
	    play_asks[asks].ask.directory[0] == '\0', "question");
	/* backwards */
	for (i = 3; i-- > 0;)
		CHECK(play_answer(asks + i, PROC_LOOKUP) == 0, "answer");
	CHECK(play_nsaid == said, "out of order");
	play_answer_all();
	CHECK(play_nsaid == said + 3 && play_order[said] == ids[0] &&
	    play_order[said + 1] == ids[1] && play_order[said + 2] == ids[2],
	    "order");
	CHECK(play_said->rcpt.verdict == VERDICT_ACCEPT &&
	    play_said->rcpt.route == ROUTE_RELAY, "relay by a look-up");
	CHECK(play_decide(1, "jane@foobar.org") == VERDICT_DUPLICATE,
	    "the second was not rewritten");
}

/* Nobody knows: 451 4.4.3, and the one behind is not harmed. */
static void
test_no_lookup(void)
{
	size_t	 said;

	rules_start(LOOKUP_RULES);
	rules_mail("x@y.org");
	said = play_nsaid;
	play_lookup_down = 1;
	(void)play_rcpt(0, 1, "bill@foobar.org");
	play_lookup_down = 0;
	pending_expire(0);
	CHECK(play_nsaid == said + 1 && play_said->rcpt.verdict ==
	    VERDICT_TEMPFAIL && !play_said->rcpt.error &&
	    rules_named("rcpt.rewrite", ":6:12"), "lookup is gone: %s",
	    rules_said);
	CHECK(strcmp(rules_stored("bill@foobar.org"), "bill@foobar.org") == 0,
	    "lookup is back");
	CHECK(play_decide(1, "x@broken.foobar.org") == VERDICT_ACCEPT,
	    "another domain");

	/* deadlines, RSET, and the end while it waits */
	said = play_nsaid;
	(void)play_rcpt(0, 1, "john@foobar.org");
	(void)play_rcpt(0, 1, "jane@foobar.org");
	pending_expire(UINT64_MAX);
	CHECK(play_nsaid == said + 2 && play_said->rcpt.verdict ==
	    VERDICT_TEMPFAIL, "deadline");
	(void)play_rcpt(0, 1, "john@foobar.org");
	(void)play_rcpt(0, 1, "jane@foobar.org");
	play_id_note(0, MSG_FRONT_RESET_NOTE, 1);
	CHECK(play_said->rcpt.verdict == VERDICT_SEQUENCE, "RSET");
	play_answer_all();
	rules_mail("x@y.org");
	(void)play_rcpt(0, 1, "john@foobar.org");
	(void)play_rcpt(0, 1, "jane@foobar.org");
	play_id_note(0, MSG_FRONT_END_NOTE, 1);
	play_answer_all();
}

/* What cannot be a domain or an address is not asked about. */
static void
test_nonsense(void)
{
	size_t	 asks;

	rules_start("rcpt {\n"
	    "rewrite if is_local_domain('', 'a..b') |\n"
	    "    is_local_domain('', '') | is_local_address('', 'x') |\n"
	    "    is_local_address('', split(rcpt, '@')[1])\n"
	    "    then 'jane@foobar.org'\n"
	    "directory false; relay true }");
	rules_mail("x@y.org");
	asks = play_nasks;
	CHECK(strcmp(rules_stored("a@b.test"), "a@b.test") == 0 &&
	    play_nasks == asks, "asks nonsense");
}

/* A run that asks without end has a budget. */
static void
test_asks(void)
{
	char	 text[4096] = "rcpt {\nrelay false", one[64];
	size_t	 asks;
	int	 i;

	for (i = 0; i < RUN_ASKS + 1; i++) {
		(void)snprintf(one, sizeof(one),
		    "\n| is_local_domain('', 'd%d.test')", i);
		(void)strlcat(text, one, sizeof(text));
	}
	(void)strlcat(text, "\ndirectory false }", sizeof(text));
	rules_start(text);
	rules_mail("x@y.org");
	asks = play_nasks;
	CHECK(play_decide(1, "a@b.test") == VERDICT_CONFIG && play_nasks ==
	    asks + RUN_ASKS && strstr(rules_said, "too many look-ups") !=
	    NULL, "%zu questions, %s", play_nasks - asks, rules_said);
}

int
main(void)
{
	rules_test("rewrite", test_rewrite);
	rules_test("captures", test_captures);
	rules_test("candidates", test_candidates);
	rules_test("faults", test_faults);
	test_faults_elsewhere();
	rules_test("recipients", test_recipients);
	rules_test("lookups", test_lookups);
	rules_test("no_lookup", test_no_lookup);
	rules_test("nonsense", test_nonsense);
	rules_test("asks", test_asks);
	return (check_done("unit/rules_rcpt"));
}
