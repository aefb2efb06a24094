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
 * Variables: a script's own, those of all scripts (RFC 6609 3.4), what a
 * match has found, and what the server knows.
 */

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "smtpd/base/xmem.h"
#include "smtpd/code/script_op.h"
#include "smtpd/script/compile.h"
#include "smtpd/sieve/varname.h"

/* For "%.*s": a name of a message. */
#define SHOW(len)	((int)((len) > 64 ? 64 : (len)))

#define ENV		"env."

/* What the server knows, and what it is. */
static const struct {
	const char	*name;
	enum code_var	 var;		/* or VAR_COUNT: an item of RFC 5183 */
} environment[] = {
	{ ENV "remote_ip",	VAR_REMOTE_IP },
	{ ENV "remote_ip.reverse", VAR_REMOTE_IP },
	{ ENV "remote_port",	VAR_REMOTE_PORT },
	{ ENV "local_ip",	VAR_LOCAL_IP },
	{ ENV "local_port",		VAR_LOCAL_PORT },
	{ ENV "helo_domain",	VAR_HELO_DOMAIN },
	{ ENV "authenticated_as", VAR_AUTHENTICATED_AS },
	{ ENV "listener",	VAR_LISTENER },
	{ ENV "tls.version",	VAR_TLS_VERSION },
	{ ENV "tls.cipher",	VAR_TLS_CIPHER },
	{ ENV "stage",	VAR_ENV_STAGE },
	{ ENV "now",		VAR_ENV_NOW },
	{ ENV "host",		VAR_ENV_HOST },
	{ ENV "domain",		VAR_COUNT },
	{ ENV "name",		VAR_COUNT },
	{ ENV "version",		VAR_COUNT },
	{ ENV "location",		VAR_COUNT },
	{ ENV "phase",		VAR_COUNT },
};

#define ENVIRONMENT_COUNT	(sizeof(environment) / sizeof(environment[0]))

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

/* The item of RFC 5183 with that name, as a string. */
static void
write_item(struct compile *c, const char *name,
    const struct script_place *place)
{
	compile_string(c, name, strlen(name), place);
	compile_op(c, OP_ENVIRONMENT, 0, 0, place);
	compile_number(c, 0, place);
	compile_op(c, OP_INDEX, 0, 0, place);
}

/* Its index, or ENVIRONMENT_COUNT. */
static size_t
find_environment(const char *s, size_t len)
{
	size_t	 i;

	for (i = 0; i < ENVIRONMENT_COUNT; i++)
		if (is(s, len, environment[i].name + strlen(ENV)))
			break;
	return (i);
}

/* One that is not known is empty. */
static void
write_environment(struct compile *c, const char *s, size_t len,
    const struct script_place *place)
{
	size_t	 i = find_environment(s, len);

	if (i == ENVIRONMENT_COUNT)
		compile_string(c, "", 0, place);
	else if (environment[i].var == VAR_COUNT)
		write_item(c, environment[i].name + strlen(ENV), place);
	else
		compile_op(c, OP_VAR, 0, environment[i].var, place);
	if (is(s, len, "remote_ip.reverse"))
		compile_op(c, OP_CALL, 1, FUNC_IP_REVERSE_NAME, place);
}

static void
write_envelope(struct compile *c, const char *s, size_t len,
    const struct script_place *place)
{
	enum code_var	 var = name_envelope(s, len);

	if (var == VAR_COUNT) {
		compile_error(c, place, "unknown part of the envelope '%.*s', "
		    "expected from, to, auth, orcpt, envid or notify",
		    SHOW(len), s);
		var = VAR_ENVELOPE_FROM;
	}
	compile_op(c, OP_VAR, 0, var, place);
	/* addresses are compared as keys: of lower case */
	if (var == VAR_ENVELOPE_FROM || var == VAR_ENVELOPE_TO)
		compile_op(c, OP_CALL, 1, FUNC_TO_LOWERCASE, place);
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
		write_environment(c, v->name, v->namelen, place);
	else if (is_space(c, v, "envelope", CAP_ENVELOPE_NAMES))
		write_envelope(c, v->name, v->namelen, place);
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

static unsigned int
kinds_of_environment(const char *s, size_t len)
{
	size_t	 i = find_environment(s, len);

	if (i == ENVIRONMENT_COUNT)
		return (0);
	/* with more behind it, the variable goes through a function */
	return (environment[i].var == VAR_COUNT ? KIND_STRING :
	    name_var(environment[i].var)->types);
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
		return (kinds_of_environment(v->name, v->namelen));
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
	size_t			 i;

	for (v = c->unit->variables; v != NULL; v = v->next)
		if (c->kinds[v->local] != 0 && n-- == 0)
			return (v->name);
	for (i = 0; i < VAR_COUNT; i++)
		if (name_is_envelope((enum code_var)i) && n-- == 0)
			return (name_var((enum code_var)i)->name);
	return (n < ENVIRONMENT_COUNT ? environment[n].name : NULL);
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
