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
 * AUTH at the policy process: which directory is asked, what errors cost,
 * who must log in, and whose sender it must be.
 */

#include "regress/unit/policy_play.h"
#include "smtpd/msg/msg_auth.h"

#define SESSION	7

static struct login_ask		 asked;		/* of lookup, last */
static struct resolve_ask	 owned;
static struct auth_answer	 said;
static uint64_t			 asked_id, owned_id, said_id;
static unsigned int		 nasked, nowned, nsaid;

static int
hear(enum proc_id to, uint32_t type, uint64_t id, struct rbuf *r)
{
	if (type == MSG_POLICY_LOGIN_ASK) {
		CHECK(to == PROC_LOOKUP && msg_get_login_ask(r, &asked) == 0,
		    "login");
		asked_id = id;
		nasked++;
	} else if (type == MSG_POLICY_OWNER_ASK) {
		CHECK(to == PROC_LOOKUP && msg_get_resolve_ask(r, &owned) ==
		    0, "owner");
		owned_id = id;
		nowned++;
	} else if (type == MSG_POLICY_AUTH_ANSWER) {
		CHECK(to == PROC_FRONT && msg_get_auth_answer(r, &said) == 0,
		    "answer");
		said_id = id;
		nsaid++;
	} else
		return (0);
	return (1);
}

static void
session(uint64_t id, const char *login, const char *logins, uint32_t errors)
{
	struct session_note	 note;
	struct wbuf		 w;

	memset(&note, 0, sizeof(note));
	note.session = id;
	note.auth_errors = errors;
	(void)ip_parse("192.0.2.7", &note.remote);
	(void)ip_parse("127.0.0.1", &note.local);
	(void)strlcpy(note.listener, "smtp", sizeof(note.listener));
	(void)strlcpy(note.login, login, sizeof(note.login));
	(void)strlcpy(note.logins, logins, sizeof(note.logins));
	wbuf_init(&w);
	msg_put_session(&w, &note);
	CHECK(play_put(PROC_FRONT, 0, MSG_FRONT_SESSION_NOTE, 0, &w) == 0,
	    "session");
}

static void
ask(uint64_t id, enum auth_step step)
{
	struct auth_ask	 a;
	struct wbuf	 w;

	memset(&a, 0, sizeof(a));
	a.session = id;
	a.q.step = step;
	(void)strlcpy(a.q.name, "ann", sizeof(a.q.name));
	if (step == AUTH_PASSWORD)
		(void)strlcpy(a.q.password, "pencil", sizeof(a.q.password));
	wbuf_init(&w);
	msg_put_auth_ask(&w, &a);
	CHECK(play_put(PROC_FRONT, 0, MSG_FRONT_AUTH_ASK, ++play_id, &w) == 0,
	    "AUTH");
}

static int
answer(enum auth_result result, enum proc_id from)
{
	struct login_answer	 a;
	struct wbuf		 w;

	memset(&a, 0, sizeof(a));
	a.result = result;
	a.scram.iterations = 4096;
	a.scram.saltlen = 3;
	wbuf_init(&w);
	msg_put_login_answer(&w, &a);
	if (play_put(from, 0, MSG_LOOKUP_LOGIN_ANSWER, asked_id, &w) == -1)
		return (-1);
	play_answer_all();	/* about the harvest memory */
	return (0);
}

static void
test_login(void)
{
	session(SESSION, "", "corp", 0);
	ask(SESSION, AUTH_PASSWORD);
	CHECK(nasked == 1 && nsaid == 0 && strcmp(asked.directory, "corp") ==
	    0 && strcmp(asked.q.name, "ann") == 0 && strcmp(asked.q.password,
	    "pencil") == 0, "what is asked");
	/* one at a time */
	ask(SESSION, AUTH_PASSWORD);
	CHECK(nasked == 1 && nsaid == 1 && said.result == AUTH_TEMPFAIL &&
	    said_id == play_id, "two at once");
	CHECK(answer(AUTH_OK, PROC_QUEUE) == -1, "queue knows no logins");
	CHECK(answer(AUTH_OK, PROC_LOOKUP) == 0 && nsaid == 2 &&
	    said.result == AUTH_OK && said.error == 0 && said.wait == 0 &&
	    said_id == play_id - 1, "let in");
	ask(SESSION, AUTH_SALT);
	CHECK(answer(AUTH_OK, PROC_LOOKUP) == 0 && said.scram.iterations ==
	    4096 && said.scram.saltlen == 3, "salt");
	ask(99, AUTH_PASSWORD);
	CHECK(said.result == AUTH_TEMPFAIL && said_id == play_id,
	    "a session that nobody knows");
	session(8, "", "", 0);
	ask(8, AUTH_PASSWORD);
	CHECK(said.result == AUTH_TEMPFAIL && said_id == play_id,
	    "a listener without AUTH");
	play_lookup_down = 1;
	ask(SESSION, AUTH_PASSWORD);
	play_lookup_down = 0;
	while (said_id != play_id)
		(void)event_loop(EVLOOP_ONCE);
	CHECK(said.result == AUTH_TEMPFAIL && said.error == 0,
	    "lookup is away");
}

