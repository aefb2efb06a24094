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
 * Sessions that are watched: their steps leave for front in front of the
 * answers, those of all others do not, and nothing stays behind.
 */

#include "regress/unit/policy_play.h"
#include "smtpd/base/watch.h"
#include "smtpd/msg/msg_control.h"
#include "smtpd/msg/msg_explain.h"
#include "smtpd/msg/msg_trace.h"
#include "smtpd/msg/trace.h"
#include "smtpd/policy/session.h"

static char		 seen[65536];	/* "step what;" of what was told */
static struct steps_note note;		/* the last one */
static size_t		 answered;	/* answers to front by then */
static uint32_t		 lost;
static size_t		 backlog;	/* of front */
static unsigned int	 explained;

size_t
proc_backlog(enum proc_id id, unsigned int inst)
{
	return (id == PROC_FRONT && inst == 0 ? backlog : 0);
}

static int
hear(enum proc_id to, uint32_t type, uint64_t id, struct rbuf *r)
{
	struct row_field	 f;

	if (type == MSG_POLICY_EXPLAIN_ANSWER)
		explained++;
	if (type != MSG_POLICY_STEPS_NOTE)
		return (type == MSG_CHILD_TRACE_ANSWER);
	CHECK(to == PROC_FRONT && id == 0 && msg_get_steps(r, &note) == 0,
	    "steps");
	answered = play_nsaid;
	lost += note.lost;
	while (row_more(r) && !r->bad)
		while (row_next(r, &f) == 1)
			if (strcmp(f.key, "step") == 0 ||
			    strcmp(f.key, "what") == 0)
				(void)snprintf(seen + strlen(seen),
				    sizeof(seen) - strlen(seen), "%.*s%s",
				    (int)f.len, f.value,
				    f.key[0] == 's' ? " " : ";");
	CHECK(!r->bad, "rows that are none");
	return (1);
}

static void
watch(uint64_t number, uint64_t session, const char *net)
{
	struct trace_ask	 ask = { .number = number };
	struct wbuf		 w;

	ask.session = session;
	if (ip_net_parse(net, strlen(net), &ask.net) == -1)
		abort();
	wbuf_init(&w);
	msg_put_trace_ask(&w, &ask);
	CHECK(play_put(PROC_CONTROL, 0, MSG_CONTROL_TRACE_ASK, 1, &w) == 0,
	    "ask");
	wbuf_init(&w);
	msg_put_trace_ask(&w, &ask);
	CHECK(play_put(PROC_FRONT, 0, MSG_CONTROL_TRACE_ASK, 1, &w) == -1,
	    "front has policy listen");
}

static void
change(uint64_t number, enum trace_change what)
{
	struct trace_note	 change = { number, what };
	struct wbuf		 w;

	wbuf_init(&w);
	msg_put_trace_note(&w, &change);
	CHECK(play_put(PROC_CONTROL, 0, MSG_CONTROL_TRACE_NOTE, 0, &w) == 0,
	    "note");
}

/* What is told of a recipient; and was lookup asked for its steps? */
static const char *
decide(uint64_t session, const char *rcpt, int *steps)
{
	size_t	 before = play_nsaid;

	seen[0] = '\0';
	(void)play_decide(session, rcpt);
	*steps = (play_asks[play_nasks - 1].ask.flags & RESOLVE_STEPS) != 0;
	if (seen[0] != '\0')
		CHECK(answered == before && play_nsaid == before + 1,
		    "a step comes behind its answer");
	return (seen);
}

static void
test_watched(void)
{
	int	 steps;

	play_session(0, 1, "", 0);
	CHECK(play_mail(0, 1, "a@b.example", 0) == VERDICT_ACCEPT, "MAIL");
	CHECK(decide(1, "nobody@foobar.org", &steps)[0] == '\0' && !steps,
	    "told though nobody watches: %s", seen);
	watch(1, 1, "0.0.0.0/0");
	watch(2, 0, "10.0.0.0/8");
	CHECK(strstr(decide(1, "nobody@foobar.org", &steps), "fold "
	    "nobody@foobar.org;directory accounts;") == seen && steps &&
	    strstr(seen, ";decision unknown;") != NULL && note.session == 1,
	    "%s", seen);
	play_session(0, 2, "", 0);
	CHECK(play_mail(0, 2, "a@b.example", 0) == VERDICT_ACCEPT, "MAIL");
	CHECK(decide(2, "nobody@foobar.org", &steps)[0] == '\0' && !steps,
	    "told of another session: %s", seen);
	change(1, TRACE_PAUSE);
	CHECK(decide(1, "nobody@foobar.org", &steps)[0] == '\0' && !steps,
	    "told though nobody reads: %s", seen);
	change(1, TRACE_GO_ON);
	watch(3, 0, "192.0.2.0/24");
	CHECK(strstr(decide(2, "nobody@foobar.org", &steps),
	    "decision unknown;") != NULL && note.session == 2, "%s", seen);
	change(3, TRACE_END);
	change(2, TRACE_END);
	CHECK(decide(2, "nobody@foobar.org", &steps)[0] == '\0',
	    "told behind the end: %s", seen);
}

