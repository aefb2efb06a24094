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
 * Variables: a script's own, those of all scripts (RFC 6609 3.4), and what
 * a match has found.
 */

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "smtpd/base/xmem.h"
#include "smtpd/code/script_op.h"
#include "smtpd/script/compile.h"
#include "smtpd/sieve/varname.h"

static int
is(const char *s, size_t len, const char *name)
{
	return (strlen(name) == len && strncasecmp(s, name, len) == 0);
}

struct variable *
name_find(struct variable *v, const char *s, size_t len)
{
	for (; v != NULL; v = v->next)
		if (is(s, len, v->name))
			return (v);
	return (NULL);
}

struct variable *
name_add(struct compile *c, struct variable **list, const char *s, size_t len)
{
	struct variable	*v = xcalloc(1, sizeof(*v));

	v->name = xstrndup(s, len);
	v->local = compile_local(c);
	v->next = *list;
	*list = v;
	return (v);
}

static uint32_t
global_local(struct compile *c, const char *s, size_t len)
{
	struct variable	*v = name_find(c->globals, s, len);

	return ((v != NULL ? v : name_add(c, &c->globals, s, len))->local);
}

uint32_t
name_variable(struct compile *c, const char *s, size_t len,
    const struct script_place *place)
{
	struct variable	*v = name_find(c->unit->variables, s, len);

	if (v != NULL)
		return (v->local);
	if (++c->unit->nvariables == SCRIPT_VARIABLES_MAX + 1)
		compile_error(c, place, "too many variables, expected at most "
		    "%d in a script", SCRIPT_VARIABLES_MAX);
	return (name_add(c, &c->unit->variables, s, len)->local);
}

static void
write_group(struct compile *c, const struct varname *v,
    const struct script_place *place)
{
	uint32_t	 n = v->number;

	if (n >= CODE_CAPTURES) {
		compile_error(c, place, "no such part of a match as "
		    "'${%.*s}', expected ${0} to ${%d}", SHOW(v->namelen),
		    v->name, CODE_CAPTURES - 1);
		n = 0;
	}
	compile_op(c, OP_GROUP, c->unit->set, n, place);
}

/* Is it that namespace, and the script may use it? */
static int
is_space(const struct compile *c, const struct varname *v, const char *space,
    uint32_t caps)
{
	return (v->kind == VARNAME_SPACE && is(v->space, v->spacelen, space) &&
	    unit_has(c, caps));
}

/* Where ${global.name} is kept: RFC 6609 3.4. */
static int
is_global(const struct compile *c, const struct varname *v)
{
	return (is_space(c, v, "global", CAP(CAP_INCLUDE)) &&
	    memchr(v->name, '.', v->namelen) == NULL);
}

static void
write_space(struct compile *c, const struct varname *v,
    const struct script_place *place)
{
	if (is_space(c, v, "env", CAP_ENV))
		known_environment(c, v->name, v->namelen, place);
	else if (is_space(c, v, "envelope", CAP_ENVELOPE_NAMES))
		known_envelope(c, v->name, v->namelen, place);
	else if (is_global(c, v))
		compile_op(c, OP_LOCAL, 0, global_local(c, v->name,
		    v->namelen), place);
	else {
		compile_error(c, place, "unknown variables '%.*s.', expected "
		    "env., envelope. or global., and the extension that has "
		    "them", SHOW(v->spacelen), v->space);
		compile_string(c, "", 0, place);
	}
}

void
name_write(struct compile *c, const struct varname *v,
    const struct script_place *place)
{
	if (v->kind == VARNAME_SPACE)
		write_space(c, v, place);
	else if (v->kind == VARNAME_MATCH)
		write_group(c, v, place);
	else
		compile_op(c, OP_LOCAL, 0, name_variable(c, v->name,
		    v->namelen, place), place);
}

/* One that some path has not set is the empty string there. */
static unsigned int
kinds_of_local(const struct compile *c, const struct variable *v)
{
	return (v == NULL || c->kinds[v->local] == 0 ? 0 :
	    c->kinds[v->local] | KIND_STRING);
}

