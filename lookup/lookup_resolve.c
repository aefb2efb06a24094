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
 * RCPT and VRFY ask what an address is.
 */

#include <stdlib.h>
#include <string.h>

#include "lookup/asker.h"
#include "lookup/lookup_resolve.h"
#include "lookup/remote.h"
#include "lookup/resolve.h"
#include "lookup/steps.h"
#include "lookup/work.h"
#include "smtpd/base/xmem.h"
#include "smtpd/msg/msg.h"

#define RESOLVE_MAX	1024		/* questions that take turns */

/* One that is not answered at once. */
struct question {
	struct asker	 asker;
	struct resolve	 r;
	struct work	 work;
	struct trace	*trace;		/* of its steps, or NULL */
};

static uint64_t		 counts[RESOLVE_STATUS_COUNT];
static unsigned int	 nquestions;

uint64_t
lookup_resolve_count(enum resolve_status status)
{
	return (counts[status]);
}

unsigned int
lookup_resolve_busy(void)
{
	return (nquestions);
}

/* The answer, with its steps where there are some; frees both. */
static void
resolve_send(const struct asker *a, struct resolve *r, struct trace *t)
{
	struct wbuf	 w;

	if (!(r->ask.flags & RESOLVE_DRY))
		counts[r->ans.status] += !remote_is_missing();
	if (t != NULL) {
		r->ans.steps = t->rows.data;
		r->ans.nsteps = t->rows.len;
	}
	wbuf_init(&w);
	msg_put_resolve_answer(&w, &r->ans);
	asker_answer(a, MSG_LOOKUP_RESOLVE_ANSWER, &w);
	resolve_free(r);
	trace_free(t);
	free(t);
}

static int
question_turn(void *arg)
{
	struct question	*q = arg;
	int		 done;

	steps = q->trace;
	done = resolve_turn(&q->r);
	steps = NULL;
	if (!done)
		return (1);
	resolve_send(&q->asker, &q->r, q->trace);
	nquestions--;
	free(q);
	return (0);
}

int
lookup_resolve_take(struct proc_msg *m)
{
	static struct resolve	 r;
	struct asker		 a;
	struct question		*q;
	struct trace		*t = NULL;
	int			 done;

	r.tries = r.keep = 0;
	if (msg_get_resolve_ask(&m->body, &r.ask) == -1)
		return (-1);
	asker_init(&a, m);
	if (r.ask.flags & RESOLVE_STEPS) {
		t = xcalloc(1, sizeof(*t));
		trace_init(t);
	}
	steps = t;
	done = resolve_begin(&r);
	steps = NULL;
	if (!done && nquestions >= RESOLVE_MAX) {
		r.ans.status = RESOLVE_TEMPFAIL;
		done = 1;
	}
	if (done) {
		resolve_send(&a, &r, t);
		return (0);
	}
	q = xcalloc(1, sizeof(*q));
	nquestions++;
	q->asker = a;
	q->trace = t;
	q->r = r;
	q->r.walk.ask = &q->r.ask;
	/* the walk is that one's now */
	memset(&r.walk, 0, sizeof(r.walk));
	work_start(&q->work, question_turn, q);
	return (0);
}
