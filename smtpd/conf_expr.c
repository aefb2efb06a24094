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
 * Operators of expressions, loosest first, and the tokens between them.
 */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "smtpd/base/xmem.h"
#include "smtpd/conf_expr.h"
#include "smtpd/conf_file.h"

#define UNARY_LEVEL	8	/* binds tighter than all of these */

static const struct operator {
	const char	*text;
	int		 level;
	enum code_op	 op;
} operators[] = {
	{ "||",	1, OP_OR },		{ "|",	1, OP_OR },
	{ "&&",	2, OP_AND },		{ "&",	2, OP_AND },
	{ "^",	3, OP_XOR },
	{ "=",	4, OP_EQUAL },		{ "==",	4, OP_EQUAL },
	{ "!=",	4, OP_UNEQUAL },
	{ "<",	5, OP_LESS },		{ "<=",	5, OP_LESS_EQUAL },
	{ ">",	5, OP_GREATER },	{ ">=",	5, OP_GREATER_EQUAL },
	{ "+",	6, OP_ADD },		{ "-",	6, OP_SUBTRACT },
	{ "*",	7, OP_MULTIPLY },	{ "/",	7, OP_DIVIDE },
};

static const struct operator *
operator_find(const struct expr *x)
{
	size_t	 i;

	if (x->t.kind != LEX_PUNCT)
		return (NULL);
	for (i = 0; i < sizeof(operators) / sizeof(operators[0]); i++)
		if (strcmp(operators[i].text, x->t.text) == 0)
			return (&operators[i]);
	return (NULL);
}

int
expr_is(const struct expr *x, const char *punct)
{
	return (x->t.kind == LEX_PUNCT && strcmp(x->t.text, punct) == 0);
}

int
expr_is_word(const struct expr *x, const char *word)
{
	return (x->t.kind == LEX_WORD && strcmp(x->t.text, word) == 0);
}

void
expr_error(struct expr *x, const struct conf_pos *pos, const char *fmt, ...)
{
	char	 what[CONF_TEXT_SIZE / 2];
	va_list	 ap;

	va_start(ap, fmt);
	(void)vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	conf_error(x->p, pos, "%s", what);
	x->wrong = 1;
}

/* Where the text cannot go on there is one error: the first. */
void
expr_unexpected(struct expr *x, const char *expected)
{
	if (x->failed)
		return;
	x->failed = 1;
	if (x->t.kind == LEX_BAD)
		x->wrong = 1;		/* reported where it was read */
	else if (x->t.kind == LEX_END)
		expr_error(x, &x->t.pos, "unexpected end of the %s, expected "
		    "%s", x->own != NULL ? "expression" : "statement",
		    expected);
	else
		expr_error(x, &x->t.pos, "unexpected '%s%s', expected %s",
		    x->t.kind == LEX_CAPTURE ? "$" : "",
		    conf_show(x->p, x->t.text), expected);
}

int
expr_must(struct expr *x, const char *punct, const char *expected)
{
	if (!expr_is(x, punct)) {
		expr_unexpected(x, expected);
		return (-1);
	}
	expr_next(x);
	return (0);
}

static void
source_add(struct expr *x, const char *text, size_t len)
{
	while (x->size - x->len <= len) {
		x->size = x->size == 0 ? 128 : x->size * 2;
		x->source = xreallocarray(x->source, x->size, 1);
	}
	memcpy(x->source + x->len, text, len);
	x->len += len;
	x->source[x->len] = '\0';
}

/* No blank stands in front of this token: "!f(a, b[1])". */
static int
source_is_tight(const struct expr *x)
{
	char	 last = x->source[x->len - 1];

	return (last == '(' || last == '[' || last == '!' ||
	    expr_is(x, ")") || expr_is(x, "]") || expr_is(x, ",") ||
	    (x->complete && (expr_is(x, "(") || expr_is(x, "["))));
}

