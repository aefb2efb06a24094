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
 * The life of a run, and the instructions that are not arithmetic.
 */

#include <stdlib.h>
#include <string.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/code/run_inside.h"
#include "smtpd/code/run_math.h"
#include "smtpd/code/run_script.h"

#define STEP_OCTETS	16		/* of work that cost one step */

struct run *
run_new(const struct code *code, const struct run_budget *b, run_var var,
    void *arg)
{
	struct arena	 arena;
	struct run	*r;

	if ((r = arena_begin(&arena, sizeof(*r) +
	    code->stack * sizeof(r->stack[0]), b->memory)) == NULL)
		return (NULL);
	memset(r, 0, sizeof(*r));
	r->arena = arena;
	r->code = code;
	r->var = var;
	r->arg = arg;
	r->steps = b->steps;
	r->asks = b->asks;
	r->wait = b->wait;
	r->top = r->stack;
	/* no string: none has been set */
	r->end.to = r->end.from = datum_integer(0);
	return (r);
}

void
run_quiet(struct run *r)
{
	r->quiet = 1;
}

uint32_t
run_steps(const struct run *r)
{
	return (r->steps);
}

void
run_free(struct run *r)
{
	struct arena	 arena;

	if (r == NULL)
		return;
	/* r itself is in there */
	arena = r->arena;
	arena_end(&arena);
}

int
run_noted(struct run *r, enum run_fault fault)
{
	r->fault = fault;
	return (-1);
}

int
run_charge(struct run *r, size_t octets)
{
	size_t	 steps = octets / STEP_OCTETS;

	if (steps > r->steps)
		return (run_noted(r, FAULT_STEPS));
	r->steps -= (uint32_t)steps;
	return (0);
}

void *
run_alloc(struct run *r, size_t size)
{
	void	*p;

	if ((p = arena_alloc(&r->arena, size)) == NULL)
		(void)run_noted(r, FAULT_MEMORY);
	return (p);
}

char *
run_string(struct run *r, size_t len)
{
	if (len > RUN_STRING_MAX) {
		(void)run_noted(r, FAULT_MEMORY);
		return (NULL);
	}
	if (run_charge(r, len) == -1)
		return (NULL);
	return (run_alloc(r, len == 0 ? 1 : len));
}

struct datum *
run_array(struct run *r, size_t n)
{
	if (n > RUN_MEMORY) {		/* nothing that large can be had */
		(void)run_noted(r, FAULT_MEMORY);
		return (NULL);
	}
	if (run_charge(r, n * sizeof(struct datum)) == -1)
		return (NULL);
	return (run_alloc(r, (n == 0 ? 1 : n) * sizeof(struct datum)));
}

static int
copy_string(struct run *r, struct datum *d)
{
	char	*copy;

	if ((copy = run_string(r, d->len)) == NULL)
		return (-1);
	if (d->len > 0)
		memcpy(copy, d->string, d->len);
	d->string = copy;
	return (0);
}

int
run_as_text(struct run *r, const struct datum *d, struct datum *out)
{
	char	 buf[DATUM_TEXT_SIZE];

	if (d->type == DATUM_STRING) {
		*out = *d;
		return (0);
	}
	if (d->type == DATUM_ARRAY) {
		*out = datum_string("", 0);
		return (0);
	}
	*out = datum_string(buf, strlen(datum_format(d, buf)));
	return (copy_string(r, out));
}

static enum next
op_rule(struct run *r, const struct code_insn *in)
{
	r->rule = r->pc - 1;
	return (NEXT_GO);
}

static enum next
op_const(struct run *r, const struct code_insn *in)
{
	*r->top++ = r->code->consts[in->arg];
	return (NEXT_GO);
}

_Static_assert(VAR_COUNT <= 64, "known has a bit for each");

const struct datum *
run_variable(struct run *r, enum code_var var)
{
	struct datum	*d;

	if (r->vars == NULL && (r->vars = run_alloc(r,
	    VAR_COUNT * sizeof(*r->vars))) == NULL)
		return (NULL);
	d = &r->vars[var];
	if (r->known & UINT64_C(1) << var)
		return (d);
	*d = datum_string("", 0);
	if (r->var != NULL)
		r->var(r->arg, var, d);
	if (d->type == DATUM_STRING && copy_string(r, d) == -1)
		return (NULL);
	r->known |= UINT64_C(1) << var;
	return (d);
}

