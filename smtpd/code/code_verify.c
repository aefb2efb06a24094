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
 * What a program may be: read forward once, with the depth of the stack at
 * each instruction.
 */

#include <stdlib.h>
#include <string.h>

#include "smtpd/base/xmem.h"
#include "smtpd/code/code.h"
#include "smtpd/code/name.h"
#include "smtpd/code/script_op.h"
#include "smtpd/sieve/addresspart.h"
#include "smtpd/sieve/match.h"
#include "smtpd/sieve/modify.h"

#define DEPTH_UNKNOWN	(-1)		/* nothing has led there yet */

static const struct {
	int			 takes, gives;
	enum code_operand	 operand;
} ops[OP_COUNT] = {
#define OP_ROW(name, takes, gives, operand)				\
	[name] = { takes, gives, operand },
	CODE_OPS(OP_ROW)
#undef OP_ROW
};

static int
verify_call(const struct code_insn *in)
{
	enum code_func	 func = (enum code_func)in->arg;

	if (in->arg >= FUNC_COUNT || in->n < name_func_min(func) ||
	    in->n > name_func_max(func))
		return (-1);
	return (name_func(func)->kind == FUNC_COMPILED ? -1 : 0);
}

static int
verify_test(const struct code_insn *in)
{
	return (in->n < CODE_SETS_MAX &&
	    CODE_TEST_MATCH(in->arg) < MATCH_TYPES &&
	    CODE_TEST_COMPARATOR(in->arg) < COMPARATOR_COUNT &&
	    CODE_TEST_RELATION(in->arg) < RELATION_COUNT &&
	    in->arg < UINT32_C(1) << 24 ? 0 : -1);
}

/* The same of those that only scripts have. */
static int
verify_script(const struct code_insn *in)
{
	switch (ops[in->op].operand) {
	case OPERAND_LOCAL:
		return (in->arg < CODE_LOCALS_MAX ? 0 : -1);
	case OPERAND_GROUP:
		return (in->arg < CODE_CAPTURES && in->n < CODE_SETS_MAX ?
		    0 : -1);
	case OPERAND_TEST:
		return (verify_test(in));
	case OPERAND_MODIFY:
		return (in->arg < MODIFY_LENGTH << 1 ? 0 : -1);
	case OPERAND_PART:
		return (in->arg < ADDRESSPART_COUNT ? 0 : -1);
	case OPERAND_ACTION:
		return (in->arg < ACTION_COUNT ? 0 : -1);
	case OPERAND_REWRITE:
		return (in->arg < REWRITE_COUNT ? 0 : -1);
	default:
		return (0);
	}
}

/* Is the argument of instruction i in its bounds? */
static int
verify_operand(const struct code *c, uint32_t i)
{
	const struct code_insn	*in = &c->insns[i];

	switch (ops[in->op].operand) {
	case OPERAND_CONST:
		return (in->arg < c->nconsts ? 0 : -1);
	case OPERAND_VAR:
		return (in->arg < VAR_COUNT ? 0 : -1);
	case OPERAND_CAPTURE:
		return (in->arg < CODE_CAPTURES ? 0 : -1);
	case OPERAND_PATTERN:
		return (in->arg < c->npatterns ? 0 : -1);
	case OPERAND_FUNC:
		return (verify_call(in));
	case OPERAND_TARGET:
		return (in->arg > i && in->arg < c->ninsns ? 0 : -1);
	default:
		return (verify_script(in));
	}
}

static void
verify_note(struct code *c, const struct code_insn *in)
{
	enum code_func_kind	 kind;

	if (in->op == OP_VAR)
		c->vars |= UINT64_C(1) << in->arg;
	if (ops[in->op].operand == OPERAND_LOCAL && in->arg >= c->locals)
		c->locals = in->arg + 1;
	if (in->op != OP_CALL)
		return;
	kind = name_func((enum code_func)in->arg)->kind;
	c->asks |= kind == FUNC_ASK || kind == FUNC_CHANGE ||
	    kind == FUNC_SCRIPT;
	c->changes |= kind == FUNC_CHANGE || kind == FUNC_SCRIPT;
}

/* A jump arrives at depth: all that arrive at one place must agree. */
static int
verify_arrive(int *depths, uint32_t target, int depth)
{
	if (depths[target] == DEPTH_UNKNOWN)
		depths[target] = depth;
	return (depths[target] == depth ? 0 : -1);
}

/* Depth behind instruction i, DEPTH_UNKNOWN behind an end; -2: bad. */
static int
verify_step(struct code *c, int *depths, uint32_t i)
{
	const struct code_insn	*in = &c->insns[i];
	int			 depth = depths[i], takes;

	takes = ops[in->op].takes == -1 ? in->n : ops[in->op].takes;
	if (depth == DEPTH_UNKNOWN || depth < takes ||
	    verify_operand(c, i) == -1)
		return (-2);
	verify_note(c, in);
	/* a program has a value, or it acts: not now one, now the other */
	if (in->op == OP_RETURN)
		return (depth == 1 && !c->script ? DEPTH_UNKNOWN : -2);
	if (in->op == OP_STOP)
		return (depth == 0 && c->script ? DEPTH_UNKNOWN : -2);
	depth += ops[in->op].gives - takes;
	if (depth > CODE_STACK_MAX)
		return (-2);
	if ((unsigned int)depth > c->stack)
		c->stack = (unsigned int)depth;
	/* those two keep the value where they jump to */
	if (ops[in->op].operand == OPERAND_TARGET && verify_arrive(depths,
	    in->arg, depth + (in->op == OP_AND || in->op == OP_OR)) == -1)
		return (-2);
	return (in->op == OP_JUMP ? DEPTH_UNKNOWN : depth);
}

int
code_verify(struct code *c)
{
	int		*depths, depth = 0;
	uint32_t	 i;

	c->stack = 0;
	c->vars = 0;
	c->locals = 0;
	c->asks = c->changes = 0;
	if (c->ninsns == 0)
		return (-1);
	c->script = c->insns[c->ninsns - 1].op == OP_STOP;
	depths = xcalloc(c->ninsns, sizeof(*depths));
	for (i = 0; i < c->ninsns; i++)
		depths[i] = DEPTH_UNKNOWN;
	for (i = 0; i < c->ninsns; i++) {
		if (depth != DEPTH_UNKNOWN &&
		    verify_arrive(depths, i, depth) == -1)
			break;
		if ((depth = verify_step(c, depths, i)) == -2)
			break;
	}
	free(depths);
	/* the last one must be an end: nothing runs off */
	return (i == c->ninsns && depth == DEPTH_UNKNOWN ? 0 : -1);
}