/* The octets of the token that was just read; what a macro stands for. */
static void
source_token(struct expr *x)
{
	const struct conf_file	*f = x->p->file;
	struct datum		 d;
	size_t			 quote;

	if (x->len > 0 && !source_is_tight(x))
		source_add(x, " ", 1);
	if (f->text[f->mark.at] == '$' && x->t.kind != LEX_CAPTURE) {
		quote = expr_number(x->t.text, &d) == -1;
		source_add(x, "'", quote);
		source_add(x, x->t.text, strlen(x->t.text));
		source_add(x, "'", quote);
	} else
		source_add(x, f->text + f->mark.at, f->here.at - f->mark.at);
}

/* In a script the text has one end, and line ends are blanks. */
static void
read_own(struct expr *x)
{
	do
		lex_expr(x->p, &x->t);
	while (x->t.kind == LEX_NEWLINE);
	if (x->t.kind == LEX_SEMICOLON) {
		x->t.kind = LEX_PUNCT;
		x->t.text = ";";
	}
}

static void
expr_read(struct expr *x)
{
	struct conf_file	*f = x->p->file;
	struct conf_spot	 here;

	lex_expr(x->p, &x->t);
	if (x->t.kind == LEX_NEWLINE) {
		here = f->mark;
		if (scan_goes_on(x->p, x->parens, !x->complete)) {
			do
				lex_expr(x->p, &x->t);
			while (x->t.kind == LEX_NEWLINE);
		} else
			f->here = f->mark = here;
	}
	if (x->t.kind == LEX_NEWLINE || x->t.kind == LEX_SEMICOLON ||
	    x->t.kind == LEX_END || expr_is(x, "}")) {
		/* the end of the statement is the scanner's */
		lex_unget(x->p);
		x->t.kind = LEX_END;
	}
}

/* Does an operand end with this token? */
static int
is_complete(const struct expr *x)
{
	switch (x->t.kind) {
	case LEX_WORD:
		return (!scan_is_rule_word(x->t.text));
	case LEX_PUNCT:
		return (expr_is(x, ")") || expr_is(x, "]"));
	default:
		return (1);
	}
}

void
expr_next(struct expr *x)
{
	if (x->t.kind != LEX_NEWLINE) {		/* not the very first */
		source_token(x);
		x->complete = is_complete(x);
		if (expr_is(x, "(") || expr_is(x, "["))
			x->parens++;
		else if (x->parens > 0 && (expr_is(x, ")") ||
		    expr_is(x, "]")))
			x->parens--;
	}
	if (x->own != NULL)
		read_own(x);
	else
		expr_read(x);
}

struct code_pos
expr_pos(struct expr *x, const struct conf_pos *pos)
{
	struct code_pos	 at;

	at.file = emit_file(x->emit, pos->file);
	at.line = (uint32_t)pos->line;
	at.column = (uint16_t)(pos->column > UINT16_MAX ? UINT16_MAX :
	    pos->column);
	return (at);
}

void
expr_fold(struct expr *x, struct operand *o)
{
	struct datum	 value;
	enum run_fault	 fault;

	o->constant = 0;
	if (x->wrong)
		return;
	if ((fault = emit_run(x->emit, o->mark, &value)) != FAULT_NONE) {
		expr_error(x, &o->pos, "this expression has no value (%s), "
		    "expected one", run_fault_text(fault));
		return;
	}
	emit_back(x->emit, o->mark);
	o->value = emit_const(x->emit, &value, expr_pos(x, &o->pos));
	o->constant = 1;
	o->kinds = 1u << value.type;
}

const char *
expr_kinds(unsigned int kinds)
{
	if ((kinds & ~KIND_NUMBER) == 0)
		return ("number");
	return (kinds == KIND_ARRAY ? "array" : "string");
}

const char *
expr_show(struct expr *x, const struct operand *o)
{
	char		 buf[DATUM_TEXT_SIZE + 2];
	const char	*s = buf;

	if (!o->constant || o->value.type == DATUM_ARRAY)
		return (expr_kinds(o->kinds));
	if (o->value.type == DATUM_STRING)
		s = conf_show(x->p, conf_keep_text(x->p, o->value.string,
		    o->value.len));
	else
		(void)datum_format(&o->value, buf);
	return (conf_quote(x->p, s));
}

