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
 * Runs of programs: begun, paused, gone on with, ended.
 */

#include <bsd/string.h>

#include <string.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/pending.h"
#include "smtpd/code/run.h"
#include "smtpd/msg/trace.h"
#include "smtpd/policy/ask.h"
#include "smtpd/policy/eval.h"
#include "smtpd/policy/eval_trace.h"
#include "smtpd/policy/session.h"
#include "smtpd/policy/setting.h"

static const struct run_budget	 budget = {
	RUN_STEPS, RUN_MEMORY, RUN_ASKS, RUN_WAIT
};

void
eval_begin(struct eval *e, const struct session *s, uint64_t begin,
    void (*wake)(void *), void *arg)
{
	e->session = s;
	e->sender = e->rcpt = NULL;
	e->begin = begin;
	e->wake = wake;
	e->arg = arg;
	e->run = NULL;
	e->script = NULL;
	e->facts = NULL;
	e->state = EVAL_STATE_NEW;
}

void
eval_end(struct eval *e)
{
	if (e->state == EVAL_STATE_ASKED)
		pending_forget(e);
	if (e->state == EVAL_STATE_LATER)
		turn_forget(&e->turn);
	run_free(e->run);
	e->run = NULL;
	e->state = EVAL_STATE_NEW;
}

static enum eval_status
eval_fault(const struct eval *e)
{
	enum run_fault	 fault;
	char		 where[CODE_WHERE_SIZE], rule[CODE_WHERE_SIZE];
	char		 words[256];

	fault = run_fault(e->run, where, sizeof(where));
	if (e->session->trace != NULL)
		eval_trace_fault(e, fault, where);
	if (e->script != NULL) {
		if (!e->session->dry)
			log_warnx("session=%016llx event=fault script=%s "
			    "at=%s error=\"%s\"",
			    (unsigned long long)e->session->id,
			    e->script->name, where, fault == FAULT_SCRIPT ?
			    run_words(e->run, words, sizeof(words)) :
			    run_fault_text(fault));
		return (EVAL_FAULT);
	}
	if (!e->session->dry)
		log_warnx("session=%016llx event=fault setting=%s "
		    "rule=%s at=%s error=\"%s\"",
		    (unsigned long long)e->session->id,
		    policy_setting_name(e->set),
		    run_rule(e->run, rule, sizeof(rule)), where,
		    run_fault_text(fault));
	return (fault == FAULT_ANSWER || fault == FAULT_WAIT ?
	    EVAL_TEMPFAIL : EVAL_FAULT);
}

enum eval_status
eval_wanted(const struct eval *e, enum policy_setting set,
    const char *wanted)
{
	char	 rule[CODE_WHERE_SIZE] = "";

	if (e->run != NULL)
		(void)run_rule(e->run, rule, sizeof(rule));
	trace_step(e->session->trace, "fault", policy_setting_name(set),
	    "rule", rule, "wanted", wanted, NULL);
	if (!e->session->dry)
		log_warnx("session=%016llx event=fault setting=%s rule=%s "
		    "wanted=\"%s\"", (unsigned long long)e->session->id,
		    policy_setting_name(set), rule, wanted);
	return (EVAL_FAULT);
}

static int	 eval_answer(void *, struct proc_msg *);

/* The answer to the question of the run; NULL: it cannot be known. */
static void
eval_give(struct eval *e, const struct datum *answer)
{
	const struct datum	*args;
	enum code_func		 func;
	unsigned int		 nargs;

	if (e->session->trace != NULL) {
		func = run_question(e->run, &args, &nargs);
		eval_trace_ask(e, func, args, nargs, answer);
	}
	if (answer == NULL)
		run_fail(e->run, FAULT_ANSWER);
	else
		run_give(e->run, answer);
}

