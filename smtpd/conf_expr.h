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
 * The compiler of expressions and rules (RCPT.md 7), from text to a program
 * of smtpd/code/:
 *
 *	conf_rules.c	a setting: rules, or one expression
 *	conf_expr.c	operators
 *	conf_operand.c	values, names, arrays
 *	conf_call.c	functions, and what their arguments may be
 *	conf_names.c	names, and what was meant by an unknown one
 *	conf_result.c	what the values of a setting may be
 *	conf_eval.c	one expression, of a script
 *
 * It reads once and writes at the same time.  What is constant is run at
 * once by the machine itself, so it cannot mean anything else later.
 */

#ifndef CONF_EXPR_H
#define CONF_EXPR_H

#include <stddef.h>

#include "smtpd/code/code.h"
#include "smtpd/code/emit.h"
#include "smtpd/code/name.h"
#include "smtpd/conf_parse.h"

struct script_expression;
struct script_names;

#define EXPR_DEPTH_MAX	40	/* of parentheses and operators in them */

struct expr {
	struct conf_parse	*p;
	const struct conf_word	*word;		/* the setting, or 'sieve' */
	const struct script_names *own;		/* of a script, or NULL */
	struct conf_pos		 pos;		/* of its value */
	enum code_stage		 stage;
	struct emit		*emit;
	struct lex_token	 t;		/* or LEX_END */
	int			 complete;	/* behind an operand */
	int			 parens;	/* and brackets, not closed */
	int			 depth;
	int			 failed;	/* reads no more */
	int			 wrong;		/* and reported: no program */
	int			 reads;		/* variables, or asks */
	char			*source;	/* without comments */
	size_t			 len, size;
};

/* A value on the stack, as far as it is known. */
struct operand {
	unsigned int		 kinds;		/* KIND_* that it may have */
	int			 constant;
	struct datum		 value;		/* when constant */
	struct conf_pos		 pos;
	struct emit_mark	 mark;		/* in front of its program */
};

/* conf_expr.c */
void	 expr_next(struct expr *);	/* t is done: on to the next one */
int	 expr_is(const struct expr *, const char *); /* that punctuation? */
int	 expr_is_word(const struct expr *, const char *);
/* Skip it if it is next, else report what was expected: -1. */
int	 expr_must(struct expr *, const char *, const char *expected);
void	 expr_unexpected(struct expr *, const char *expected);
void	 expr_error(struct expr *, const struct conf_pos *,
	    const char *, ...) __attribute__((format(printf, 3, 4)));
struct code_pos expr_pos(struct expr *, const struct conf_pos *);

/* A whole expression; its value is on the stack. */
void	 expr_parse(struct expr *, struct operand *);

/* All its operands are constant: replace the program by its value. */
void	 expr_fold(struct expr *, struct operand *);

/* "array" and the like, of KIND_*; with the value if it is known. */
const char *expr_kinds(unsigned int);
const char *expr_show(struct expr *, const struct operand *);

/* conf_operand.c: an operand with its index, without operators around */
void	 operand_parse(struct expr *, struct operand *);
/* "25", "2.5", "5s", "50M"; -1 when it is none of these. */
int	 expr_number(const char *, struct datum *);

/* conf_call.c: a function whose name and '(' have been read */
void	 call_parse(struct expr *, enum code_func, struct operand *);

/* conf_names.c: VAR_COUNT when there is no such variable for this setting */
enum code_var expr_var(const struct expr *, const char *);
int	 expr_is_name(const struct expr *, const char *);
/* Is it one of the script's own?  Then of which kinds its value may be. */
int	 expr_is_own(const struct expr *, const char *, unsigned int *kinds);
const char *expr_names(struct expr *);		/* all variables it knows */
void	 expr_unknown(struct expr *, const struct conf_pos *, const char *);

/*
 * conf_result.c: one of the values that the setting may have; and one that
 * is constant and the only one, kept in the setting.
 */
void	 result_check(struct expr *, const struct operand *);
void	 result_store(const struct expr *, const struct datum *,
	    struct setting *);

/* conf_eval.c: as struct script_world wants it; arg is the conf_parse. */
int	 conf_eval(void *arg, struct emit *, const struct script_expression *,
	    unsigned int *kinds);

#endif
