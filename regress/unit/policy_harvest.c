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
 * Policy and the harvest memory: which errors draw on it, who is never
 * asked about, and what a banned network is told.
 */

#include "regress/unit/policy_play.h"

static size_t	 asks;		/* put before this test */

static void
session(uint64_t id, const char *ip, const char *login)
{
	struct session_note	 note;
	struct wbuf		 w;

	memset(&note, 0, sizeof(note));
	note.session = id;
	if (ip[0] != '\0')
		CHECK(ip_parse(ip, &note.remote) == 0, "%s", ip);
	(void)strlcpy(note.login, login, sizeof(note.login));
	wbuf_init(&w);
	msg_put_session(&w, &note);
	CHECK(play_put(PROC_FRONT, 0, MSG_FRONT_SESSION_NOTE, 0, &w) == 0 &&
	    play_mail(0, id, "a@b.test", 0) == VERDICT_ACCEPT, "session");
	asks = play_nasks;
}

/* How many questions of that kind since the session began. */
static unsigned int
asked(uint32_t type)
{
	size_t		 i;
	unsigned int	 n = 0;

	for (i = asks; i < play_nasks; i++)
		n += play_asks[i].type == type;
	return (n);
}

static unsigned int
draws(void)
{
	return (asked(MSG_POLICY_HARVEST_ASK));
}

static void
ban(const char *text, uint64_t left)
{
	struct ban_note	 note = { { 0, 0 }, left };
	struct wbuf	 w;

	CHECK(text[0] == '\0' || network_parse(text, &note.network) == 0,
	    "%s", text);
	wbuf_init(&w);
	msg_put_ban(&w, &note);
	CHECK(play_put(PROC_LOOKUP, 0, MSG_LOOKUP_BAN_NOTE, 0, &w) == 0,
	    "ban");
}

static enum verdict
vrfy(uint64_t id, int expand, const char *arg)
{
	struct vrfy_ask	 ask;
	struct wbuf	 w;
	uint64_t	 number = ++play_id;

	memset(&ask, 0, sizeof(ask));
	ask.session = id;
	ask.expand = (uint8_t)expand;
	(void)strlcpy(ask.arg, arg, sizeof(ask.arg));
	wbuf_init(&w);
	msg_put_vrfy_ask(&w, &ask);
	CHECK(play_put(PROC_FRONT, 0, MSG_FRONT_VRFY_ASK, number, &w) == 0,
	    "VRFY");
	play_answer_all();
	CHECK(play_said->id == number, "VRFY %s: no answer", arg);
	return (play_said->vrfy.verdict);
}

static void
test_errors(void)
{
	session(1, "192.0.2.7", "");
	CHECK(play_decide(1, "jane@foobar.org") == VERDICT_ACCEPT &&
	    play_decide(1, "late@foobar.org") == VERDICT_DEFERRED &&
	    play_decide(1, "broken@foobar.org") == VERDICT_TEMPFAIL &&
	    draws() == 0, "what is no error draws");
	CHECK(play_decide(1, "nobody@foobar.org") == VERDICT_UNKNOWN &&
	    draws() == 1 && play_said->rcpt.error, "unknown");
	CHECK(play_asks[play_nasks - 1].harvest.network.family == 4 &&
	    play_asks[play_nasks - 1].harvest.network.prefix ==
	    UINT64_C(0xc000020000000000), "of which network");
	CHECK(play_decide(1, "shut@foobar.org") == VERDICT_DISABLED &&
	    draws() == 2, "disabled");
	CHECK(play_decide(1, "x@away.test") == VERDICT_RELAY &&
	    draws() == 3, "relay");
	CHECK(vrfy(1, 0, "none@foobar.org") == VERDICT_UNKNOWN &&
	    draws() == 4 && vrfy(1, 0, "<>") == VERDICT_UNKNOWN &&
	    draws() == 5, "VRFY");
	CHECK(vrfy(1, 0, "jane@foobar.org") == VERDICT_ACCEPT &&
	    draws() == 5, "a VRFY that finds somebody draws");
}

static void
test_spent(void)
{
	session(2, "192.0.2.7", "");
	play_draw = HARVEST_SPENT;
	CHECK(play_decide(2, "nobody@foobar.org") == VERDICT_HARVEST &&
	    !play_said->rcpt.error && play_said->rcpt.wait == 0,
	    "beyond the budget");
	CHECK(play_decide(2, "x@away.test") == VERDICT_HARVEST, "relay");
	CHECK(vrfy(2, 0, "none@foobar.org") == VERDICT_HARVEST, "VRFY");
	play_draw = HARVEST_GRANTED;
}

