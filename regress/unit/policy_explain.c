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
 * Explanations: the reply of the wire, and no trace of them elsewhere;
 * look-ups that never answer, or answer rubbish.
 */

#include "regress/unit/policy_play.h"
#include "smtpd/msg/msg_control.h"
#include "smtpd/msg/msg_explain.h"
#include "smtpd/msg/trace.h"
#include "smtpd/policy/rcpt.h"
#include "smtpd/policy/session.h"

#define MANY	40			/* more than there may be at a time */

static unsigned int	 nanswers;
static struct explain_head head;
static char		 reply[8192];	/* of the last answer */
static char		 seen[65536];	/* "step what;" of its rows */

static void
heard_row(struct rbuf *r)
{
	struct row_field	 f;
	int			 ret;

	while ((ret = row_next(r, &f)) == 1) {
		if (f.is_number)
			continue;
		if (strcmp(f.key, "step") == 0 || strcmp(f.key, "what") == 0 ||
		    strcmp(f.key, "error") == 0)
			(void)snprintf(seen + strlen(seen), sizeof(seen) -
			    strlen(seen), "%.*s%s", (int)f.len, f.value,
			    f.key[0] == 's' ? " " : ";");
		if (strcmp(f.key, "text") == 0)
			(void)snprintf(reply, sizeof(reply), "%.*s",
			    (int)f.len, f.value);
	}
	CHECK(ret == 0, "a row that is none");
}

static void
heard(uint32_t type, uint64_t id, struct rbuf *r)
{
	nanswers++;
	seen[0] = reply[0] = '\0';
	CHECK(type == MSG_POLICY_EXPLAIN_ANSWER &&
	    msg_get_explain_head(r, &head) == 0, "head");
	while (row_more(r) && !r->bad)
		heard_row(r);
}

static void
ask(const char *from, const char *rcpt, const char *login)
{
	struct explain_ask	 m;
	struct wbuf		 w;

	memset(&m, 0, sizeof(m));
	(void)ip_parse("192.0.2.9", &m.remote);
	(void)ip_parse("127.0.0.1", &m.local);
	(void)strlcpy(m.helo, "client.example", sizeof(m.helo));
	(void)strlcpy(m.from, from, sizeof(m.from));
	(void)strlcpy(m.rcpt, rcpt, sizeof(m.rcpt));
	(void)strlcpy(m.login, login, sizeof(m.login));
	wbuf_init(&w);
	msg_put_explain_ask(&w, &m);
	CHECK(play_put(PROC_CONTROL, 0, MSG_CONTROL_EXPLAIN_ASK, ++play_id,
	    &w) == 0, "ask");
}

/* As far as it goes without lookup. */
static void
turn(void)
{
	int	 i;

	for (i = 0; i < 8; i++)
		(void)event_loop(EVLOOP_NONBLOCK);
}

/* The whole of it; the octets of the reply. */
static const char *
explain(const char *from, const char *rcpt, const char *login)
{
	unsigned int	 before = nanswers;

	ask(from, rcpt, login);
	turn();
	play_answer_all();
	turn();
	CHECK(nanswers == before + 1, "%s: %u answers", rcpt,
	    nanswers - before);
	return (reply);
}

static uint64_t
counted(void)
{
	const struct rcpt_counts	*c = policy_rcpt_counts();
	uint64_t			 n = c->ahead + c->rewritten;
	int				 i;

	for (i = 0; i < VERDICT_COUNT; i++)
		n += c->verdicts[i];
	return (n);
}

