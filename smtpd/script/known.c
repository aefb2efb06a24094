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
 * What the server knows: the variables env. and envelope.
 */

#include <string.h>
#include <strings.h>

#include "smtpd/script/compile.h"

#define ENV		"env."

/* What the server knows, and what it is. */
static const struct {
	const char	*name;
	enum code_var	 var;		/* or VAR_COUNT: an item of RFC 5183 */
} environment[] = {
	{ ENV "remote_ip",		VAR_REMOTE_IP },
	{ ENV "remote_ip.reverse",	VAR_REMOTE_IP },
	{ ENV "remote_port",		VAR_REMOTE_PORT },
	{ ENV "local_ip",		VAR_LOCAL_IP },
	{ ENV "local_port",		VAR_LOCAL_PORT },
	{ ENV "helo_domain",		VAR_HELO_DOMAIN },
	{ ENV "authenticated_as",	VAR_AUTHENTICATED_AS },
	{ ENV "listener",		VAR_LISTENER },
	{ ENV "tls.version",		VAR_TLS_VERSION },
	{ ENV "tls.cipher",		VAR_TLS_CIPHER },
	{ ENV "stage",			VAR_ENV_STAGE },
	{ ENV "now",			VAR_ENV_NOW },
	{ ENV "host",			VAR_ENV_HOST },
	{ ENV "domain",			VAR_COUNT },
	{ ENV "name",			VAR_COUNT },
	{ ENV "version",			VAR_COUNT },
	{ ENV "location",			VAR_COUNT },
	{ ENV "phase",			VAR_COUNT },
};

#define ENVIRONMENT_COUNT	(sizeof(environment) / sizeof(environment[0]))

static int
is(const char *s, size_t len, const char *name)
{
	return (strlen(name) == len && strncasecmp(s, name, len) == 0);
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
void
known_environment(struct compile *c, const char *s, size_t len,
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

void
known_envelope(struct compile *c, const char *s, size_t len,
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

unsigned int
known_kinds(const char *s, size_t len)
{
	size_t	 i = find_environment(s, len);

	if (i == ENVIRONMENT_COUNT)
		return (0);
	/* remote_ip.reverse is a string, as the address is */
	return (environment[i].var == VAR_COUNT ? KIND_STRING :
	    name_var(environment[i].var)->types);
}

const char *
known_nth(unsigned int n)
{
	size_t	 i;

	for (i = 0; i < VAR_COUNT; i++)
		if (name_is_envelope((enum code_var)i) && n-- == 0)
			return (name_var((enum code_var)i)->name);
	return (n < ENVIRONMENT_COUNT ? environment[n].name : NULL);
}
