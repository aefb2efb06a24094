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
 * Values in the notation of smtpd.conf(5).
 */

#include <stdio.h>
#include <string.h>

#include "smtpd/base/log.h"
#include "smtpd/msg/trace.h"
#include "smtpd/policy/eval.h"
#include "smtpd/policy/eval_trace.h"
#include "smtpd/policy/session.h"

#define EVAL_CAPTURES	10		/* $0 to $9 are shown */

/* Text as it grows; what does not fit is cut. */
struct text {
	char	 buf[TRACE_VALUE_MAX + 1];
	size_t	 len;
};

static void
text_add(struct text *t, const char *s, size_t len)
{
	if (len > TRACE_VALUE_MAX - t->len)
		len = TRACE_VALUE_MAX - t->len;
	memcpy(t->buf + t->len, s, len);
	t->len += len;
	t->buf[t->len] = '\0';
}

/* A NUL would end the row's value. */
static void
text_string(struct text *t, const struct datum *d)
{
	uint32_t	 i;

	text_add(t, "'", 1);
	for (i = 0; i < d->len; i++)
		text_add(t, d->string[i] == '\0' ? "?" : d->string + i, 1);
	text_add(t, "'", 1);
}

static void
text_scalar(struct text *t, const struct datum *d)
{
	char	 buf[DATUM_TEXT_SIZE];

	if (d->type == DATUM_STRING)
		text_string(t, d);
	else if (datum_is_number(d))
		text_add(t, buf, strlen(datum_format(d, buf)));
}

static void
text_datum(struct text *t, const struct datum *d)
{
	uint32_t	 i;

	if (d->type != DATUM_ARRAY) {
		text_scalar(t, d);
		return;
	}
	text_add(t, "[", 1);
	for (i = 0; i < d->len && t->len < TRACE_VALUE_MAX; i++) {
		if (i > 0)
			text_add(t, ", ", 2);
		text_scalar(t, &d->array[i]);
	}
	text_add(t, "]", 1);
}

/* "$1='x' $2='y'": of the last regular expression that matched. */
static void
text_captures(struct text *t, const struct run *r)
{
	struct datum	 d;
	unsigned int	 i;
	char		 name[8];

	for (i = 1; i < EVAL_CAPTURES && run_capture(r, i, &d) == 0; i++) {
		(void)snprintf(name, sizeof(name), "%s$%u=", i > 1 ? " " : "",
		    i);
		text_add(t, name, strlen(name));
		text_string(t, &d);
	}
}

static void
trace_script(const struct eval *e)
{
	static const char *const	 verdicts[] = {
		[RUN_KEEP]	= "keep",
		[RUN_DISCARD]	= "discard",
		[RUN_REJECT]	= "reject",
	};
	struct run_end			 end;
	char				 text[256] = "";

	run_end(e->run, &end);
	if (end.verdict == RUN_REJECT)
		(void)log_quote(end.text.string, end.text.len, text,
		    sizeof(text));
	trace_step(e->session->trace, "script", e->script->name, "verdict",
	    verdicts[end.verdict], "text", text, NULL);
}

static void
trace_setting(const struct eval *e)
{
	struct text	 value = { .len = 0 }, captures = { .len = 0 };
	char		 rule[CODE_WHERE_SIZE];

	text_datum(&value, run_value(e->run));
	text_captures(&captures, e->run);
	trace_step(e->session->trace, "setting", policy_setting_name(e->set),
	    "rule", run_rule(e->run, rule, sizeof(rule)), "value", value.buf,
	    "captures", captures.buf, NULL);
}

/* Evaluations of several recipients may be under way. */
static void
eval_tell(const struct eval *e)
{
	trace_about(e->session->trace, e->arg, e->rcpt);
}

void
eval_trace_value(const struct eval *e)
{
	eval_tell(e);
	if (e->script != NULL)
		trace_script(e);
	else
		trace_setting(e);
}

void
eval_trace_fault(const struct eval *e, enum run_fault fault,
    const char *where)
{
	char	 rule[CODE_WHERE_SIZE];

	eval_tell(e);
	trace_step(e->session->trace, "fault", policy_setting_name(e->set),
	    "rule", run_rule(e->run, rule, sizeof(rule)), "at", where,
	    "error", run_fault_text(fault), NULL);
}

void
eval_trace_ask(const struct eval *e, enum code_func func,
    const struct datum *args, unsigned int nargs, const struct datum *answer)
{
	struct text	 call = { .len = 0 }, value = { .len = 0 };
	const char	*name = name_func(func)->name;
	unsigned int	 i;

	text_add(&call, name, strlen(name));
	text_add(&call, "(", 1);
	for (i = 0; i < nargs; i++) {
		if (i > 0)
			text_add(&call, ", ", 2);
		text_datum(&call, &args[i]);
	}
	text_add(&call, ")", 1);
	if (answer != NULL)
		text_datum(&value, answer);
	eval_tell(e);
	trace_step(e->session->trace, "look-up", call.buf, "value",
	    answer == NULL ? "cannot be known" : value.buf, NULL);
}
