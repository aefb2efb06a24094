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
 * Traces that leave at once.
 */

#include <stdlib.h>

#include "smtpd/base/log.h"
#include "smtpd/base/watch.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_trace.h"
#include "smtpd/msg/trace.h"
#include "smtpd/policy/answer.h"
#include "smtpd/policy/live.h"
#include "smtpd/policy/session.h"

struct live {
	struct trace	 trace;		/* first: the session points here */
	uint64_t	 session;
	unsigned int	 inst;		/* of the front */
	uint32_t	 lost;		/* steps, not yet said */
};

/* Steps for front; what it does not come along with is lost, not kept. */
static void
live_told(struct trace *t)
{
	struct live		*l = (struct live *)t;
	struct steps_note	 note = { l->session, l->lost };
	struct wbuf		 w;

	if (proc_backlog(PROC_FRONT, l->inst) > TRACE_BACKLOG)
		l->lost++;
	else {
		wbuf_init(&w);
		msg_put_steps(&w, &note);
		wbuf_raw(&w, t->rows.data, t->rows.len);
		l->lost = 0;
		(void)proc_send(PROC_FRONT, l->inst, MSG_POLICY_STEPS_NOTE, 0,
		    -1, &w);
	}
	wbuf_free(&t->rows);
	wbuf_init(&t->rows);
}

static int
live_wanted(const struct session *s)
{
	return ((watch_match(s->id, &s->remote) & watch_live) != 0);
}

void
live_match(struct session *s)
{
	struct live	*l;

	/* explanations have a trace of their own */
	if (s->inst == ANSWER_EXPLAIN || live_wanted(s) == (s->trace != NULL))
		return;
	if (s->trace != NULL) {
		live_end(s);
		return;
	}
	if ((l = calloc(1, sizeof(*l))) == NULL) {
		log_warn("session=%016llx event=trace",
		    (unsigned long long)s->id);
		return;
	}
	trace_init(&l->trace);
	l->trace.told = live_told;
	l->session = s->id;
	l->inst = s->inst;
	s->trace = &l->trace;
}

void
live_end(struct session *s)
{
	if (s->trace == NULL || s->inst == ANSWER_EXPLAIN)
		return;
	trace_free(s->trace);
	free(s->trace);
	s->trace = NULL;
}

int
live_take_ask(struct proc_msg *m)
{
	struct trace_answer	 ans;
	struct wbuf		 w;

	if (msg_take_trace_ask(&m->body) == -1)
		return (-1);
	policy_session_each(live_match);
	ans.sessions = 0;	/* front knows better: it has those of all */
	wbuf_init(&w);
	msg_put_trace_answer(&w, &ans);
	(void)proc_answer(m, MSG_CHILD_TRACE_ANSWER, -1, &w);
	return (0);
}

int
live_take_note(struct proc_msg *m)
{
	if (msg_take_trace_note(&m->body) == -1)
		return (-1);
	policy_session_each(live_match);
	return (0);
}

void
live_nobody(void)
{
	watch_clear();
	policy_session_each(live_match);
}