/* Put the question that the run has come to. */
static void
eval_ask(struct eval *e)
{
	const struct datum	*args;
	struct datum		 known;
	struct wbuf		 w;
	enum code_func		 func;
	unsigned int		 nargs;
	struct ask_way		 way;

	func = run_question(e->run, &args, &nargs);
	/* a full wait more, and front would have to guess */
	if (clock_mono() - e->begin > PENDING_FRONT - PENDING_LOOKUP) {
		run_fail(e->run, FAULT_WAIT);
		return;
	}
	/* see session.h: all that it may do is answer */
	if (e->session->fresh && ask_fresh(func, args, &known)) {
		eval_give(e, &known);
		return;
	}
	if (e->session->dry) {
		if (ask_dry_writes(func, args, &known)) {
			eval_give(e, &known);
			return;
		}
		func = ask_dry(func);
	}
	if (func == FUNC_REMOTE_HOST && e->session->host != NULL) {
		known = ask_host(e->session->host);
		eval_give(e, &known);
		return;
	}
	wbuf_init(&w);
	switch (ask_put(func, args, nargs, &w, &way, &known)) {
	case ASK_KNOWN:
		eval_give(e, &known);
		break;
	case ASK_PUT:
		e->state = EVAL_STATE_ASKED;
		(void)pending_ask(way.to, 0, way.type, -1, &w,
		    PENDING_LOOKUP, eval_answer, e);
		return;
	default:
		eval_give(e, NULL);
		break;
	}
	wbuf_free(&w);
}

/* On with the run, to its end or to a question that is on its way. */
static void
eval_go(struct eval *e)
{
	enum run_status	 status;
	uint32_t	 steps;

	e->state = EVAL_STATE_NEW;
	do {
		steps = run_steps(e->run);
		status = run_go(e->run);
		turn_spend(steps - run_steps(e->run));
		if (status == RUN_ASKS_NOW)
			eval_ask(e);
		if (e->state == EVAL_STATE_ASKED)
			return;
	} while (status == RUN_ASKS_NOW);
	e->state = EVAL_STATE_ENDED;
	e->status = status == RUN_DONE ? EVAL_READY : eval_fault(e);
	if (status == RUN_DONE && e->session->trace != NULL)
		eval_trace_value(e);
}

/* m is NULL when nobody answered. */
static int
eval_answer(void *arg, struct proc_msg *m)
{
	struct eval		*e = arg;
	const struct datum	*args;
	struct datum		 d;
	enum code_func		 func;
	unsigned int		 nargs;

	func = run_question(e->run, &args, &nargs);
	if (m == NULL)
		eval_give(e, NULL);
	else
		switch (ask_get(e->session->dry ? ask_dry(func) : func,
		    &m->body, &d)) {
		case ASK_KNOWN:
			if (func == FUNC_REMOTE_HOST)
				policy_session_set_host(e->session,
				    &d.array[0]);
			if (e->session->dry)
				ask_dry_value(func, args, &d);
			eval_give(e, &d);
			break;
		case ASK_NOT:
			eval_give(e, NULL);
			break;
		default:
			return (-1);
		}
	eval_go(e);
	if (e->state == EVAL_STATE_ENDED)
		e->wake(e->arg);
	return (0);
}

/* Its turn has come. */
static void
eval_turn(void *arg)
{
	struct eval	*e = arg;

	eval_go(e);
	if (e->state == EVAL_STATE_ENDED)
		e->wake(e->arg);
}

/* A run from its start, up to its end or to a look-up; -1 without memory. */
static int
eval_start(struct eval *e, const struct code *code,
    const struct run_budget *b)
{
	run_free(e->run);
	if ((e->run = run_new(code, b, eval_var, e)) == NULL) {
		log_warn("session=%016llx setting=%s",
		    (unsigned long long)e->session->id,
		    policy_setting_name(e->set));
		e->state = EVAL_STATE_NEW;
		return (-1);
	}
	if (e->session->dry)
		run_quiet(e->run);
	if (e->script == NULL || turn_is_now()) {
		eval_go(e);
		return (0);
	}
	e->state = EVAL_STATE_LATER;
	turn_wait(&e->turn, eval_turn, e);
	return (0);
}