/* total 3, wait 250 */
static void
test_errors(void)
{
	unsigned int	 i;

	session(SESSION, "", "corp", 0);
	for (i = 1; i <= 3; i++) {
		ask(SESSION, AUTH_PASSWORD);
		CHECK(answer(AUTH_NO, PROC_LOOKUP) == 0 && said.result ==
		    AUTH_NO && said.error == 1 && said.wait == 250 &&
		    said.last == (i == 3), "error %u", i);
		ask(SESSION, AUTH_PASSWORD);
		(void)answer(AUTH_TEMPFAIL, PROC_LOOKUP);
		CHECK(said.result == AUTH_TEMPFAIL && said.error == 0,
		    "no error");
	}
	/* beyond the budget of its network nobody hears that it was wrong */
	play_draw = HARVEST_SPENT;
	ask(SESSION, AUTH_PASSWORD);
	(void)answer(AUTH_NO, PROC_LOOKUP);
	CHECK(said.result == AUTH_TEMPFAIL && said.error == 0 && said.last ==
	    0 && said_id == play_id, "spent");
	play_draw = HARVEST_GRANTED;
	/* what policy forgot, front remembers */
	session(9, "", "corp", 2);
	ask(9, AUTH_PASSWORD);
	(void)answer(AUTH_NO, PROC_LOOKUP);
	CHECK(said.last == 1, "the third of a session that was introduced");
	/* it ends while lookup is asked */
	ask(9, AUTH_PASSWORD);
	i = nsaid;
	play_id_note(0, MSG_FRONT_END_NOTE, 9);
	(void)answer(AUTH_OK, PROC_LOOKUP);
	CHECK(nsaid == i, "answers a session that is gone");
}

static enum verdict
mail(const char *sender, enum auth_result result)
{
	struct owner_answer	 a = { result };
	struct mail_ask		 m;
	struct wbuf		 w;
	unsigned int		 before = nowned;

	memset(&m, 0, sizeof(m));
	m.session = SESSION;
	play_address(&m.sender, sender);
	wbuf_init(&w);
	msg_put_mail_ask(&w, &m);
	play_said->type = 0;
	CHECK(play_put(PROC_FRONT, 0, MSG_FRONT_MAIL_ASK, ++play_id, &w) == 0,
	    "MAIL");
	if (nowned == before + 1) {
		wbuf_init(&w);
		msg_put_owner_answer(&w, &a);
		CHECK(play_said->type == 0 && play_put(PROC_LOOKUP, 0,
		    MSG_LOOKUP_OWNER_ANSWER, owned_id, &w) == 0, "owner");
	}
	CHECK(play_said->type == MSG_POLICY_MAIL_ANSWER && play_said->id ==
	    play_id, "no answer to MAIL");
	return (play_said->mail.verdict);
}

static void
test_senders(void)
{
	session(SESSION, "", "corp", 0);
	CHECK(mail("ann@foobar.org", AUTH_OK) == VERDICT_AUTH &&
	    nowned == 0, "who has not logged in");
	CHECK(mail("", AUTH_OK) == VERDICT_AUTH, "nor sends notices");
	session(SESSION, "ann", "corp", 0);
	CHECK(mail("Ann+x@foobar.org", AUTH_OK) == VERDICT_ACCEPT,
	    "its own");
	CHECK(nowned == 1 && strcmp(owned.login, "ann") == 0 &&
	    strcmp(owned.directory, "corp") == 0 && strcmp(owned.rcpt.local,
	    "Ann+x") == 0 && owned.sub == CANDIDATE_STANDARD &&
	    owned.catchall == CANDIDATE_STANDARD, "what is asked");
	CHECK(mail("bob@foobar.org", AUTH_NO) == VERDICT_OWNER, "another's");
	CHECK(mail("bob@foobar.org", AUTH_TEMPFAIL) == VERDICT_TEMPFAIL,
	    "not known");
	CHECK(mail("", AUTH_NO) == VERDICT_ACCEPT && nowned == 3,
	    "the null sender is nobody's");
}

static void
test_offer(void)
{
	struct helo_ask	 h;
	struct wbuf	 w;
	unsigned int	 i;

	for (i = 0; i < 2; i++) {
		session(11 + i, "", i == 0 ? "corp" : "", 0);
		memset(&h, 0, sizeof(h));
		h.session = 11 + i;
		(void)strlcpy(h.helo, "x", sizeof(h.helo));
		h.esmtp = 1;
		wbuf_init(&w);
		msg_put_helo_ask(&w, &h);
		CHECK(play_put(PROC_FRONT, 0, MSG_FRONT_HELO_ASK, ++play_id,
		    &w) == 0 && play_said->id == play_id, "EHLO");
		CHECK(play_said->helo.mechanisms == (i == 0 ?
		    SASL_BIT(SASL_PLAIN) : 0), "offers %u",
		    play_said->helo.mechanisms);
	}
}

int
main(void)
{
	static struct policy_conf	 conf;

	play_hear = hear;
	play_conf(&conf);
	conf.exempt.n = 0;
	conf.settings[SET_AUTH_MECHANISMS].kind = SETTING_STRING;
	conf.settings[SET_AUTH_MECHANISMS].string = strdup("PLAIN");
	conf.settings[SET_AUTH_REQUIRE].number = 1;
	conf.settings[SET_AUTH_MUST_MATCH_SENDER].number = 1;
	conf.settings[SET_AUTH_ERRORS_TOTAL].number = 3;
	conf.settings[SET_AUTH_ERRORS_WAIT].number = 250;
	play_start(&conf);
	test_login();
	test_errors();
	test_senders();
	test_offer();
	return (check_done("policy_auth"));
}