/* Arrays may be compared with arrays, and that is all. */
static void
check_operands(struct expr *x, enum code_op op, const struct operand *a,
    const struct operand *b)
{
	const struct operand	*array = a->kinds == KIND_ARRAY ? a : b;

	if (op == OP_AND || op == OP_OR || op == OP_XOR ||
	    array->kinds != KIND_ARRAY)
		return;
	if ((op == OP_EQUAL || op == OP_UNEQUAL) &&
	    (a->kinds & b->kinds & KIND_ARRAY))
		return;
	expr_error(x, &array->pos, "unexpected array, expected a string or a "
	    "number");
}

static unsigned int
kinds_of(enum code_op op, const struct operand *a, const struct operand *b)
{
	switch (op) {
	case OP_ADD:
		if (((a->kinds | b->kinds) & ~KIND_NUMBER) == 0)
			return (KIND_NUMBER);
		if (a->kinds == KIND_STRING || b->kinds == KIND_STRING)
			return (KIND_STRING);
		return (KIND_SCALAR);
	case OP_SUBTRACT:
	case OP_MULTIPLY:
	case OP_DIVIDE:
		return (KIND_NUMBER);
	case OP_AND:
	case OP_OR:
		return (a->kinds | KIND_INTEGER);
	default:
		return (KIND_INTEGER);
	}
}

static void	 parse_level(struct expr *, int, struct operand *);

/* a is on the stack, and the operator is next. */
static void
parse_binary(struct expr *x, const struct operator *o, struct operand *a)
{
	struct conf_pos	 pos = x->t.pos;
	struct operand	 b;
	uint32_t	 jump = 0;
	int		 lazy = o->op == OP_AND || o->op == OP_OR;

	if (lazy)
		jump = emit_jump(x->emit, o->op, expr_pos(x, &pos));
	expr_next(x);
	parse_level(x, o->level + 1, &b);
	if (x->failed)
		return;
	check_operands(x, o->op, a, &b);
	if (lazy) {
		emit_op(x->emit, OP_TRUTH, 0, 0, expr_pos(x, &pos));
		emit_land(x->emit, jump);
	} else
		emit_op(x->emit, o->op, 0, 0, expr_pos(x, &pos));
	a->kinds = kinds_of(o->op, a, &b);
	if (a->constant && b.constant)
		expr_fold(x, a);
	else
		a->constant = 0;
}

static void
parse_unary(struct expr *x, struct operand *a)
{
	struct conf_pos	 pos = x->t.pos;
	struct emit_mark mark = emit_mark(x->emit);
	enum code_op	 op = expr_is(x, "!") ? OP_NOT : OP_NEGATE;

	expr_next(x);
	parse_level(x, UNARY_LEVEL, a);
	if (x->failed)
		return;
	if (op == OP_NEGATE && a->kinds == KIND_ARRAY)
		expr_error(x, &a->pos, "unexpected array, expected a number");
	emit_op(x->emit, op, 0, 0, expr_pos(x, &pos));
	a->kinds = op == OP_NOT ? KIND_INTEGER : KIND_NUMBER;
	a->pos = pos;
	a->mark = mark;
	if (a->constant)
		expr_fold(x, a);
}

/* An operand, and operators of at least this level. */
static void
parse_level(struct expr *x, int level, struct operand *a)
{
	const struct operator	*o;

	memset(a, 0, sizeof(*a));
	a->kinds = KIND_ANY;
	if (++x->depth > EXPR_DEPTH_MAX) {
		expr_unexpected(x, "less deeply nested expressions");
		return;
	}
	if (expr_is(x, "!") || expr_is(x, "-"))
		parse_unary(x, a);
	else
		operand_parse(x, a);
	while (!x->failed && (o = operator_find(x)) != NULL &&
	    o->level >= level)
		parse_binary(x, o, a);
	x->depth--;
}

void
expr_parse(struct expr *x, struct operand *a)
{
	parse_level(x, 1, a);
}
