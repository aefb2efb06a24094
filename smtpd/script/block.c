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
 * Lists of commands, and tests in tests: RFC 5228 3 and 5.
 */

#include <string.h>

#include "smtpd/script/compile.h"

static int
is(const struct node *n, const char *name)
{
	return (n != NULL && strcmp(n->name, name) == 0);
}

/* One that takes tests or a block may have no arguments, and so on. */
static int
plain(struct compile *c, const struct node *n, int block)
{
	if (n->args != NULL)
		compile_error(c, &n->args->place, "unexpected argument of "
		    "'%s', expected a test", n->name);
	else if (block != n->has_block)
		compile_error(c, &n->place, "'%s' %s a block, expected %s",
		    n->name, block ? "needs" : "takes no", block ?
		    "{ ... } behind it" : "';'");
	else
		return (1);
	return (0);
}

/* Its place on the stack is filled, whatever went wrong. */
static void
test_wrong(struct compile *c, const struct node *n)
{
	compile_number(c, 0, &n->place);
}

static void
test_call(struct compile *c, const struct node *n)
{
	const struct command	*cmd = command_find(n->name, FORM_TEST);
	struct call		 call;

	if (cmd == NULL) {
		unit_unknown(c, &n->place, "unknown test '%s', expected one "
		    "that smtpd-sieve(5) names", n->name);
		test_wrong(c, n);
	} else if (n->tests != NULL) {
		compile_error(c, &n->place, "'%s' takes no tests, expected "
		    "arguments", n->name);
		test_wrong(c, n);
	} else if ((cmd->caps != 0 && !unit_need(c, cmd->caps, cmd->name,
	    &n->place)) || args_read(c, cmd, n, &call) == -1)
		test_wrong(c, n);
	else
		cmd->write(c, &call);
}

/* The value that decides stays on the stack. */
static void
test_several(struct compile *c, const struct node *n)
{
	struct jump		*decided = NULL;
	const struct node	*t;
	enum code_op		 op = is(n, "anyof") ? OP_OR : OP_AND;

	for (t = n->tests; t != NULL; t = t->next) {
		block_test(c, t);
		if (t->next != NULL)
			compile_jump(c, &decided, op, &t->place);
	}
	compile_land(c, &decided);
}

static void
test_nested(struct compile *c, const struct node *n)
{
	int	 one = is(n, "not");

	if (!plain(c, n, 0))
		test_wrong(c, n);
	else if (n->tests == NULL || n->parens == one) {
		compile_error(c, &n->place, "'%s' without its tests, expected "
		    "%s", n->name, one ? "one test, not in parentheses" :
		    "tests in parentheses");
		test_wrong(c, n);
	} else if (one) {
		block_test(c, n->tests);
		compile_op(c, OP_NOT, 0, 0, &n->place);
	} else
		test_several(c, n);
}

void
block_test(struct compile *c, const struct node *n)
{
	if (is(n, "not") || is(n, "anyof") || is(n, "allof"))
		test_nested(c, n);
	else
		test_call(c, n);
}

/* if or elsif with its block; end is where all of them lead to. */
static void
write_if(struct compile *c, const struct node *n, struct jump **end)
{
	struct jump	*no = NULL;

	if (!plain(c, n, 1))
		return;
	if (n->tests == NULL || n->parens) {
		compile_error(c, &n->place, "'%s' without a test, expected "
		    "one test, not in parentheses", n->name);
		return;
	}
	block_test(c, n->tests);
	compile_jump(c, &no, OP_UNLESS, &n->place);
	block_write(c, n->block);
	if (is(n->next, "elsif") || is(n->next, "else"))
		compile_jump(c, end, OP_JUMP, &n->place);
	compile_land(c, &no);
}

static void
write_else(struct compile *c, const struct node *n)
{
	if (n->tests != NULL)
		compile_error(c, &n->place, "'else' takes no test, expected "
		    "'elsif' or a block");
	else if (plain(c, n, 1))
		block_write(c, n->block);
}

/* All that belongs to an if; returns its last node. */
static const struct node *
write_chain(struct compile *c, const struct node *n)
{
	struct jump	*end = NULL;

	write_if(c, n, &end);
	while (is(n->next, "elsif")) {
		n = n->next;
		write_if(c, n, &end);
	}
	if (is(n->next, "else")) {
		n = n->next;
		write_else(c, n);
	}
	compile_land(c, &end);
	return (n);
}

static void
write_command(struct compile *c, const struct node *n)
{
	const struct command	*cmd = command_find(n->name, FORM_COMMAND);
	struct call		 call;

	if (is(n, "elsif") || is(n, "else"))
		compile_error(c, &n->place, "'%s' without an 'if' in front, "
		    "expected a command", n->name);
	else if (is(n, "elseif") || is(n, "elif"))
		compile_error(c, &n->place, "unknown command '%s', expected "
		    "'elsif'", n->name);
	else if (cmd == NULL)
		unit_unknown(c, &n->place, "unknown command '%s', expected "
		    "%s", n->name, capability_expected(n->name,
		    strlen(n->name)));
	else if (n->tests != NULL || n->has_block)
		compile_error(c, &n->place, "'%s' takes no %s, expected ';'",
		    n->name, n->has_block ? "block" : "tests");
	else if ((cmd->caps == 0 || unit_need(c, cmd->caps, cmd->name,
	    &n->place)) && args_read(c, cmd, n, &call) == 0)
		cmd->write(c, &call);
}

void
block_write(struct compile *c, const struct node *n)
{
	for (; n != NULL; n = n->next) {
		if (!is(n, "require"))
			c->unit->begun = 1;
		if (is(n, "if"))
			n = write_chain(c, n);
		else
			write_command(c, n);
	}
}
