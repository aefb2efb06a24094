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
 * What the values of a setting may be.  Those that are known when the
 * configuration is read are checked then; the others where they are used.
 */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "smtpd/base/xmem.h"
#include "smtpd/conf_expr.h"
#include "smtpd/conf_sieve.h"
#include "smtpd/smtp/address.h"
#include "smtpd/smtp/sasl.h"

typedef void (*result_checker)(struct expr *, const struct operand *);

static void
result_error(struct expr *x, const struct operand *o, const char *expected)
{
	expr_error(x, &o->pos, "unexpected %s for '%s', expected %s",
	    expr_show(x, o), x->word->name, expected);
}

/* A number in the bounds of the setting. */
static void
check_number(struct expr *x, const struct operand *o)
{
	const struct conf_word	*w = x->word;
	char			 min[24], max[24], text[96];

	if (o->constant ? o->value.type == DATUM_INTEGER &&
	    o->value.integer >= w->min && o->value.integer <= w->max :
	    o->kinds != KIND_ARRAY)
		return;
	(void)snprintf(min, sizeof(min), "%" PRId64, w->min);
	(void)snprintf(max, sizeof(max), "%" PRId64, w->max);
	if (w->type == TYPE_DURATION) {
		(void)value_format_duration(w->min, min, sizeof(min));
		(void)value_format_duration(w->max, max, sizeof(max));
	} else if (w->type == TYPE_SIZE) {
		(void)value_format_size(w->min, min, sizeof(min));
		(void)value_format_size(w->max, max, sizeof(max));
	}
	(void)snprintf(text, sizeof(text), "a %s from %s to %s",
	    w->type == TYPE_DURATION ? "duration" :
	    w->type == TYPE_SIZE ? "size" : "number", min, max);
	result_error(x, o, text);
}

/* Everything is true or false; but 'no' in quotes would be true. */
static void
check_truth(struct expr *x, const struct operand *o)
{
	if (o->constant && o->value.type == DATUM_STRING &&
	    type_is_answer(conf_keep_text(x->p, o->value.string,
	    o->value.len)))
		result_error(x, o, "true or false, without quotes");
}

static int
is_address(const struct datum *d)
{
	struct address	 a;

	return (d->type == DATUM_STRING && address_parse(d->string, d->len,
	    ADDRESS_UTF8_OK, &a) == ADDRESS_OK);
}

static int
is_false(const struct datum *d)
{
	return (d->type == DATUM_INTEGER && d->integer == 0);
}

static int
is_empty_string(const struct datum *d)
{
	return (d->type == DATUM_STRING && d->len == 0);
}

/* An address to try, or which ones are tried by themselves. */
static void
check_candidate(struct expr *x, const struct operand *o)
{
	if (o->constant ? o->value.type == DATUM_INTEGER ||
	    is_empty_string(&o->value) || is_address(&o->value) :
	    o->kinds != KIND_ARRAY)
		return;
	result_error(x, o, "an address, true or false");
}

/* The null sender has no address; every recipient has one. */
static void
check_rewrite(struct expr *x, const struct operand *o)
{
	int	 null = x->word->block == BLOCK_MAIL;

	if (o->constant ? is_false(&o->value) || is_address(&o->value) ||
	    (null && is_empty_string(&o->value)) :
	    (o->kinds & (KIND_STRING | KIND_INTEGER)) != 0)
		return;
	result_error(x, o, null ? "an address, '' or false" :
	    "an address or false");
}

static void
check_directory(struct expr *x, const struct operand *o)
{
	const struct datum	*d = &o->value;

	if (o->constant ? is_false(d) || (d->type == DATUM_STRING &&
	    d->len > 0 && d->len <= SESSION_DIRECTORY_MAX) :
	    (o->kinds & (KIND_STRING | KIND_INTEGER)) != 0) {
		if (o->constant && d->type == DATUM_STRING)
			conf_refer(x->p, x->word->block == BLOCK_AUTH ?
			    conf_want_logins : conf_want_directory,
			    conf_keep_text(x->p, d->string, d->len), &o->pos);
		return;
	}
	result_error(x, o, "the name of a directory or false");
}

/* Names of mechanisms, as EHLO announces them. */
static void
check_mechanisms(struct expr *x, const struct operand *o)
{
	const struct datum	*d = &o->value;

	if (o->constant ? is_false(d) || (d->type == DATUM_STRING &&
	    sasl_parse_list(conf_keep_text(x->p, d->string, d->len)) >= 0) :
	    (o->kinds & (KIND_STRING | KIND_INTEGER)) != 0)
		return;
	result_error(x, o, "some of 'PLAIN LOGIN SCRAM-SHA-256', or false");
}

/* A list of what is constant is no key: it would be the same for all. */
static void
check_key(struct expr *x, const struct operand *o)
{
	if (o->constant && o->value.type == DATUM_ARRAY)
		result_error(x, o, "variables, or one value");
}

static void
check_script(struct expr *x, const struct operand *o)
{
	const struct datum	*d = &o->value;

	if (o->constant && d->type == DATUM_STRING)
		conf_refer(x->p, conf_want_script, conf_keep_text(x->p,
		    d->string, d->len), &o->pos);
	else if (o->constant ? !is_false(d) :
	    (o->kinds & (KIND_STRING | KIND_INTEGER)) == 0)
		result_error(x, o, "the name of a script or false");
}

void
result_check(struct expr *x, const struct operand *o)
{
	static const result_checker	 checkers[TYPE_COUNT_OF] = {
		[TYPE_NUMBER]		= check_number,
		[TYPE_DURATION]		= check_number,
		[TYPE_SIZE]		= check_number,
		[TYPE_FLAG]		= check_truth,
		[TYPE_LOGIN]		= check_truth,
		[TYPE_TRUTH]		= check_truth,
		[TYPE_CANDIDATE]	= check_candidate,
		[TYPE_REWRITE]		= check_rewrite,
		[TYPE_DIRECTORY]	= check_directory,
		[TYPE_MECHANISMS]	= check_mechanisms,
		[TYPE_KEY]		= check_key,
		[TYPE_SCRIPT]		= check_script,
	};

	/* of what is wrong itself nothing is known */
	if (!x->wrong || o->kinds != KIND_ANY)
		checkers[x->word->type](x, o);
}

void
result_store(const struct expr *x, const struct datum *d, struct setting *s)
{
	enum conf_type	 type = x->word->type;

	if (d->type == DATUM_STRING && (type == TYPE_CANDIDATE ||
	    type == TYPE_REWRITE || type == TYPE_DIRECTORY ||
	    type == TYPE_MECHANISMS || type == TYPE_KEY ||
	    type == TYPE_SCRIPT)) {
		s->kind = SETTING_STRING;
		s->string = xstrndup(d->string, d->len);
		return;
	}
	s->kind = SETTING_NUMBER;
	s->number = d->type == DATUM_INTEGER ? d->integer : datum_truth(d);
}
