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
 * Scripts, from their text to what becomes of a recipient; and explanations
 * of that, of which nothing stays.
 */

#include "regress/unit/rules_play.h"
#include "smtpd/msg/msg_control.h"
#include "smtpd/msg/msg_explain.h"
#include "smtpd/policy/rcpt.h"

static char	 explained[512];	/* the reply of the last one */

static void
heard(uint32_t type, uint64_t id, struct rbuf *r)
{
	struct explain_head	 head;
	struct row_field	 f;

	CHECK(type == MSG_POLICY_EXPLAIN_ANSWER &&
	    msg_get_explain_head(r, &head) == 0 && head.status == 0,
	    "no explanation: %s", head.text);
	while (row_more(r) && row_next(r, &f) != -1)
		if (!f.is_number && strcmp(f.key, "text") == 0)
			(void)snprintf(explained, sizeof(explained), "%.*s",
			    (int)f.len, f.value);
}

/* The reply that a client would read. */
static const char *
explain(const char *rcpt)
{
	struct explain_ask	 m;
	struct wbuf		 w;
	int			 i;

	explained[0] = '\0';
	memset(&m, 0, sizeof(m));
	(void)ip_parse("192.0.2.9", &m.remote);
	(void)ip_parse("127.0.0.1", &m.local);
	(void)strlcpy(m.helo, "client.example", sizeof(m.helo));
	(void)strlcpy(m.from, "<a@b.test>", sizeof(m.from));
	(void)snprintf(m.rcpt, sizeof(m.rcpt), "<%s>", rcpt);
	wbuf_init(&w);
	msg_put_explain_ask(&w, &m);
	CHECK(play_put(PROC_CONTROL, 0, MSG_CONTROL_EXPLAIN_ASK, ++play_id,
	    &w) == 0, "ask");
	for (i = 0; i < 8; i++) {
		(void)event_loop(EVLOOP_NONBLOCK);
		play_answer_all();
	}
	return (explained);
}

#define SCRIPTS								\
	"sieve fails '''require \"ihave\"; error \"so be it\";'''\n"	\
	"sieve goes '''require [\"variables\", \"vnd.smtpd.rcpt\"];\n"	\
	"  set \"envelope.to\" \"jane@foobar.org\";'''\n"		\
	"sieve nowhere '''require [\"variables\", \"vnd.smtpd.rcpt\"];\n" \
	"  set \"envelope.to\" \"no address\";'''\n"			\
	"sieve finds '''require [\"regex\", \"envelope\", \"variables\"];\n" \
	"  set \"x\" \"(\";\n"						\
	"  if envelope :regex \"to\" \"${x}\" { stop; }'''\n"		\
	"rcpt { script split(rcpt, '@')[0] }"

/* A client's RCPT leaves a line and a figure; an explanation does not. */
static void
test_explained(void)
{
	static const struct {
		const char	*rcpt, *line, *reply;
		int		 rewrites;
	} cases[] = {
		{ "fails@foobar.org", "so be it", "451 4.3.0 ", 0 },
		{ "goes@foobar.org", "", "250 2.1.5 ", 1 },
		{ "nowhere@foobar.org", "not an address", "550 5.1.1 ", 0 },
		{ "finds@foobar.org", "not a regular expression",
		    "550 5.1.1 ", 0 },
	};
	const struct rcpt_counts	*counts = policy_rcpt_counts();
	uint64_t			 before;
	size_t				 i;

	rules_start(SCRIPTS);
	play_control = heard;
	rules_mail("a@b.test");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		rules_said[0] = '\0';
		before = counts->rewritten;
		CHECK(strncmp(explain(cases[i].rcpt), cases[i].reply, 10) ==
		    0, "%s: %s", cases[i].rcpt, explained);
		CHECK(rules_said[0] == '\0' && counts->rewritten == before,
		    "%s: an explanation leaves %s", cases[i].rcpt,
		    rules_said[0] == '\0' ? "a figure" : rules_said);
		(void)play_decide(1, cases[i].rcpt);
		CHECK(cases[i].line[0] == '\0' ? rules_said[0] == '\0' :
		    strstr(rules_said, cases[i].line) != NULL, "%s: %s",
		    cases[i].rcpt, rules_said);
		CHECK(counts->rewritten == before + (uint64_t)
		    cases[i].rewrites, "%s: not counted", cases[i].rcpt);
	}
}

int
main(void)
{
	rules_test("explained", test_explained);
	return (check_done("rules_script"));
}
