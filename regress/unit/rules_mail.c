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
 * HELO, MAIL and VRFY by rules: limits that hold for a transaction,
 * extensions asked at each command, senders rewritten, and what pauses.
 */

#include "regress/unit/rules_play.h"

static uint64_t
put_helo(uint64_t session, const char *helo)
{
	struct helo_ask	 ask;
	struct wbuf	 w;

	memset(&ask, 0, sizeof(ask));
	ask.session = session;
	(void)strlcpy(ask.helo, helo, sizeof(ask.helo));
	wbuf_init(&w);
	msg_put_helo_ask(&w, &ask);
	CHECK(play_put(PROC_FRONT, 0, MSG_FRONT_HELO_ASK, ++play_id, &w) == 0,
	    "HELO");
	return (play_id);
}

static uint64_t
put_mail(uint64_t session, const char *sender)
{
	struct mail_ask	 ask;
	struct wbuf	 w;

	memset(&ask, 0, sizeof(ask));
	ask.session = session;
	play_address(&ask.sender, sender);
	wbuf_init(&w);
	msg_put_mail_ask(&w, &ask);
	CHECK(play_put(PROC_FRONT, 0, MSG_FRONT_MAIL_ASK, ++play_id, &w) == 0,
	    "MAIL");
	return (play_id);
}

static uint64_t
put_vrfy(uint64_t session, int expand, const char *arg)
{
	struct vrfy_ask	 ask;
	struct wbuf	 w;

	memset(&ask, 0, sizeof(ask));
	ask.session = session;
	ask.expand = (uint8_t)expand;
	(void)strlcpy(ask.arg, arg, sizeof(ask.arg));
	wbuf_init(&w);
	msg_put_vrfy_ask(&w, &ask);
	CHECK(play_put(PROC_FRONT, 0, MSG_FRONT_VRFY_ASK, ++play_id, &w) == 0,
	    "VRFY");
	return (play_id);
}

/* A-REW-01, W-01, W-03, F-MAIL */
static void
test_sender(void)
{
	rules_start("mail {\n"
	    "rewrite if ends_with(sender_domain, '.foobar.net') &\n"
	    "    matches('^([^@]+)@([^.]+)\\.(.+)$', sender)\n"
	    "    then $1 + '+' + $2 + '@' + $3\n"
	    "  if sender_domain = 'null.test' then ''\n"
	    "  if sender_domain = 'bad.test' then email_part(sender, 'local')\n"
	    "is-allowed sender_domain != 'blocked.com' }\n"
	    "rcpt { relay sender = 'bill+doe@foobar.net' | sender = '' }");
	rules_mail("Bill@Doe.foobar.net");
	CHECK(strcmp(play_said->mail.sender.local, "bill+doe") == 0 &&
	    strcmp(play_said->mail.sender.domain, "foobar.net") == 0,
	    "A-REW-01");
	CHECK(play_decide(1, "x@away.test") == VERDICT_ACCEPT &&
	    strcmp(play_asks[play_nasks - 1].ask.sender.local, "bill+doe") ==
	    0, "RCPT sees the old sender");
	rules_mail("any@null.test");
	CHECK(play_said->mail.sender.local[0] == '\0' &&
	    play_decide(1, "x@away.test") == VERDICT_ACCEPT, "W-01");
	rules_mail("Some.One@Other.Test");
	CHECK(strcmp(play_said->mail.sender.local, "Some.One") == 0 &&
	    strcmp(play_said->mail.sender.domain, "Other.Test") == 0 &&
	    play_decide(1, "x@away.test") == VERDICT_RELAY, "unchanged");
	CHECK(play_mail(0, 1, "x@bad.test", 0) == VERDICT_CONFIG &&
	    rules_named("mail.rewrite", ":10:3") &&
	    play_decide(1, "x@foobar.org") == VERDICT_SEQUENCE, "W-03: %s",
	    rules_said);
	CHECK(play_mail(0, 1, "bill@blocked.com", 0) == VERDICT_DENIED &&
	    play_mail(0, 1, "", 0) != VERDICT_DENIED, "A-MAIL-02");
}