static enum next
op_var(struct run *r, const struct code_insn *in)
{
	const struct datum	*d;

	if ((d = run_variable(r, (enum code_var)in->arg)) == NULL)
		return (NEXT_FAULT);
	*r->top++ = *d;
	return (NEXT_GO);
}

int
run_capture(const struct run *r, unsigned int n, struct datum *d)
{
	const struct pattern_groups	*g = r->groups;

	*d = datum_string("", 0);
	if (g == NULL || n >= g->n)
		return (-1);
	if (g->from[n] != PATTERN_UNSET)
		*d = datum_string(r->subject + g->from[n],
		    (size_t)(g->to[n] - g->from[n]));
	return (0);
}

static enum next
op_capture(struct run *r, const struct code_insn *in)
{
	/* what has caught nothing is absent */
	(void)run_capture(r, in->arg, r->top++);
	return (NEXT_GO);
}

static enum next
op_match(struct run *r, const struct code_insn *in)
{
	struct datum		 s;
	enum pattern_result	 result;

	if (run_as_text(r, &r->top[-1], &s) == -1 ||
	    run_charge(r, s.len) == -1 || (r->groups == NULL &&
	    (r->groups = run_alloc(r, sizeof(*r->groups))) == NULL))
		return (NEXT_FAULT);
	r->groups->n = 0;
	r->subject = s.string;
	result = pattern_match(r->code->patterns[in->arg], s.string, s.len,
	    r->groups);
	if (result == PATTERN_LIMIT || result == PATTERN_LONG) {
		r->fault = result == PATTERN_LIMIT ? FAULT_PATTERN :
		    FAULT_SUBJECT;
		return (NEXT_FAULT);
	}
	r->top[-1] = datum_integer(result == PATTERN_MATCHES);
	return (NEXT_GO);
}

static enum next
op_call(struct run *r, const struct code_insn *in)
{
	func_run	 func = func_find((enum code_func)in->arg);
	struct datum	 out;

	if (func == NULL) {
		if (r->asks == 0) {
			r->fault = FAULT_ASKS;
			return (NEXT_FAULT);
		}
		r->asks--;
		return (NEXT_ASK);
	}
	if (func(r, r->top - in->n, in->n, &out) == -1)
		return (NEXT_FAULT);
	r->top -= in->n;
	*r->top++ = out;
	return (NEXT_GO);
}

static enum next
op_array(struct run *r, const struct code_insn *in)
{
	struct datum	*elements, *from = r->top - in->n;
	uint32_t	 i;

	if ((elements = run_array(r, in->n)) == NULL)
		return (NEXT_FAULT);
	for (i = 0; i < in->n; i++) {
		if (from[i].type == DATUM_ARRAY) {
			r->fault = FAULT_ARRAY;
			return (NEXT_FAULT);
		}
		elements[i] = from[i];
	}
	r->top = from;
	r->top->type = DATUM_ARRAY;
	r->top->len = in->n;
	r->top->array = elements;
	r->top++;
	return (NEXT_GO);
}

/* What is not there is absent, also in what is no array. */
static enum next
op_index(struct run *r, const struct code_insn *in)
{
	const struct datum	*array = &r->top[-2];
	int64_t			 n = datum_count(&r->top[-1]);

	r->top--;
	if (array->type == DATUM_ARRAY && n >= 0 && n < array->len)
		r->top[-1] = array->array[n];
	else
		r->top[-1] = datum_string("", 0);
	return (NEXT_GO);
}

static enum next
op_jump(struct run *r, const struct code_insn *in)
{
	switch (in->op) {
	case OP_UNLESS:
		if (datum_truth(--r->top))
			return (NEXT_GO);
		break;
	case OP_AND:
		if (datum_truth(&r->top[-1])) {
			r->top--;
			return (NEXT_GO);
		}
		break;
	case OP_OR:
		if (!datum_truth(&r->top[-1])) {
			r->top--;
			return (NEXT_GO);
		}
		break;
	default:
		break;
	}
	r->pc = in->arg;
	return (NEXT_GO);
}

static enum next
op_math(struct run *r, const struct code_insn *in)
{
	return (run_math(r, (enum code_op)in->op) == -1 ? NEXT_FAULT :
	    NEXT_GO);
}

static enum next
op_return(struct run *r, const struct code_insn *in)
{
	return (NEXT_DONE);
}

