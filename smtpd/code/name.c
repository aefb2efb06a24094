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
 * The tables of names.
 */

#include <string.h>
#include <strings.h>

#include "smtpd/code/name.h"

#define ENVELOPE	"envelope."

#define VAR_ROW(var, name, stage, types)				\
	[var] = { name, stage, types },
#define FUNC_ROW(func, name, params, gives, kind)			\
	[func] = { name, params, gives, kind },

static const struct name_var	 vars[VAR_COUNT] = {
	CODE_VARS(VAR_ROW)
};

static const struct name_func	 funcs[FUNC_COUNT] = {
	CODE_FUNCS(FUNC_ROW)
};

enum code_var
name_find_var(const char *name)
{
	unsigned int	 i;

	for (i = 0; i < VAR_COUNT; i++)
		if (strcmp(vars[i].name, name) == 0)
			break;
	return ((enum code_var)i);
}

int
name_is_envelope(enum code_var var)
{
	return (strncmp(vars[var].name, ENVELOPE, sizeof(ENVELOPE) - 1) ==
	    0);
}

enum code_var
name_envelope(const char *part, size_t len)
{
	const char	*name;
	unsigned int	 i;

	for (i = 0; i < VAR_COUNT; i++) {
		name = vars[i].name;
		if (strncmp(name, ENVELOPE, sizeof(ENVELOPE) - 1) != 0)
			continue;
		name += sizeof(ENVELOPE) - 1;
		if (strlen(name) == len && strncasecmp(name, part, len) == 0)
			break;
	}
	return ((enum code_var)i);
}

enum code_func
name_find_func(const char *name)
{
	unsigned int	 i;

	for (i = 0; i < FUNC_COUNT; i++)
		if (funcs[i].kind != FUNC_SCRIPT &&
		    strcmp(funcs[i].name, name) == 0)
			break;
	return ((enum code_func)i);
}

const struct name_var *
name_var(enum code_var var)
{
	return (&vars[var]);
}

const struct name_func *
name_func(enum code_func func)
{
	return (&funcs[func]);
}

unsigned int
name_func_min(enum code_func func)
{
	return ((unsigned int)strcspn(funcs[func].params, "?"));
}

unsigned int
name_func_max(enum code_func func)
{
	const char	*params = funcs[func].params;

	return ((unsigned int)strlen(params) -
	    (strchr(params, '?') != NULL));
}

char
name_func_param(enum code_func func, unsigned int n)
{
	return (funcs[func].params[n + (n >= name_func_min(func))]);
}

const char *
name_stage(enum code_stage stage)
{
	static const char *const	 names[STAGE_COUNT] = {
		[STAGE_SESSION]	= "at EHLO",
		[STAGE_MAIL]	= "at MAIL",
		[STAGE_RCPT]	= "at RCPT",
		[STAGE_SCRIPT]	= "in scripts",
	};

	return (names[stage]);
}