static enum eval_status
eval_program(struct eval *e, enum policy_setting set, const struct code *code,
    struct datum *value)
{
	if (e->state == EVAL_STATE_NEW || e->state == EVAL_STATE_FETCHED) {
		e->set = set;
		e->script = NULL;
		if (eval_start(e, code, &budget) == -1)
			return (EVAL_TEMPFAIL);
	}
	if (e->set != set)
		fatalx("eval: %s while %s", policy_setting_name(set),
		    policy_setting_name(e->set));
	if (e->state == EVAL_STATE_ASKED)
		return (EVAL_WAIT);
	e->state = EVAL_STATE_FETCHED;
	if (e->status == EVAL_READY)
		*value = *run_value(e->run);
	return (e->status);
}

enum eval_status
eval_script(struct eval *e, const struct policy_script *s,
    const struct script_facts *facts, struct run_end *end)
{
	if (e->state == EVAL_STATE_NEW || e->state == EVAL_STATE_FETCHED) {
		e->script = s;
		e->facts = facts;
		if (eval_start(e, s->code, &s->budget) == -1)
			return (EVAL_FAULT);
	}
	if (e->state == EVAL_STATE_ASKED || e->state == EVAL_STATE_LATER)
		return (EVAL_WAIT);
	e->state = EVAL_STATE_FETCHED;
	e->facts = NULL;
	if (e->status == EVAL_READY)
		run_end(e->run, end);
	return (e->status);
}

enum eval_status
eval_setting(struct eval *e, enum policy_setting set, struct datum *value)
{
	const struct setting	*s = policy_conf_setting(policy_settings(),
				    set);

	switch (s->kind) {
	case SETTING_STRING:
		*value = datum_string(s->string, strlen(s->string));
		break;
	case SETTING_AUTHENTICATED:
		*value = datum_integer(e->session->login != NULL);
		break;
	case SETTING_PROGRAM:
		return (eval_program(e, set, s->code, value));
	default:
		*value = datum_integer(s->number);
		break;
	}
	return (EVAL_READY);
}

enum eval_status
eval_number(struct eval *e, enum policy_setting set, int64_t min,
    int64_t *number)
{
	enum eval_status	 status;
	struct datum		 d;

	if ((status = eval_setting(e, set, &d)) != EVAL_READY)
		return (status);
	if (d.type == DATUM_ARRAY || (d.type == DATUM_STRING &&
	    !datum_text_is_number(d.string, d.len)))
		return (eval_wanted(e, set, "number"));
	if ((*number = datum_count(&d)) < min)
		return (eval_wanted(e, set, "larger number"));
	return (EVAL_READY);
}

enum eval_status
eval_truth(struct eval *e, enum policy_setting set, int *truth)
{
	enum eval_status	 status;
	struct datum		 d;

	if ((status = eval_setting(e, set, &d)) == EVAL_READY)
		*truth = datum_truth(&d);
	return (status);
}

enum eval_status
eval_string(struct eval *e, enum policy_setting set, int *is, char *buf,
    size_t size)
{
	enum eval_status	 status;
	struct datum		 d;

	buf[0] = '\0';
	if ((status = eval_setting(e, set, &d)) != EVAL_READY)
		return (status);
	*is = d.type == DATUM_STRING;
	if (!*is)
		return (datum_truth(&d) ? eval_wanted(e, set, "string") :
		    EVAL_READY);
	if (d.len >= size || (d.len > 0 && memchr(d.string, '\0', d.len) !=
	    NULL))
		return (eval_wanted(e, set, "shorter string"));
	memcpy(buf, d.string, d.len);
	buf[d.len] = '\0';
	return (EVAL_READY);
}