/* F-LIM, M-01: fixed at MAIL, and announced as far as it is known. */
static void
test_limits(void)
{
	rules_start("rcpt {\n"
	    "max-recipients if sender_domain = 'big.test' then 3 else 1\n"
	    "errors { total 3\n"
	    " wait if helo_domain = 'quick.test' then 0 else 1s } }\n"
	    "session { max-size if sender = 'z@z.test' then 0 - len(sender)\n"
	    "  if remote_ip = '192.0.2.7' then 1K else 2K }\n"
	    "extensions { dsn helo_domain != 'plain.test'\n"
	    "  vrfy if helo_domain = 'quick.test' then true\n"
	    "  expn is_tls\n"
	    "  pipelining matches('(a+)+$', helo_domain) }");
	(void)put_helo(1, "quick.test");
	CHECK(play_said->type == MSG_POLICY_HELO_ANSWER &&
	    play_said->helo.max_recipients == 1 &&
	    play_said->helo.max_size == 1024 &&
	    (play_said->helo.extensions & (SMTP_EXT_DSN | SMTP_EXT_VRFY |
	    SMTP_EXT_EXPN | SMTP_EXT_LIMITS | SMTP_EXT_SIZE)) ==
	    (SMTP_EXT_DSN | SMTP_EXT_VRFY | SMTP_EXT_LIMITS | SMTP_EXT_SIZE),
	    "EHLO: %x", play_said->helo.extensions);
	rules_mail("a@big.test");
	CHECK(play_decide(1, "jane@foobar.org") == VERDICT_ACCEPT &&
	    play_decide(1, "john@foobar.org") == VERDICT_ACCEPT &&
	    play_decide(1, "bill@foobar.org") == VERDICT_ACCEPT &&
	    play_decide(1, "many@foobar.org") == VERDICT_TOO_MANY, "M-01");
	rules_mail("a@b.test");
	CHECK(play_decide(1, "jane@foobar.org") == VERDICT_ACCEPT &&
	    play_decide(1, "john@foobar.org") == VERDICT_TOO_MANY, "M-01");
	rules_mail("a@b.test");
	CHECK(play_decide(1, "nobody@foobar.org") == VERDICT_UNKNOWN &&
	    play_said->rcpt.wait == 0, "D-RCPT-07");
	(void)put_helo(1, "plain.test");
	CHECK(!(play_said->helo.extensions & (SMTP_EXT_DSN | SMTP_EXT_VRFY)),
	    "extensions of before");
	rules_mail("a@b.test");
	CHECK(!(play_said->mail.extensions & SMTP_EXT_DSN) &&
	    play_decide(1, "nobody@foobar.org") == VERDICT_UNKNOWN &&
	    play_said->rcpt.wait == 1000 && !play_said->rcpt.last, "M-02");
	/* a value that none can have is a fault, and no limit is none */
	CHECK(play_mail(0, 1, "z@z.test", 0) == VERDICT_CONFIG &&
	    rules_named("session.max-size", ":9:20"), "limit below: %s",
	    rules_said);
	/* what has no value is not offered */
	(void)put_helo(1, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.b");
	CHECK(!(play_said->helo.extensions & SMTP_EXT_PIPELINING) &&
	    rules_named("extensions.pipelining", ":14:14"), "%s", rules_said);
}

static void
test_limits_fault(void)
{
	rules_start("rcpt { max-recipients if is_tls then 5 else\n"
	    "    helo_domain }");
	(void)put_helo(1, "x.test");
	CHECK(!(play_said->helo.extensions & (SMTP_EXT_LIMITS |
	    SMTP_EXT_SIZE)) && play_said->helo.max_recipients == 0,
	    "announces what is not known");
	CHECK(play_mail(0, 1, "a@b.test", 0) == VERDICT_CONFIG &&
	    rules_named("rcpt.max-recipients", ":5:40"), "%s", rules_said);
	(void)put_helo(1, "7");
	CHECK(play_said->helo.max_recipients == 7, "a string of digits");
}

/* Look-ups at HELO and MAIL: others go on, and every question is answered. */
static void
test_pauses(void)
{
	uint64_t	 a, b;
	size_t		 said;

	rules_start("mail {\n"
	    "is-allowed !is_local_domain('', sender_domain)\n"
	    "rewrite if is_local_address('', sender) then\n"
	    "    'other@far.test' }\n"
	    "extensions { vrfy is_local_domain('', helo_domain) }");
	a = put_helo(1, "foobar.org");
	CHECK(play_nsaid == 0, "does not wait");
	play_session(0, 2, "", 0);
	b = put_mail(2, "a@b.test");
	play_answer_all();
	CHECK(play_nsaid == 2 && play_order[0] == a && play_order[1] == b,
	    "answers");
	CHECK(play_said->mail.verdict == VERDICT_ACCEPT, "MAIL");
	CHECK(play_decide(2, "jane@foobar.org") == VERDICT_ACCEPT, "RCPT");
	(void)put_mail(1, "x@foobar.org");
	play_answer_all();
	CHECK(play_said->mail.verdict == VERDICT_DENIED, "local sender");
	(void)put_mail(1, "jane@foobar.org");
	play_answer_all();
	CHECK(play_said->mail.verdict == VERDICT_ACCEPT &&
	    strcmp(play_said->mail.sender.local, "other") == 0, "rewritten");

	/* RCPT before the answer, RSET, another MAIL, EHLO, the end */
	said = play_nsaid;
	a = put_mail(1, "x@y.test");
	b = play_rcpt(0, 1, "jane@foobar.org");
	CHECK(play_nsaid == said + 1 && play_said->id == b &&
	    play_said->rcpt.verdict == VERDICT_SEQUENCE, "RCPT in between");
	play_id_note(0, MSG_FRONT_RESET_NOTE, 1);
	CHECK(play_nsaid == said + 2 && play_said->id == a &&
	    play_said->mail.verdict == VERDICT_TEMPFAIL, "RSET");
	play_answer_all();
	CHECK(play_nsaid == said + 2, "answers twice");
	a = put_mail(1, "x@y.test");
	b = put_mail(1, "y@y.test");
	CHECK(play_said->id == a, "two at once");
	play_answer_all();
	CHECK(play_said->id == b && play_said->mail.verdict ==
	    VERDICT_ACCEPT, "the second");
	a = put_mail(1, "x@y.test");
	b = put_helo(1, "y.test");
	play_answer_all();
	CHECK(play_said->id == b, "EHLO");
	(void)put_mail(1, "x@y.test");
	pending_expire(UINT64_MAX);
	CHECK(play_said->mail.verdict == VERDICT_TEMPFAIL, "deadline");
	said = play_nsaid;
	(void)put_mail(1, "x@y.test");
	(void)put_helo(2, "x.test");
	play_id_note(0, MSG_FRONT_END_NOTE, 1);
	play_on_peer(PROC_FRONT, 0, 0);
	play_answer_all();
	CHECK(play_nsaid == said, "answers a session that has ended");
}

static void
test_vrfy(void)
{
	size_t	 said, asks;

	rules_start("extensions {\n"
	    "vrfy is_local_domain('', helo_domain)\n"
	    "expn if helo_domain = 'x.test' then matches('(a+)+$',\n"
	    "    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab' +\n"
	    "    helo_domain) }\n"
	    "rcpt { sub-addressing if is_local_domain('', rcpt_domain) then\n"
	    "    'z' + len(sender) + count(recipients) + '@' + rcpt_domain }");
	play_session(0, 3, "", 0);
	(void)put_vrfy(3, 0, "jane@foobar.org");
	play_answer_all();
	CHECK(play_said->type == MSG_POLICY_VRFY_ANSWER &&
	    play_said->vrfy.verdict == VERDICT_DENIED, "not allowed");
	(void)put_helo(3, "foobar.org");
	play_answer_all();
	(void)put_mail(3, "sender@x.test");
	play_answer_all();
	CHECK(play_said->mail.verdict == VERDICT_ACCEPT, "MAIL");
	(void)put_vrfy(3, 0, "jane@foobar.org");
	/* the transaction ends while it waits */
	play_id_note(0, MSG_FRONT_RESET_NOTE, 3);
	play_answer_all();
	CHECK(play_said->type == MSG_POLICY_VRFY_ANSWER &&
	    play_said->vrfy.verdict == VERDICT_ACCEPT && strcmp(play_asks[
	    play_nasks - 1].ask.sub_given, "z00@foobar.org") == 0,
	    "vrfy: %s", play_asks[play_nasks - 1].ask.sub_given);
	asks = play_nasks;
	(void)put_helo(3, "x.test");
	play_answer_all();
	asks = play_nasks;
	(void)put_vrfy(3, 1, "staff@foobar.org");
	CHECK(play_said->vrfy.verdict == VERDICT_CONFIG &&
	    rules_named("extensions.expn", ":7:6") && play_nasks == asks,
	    "%s", rules_said);
	said = play_nsaid;
	(void)put_vrfy(3, 0, "jane@foobar.org");
	(void)put_vrfy(3, 0, "john@foobar.org");
	play_id_note(0, MSG_FRONT_END_NOTE, 3);
	play_answer_all();
	CHECK(play_nsaid == said, "answers a session that has ended");
}

int
main(void)
{
	rules_test("sender", test_sender);
	rules_test("limits", test_limits);
	rules_test("limits_fault", test_limits_fault);
	rules_test("pauses", test_pauses);
	rules_test("vrfy", test_vrfy);
	return (check_done("unit/rules_mail"));
}
