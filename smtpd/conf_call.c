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
 * Calls of functions: how many arguments, and of what.
 */

#include <string.h>

#include "smtpd/code/func.h"
#include "smtpd/conf_expr.h"
#include "smtpd/msg/msg_dns.h"

#define ARGS_MAX	8		/* more than any function has */

static int
is_text(const struct operand *o, const char *text)
{
	return (o->value.type == DATUM_STRING &&
	    o->value.len == strlen(text) &&
	    memcmp(o->value.string, text, o->value.len) == 0);
}

static int
is_networks(const struct datum *d)
{
	uint32_t	 i;

	if (d->type != DATUM_ARRAY)
		return (func_is_network(d));
	for (i = 0; i < d->len; i++)
		if (!func_is_network(&d->array[i]))
			return (0);
	return (1);
}

/* Who says whether what is named is there. */
static conf_checker
refer(char param)
{
	if (param == 'd')
		return (conf_want_directory);
	return (param == 'i' ? conf_want_list : conf_want_store);
}

/* Is this constant what a parameter of this letter wants? */
static int
is_fit(struct expr *x, const struct operand *o, char param)
{
	const struct datum	*d = &o->value;

	switch (param) {
	case 'n':
		return (datum_is_number(d) || (d->type == DATUM_STRING &&
		    datum_text_is_number(d->string, d->len)));
	case 'c':
		return (is_networks(d));
	case 'p':
		return (is_text(o, "local") || is_text(o, "domain"));
	case 'e':
		return (d->type != DATUM_STRING || d->len > 0);
	case 'h':
		return (func_is_digest(d));
	case 't':
		return (d->type == DATUM_STRING &&
		    dns_type_find(d->string, d->len) != DNS_TYPE_COUNT);
	case 'd':
	case 'i':
	case 'k':
		if (d->type != DATUM_STRING)
			return (0);
		conf_refer(x->p, refer(param), conf_keep_text(x->p, d->string,
		    d->len), &o->pos);
		return (1);
	case 'b':
		if (d->type != DATUM_STRING)
			return (0);
		conf_refer(x->p, conf_want_sql, conf_keep_text(x->p,
		    d->string, d->len), &o->pos);
		return (1);
	case 'q':
		return (d->type == DATUM_STRING && d->len > 0);
	default:
		return (1);
	}
}

static const char *
param_text(char param)
{
	switch (param) {
	case 'n':
		return ("a number");
	case 'l':
		return ("an array");
	case 'c':
		return ("a network, as in '192.0.2.0/24', or an array of "
		    "them");
	case 'p':
		return ("'local' or 'domain'");
	case 'e':
		return ("a separator that is not empty");
	case 'h':
		return ("'md5', 'sha1', 'sha256' or 'sha512'");
	case 'd':
		return ("the name of a directory, or ''");
	case 'i':
		return ("the name of a list");
	case 'k':
		return ("the name of a store, or ''");
	case 't':
		return ("'A', 'AAAA', 'MX', 'TXT', 'PTR' or 'NS'");
	case 'b':
		return ("the name of an SQL store, or ''");
	case 'q':
		return ("a statement in SQL, which is a constant string");
	case 'r':
		return ("a regular expression, which is a constant");
	default:
		return ("a string or a number");
	}
}

static unsigned int
param_kinds(char param)
{
	switch (param) {
	case 'a':
	case 'c':
		return (KIND_ANY);
	case 'l':
		return (KIND_ARRAY);
	case 'r':
	case 'd':
	case 'i':
	case 'k':
	case 't':
	case 'b':
	case 'q':
		return (KIND_STRING);
	default:
		return (KIND_SCALAR);
	}
}

static void
call_check(struct expr *x, const struct operand *o, char param)
{
	if (x->wrong && o->kinds == KIND_ANY)
		return;			/* what it is is not known */
	if (param == 'b' && !o->constant)
		conf_refer(x->p, conf_want_sql, "", &o->pos);
	if ((o->kinds & param_kinds(param)) == 0 || (o->constant ?
	    !is_fit(x, o, param) : param == 'r' || param == 'q'))
		expr_error(x, &o->pos, "unexpected %s, expected %s",
		    expr_show(x, o), param_text(param));
}

/* The nth argument. */
static void
call_argument(struct expr *x, enum code_func func, unsigned int n,
    struct operand *args)
{
	unsigned int	 max = func == FUNC_COUNT ? 0 : name_func_max(func);
	struct operand	 more;

	expr_parse(x, n < max ? &args[n] : &more);
	if (x->failed)
		return;
	if (n < max)
		call_check(x, &args[n], name_func_param(func, n));
	else if (n == max && func != FUNC_COUNT)
		expr_error(x, &more.pos, "too many arguments, expected %u "
		    "for '%s'", max, name_func(func)->name);
	/* an expression is compiled, not pushed */
	if (func == FUNC_MATCHES && n == 0)
		emit_back(x->emit, args[0].mark);
}

/* Behind the '(', up to the ')'; returns how many there are. */
static unsigned int
call_arguments(struct expr *x, enum code_func func, struct operand *args)
{
	unsigned int	 n = 0;

	expr_next(x);
	if (!expr_is(x, ")"))
		for (;;) {
			call_argument(x, func, n++, args);
			if (x->failed || !expr_is(x, ","))
				break;
			expr_next(x);
		}
	if (!x->failed)
		(void)expr_must(x, ")", "an operator, ',' or ')'");
	return (n);
}

static void
call_matches(struct expr *x, const struct operand *source,
    const struct conf_pos *pos)
{
	char	 why[128];
	size_t	 at;

	if (!source->constant || source->value.type != DATUM_STRING)
		return;			/* reported */
	if (emit_pattern(x->emit, conf_keep_text(x->p, source->value.string,
	    source->value.len), expr_pos(x, pos), why, sizeof(why), &at) ==
	    -1)
		expr_error(x, &source->pos, "%s at offset %zu, expected a "
		    "regular expression", why, at);
}

/* All is there: the instruction, and what is known of its value. */
static void
call_emit(struct expr *x, enum code_func func, struct operand *args,
    unsigned int n, struct operand *o)
{
	const struct name_func	*f = name_func(func);
	unsigned int		 i;
	int			 constant = f->kind == FUNC_PURE;

	o->kinds = f->gives;
	if (func == FUNC_MATCHES) {
		call_matches(x, &args[0], &o->pos);
		return;
	}
	emit_op(x->emit, OP_CALL, n, (uint32_t)func, expr_pos(x, &o->pos));
	if (f->kind != FUNC_PURE)
		x->reads = 1;
	for (i = 0; i < n; i++)
		constant &= args[i].constant;
	if (constant)
		expr_fold(x, o);
}

void
call_parse(struct expr *x, enum code_func func, struct operand *o)
{
	struct operand	 args[ARGS_MAX];
	unsigned int	 n;

	memset(args, 0, sizeof(args));
	n = call_arguments(x, func, args);
	if (x->failed || func == FUNC_COUNT)
		return;
	if (n < name_func_min(func))
		expr_error(x, &o->pos, "too few arguments, expected %u for "
		    "'%s'", name_func_min(func), name_func(func)->name);
	else if (n <= name_func_max(func))
		call_emit(x, func, args, n, o);
}
