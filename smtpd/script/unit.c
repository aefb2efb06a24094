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
 * One script: what it requires, and what it may use.
 */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/script/compile.h"

int
unit_has(const struct compile *c, uint32_t caps)
{
	return (((c->unit->required | c->unit->maybe) & caps) != 0);
}

/* A fault that is met only if it is reached: RFC 5463 4. */
static void
write_fault(struct compile *c, const struct script_place *place,
    const char *what)
{
	compile_string(c, what, strlen(what), place);
	compile_op(c, OP_FAIL, 0, 0, place);
}

void
unit_unknown(struct compile *c, const struct script_place *place,
    const char *fmt, ...)
{
	char	 what[256];
	va_list	 ap;

	va_start(ap, fmt);
	(void)vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	if (unit_has(c, CAP(CAP_IHAVE)))
		write_fault(c, place, what);
	else
		compile_error(c, place, "%s", what);
}

int
unit_need(struct compile *c, uint32_t caps, const char *what,
    const struct script_place *place)
{
	const struct unit	*u = c->unit;
	unsigned int		 i;

	if (u->required & caps)
		return (1);
	for (i = 0; i < CAP_COUNT; i++)
		if (u->maybe & caps & CAP(i)) {
			compile_op(c, OP_NEED, 0, u->flags[i], place);
			return (1);
		}
	unit_unknown(c, place, "'%s' needs an extension, expected require "
	    "\"%s\"", what, capability_name(caps));
	return (0);
}

/* Octet for octet, and without variables, which are not required yet. */
static void
require_one(struct compile *c, const struct arg *a)
{
	enum capability	 cap = capability_find(a->text, a->len);

	if (cap == CAP_COUNT)
		compile_error(c, &a->place, "unknown extension '%.64s', "
		    "expected %s", a->text, capability_expected(a->text,
		    a->len));
	else
		c->unit->required |= CAP(cap);
}

void
unit_require(struct compile *c, const struct call *call)
{
	const struct arg	*a = call->params[0];

	if (c->unit->begun) {
		compile_error(c, &call->node->place, "'require' behind other "
		    "commands, expected it at the start");
		return;
	}
	if (a->kind == ARG_STRING)
		require_one(c, a);
	else
		for (a = a->items; a != NULL; a = a->next)
			require_one(c, a);
}

void
unit_write(struct compile *c, const struct script_source *s,
    const struct script_place *from)
{
	struct unit	 u;
	struct tree	 tree;
	struct variable	*v;

	memset(&u, 0, sizeof(u));
	u.outer = c->unit;
	u.source = s;
	u.set = c->nunits++;
	c->unit = &u;
	c->depth++;
	if (tree_read(&tree, s) == -1)
		compile_error(c, &tree.place, "%s", tree.why);
	else
		block_write(c, tree.commands);
	compile_land(c, &u.returns);
	tree_free(&tree);
	c->depth--;
	c->unit = u.outer;
	while ((v = u.variables) != NULL) {
		u.variables = v->next;
		free(v->name);
		free(v);
	}
}
