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
 * Names in expressions: which are known, and which was meant.
 */

#include <bsd/string.h>

#include <string.h>

#include "smtpd/conf_expr.h"
#include "smtpd/script/script.h"

/* What other settings call words that are values here. */
static const struct {
	const char	*text;
	const char	*meant;
} meant[] = {
	{ "yes",		"true" },
	{ "no",			"false" },
	{ "authenticated",	"!is_empty(authenticated_as)" },
	{ "address",		"rcpt" },
	{ "email",		"rcpt" },
	{ "recipient",		"rcpt" },
	{ "from",		"sender" },
};

enum code_var
expr_var(const struct expr *x, const char *name)
{
	enum code_var	 var;

	/* the address that a candidate is made of has more names */
	if (x->word->type == TYPE_CANDIDATE && (strcmp(name, "address") == 0 ||
	    strcmp(name, "email") == 0))
		return (VAR_RCPT);
	var = name_find_var(name);
	/* what scripts alone can see is their own */
	if (x->own != NULL && var != VAR_COUNT &&
	    name_var(var)->stage == STAGE_SCRIPT)
		return (VAR_COUNT);
	return (var);
}

int
expr_is_own(const struct expr *x, const char *name, unsigned int *kinds)
{
	return (x->own != NULL && x->own->is(x->own->arg, name, kinds));
}

int
expr_is_name(const struct expr *x, const char *name)
{
	unsigned int	 kinds;

	return (expr_is_own(x, name, &kinds) ||
	    expr_var(x, name) != VAR_COUNT ||
	    name_find_func(name) != FUNC_COUNT);
}

const char *
expr_names(struct expr *x)
{
	const struct name_var	*v;
	char			 buf[512] = "";
	unsigned int		 i;

	for (i = 0; i < VAR_COUNT; i++) {
		v = name_var((enum code_var)i);
		if (v->stage > x->stage)
			continue;
		if (buf[0] != '\0')
			(void)strlcat(buf, ", ", sizeof(buf));
		(void)strlcat(buf, v->name, sizeof(buf));
	}
	return (conf_keep_text(x->p, buf, strlen(buf)));
}

/* Of the script's own; *least is its distance then. */
static const char *
own_nearest(const struct expr *x, const char *text, size_t *least)
{
	const char	*name, *best = NULL;
	unsigned int	 i;

	for (i = 0; x->own != NULL &&
	    (name = x->own->nth(x->own->arg, i)) != NULL; i++)
		if (near_is_nearer(text, name, least))
			best = name;
	return (best);
}

static const char *
names_nearest(const struct expr *x, const char *text)
{
	const char	*best;
	size_t		 least = NEAR_NONE;
	unsigned int	 i;

	for (i = 0; i < sizeof(meant) / sizeof(meant[0]); i++)
		if (strcmp(text, meant[i].text) == 0)
			return (meant[i].meant);
	best = own_nearest(x, text, &least);
	if (x->word->type == TYPE_CANDIDATE &&
	    near_is_nearer(text, "address", &least))
		best = "address";
	for (i = 0; i < VAR_COUNT; i++)
		if (name_var((enum code_var)i)->stage <= x->stage &&
		    near_is_nearer(text, name_var((enum code_var)i)->name,
		    &least))
			best = name_var((enum code_var)i)->name;
	for (i = 0; i < FUNC_COUNT; i++)
		if (name_func((enum code_func)i)->kind != FUNC_SCRIPT &&
		    near_is_nearer(text, name_func((enum code_func)i)->name,
		    &least))
			best = name_func((enum code_func)i)->name;
	return (best);
}

void
expr_unknown(struct expr *x, const struct conf_pos *pos, const char *text)
{
	const char	*shown = conf_show(x->p, text), *nearest;

	if ((nearest = names_nearest(x, text)) != NULL)
		expr_error(x, pos, "unknown name '%s', expected '%s'", shown,
		    nearest);
	else
		expr_error(x, pos, "unknown name '%s', expected %sa "
		    "function, or one of %s, or quotes around text", shown,
		    x->own != NULL ? "a variable that is set above, " : "",
		    expr_names(x));
}
