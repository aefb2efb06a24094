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
 * Traces below the rooms: their bodies, who is watched, and rows that say
 * what they are about.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "regress/unit/check.h"
#include "regress/unit/msg_body.h"
#include "smtpd/base/watch.h"
#include "smtpd/base/wire.h"
#include "smtpd/msg/msg_control.h"
#include "smtpd/msg/msg_trace.h"
#include "smtpd/msg/trace.h"

BODY("trace_ask", trace_ask, trace_ask)
BODY("trace_answer", trace_answer, trace_answer)
BODY("trace_note", trace_note, trace_note)
BODY("trace_told", trace_told, trace_told)
BODY("steps", steps_note, steps)

static void
fill_trace_ask(void *p)
{
	struct trace_ask	*m = p;

	m->number = 7;
	m->session = 0x0102030405060708ULL;
	m->net.ip.family = 4;
	m->net.bits = 32;
}

static const struct body	 bodies[] = {
	FILLED(trace_ask, trace_ask, fill_trace_ask),
	PLAIN(trace_answer, trace_answer),
	PLAIN(trace_note, trace_note),
	{ "trace_told", put_trace_told, get_trace_told,
	    sizeof(struct trace_told), NULL, NULL, 1 },
	{ "steps", put_steps, get_steps, sizeof(struct steps_note), NULL,
	    NULL, 1 },
};

static void
test_ranges(void)
{
	struct trace_note	 note = { 1, TRACE_END };
	struct trace_ask	 ask = { .net = { .ip = { .family = 4 } } };
	struct rbuf		 r;
	struct wbuf		 w;

	wbuf_init(&w);
	msg_put_trace_note(&w, &note);
	w.data[w.len - 1] = TRACE_CHANGE_COUNT;
	rbuf_init(&r, w.data, w.len);
	CHECK(msg_get_trace_note(&r, &note) == -1, "change out of range");
	wbuf_free(&w);
	wbuf_init(&w);
	msg_put_trace_ask(&w, &ask);
	rbuf_init(&r, w.data, w.len);
	CHECK(msg_get_trace_ask(&r, &ask) == -1, "no number");
	wbuf_free(&w);
	ask.number = 1;
	ask.net.bits = 33;
	wbuf_init(&w);
	msg_put_trace_ask(&w, &ask);
	rbuf_init(&r, w.data, w.len);
	CHECK(msg_get_trace_ask(&r, &ask) == -1, "33 bits");
	wbuf_free(&w);
}

/* What front and policy do with it; -1: refused. */
static int
begin(uint64_t number, uint64_t session, const char *net)
{
	struct trace_ask	 ask = { .number = number };
	struct rbuf		 r;
	struct wbuf		 w;
	int			 ret;

	ask.session = session;
	if (ip_net_parse(net, strlen(net), &ask.net) == -1)
		abort();
	wbuf_init(&w);
	msg_put_trace_ask(&w, &ask);
	rbuf_init(&r, w.data, w.len);
	ret = msg_take_trace_ask(&r);
	wbuf_free(&w);
	return (ret);
}

static void
change(uint64_t number, enum trace_change what)
{
	struct trace_note	 note = { number, what };
	struct rbuf		 r;
	struct wbuf		 w;

	wbuf_init(&w);
	msg_put_trace_note(&w, &note);
	rbuf_init(&r, w.data, w.len);
	CHECK(msg_take_trace_note(&r) == 0, "a change is refused");
	wbuf_free(&w);
}

static unsigned int
match(uint64_t session, const char *client)
{
	struct ip	 ip;

	if (ip_parse(client, &ip) == -1)
		abort();
	return (watch_match(session, &ip));
}

static void
test_watches(void)
{
	uint64_t	 n;

	CHECK(watch_all == 0 && match(1, "192.0.2.1") == 0, "nobody watches");
	CHECK(begin(10, 0, "192.0.2.0/24") == 0 &&
	    begin(11, 5, "0.0.0.0/0") == 0 &&
	    begin(12, 0, "2001:db8::/32") == 0, "begin");
	CHECK(match(1, "192.0.2.255") == 1, "a network");
	CHECK(match(5, "198.51.100.1") == 2, "a session");
	CHECK(match(5, "192.0.2.1") == 3, "both");
	CHECK(match(4, "2001:db8::1") == 4, "IPv6");
	CHECK(match(4, "198.51.100.1") == 0 && match(4, "::1") == 0,
	    "a stranger");
	change(11, TRACE_PAUSE);
	CHECK(watch_all == 7 && watch_live == 5, "pause");
	CHECK(match(5, "198.51.100.1") == 2, "one that is paused is there");
	change(11, TRACE_GO_ON);
	CHECK(watch_live == 7, "go on");
	change(10, TRACE_END);
	change(10, TRACE_END);
	change(99, TRACE_PAUSE);
	CHECK(watch_all == 6 && match(1, "192.0.2.1") == 0, "end");
	CHECK(begin(11, 6, "0.0.0.0/0") == 0 && watch_all == 6 &&
	    match(5, "198.51.100.1") == 0, "the same again");
	for (n = 20; n < 26; n++)
		CHECK(begin(n, n, "0.0.0.0/0") == 0, "%u", (unsigned int)n);
	CHECK(watch_all == 255 && begin(26, 1, "0.0.0.0/0") == -1,
	    "more than there are places");
	watch_clear();
	CHECK(watch_all == 0 && watch_live == 0 && match(20, "::1") == 0,
	    "clear");
}

static char	 steps[256];	/* "step what;" of all that was told */

static void
steps_add(struct wbuf *rows)
{
	struct row_field	 f;
	struct rbuf		 r;
	size_t			 len;

	rbuf_init(&r, rows->data, rows->len);
	while (row_more(&r)) {
		while (row_next(&r, &f) == 1) {
			len = strlen(steps);
			(void)snprintf(steps + len, sizeof(steps) - len,
			    "%.*s ", (int)f.len, f.value);
		}
		len = strlen(steps);
		steps[len - 1] = ';';
	}
	wbuf_free(rows);
	wbuf_init(rows);
}

static void
told(struct trace *t)
{
	steps_add(&t->rows);
}

/* Two things under way, of which the steps mix. */
static void
mixed(struct trace *t)
{
	int	 a = 0, b = 0;

	trace_begins(t, &a);
	trace_step(t, "fold", "a", NULL);
	trace_about(t, &a, "a");
	trace_step(t, "one", "1", "key", "", NULL);
	trace_begins(t, &b);
	trace_step(t, "fold", "b", NULL);
	trace_about(t, &a, "a");
	trace_step(t, "two", "2", NULL);
	trace_about(t, &b, NULL);
	trace_step(t, "three", "3", NULL);
}

static void
test_about(void)
{
	struct trace	 t;

	trace_init(&t);
	mixed(&t);
	steps_add(&t.rows);
	CHECK(strcmp(steps, "fold a;one 1;fold b;two 2;three 3;") == 0,
	    "an explanation: %s", steps);
	steps[0] = '\0';
	t.told = told;
	mixed(&t);
	CHECK(strcmp(steps, "fold a;one 1;fold b;about a;two 2;about ;"
	    "three 3;") == 0, "live: %s", steps);
	trace_free(&t);
	mixed(NULL);
}

int
main(void)
{
	size_t	 i;

	for (i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
		test_body(&bodies[i]);
	test_ranges();
	test_watches();
	test_about();
	return (check_done("msg_trace"));
}