static enum next (*const ops[OP_COUNT])(struct run *,
    const struct code_insn *) = {
	[OP_RULE]		= op_rule,
	[OP_CONST]		= op_const,
	[OP_VAR]		= op_var,
	[OP_CAPTURE]		= op_capture,
	[OP_MATCH]		= op_match,
	[OP_CALL]		= op_call,
	[OP_ARRAY]		= op_array,
	[OP_INDEX]		= op_index,
	[OP_NOT]		= op_math,
	[OP_NEGATE]		= op_math,
	[OP_TRUTH]		= op_math,
	[OP_MULTIPLY]		= op_math,
	[OP_DIVIDE]		= op_math,
	[OP_ADD]		= op_math,
	[OP_SUBTRACT]		= op_math,
	[OP_LESS]		= op_math,
	[OP_LESS_EQUAL]		= op_math,
	[OP_GREATER]		= op_math,
	[OP_GREATER_EQUAL]	= op_math,
	[OP_EQUAL]		= op_math,
	[OP_UNEQUAL]		= op_math,
	[OP_XOR]		= op_math,
	[OP_JUMP]		= op_jump,
	[OP_UNLESS]		= op_jump,
	[OP_AND]		= op_jump,
	[OP_OR]			= op_jump,
	[OP_RETURN]		= op_return,
	[OP_LOCAL]		= script_local,
	[OP_SET]		= script_set,
	[OP_GROUP]		= script_group,
	[OP_JOIN]		= script_join,
	[OP_MERGE]		= script_merge,
	[OP_MODIFY]		= script_modify,
	[OP_ENVELOPE]		= script_envelope,
	[OP_PART]		= script_part,
	[OP_ENVIRONMENT]	= script_environment,
	[OP_DATE]		= script_date,
	[OP_TEST]		= script_test,
	[OP_POP]		= script_pop,
	[OP_NEED]		= script_need,
	[OP_FAIL]		= script_fail,
	[OP_ACT]		= script_act,
	[OP_REJECT]		= script_reject,
	[OP_REWRITE]		= script_rewrite,
	[OP_STOP]		= op_return,
};

enum run_status
run_go(struct run *r)
{
	const struct code_insn	*in;
	enum next		 next = NEXT_GO;

	if (r->fault != FAULT_NONE)
		return (RUN_FAULT);
	while (next == NEXT_GO) {
		in = &r->code->insns[r->pc++];
		if (r->steps-- == 0) {
			r->steps = 0;
			r->fault = FAULT_STEPS;
			return (RUN_FAULT);
		}
		next = ops[in->op](r, in);
	}
	if (next == NEXT_ASK && r->asked == 0)
		r->asked = clock_mono();
	return (next == NEXT_DONE ? RUN_DONE : next == NEXT_ASK ?
	    RUN_ASKS_NOW : RUN_FAULT);
}

const struct datum *
run_value(const struct run *r)
{
	return (&r->top[-1]);
}

enum code_func
run_question(const struct run *r, const struct datum **args,
    unsigned int *nargs)
{
	const struct code_insn	*in = &r->code->insns[r->pc - 1];

	*nargs = in->n;
	*args = r->top - in->n;
	return ((enum code_func)in->arg);
}

static int
copy_array(struct run *r, struct datum *d)
{
	struct datum	*copy;
	uint32_t	 i;

	if ((copy = run_array(r, d->len)) == NULL)
		return (-1);
	for (i = 0; i < d->len; i++) {
		copy[i] = d->array[i];
		if (copy[i].type == DATUM_ARRAY)
			return (run_noted(r, FAULT_ARRAY));
		if (copy[i].type == DATUM_STRING &&
		    copy_string(r, &copy[i]) == -1)
			return (-1);
	}
	d->array = copy;
	return (0);
}

void
run_give(struct run *r, const struct datum *answer)
{
	const struct code_insn	*in = &r->code->insns[r->pc - 1];
	struct datum		 d = *answer;

	if (clock_mono() - r->asked > r->wait) {
		(void)run_noted(r, FAULT_WAIT);
		return;
	}
	if ((d.type == DATUM_STRING && copy_string(r, &d) == -1) ||
	    (d.type == DATUM_ARRAY && copy_array(r, &d) == -1))
		return;
	r->top -= in->n;
	*r->top++ = d;
}

void
run_fail(struct run *r, enum run_fault fault)
{
	(void)run_noted(r, fault);
}