static void
test_replies(void)
{
	static const struct {
		const char	*from, *rcpt, *login, *reply;
	} cases[] = {
		{ "<>", "<jane@foobar.org>", "",
		    "250 2.1.5 Recipient ok\r\n" },
		{ "<>", "<nobody@foobar.org>", "",
		    "550 5.1.1 No such mailbox\r\n" },
		{ "<>", "<shut@foobar.org>", "", "550 5.2.1 Moved away.\r\n" },
		{ "<>", "<late@foobar.org>", "", "450 4.2.1 Later.\r\n" },
		{ "<>", "<x@away.test>", "",
		    "550 5.7.1 Relaying not allowed\r\n" },
		{ "<>", "<x@away.test>", "jane",
		    "250 2.1.5 Recipient ok\r\n" },
		{ "<>", "<jane@foobar.org> A=B", "",
		    "555 5.5.4 Parameter not known or not offered\r\n" },
		{ "<>", "<jane@@foobar.org>", "",
		    "501 5.1.3 Bad recipient address\r\n" },
		{ "<a@@b>", "<jane@foobar.org>", "",
		    "501 5.1.7 Bad sender address\r\n" },
		{ "<a@b>", "<broken@foobar.org>", "", "451 4.4.3 Cannot "
		    "check this address now, try again later\r\n" },
	};
	uint64_t		 before = counted();
	size_t			 i, sessions = policy_session_count();
	const char		*got;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		got = explain(cases[i].from, cases[i].rcpt, cases[i].login);
		CHECK(strcmp(got, cases[i].reply) == 0, "%s: %s",
		    cases[i].rcpt, got);
	}
	CHECK(counted() == before, "somebody counts explanations");
	CHECK(policy_session_count() == sessions, "sessions are left");
	for (i = 0; i < play_nasks; i++)
		CHECK(play_asks[i].type != MSG_POLICY_HARVEST_ASK &&
		    play_asks[i].ask.flags == (RESOLVE_STEPS | RESOLVE_DRY),
		    "question %zu is not dry", i);
}

/* Nobody answers: that is said, and how. */
static void
test_no_answer(void)
{
	unsigned int	 before = nanswers;

	ask("<>", "<jane@foobar.org>", "");
	turn();
	pending_expire(UINT64_C(1) << 60);
	turn();
	CHECK(nanswers == before + 1 && strncmp(reply, "451 4.4.3", 9) == 0 &&
	    strstr(seen, "fault rcpt.directory;no answer;") != NULL,
	    "no answer: %s %s", reply, seen);
	play_asks[play_nasks - 1].done = 1;
}

/* Steps that are no rows are a malformed answer: the process ends by it. */
static void
test_rubbish(void)
{
	struct resolve_answer	 ans;
	struct wbuf		 w;

	ask("<>", "<jane@foobar.org>", "");
	turn();
	memset(&ans, 0, sizeof(ans));
	ans.steps = "\1\377\377";
	ans.nsteps = 3;
	wbuf_init(&w);
	msg_put_resolve_answer(&w, &ans);
	CHECK(play_put(PROC_LOOKUP, 0, MSG_LOOKUP_RESOLVE_ANSWER,
	    play_asks[play_nasks - 1].id, &w) == -1, "takes rubbish");
}

static void
test_many(void)
{
	unsigned int	 i, before = nanswers;

	for (i = 0; i < MANY; i++)
		ask("<>", "<jane@foobar.org>", "");
	CHECK(nanswers > before && head.status != 0 && head.text[0] != '\0',
	    "%u at a time", i);
	turn();
	play_answer_all();
	turn();
	CHECK(nanswers == before + MANY, "%u of %d", nanswers - before, MANY);
	CHECK(policy_session_count() == 0, "sessions are left");
}

/* More steps than a trace holds. */
static void
test_cut(void)
{
	struct trace	 t;
	char		 long_one[TRACE_VALUE_MAX + 100];
	int		 i;

	memset(long_one, 'x', sizeof(long_one) - 1);
	long_one[sizeof(long_one) - 1] = '\0';
	trace_init(&t);
	for (i = 0; i < 1000; i++)
		trace_step(&t, "step", long_one, NULL);
	CHECK(t.cut && t.rows.len < TRACE_MAX + 2 * TRACE_VALUE_MAX &&
	    trace_rows(NULL, t.rows.data, t.rows.len) == 0, "%zu octets",
	    t.rows.len);
	trace_free(&t);
	trace_step(NULL, "step", "nobody", NULL);
}

int
main(void)
{
	struct policy_conf	 c;

	play_conf(&c);
	play_start(&c);
	play_control = heard;
	test_replies();
	test_no_answer();
	test_many();
	test_cut();
	test_rubbish();
	return (check_done("policy_explain"));
}
