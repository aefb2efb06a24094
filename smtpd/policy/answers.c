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
 * Many explanations at a time, and a line of each.
 */

#include <bsd/string.h>

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "smtpd/base/wire.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_control.h"
#include "smtpd/msg/msg_explain.h"
#include "smtpd/policy/answers.h"
#include "smtpd/policy/explain.h"
#include "smtpd/policy/targets.h"

#define ANSWERS_BATCHES	4		/* at a time */

struct batch;

struct part {
	struct batch	*batch;
	struct wbuf	 row;
};

struct batch {
	unsigned int	 inst;		/* of control */
	uint64_t	 question;	/* its number */
	unsigned int	 n, left;	/* parts, those without answer */
	struct part	 parts[ANSWERS_MAX];
};

static unsigned int	 nbatches;

static void
answers_send(struct batch *b)
{
	static const struct explain_head	 ok = { .status = EX_OK };
	struct wbuf				 w;
	unsigned int				 i;

	wbuf_init(&w);
	msg_put_explain_head(&w, &ok);
	for (i = 0; i < b->n; i++) {
		wbuf_raw(&w, b->parts[i].row.data, b->parts[i].row.len);
		wbuf_free(&b->parts[i].row);
	}
	/* a control that is gone has nobody left to tell */
	(void)proc_send(PROC_CONTROL, b->inst, MSG_POLICY_ANSWERS_ANSWER,
	    b->question, -1, &w);
	nbatches--;
	free(b);
}

static void
answers_row(struct part *p, unsigned int code, const char *reply,
    const char *targets)
{
	row_num(&p->row, "code", code);
	row_str(&p->row, "reply", reply);
	row_str(&p->row, "targets", targets);
	row_end(&p->row);
	if (--p->batch->left == 0)
		answers_send(p->batch);
}

static void
answers_done(void *arg, const struct explained *e)
{
	char	 line[EXPLAIN_PATH_MAX + 1];
	char	 targets[ANSWERS_TARGETS_SIZE] = "";

	(void)strlcpy(line, e->reply, sizeof(line));
	line[strcspn(line, "\r\n")] = '\0';
	/* mail that is refused for good goes nowhere */
	if (e->code < 500)
		targets_text(e->trace, targets, sizeof(targets));
	answers_row(arg, e->code, line, targets);
}

static void
answers_refuse(const struct proc_msg *m, const char *why)
{
	struct explain_head	 head = { .status = EX_TEMPFAIL };
	struct wbuf		 w;

	(void)strlcpy(head.text, why, sizeof(head.text));
	wbuf_init(&w);
	msg_put_explain_head(&w, &head);
	(void)proc_answer(m, MSG_POLICY_ANSWERS_ANSWER, -1, &w);
}

static void
answers_begin(struct batch *b, struct answers_ask *ask)
{
	unsigned int	 i, n = ask->n;

	/* the first row of those without memory may be the last of all */
	b->n = b->left = n;
	for (i = 0; i < n; i++) {
		b->parts[i].batch = b;
		wbuf_init(&b->parts[i].row);
	}
	for (i = 0; i < n; i++) {
		(void)strlcpy(ask->client.rcpt, ask->rcpts[i],
		    sizeof(ask->client.rcpt));
		if (explain_begin(&ask->client, answers_done, &b->parts[i]) ==
		    -1)
			answers_row(&b->parts[i], 451, "451 4.3.0 out of "
			    "memory", "");
	}
}

int
answers_take(struct proc_msg *m)
{
	static struct answers_ask	 ask;
	struct batch			*b;

	if (msg_get_answers_ask(&m->body, &ask) == -1)
		return (-1);
	if (nbatches >= ANSWERS_BATCHES) {
		answers_refuse(m, "too many comparisons at a time");
		return (0);
	}
	if ((b = calloc(1, sizeof(*b))) == NULL) {
		answers_refuse(m, "out of memory");
		return (0);
	}
	b->inst = m->inst;
	b->question = m->id;
	nbatches++;
	answers_begin(b, &ask);
	return (0);
}
