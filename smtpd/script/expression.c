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
 * eval and let: the expressions of the configuration in a script.  Their
 * text is constant: what strangers say is a value, and never program.
 */

#include <stdlib.h>
#include <string.h>

#include "smtpd/base/xmem.h"
#include "smtpd/script/compile.h"
#include "smtpd/script/lex.h"
#include "smtpd/sieve/varname.h"

static int
is_name(void *arg, const char *name, unsigned int *kinds)
{
	const struct compile	*c = arg;
	struct varname		 v;

	(void)varname_read(name, strlen(name), &v);
	*kinds = name_kinds(c, &v);
	return (*kinds != 0);
}

static void
write_name(void *arg, const char *name, const struct script_place *place)
{
	struct varname	 v;

	(void)varname_read(name, strlen(name), &v);
	name_write(arg, &v, place);
}

static const char *
nth_name(void *arg, unsigned int n)
{
	return (name_nth(arg, n));
}

/*
 * Where each octet of the text stands.  Encoded characters have been
 * replaced: then it is the string as a whole.
 */
static struct script_place *
places_of(struct compile *c, const struct arg *a, const char *text,
    size_t len)
{
	struct script_place	*places;
	size_t			 i;

	places = xcalloc((len > a->len ? len : a->len) + 1,
	    sizeof(*places));
	if (len == a->len && memcmp(text, a->text, len) == 0)
		lexer_places(c->unit->source, a->raw, &a->place, places);
	else
		for (i = 0; i <= len; i++)
			places[i] = a->place;
	return (places);
}

/* Its value is on the stack, and of these kinds. */
static unsigned int
write_expression(struct compile *c, const struct arg *a)
{
	struct script_expression	 e = {
		.names = { c, is_name, write_name, nth_name }
	};
	struct script_place		*places;
	unsigned int			 kinds = KIND_SCALAR;
	char				*text;

	if (!text_is_constant(c, a)) {
		compile_error(c, &a->place, "unexpected '${...}' in an "
		    "expression, expected the name of the variable alone");
		compile_number(c, 0, &a->place);
		return (kinds);
	}
	if ((text = text_constant(c, a, &e.len)) == NULL)
		return (kinds);			/* it is constant */
	places = places_of(c, a, text, e.len);
	e.text = text;
	e.places = places;
	if (c->world->expression(c->world->arg, c->emit, &e, &kinds) == -1)
		c->nerrors++;			/* reported there */
	free(places);
	free(text);
	return (kinds);
}

void
test_eval(struct compile *c, const struct call *call)
{
	(void)write_expression(c, call->params[0]);	/* any is true or not */
	compile_op(c, OP_TRUTH, 0, 0, &call->node->place);
}

void
action_let(struct compile *c, const struct call *call)
{
	unsigned int	 kinds = write_expression(c, call->params[1]);

	name_set(c, call->params[0], kinds);
}