unsigned int
name_kinds(const struct compile *c, const struct varname *v)
{
	if (v->kind == VARNAME_PLAIN)
		return (kinds_of_local(c, name_find(c->unit->variables,
		    v->name, v->namelen)));
	if (is_space(c, v, "env", CAP_ENV))
		return (known_kinds(v->name, v->namelen));
	if (is_space(c, v, "envelope", CAP_ENVELOPE_NAMES))
		return (name_envelope(v->name, v->namelen) == VAR_COUNT ? 0 :
		    KIND_STRING);
	/* another script may have set it */
	if (is_global(c, v))
		return (kinds_of_local(c, name_find(c->globals, v->name,
		    v->namelen)) | KIND_STRING);
	return (0);
}

const char *
name_nth(const struct compile *c, unsigned int n)
{
	const struct variable	*v;

	for (v = c->unit->variables; v != NULL; v = v->next)
		if (c->kinds[v->local] != 0 && n-- == 0)
			return (v->name);
	return (known_nth(n));
}

static void
name_wrong(struct compile *c, const struct arg *a, const char *s)
{
	if (strncmp(s, "envelope.", 9) == 0)
		compile_error(c, &a->place, "'%.64s' cannot be set, expected "
		    "envelope.to or envelope.from, and require \"%s\"", s,
		    capability_name(CAP(CAP_RCPT)));
	else
		compile_error(c, &a->place, "no variable can be called "
		    "'%.64s', expected letters, digits and '_'", s);
}

static void
set_local(struct compile *c, const struct arg *a, uint32_t local,
    unsigned int kinds)
{
	compile_op(c, OP_SET, 0, local, &a->place);
	c->kinds[local] |= (uint8_t)kinds;
}

static void
set_envelope(struct compile *c, const struct arg *a, enum code_rewrite what,
    unsigned int kinds)
{
	if (kinds == KIND_ARRAY)
		compile_error(c, &a->place, "an array is no address, expected "
		    "a string");
	/* as lines, which are none either */
	if (kinds & KIND_ARRAY)
		compile_op(c, OP_JOIN, 1, 0, &a->place);
	compile_op(c, OP_REWRITE, 0, what, &a->place);
}

static void
set_space(struct compile *c, const struct arg *a, const struct varname *v,
    const char *s, unsigned int kinds)
{
	if (is_global(c, v))
		set_local(c, a, global_local(c, v->name, v->namelen), kinds);
	else if (is_space(c, v, "envelope", CAP_ENVELOPE_NAMES) &&
	    (is(v->name, v->namelen, "to") || is(v->name, v->namelen,
	    "from")))
		set_envelope(c, a, is(v->name, v->namelen, "to") ?
		    REWRITE_TO : REWRITE_FROM, kinds);
	else
		name_wrong(c, a, s);
}

void
name_set(struct compile *c, const struct arg *a, unsigned int kinds)
{
	struct varname	 v;
	size_t		 len;
	char		*s;

	if ((s = text_constant(c, a, &len)) == NULL)
		return;
	switch (varname_read(s, len, &v)) {
	case VARNAME_PLAIN:
		set_local(c, a, name_variable(c, v.name, v.namelen,
		    &a->place), kinds);
		break;
	case VARNAME_SPACE:
		set_space(c, a, &v, s, kinds);
		break;
	default:
		name_wrong(c, a, s);
		break;
	}
	free(s);
}

static void
global_one(struct compile *c, const struct arg *a)
{
	struct variable	*old;
	struct varname	 v;
	size_t		 len;
	uint32_t	 local;
	char		*s;

	if ((s = text_constant(c, a, &len)) == NULL)
		return;
	if (varname_read(s, len, &v) != VARNAME_PLAIN) {
		name_wrong(c, a, s);
		free(s);
		return;
	}
	local = global_local(c, s, len);
	c->kinds[local] |= KIND_STRING;
	if ((old = name_find(c->unit->variables, s, len)) == NULL) {
		(void)name_variable(c, s, len, &a->place);
		c->unit->variables->local = local;
	} else if (old->local != local)
		compile_error(c, &a->place, "'%.64s' is a variable of this "
		    "script already, expected 'global' in front", s);
	free(s);
}

void
name_global(struct compile *c, const struct call *call)
{
	const struct arg	*a = call->params[0];

	if (!unit_need(c, CAP(CAP_VARIABLES), "global", &call->node->place))
		return;
	if (a->kind == ARG_STRING)
		global_one(c, a);
	else
		for (a = a->items; a != NULL; a = a->next)
			global_one(c, a);
}
