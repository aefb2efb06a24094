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
 * Rules: if E then E ... [else E], or one expression, as the value of a
 * setting.
 */

#include <stdlib.h>
#include <string.h>

#include "smtpd/base/xmem.h"
#include "smtpd/conf_expr.h"
#include "smtpd/conf_file.h"

/* What the setting is if this is reached. */
static void
rules_value(struct expr *x, struct operand *o)
{
	expr_parse(x, o);
	if (x->failed)
		return;
	result_check(x, o);
	emit_op(x->emit, OP_RETURN, 0, 0, expr_pos(x, &o->pos));
}

/* if E then E, without the 'if' in front. */
static void
rules_one(struct expr *x, const struct conf_pos *pos)
{
	struct operand	 o;
	uint32_t	 jump;

	emit_op(x->emit, OP_RULE, 0, 0, expr_pos(x, pos));
	expr_parse(x, &o);
	if (x->failed)
		return;
	jump = emit_jump(x->emit, OP_UNLESS, expr_pos(x, &o.pos));
	if (!expr_is_word(x, "then")) {
		expr_unexpected(x, "an operator or 'then'");
		return;
	}
	expr_next(x);
	rules_value(x, &o);
	emit_land(x->emit, jump);
}

/* No rule applies, and no 'else' says what then: false. */
static void
rules_no_else(struct expr *x)
{
	struct operand	 o;
	struct datum	 d = datum_integer(0);

	memset(&o, 0, sizeof(o));
	o.constant = 1;
	o.value = d;
	o.kinds = KIND_INTEGER;
	o.pos = x->pos;
	if (x->word->min > 0 && !x->wrong)
		expr_error(x, &x->pos, "no 'else': where no rule applies the "
		    "value is 0, expected 'else' and a value for '%s'",
		    x->word->name);
	(void)emit_const(x->emit, &d, expr_pos(x, &x->pos));
	emit_op(x->emit, OP_RETURN, 0, 0, expr_pos(x, &x->pos));
}

static void
rules_list(struct expr *x)
{
	struct conf_pos	 pos;
	struct operand	 o;

	for (;;) {
		pos = x->t.pos;
		expr_next(x);
		rules_one(x, &pos);
		if (x->failed)
			return;
		if (!expr_is_word(x, "else") && !expr_is_word(x, "if"))
			break;
		if (expr_is_word(x, "if"))
			continue;
		pos = x->t.pos;
		expr_next(x);
		if (expr_is_word(x, "if"))
			continue;
		emit_op(x->emit, OP_RULE, 0, 0, expr_pos(x, &pos));
		rules_value(x, &o);
		if (!x->failed && x->t.kind != LEX_END)
			expr_unexpected(x, "an operator, or the end of the "
			    "statement");
		return;
	}
	if (x->t.kind != LEX_END)
		expr_unexpected(x, "an operator, 'if', 'else' or the end of "
		    "the statement");
	else
		rules_no_else(x);
}

static void
rules_expression(struct expr *x)
{
	struct operand	 o;

	emit_op(x->emit, OP_RULE, 0, 0, expr_pos(x, &x->t.pos));
	rules_value(x, &o);
	if (!x->failed && x->t.kind != LEX_END)
		expr_unexpected(x, "an operator, or the end of the "
		    "statement");
}

/* All has been read and is right: a constant if it can be one. */
static void
rules_finish(struct expr *x, struct setting *s)
{
	struct emit_mark	 start = { 0, 0, 0 };
	struct datum		 d;
	enum run_fault		 fault = FAULT_NONE;
	char			 why[64];

	if (!x->reads && (fault = emit_run(x->emit, start, &d)) == FAULT_NONE) {
		result_store(x, &d, s);
		return;
	}
	if (fault != FAULT_NONE) {
		expr_error(x, &x->pos, "this has no value (%s), expected one",
		    run_fault_text(fault));
		return;
	}
	if ((s->code = emit_finish(x->emit, why, sizeof(why))) == NULL) {
		expr_error(x, &x->pos, "%s, expected less", why);
		return;
	}
	s->kind = SETTING_PROGRAM;
	s->source = xstrdup(x->source);
}

static void
rules_begin(struct expr *x, struct conf_parse *p, const struct conf_word *w)
{
	memset(x, 0, sizeof(*x));
	x->p = p;
	x->word = w;
	x->stage = word_stage(w);
	x->emit = emit_new();
	x->t.kind = LEX_NEWLINE;
	expr_next(x);
	x->pos = x->t.pos;
}

int
rules_parse(struct conf_parse *p, const struct conf_word *w,
    struct setting *s)
{
	struct expr	 x;

	rules_begin(&x, p, w);
	if (expr_is_word(&x, "if"))
		rules_list(&x);
	else
		rules_expression(&x);
	if (!x.wrong)
		rules_finish(&x, s);
	else if (x.failed)
		lex_unget(p);		/* the scanner skips from there */
	emit_free(x.emit);
	free(x.source);
	return (x.wrong ? -1 : 0);
}

/* A word that no constant of the setting can be. */
static int
ahead_word(const struct conf_word *w, const char *text)
{
	size_t	 n = strspn(text, "-");

	if (scan_is_rule_word(text) || name_find_var(text) != VAR_COUNT ||
	    name_find_func(text) != FUNC_COUNT)
		return (1);
	return (w->type != TYPE_DIRECTORY && (strpbrk(text + n, "+-*/") !=
	    NULL || n > 1));
}

static int
ahead_first(const struct conf_word *w, const struct lex_token *t)
{
	if (t->kind == LEX_WORD)
		return (ahead_word(w, t->text));
	return (t->kind == LEX_PUNCT && strchr("{}", t->text[0]) == NULL);
}

int
rules_ahead(struct conf_parse *p, const struct conf_word *w)
{
	struct conf_spot	 here = p->file->here;
	struct lex_token	 t;
	int			 quiet = p->quiet, ahead;

	p->quiet = 2;
	lex_next(p, &t);
	ahead = ahead_first(w, &t);
	if (t.kind == LEX_NEWLINE) {
		while (t.kind == LEX_NEWLINE)
			lex_next(p, &t);
		ahead = t.kind == LEX_WORD && strcmp(t.text, "if") == 0;
	} else if (!ahead && (t.kind == LEX_WORD || t.kind == LEX_STRING)) {
		/* behind a constant there is nothing */
		do
			lex_next(p, &t);
		while (t.kind == LEX_NEWLINE);
		ahead = (t.kind == LEX_PUNCT &&
		    strchr("{}", t.text[0]) == NULL) ||
		    (t.kind == LEX_WORD && scan_is_operator(t.text));
	}
	p->file->here = here;
	p->quiet = quiet;
	return (ahead);
}