/* Known and unknown are the same, and nobody is asked about either. */
static void
test_banned(void)
{
	unsigned int	 told = play_nbans;

	session(3, "192.0.2.7", "");
	CHECK(play_decide(3, "jane@foobar.org") == VERDICT_ACCEPT, "jane");
	ban("192.0.2.99", 5000);
	CHECK(play_nbans == told + 1 && play_ban.left == 5000 &&
	    play_ban.network.family == 4, "front is not told");
	asks = play_nasks;
	CHECK(play_decide(3, "bill@foobar.org") == VERDICT_HARVEST &&
	    play_decide(3, "nobody@foobar.org") == VERDICT_HARVEST &&
	    play_decide(3, "x@away.test") == VERDICT_HARVEST &&
	    vrfy(3, 0, "jane@foobar.org") == VERDICT_HARVEST &&
	    vrfy(3, 1, "staff@foobar.org") == VERDICT_HARVEST, "not alike");
	CHECK(play_nasks == asks, "lookup was asked");
	CHECK(play_decide(3, "jane@foobar.org") == VERDICT_DUPLICATE,
	    "it had that one");
	/* another network, a login, an exempt address of the same network */
	session(4, "192.0.3.7", "");
	CHECK(play_decide(4, "bill@foobar.org") == VERDICT_ACCEPT, "other");
	session(5, "192.0.2.7", "jane");
	CHECK(play_decide(5, "bill@foobar.org") == VERDICT_ACCEPT &&
	    play_decide(5, "nobody@foobar.org") == VERDICT_UNKNOWN &&
	    draws() == 0, "logged in");
	session(6, "192.0.2.200", "");
	CHECK(play_decide(6, "bill@foobar.org") == VERDICT_ACCEPT &&
	    play_decide(6, "nobody@foobar.org") == VERDICT_UNKNOWN &&
	    draws() == 0, "exempt");
	session(7, "", "");
	CHECK(play_decide(7, "nobody@foobar.org") == VERDICT_UNKNOWN &&
	    draws() == 0, "without a network");
	/* pardoned, and banned again until lookup is a new one */
	ban("192.0.2.0/24", 0);
	CHECK(play_decide(3, "bill@foobar.org") == VERDICT_ACCEPT, "pardon");
	ban("192.0.2.0/24", 5000);
	CHECK(play_decide(3, "nobody@foobar.org") == VERDICT_HARVEST, "ban");
	told = play_nbans;
	play_on_peer(PROC_FRONT, 0, 1);
	CHECK(play_nbans == told + 2 && play_ban.left > 0 &&
	    play_ban.left <= 5000, "a new front is not told");
	ban("", 0);
	CHECK(play_decide(3, "nobody@foobar.org") == VERDICT_UNKNOWN,
	    "an old ban");
}

/* Those behind wait for the draw of the first, in their order. */
static void
test_order(void)
{
	uint64_t	 bad, good;
	size_t		 said;

	session(8, "192.0.2.7", "");
	said = play_nsaid;
	bad = play_rcpt(0, 8, "nobody@foobar.org");
	CHECK(play_answer(asks, PROC_LOOKUP) == 0 && draws() == 1 &&
	    play_nsaid == said, "answered before the draw");
	good = play_rcpt(0, 8, "bill@foobar.org");
	play_answer_all();
	CHECK(play_nsaid == said + 2 && play_order[said] == bad &&
	    play_order[said + 1] == good, "not in order");
	/* a draw from somebody else, and the end of all while it waits */
	(void)play_rcpt(0, 8, "nobody@foobar.org");
	CHECK(play_answer(play_nasks - 1, PROC_LOOKUP) == 0, "answer");
	CHECK(play_answer(play_nasks - 1, PROC_FRONT) == -1, "from front");
	play_id_note(0, MSG_FRONT_END_NOTE, 8);
	CHECK(pending_count() == 0, "%u questions left", pending_count());
	play_asks[play_nasks - 1].done = 1;
	/* lookup is gone: not known, and not granted */
	session(9, "192.0.2.7", "");
	said = play_nsaid;
	(void)play_rcpt(0, 9, "nobody@foobar.org");
	CHECK(play_answer(play_nasks - 1, PROC_LOOKUP) == 0 && draws() == 1,
	    "draw");
	pending_peer_gone(PROC_LOOKUP, 0);
	pending_expire(0);
	CHECK(play_nsaid == said + 1 &&
	    play_said->rcpt.verdict == VERDICT_TEMPFAIL, "without lookup");
	play_asks[play_nasks - 1].done = 1;
}

int
main(void)
{
	struct policy_conf	 c;

	play_conf(&c);
	c.settings[SET_RCPT_MAX_RECIPIENTS].number = 100;
	c.settings[SET_RCPT_ERRORS_TOTAL].number = 100;
	c.settings[SET_EXTENSIONS_VRFY].kind = SETTING_NUMBER;
	c.settings[SET_EXTENSIONS_VRFY].number = 1;
	c.settings[SET_EXTENSIONS_EXPN] = c.settings[SET_EXTENSIONS_VRFY];
	(void)ip_parse("192.0.2.200", &c.exempt.nets[0].ip);
	c.exempt.nets[0].bits = 32;
	play_start(&c);
	test_errors();
	test_spent();
	test_banned();
	test_order();
	return (check_done("policy_harvest"));
}
