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
 * Policy and the greylist: who is asked about, when, and what is said.
 */

#include "regress/unit/policy_play.h"

static size_t	 asks;		/* put before this test */

static void
session(uint64_t id, const char *ip, const char *login, const char *sender)
{
	struct session_note	 note;
	struct wbuf		 w;

	memset(&note, 0, sizeof(note));
	note.session = id;
	CHECK(ip_parse(ip, &note.remote) == 0, "%s", ip);
	(void)strlcpy(note.login, login, sizeof(note.login));
	wbuf_init(&w);
	msg_put_session(&w, &note);
	CHECK(play_put(PROC_FRONT, 0, MSG_FRONT_SESSION_NOTE, 0, &w) == 0 &&
	    play_mail(0, id, sender, 0) == VERDICT_ACCEPT, "session");
	asks = play_nasks;
}

/* How often the greylist was asked since. */
static unsigned int
asked(void)
{
	size_t		 i;
	unsigned int	 n = 0;

	for (i = asks; i < play_nasks; i++)
		n += play_asks[i].type == MSG_POLICY_GREYLIST_ASK;
	return (n);
}

static void
test_wait(void)
{
	const struct greylist_ask	*ask;

	session(1, "192.0.2.7", "", "Some.One@B\xc3\xbc" "cher.test");
	play_wait = 299001;
	CHECK(play_decide(1, "Jane@Foobar.ORG") == VERDICT_GREYLIST &&
	    asked() == 1, "greylisted");
	ask = &play_asks[play_nasks - 1].grey;
	CHECK(!ask->dry && ask->network.prefix ==
	    UINT64_C(0xc000020000000000) && strcmp(ask->sender,
	    "some.one@xn--bcher-kva.test") == 0 && strcmp(ask->rcpt,
	    "jane@foobar.org") == 0, "%s %s", ask->sender, ask->rcpt);
	CHECK(strcmp(play_said->rcpt.text, "Greylisted, please try again in "
	    "300 seconds") == 0 && !play_said->rcpt.error &&
	    play_said->rcpt.wait == 0, "%s", play_said->rcpt.text);
	play_wait = 0;
	CHECK(play_decide(1, "jane@foobar.org") == VERDICT_ACCEPT &&
	    asked() == 2, "passes");
	CHECK(play_decide(1, "JANE@foobar.org") == VERDICT_DUPLICATE &&
	    asked() == 2, "a duplicate is asked about");
	play_wait = -1;
	CHECK(play_decide(1, "bill@foobar.org") == VERDICT_TEMPFAIL,
	    "broken is not new, and not known");
}

/* Only what would be accepted, and not of everybody. */
static void
test_whom(void)
{
	play_wait = 1000;
	session(2, "192.0.2.7", "", "a@b.test");
	CHECK(play_decide(2, "nobody@foobar.org") == VERDICT_UNKNOWN &&
	    play_decide(2, "x@away.test") == VERDICT_RELAY &&
	    play_decide(2, "late@foobar.org") == VERDICT_DEFERRED &&
	    asked() == 0, "one that is refused is remembered");
	CHECK(play_decide(2, "postmaster@foobar.org") == VERDICT_UNKNOWN &&
	    play_decide(2, "abuse@foobar.org") == VERDICT_UNKNOWN &&
	    play_decide(2, "many-abuse@foobar.org") == VERDICT_GREYLIST &&
	    asked() == 1, "postmaster");
	session(3, "192.0.2.7", "jane", "a@b.test");
	CHECK(play_decide(3, "bill@foobar.org") == VERDICT_ACCEPT &&
	    asked() == 0, "logged in");
	session(4, "203.0.113.9", "", "a@b.test");
	CHECK(play_decide(4, "bill@foobar.org") == VERDICT_ACCEPT &&
	    asked() == 0, "an exempt network");
	session(5, "192.0.2.7", "", "A@Ok.test");
	CHECK(play_decide(5, "bill@foobar.org") == VERDICT_ACCEPT &&
	    asked() == 0, "an exempt domain");
	session(6, "192.0.2.7", "", "Vip@b.test");
	CHECK(play_decide(6, "bill@foobar.org") == VERDICT_ACCEPT &&
	    asked() == 0, "an exempt sender");
	session(7, "192.0.2.7", "", "xvip@b.test");
	CHECK(play_decide(7, "bill@foobar.org") == VERDICT_GREYLIST &&
	    asked() == 1, "another one");
	session(8, "192.0.2.7", "", "");
	CHECK(play_decide(8, "bill@foobar.org") == VERDICT_GREYLIST &&
	    asked() == 1, "the null sender");
}

static void
test_ends(void)
{
	size_t	 said;

	session(9, "192.0.2.7", "", "a@b.test");
	said = play_nsaid;
	(void)play_rcpt(0, 9, "bill@foobar.org");
	CHECK(play_answer(asks, PROC_LOOKUP) == 0 && asked() == 1 &&
	    play_nsaid == said, "not asked");
	CHECK(play_answer(play_nasks - 1, PROC_RELAY) == -1, "from relay");
	play_id_note(0, MSG_FRONT_END_NOTE, 9);
	CHECK(pending_count() == 0, "%u questions left", pending_count());
	session(10, "192.0.2.7", "", "a@b.test");
	(void)play_rcpt(0, 10, "bill@foobar.org");
	CHECK(play_answer(asks, PROC_LOOKUP) == 0 && asked() == 1, "asked");
	pending_peer_gone(PROC_LOOKUP, 0);
	pending_expire(0);
	CHECK(play_said->rcpt.verdict == VERDICT_TEMPFAIL, "without lookup");
}

int
main(void)
{
	struct policy_conf	 c;

	play_conf(&c);
	c.settings[SET_RCPT_MAX_RECIPIENTS].number = 100;
	c.settings[SET_RCPT_ERRORS_TOTAL].number = 100;
	c.settings[SET_GREYLIST_WHEN].number = 1;
	c.greylist_exempt.networks.n = 1;
	(void)ip_parse("203.0.113.0", &c.greylist_exempt.networks.nets[0].ip);
	c.greylist_exempt.networks.nets[0].bits = 24;
	c.greylist_exempt.nsenders = 2;
	(void)strlcpy(c.greylist_exempt.senders[0], "@ok.test",
	    sizeof(c.greylist_exempt.senders[0]));
	(void)strlcpy(c.greylist_exempt.senders[1], "vip@b.test",
	    sizeof(c.greylist_exempt.senders[1]));
	play_start(&c);
	test_wait();
	test_whom();
	test_ends();
	return (check_done("policy_greylist"));
}