/* Two that mix say whose they are. */
static void
test_about(void)
{
	play_session(0, 1, "", 0);
	CHECK(play_mail(0, 1, "a@b.example", 0) == VERDICT_ACCEPT, "MAIL");
	seen[0] = '\0';
	(void)play_rcpt(0, 1, "no1@foobar.org");
	(void)play_rcpt(0, 1, "no2@foobar.org");
	CHECK(strstr(seen, "about") == NULL, "%s", seen);
	play_answer_all();
	CHECK(strstr(seen, "about no1@foobar.org;resolved ") != NULL &&
	    strstr(seen, "about no2@foobar.org;resolved ") != NULL, "%s",
	    seen);
}

static void
test_bounds(void)
{
	static char	 many[TRACE_MAX];
	struct trace	*t = policy_session_find(0, 1)->trace;
	struct wbuf	 w;

	lost = 0;
	backlog = TRACE_BACKLOG + 1;
	seen[0] = '\0';
	trace_step(t, "one", "1", NULL);
	trace_step(t, "two", "2", NULL);
	CHECK(seen[0] == '\0' && t->rows.len == 0, "kept: %s", seen);
	backlog = 0;
	trace_step(t, "three", "3", NULL);
	CHECK(strcmp(seen, "three 3;") == 0 && lost == 2, "%s", seen);
	memset(many, 'x', sizeof(many) - 1);
	wbuf_init(&w);
	row_str(&w, "many", many);
	row_end(&w);
	seen[0] = '\0';
	CHECK(trace_rows(t, w.data, w.len) == 0, "rows");
	trace_step(t, "four", "4", NULL);
	CHECK(strcmp(seen, "cut more steps than can be shown;four 4;") == 0,
	    "%s", seen);
	wbuf_free(&w);
}

/* Explanations have a trace of their own, and it does not leave. */
static void
test_explain(void)
{
	struct explain_ask	 m;
	struct wbuf		 w;
	int			 i;

	watch(4, 0, "0.0.0.0/0");
	memset(&m, 0, sizeof(m));
	(void)ip_parse("192.0.2.9", &m.remote);
	(void)ip_parse("127.0.0.1", &m.local);
	(void)strlcpy(m.helo, "client.example", sizeof(m.helo));
	(void)strlcpy(m.from, "<a@b.example>", sizeof(m.from));
	(void)strlcpy(m.rcpt, "<nobody@foobar.org>", sizeof(m.rcpt));
	wbuf_init(&w);
	msg_put_explain_ask(&w, &m);
	seen[0] = '\0';
	CHECK(play_put(PROC_CONTROL, 0, MSG_CONTROL_EXPLAIN_ASK, 9, &w) == 0,
	    "explain");
	watch(5, 0, "192.0.2.0/24");
	for (i = 0; i < 100 && explained == 0; i++) {
		if (event_loop(EVLOOP_NONBLOCK) == -1)
			abort();
		play_answer_all();
		change(5, i % 2 == 0 ? TRACE_PAUSE : TRACE_GO_ON);
	}
	CHECK(explained == 1 && seen[0] == '\0', "%u explained, told %s",
	    explained, seen);
}

int
main(void)
{
	struct policy_conf	 c;
	int			 steps;

	play_conf(&c);
	c.settings[SET_RCPT_ERRORS_TOTAL].number = 100;
	play_start(&c);
	play_hear = hear;
	test_watched();
	test_about();
	test_bounds();
	test_explain();
	play_on_peer(PROC_CONTROL, 0, 0);
	CHECK(watch_all == 0 && decide(1, "nobody@foobar.org", &steps)[0] ==
	    '\0' && !steps, "told though control is gone: %s", seen);
	watch(6, 0, "0.0.0.0/0");
	play_id_note(0, MSG_FRONT_END_NOTE, 1);
	play_on_peer(PROC_FRONT, 0, 0);
	CHECK(policy_session_count() == 0, "sessions are left");
	return (check_done("policy_live"));
}
