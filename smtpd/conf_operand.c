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
 * Operands of expressions: constants, variables, calls, arrays.
 */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/xmem.h"
#include "smtpd/conf_expr.h"
#include "smtpd/conf_file.h"
#include "smtpd/script/script.h"

#define OPERAND		"a value, a name, '(' or '['"

static void
operand_constant(struct expr *x, struct operand *o, struct datum d)
{
	o->constant = 1;
	o->kinds = 1u << d.type;
	o->value = emit_const(x->emit, &d, expr_pos(x, &o->pos));
}

int
expr_number(const char *text, struct datum *d)
{
	int64_t	 n;

	*d = datum_string(text, strlen(text));
	if (datum_text_is_number(d->string, d->len)) {
		*d = datum_number(d);
		/* a whole number that 64 bits do not hold is none */
		return (d->type == DATUM_FLOAT && strchr(text, '.') == NULL ?
		    -1 : 0);
	}
	if (value_duration(text, &n) == -1 && value_size(text, &n) == -1)
		return (-1);
	*d = datum_integer(n);
	return (0);
}

static void
operand_number(struct expr *x, struct operand *o)
{
	struct datum	 d;

	if (expr_number(x->t.text, &d) == 0)
		operand_constant(x, o, d);
	else
		expr_error(x, &o->pos, "unexpected '%s', expected a number, "
		    "as in 25 2.5 500ms 5s 10m 1h 2d 50M, or quotes around "
		    "text", conf_show(x->p, x->t.text));
	expr_next(x);
}

static void
operand_string(struct expr *x, struct operand *o)
{
	size_t	 len = strlen(x->t.text);

	if (len > CONF_STRING_MAX) {
		expr_error(x, &o->pos, "string too long, expected at most %d "
		    "octets in an expression", CONF_STRING_MAX);
		len = 0;
	}
	operand_constant(x, o, datum_string(x->t.text, len));
	expr_next(x);
}

/* $name, where a number stands for itself and all else is a string. */
static void
operand_macro(struct expr *x, struct operand *o)
{
	struct datum	 d;

	if (expr_number(x->t.text, &d) == -1)
		d = datum_string(x->t.text, strlen(x->t.text));
	operand_constant(x, o, d);
	expr_next(x);
}

static void
operand_capture(struct expr *x, struct operand *o)
{
	int64_t	 n;

	if (value_number(x->t.text, &n) == -1 || n >= CODE_CAPTURES) {
		expr_error(x, &o->pos, "unexpected '$%s', expected $0 to $%d",
		    conf_show(x->p, x->t.text), CODE_CAPTURES - 1);
		n = 0;
	}
	o->kinds = KIND_STRING;
	emit_op(x->emit, OP_CAPTURE, 0, (uint32_t)n, expr_pos(x, &o->pos));
	expr_next(x);
}

/* Behind the '[', up to the ']'; all of them are kept in values. */
static unsigned int
array_elements(struct expr *x, struct datum **values, int *constant)
{
	struct operand	 o;
	unsigned int	 n = 0;

	expr_next(x);
	while (!x->failed && (n > 0 || !expr_is(x, "]"))) {
		expr_parse(x, &o);
		if (!x->failed && o.kinds == KIND_ARRAY)
			expr_error(x, &o.pos, "unexpected array in an array, "
			    "expected a string or a number");
		*constant &= o.constant;
		if (n == CODE_ARRAY_MAX)
			expr_unexpected(x, "fewer elements");
		*values = xreallocarray(*values, n + 1, sizeof(**values));
		(*values)[n++] = o.value;
		if (x->failed || !expr_is(x, ","))
			break;
		expr_next(x);
	}
	if (!x->failed)
		(void)expr_must(x, "]", "an operator, ',' or ']'");
	return (n);
}

static void
operand_array(struct expr *x, struct operand *o)
{
	struct datum	*values = NULL, d = { .type = DATUM_ARRAY };
	int		 constant = 1;

	d.len = array_elements(x, &values, &constant);
	o->kinds = KIND_ARRAY;
	if (constant && !x->failed) {
		emit_back(x->emit, o->mark);
		d.array = values;
		operand_constant(x, o, d);
	} else if (!x->failed && d.len > CODE_STACK_MAX / 2)
		expr_error(x, &o->pos, "%u elements that are not all "
		    "constant, expected at most %d", d.len,
		    CODE_STACK_MAX / 2);
	else
		emit_op(x->emit, OP_ARRAY, d.len, 0, expr_pos(x, &o->pos));
	free(values);
}

/*
 * authenticated-as is a subtraction to the grammar, which nobody means: a
 * name that would be known with '_' in place of '-'.
 */
static const char *
operand_hyphens(struct expr *x)
{
	struct conf_file	*f = x->p->file;
	const char		*s = f->text + f->mark.at;
	size_t			 i, len, left = f->len - f->mark.at;
	char			*name;

	for (len = 0; len < left && ((unsigned char)s[len] < 0x80 &&
	    (isalnum((unsigned char)s[len]) || s[len] == '_' ||
	    s[len] == '.' || s[len] == '-')); len++)
		;
	if (memchr(s, '-', len) == NULL)
		return (NULL);
	name = conf_keep_text(x->p, s, len);
	for (i = 0; i < len; i++)
		if (name[i] == '-')
			name[i] = '_';
	return (expr_is_name(x, name) ? name : NULL);
}

