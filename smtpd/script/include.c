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
 * Scripts in scripts, RFC 6609: the program of one stands in the program of
 * the other.
 */

#include <stdlib.h>
#include <string.h>

#include "smtpd/script/compile.h"

static int
is_name(const char *s, size_t len)
{
	size_t	 i;

	for (i = 0; i < len; i++)
		if ((unsigned char)s[i] < ' ' || s[i] == '/' ||
		    s[i] == 0x7f)
			return (0);
	return (len > 0);
}

/* Is it on its way already? */
static int
is_around(const struct compile *c, const struct script_source *s)
{
	const struct unit	*u;

	for (u = c->unit; u != NULL; u = u->outer)
		if (u->source == s)
			return (1);
	return (0);
}

static void
include_unit(struct compile *c, const struct call *call,
    const struct script_source *s)
{
	const struct script_place	*place = &call->node->place;
	struct variable			*flag;
	struct jump			*once = NULL;

	if ((flag = name_find(c->included, s->name, strlen(s->name))) ==
	    NULL)
		flag = name_add(c, &c->included, s->name, strlen(s->name));
	if (CALL_HAS(call, CLASS_ONCE)) {
		compile_op(c, OP_LOCAL, 0, flag->local, place);
		compile_op(c, OP_NOT, 0, 0, place);
		compile_jump(c, &once, OP_UNLESS, place);
	}
	compile_number(c, 1, place);
	compile_op(c, OP_SET, 0, flag->local, place);
	unit_write(c, s, place);
	compile_land(c, &once);
}

static void
include_name(struct compile *c, const struct call *call, const char *name,
    size_t len)
{
	const struct script_place	*place = &call->params[0]->place;
	const struct script_source	*s;

	if (!is_name(name, len)) {
		compile_error(c, place, "'%.64s' is no name of a script, "
		    "expected no '/' and no control characters", name);
		return;
	}
	if (strlen(name) != len ||
	    (s = c->world->find(c->world->arg, name)) == NULL) {
		if (!CALL_HAS(call, CLASS_OPTIONAL))
			compile_error(c, place, "there is no script '%.64s', "
			    "expected one, or ':optional'", name);
		return;
	}
	if (is_around(c, s)) {
		if (!CALL_HAS(call, CLASS_ONCE))
			compile_error(c, place, "script '%.64s' would include "
			    "itself, expected ':once'", name);
	} else if (c->depth > SCRIPT_INCLUDE_DEPTH ||
	    c->nunits > SCRIPT_INCLUDES_MAX)
		compile_error(c, place, "too many scripts included, expected "
		    "at most %d, and %d within each other",
		    SCRIPT_INCLUDES_MAX, SCRIPT_INCLUDE_DEPTH);
	else
		include_unit(c, call, s);
}

void
control_include(struct compile *c, const struct call *call)
{
	size_t	 len;
	char	*name;

	if ((name = text_constant(c, call->params[0], &len)) == NULL)
		return;
	include_name(c, call, name, len);
	free(name);
}