/* The hyphens of a name that was meant are no operators. */
static void
operand_skip(struct expr *x, const char *name)
{
	struct conf_file	*f = x->p->file;

	f->here.column += (int)(f->mark.at + strlen(name) - f->here.at);
	f->here.at = f->mark.at + strlen(name);
	expr_next(x);
}

static void
operand_variable(struct expr *x, struct operand *o, enum code_var var)
{
	const struct name_var	*v = name_var(var);

	if (v->stage > x->stage)
		expr_error(x, &o->pos, "'%s' is not known %s, when '%s' is "
		    "evaluated, expected one of %s", v->name,
		    name_stage(x->stage), x->word->name, expr_names(x));
	o->kinds = v->types;
	x->reads = 1;
	emit_op(x->emit, OP_VAR, 0, (uint32_t)var, expr_pos(x, &o->pos));
	expr_next(x);
}

static void
operand_own(struct expr *x, struct operand *o, unsigned int kinds)
{
	const struct script_place	 place = { o->pos.file, o->pos.line,
					    o->pos.column };

	o->kinds = kinds;
	x->reads = 1;
	x->own->write(x->own->arg, x->t.text, &place);
	expr_next(x);
}

/* Does '(' stand behind the token? */
static int
operand_is_called(const struct expr *x)
{
	const struct conf_file	*f = x->p->file;
	size_t			 at = f->here.at;

	while (at < f->len && (f->text[at] == ' ' || f->text[at] == '\t' ||
	    f->text[at] == '\r' || f->text[at] == '\n'))
		at++;
	return (at < f->len && f->text[at] == '(');
}

static void
operand_unknown(struct expr *x, struct operand *o, const char *meant)
{
	char		*shown;
	const char	*name = x->t.text;

	if (meant != NULL) {
		shown = conf_keep_text(x->p, x->p->file->text +
		    x->p->file->mark.at, strlen(meant));
		expr_error(x, &o->pos, "unknown name '%s', expected '%s'",
		    conf_show(x->p, shown), meant);
		operand_skip(x, meant);
	} else {
		expr_unknown(x, &o->pos, name);
		expr_next(x);
	}
	/* what stands in its parentheses may be wrong too */
	if (expr_is(x, "("))
		call_parse(x, FUNC_COUNT, o);
	o->kinds = KIND_ANY;
}

static void
operand_function(struct expr *x, struct operand *o, enum code_func func)
{
	expr_next(x);
	if (expr_is(x, "("))
		call_parse(x, func, o);
	else
		expr_unexpected(x, "'(' behind the name of a function");
}

/* A script's variable may have the name of a function. */
static void
operand_name(struct expr *x, struct operand *o)
{
	const char	*name = x->t.text, *meant;
	enum code_func	 func = name_find_func(name);
	enum code_var	 var = expr_var(x, name);
	unsigned int	 kinds;

	if (expr_is_own(x, name, &kinds) && (func == FUNC_COUNT ||
	    !operand_is_called(x)))
		operand_own(x, o, kinds);
	else if ((meant = operand_hyphens(x)) != NULL)
		operand_unknown(x, o, meant);
	else if (strcmp(name, "true") == 0 || strcmp(name, "false") == 0) {
		operand_constant(x, o, datum_integer(name[0] == 't'));
		expr_next(x);
	} else if (scan_is_rule_word(name))
		expr_unexpected(x, OPERAND);
	else if (var != VAR_COUNT)
		operand_variable(x, o, var);
	else if (func != FUNC_COUNT)
		operand_function(x, o, func);
	else
		operand_unknown(x, o, NULL);
}

/* x[n], as often as it stands there. */
static void
operand_index(struct expr *x, struct operand *o)
{
	struct operand	 n;
	struct conf_pos	 pos;

	while (!x->failed && expr_is(x, "[")) {
		pos = x->t.pos;
		if (!(o->kinds & KIND_ARRAY))
			expr_error(x, &pos, "unexpected '[' behind a %s, "
			    "expected an array", expr_kinds(o->kinds));
		expr_next(x);
		expr_parse(x, &n);
		if (x->failed || expr_must(x, "]", "']'") == -1)
			return;
		if (n.kinds == KIND_ARRAY)
			expr_error(x, &n.pos, "unexpected array, expected a "
			    "number");
		emit_op(x->emit, OP_INDEX, 0, 0, expr_pos(x, &pos));
		o->kinds = KIND_SCALAR;
		if (o->constant && n.constant)
			expr_fold(x, o);
		else
			o->constant = 0;
	}
}

static void
operand_parens(struct expr *x, struct operand *o)
{
	struct conf_pos	 pos = o->pos;

	expr_next(x);
	expr_parse(x, o);
	o->pos = pos;
	if (!x->failed)
		(void)expr_must(x, ")", "an operator or ')'");
}

void
operand_parse(struct expr *x, struct operand *o)
{
	o->pos = x->t.pos;
	o->mark = emit_mark(x->emit);
	if (x->t.kind == LEX_STRING)
		operand_string(x, o);
	else if (x->t.kind == LEX_NUMBER)
		operand_number(x, o);
	else if (x->t.kind == LEX_MACRO)
		operand_macro(x, o);
	else if (x->t.kind == LEX_CAPTURE)
		operand_capture(x, o);
	else if (x->t.kind == LEX_WORD)
		operand_name(x, o);
	else if (expr_is(x, "("))
		operand_parens(x, o);
	else if (expr_is(x, "["))
		operand_array(x, o);
	else
		expr_unexpected(x, OPERAND);
	operand_index(x, o);
}
