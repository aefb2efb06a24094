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
 * One run of the compiler: errors, instructions, start and end.
 */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/xmem.h"
#include "smtpd/script/compile.h"

#define LOCALS_MORE	64		/* at once */

void
compile_error(struct compile *c, const struct script_place *place,
    const char *fmt, ...)
{
	char	 what[512], *s;
	va_list	 ap;

	if (++c->nerrors > SCRIPT_ERRORS_MAX)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	/* what the script says may be anything */
	for (s = what; *s != '\0'; s++)
		if (*s < ' ' || *s > '~')
			*s = '?';
	c->world->report(c->world->arg, place, what);
}

struct code_pos
compile_pos(struct compile *c, const struct script_place *place)
{
	struct code_pos	 pos;

	pos.file = emit_file(c->emit, place->file);
	pos.line = (uint32_t)place->line;
	pos.column = (uint16_t)(place->column > UINT16_MAX ? UINT16_MAX :
	    place->column);
	return (pos);
}

void
compile_op(struct compile *c, enum code_op op, unsigned int n, uint32_t arg,
    const struct script_place *place)
{
	emit_op(c->emit, op, n, arg, compile_pos(c, place));
}

void
compile_number(struct compile *c, int64_t n, const struct script_place *place)
{
	struct datum	 d = datum_integer(n);

	(void)emit_const(c->emit, &d, compile_pos(c, place));
}

void
compile_string(struct compile *c, const char *s, size_t len,
    const struct script_place *place)
{
	struct datum	 d = datum_string(s, len);

	(void)emit_const(c->emit, &d, compile_pos(c, place));
}

uint32_t
compile_local(struct compile *c)
{
	if (c->nlocals % LOCALS_MORE == 0)
		c->kinds = xreallocarray(c->kinds, c->nlocals + LOCALS_MORE,
		    sizeof(*c->kinds));
	c->kinds[c->nlocals] = 0;
	return (c->nlocals++);
}

void
compile_jump(struct compile *c, struct jump **list, enum code_op op,
    const struct script_place *place)
{
	struct jump	*j = xcalloc(1, sizeof(*j));

	j->at = emit_jump(c->emit, op, compile_pos(c, place));
	j->next = *list;
	*list = j;
}

void
compile_land(struct compile *c, struct jump **list)
{
	struct jump	*j;

	while ((j = *list) != NULL) {
		*list = j->next;
		emit_land(c->emit, j->at);
		free(j);
	}
}

static void
free_all(struct compile *c)
{
	struct variable	*v;

	while ((v = c->globals) != NULL || (v = c->included) != NULL) {
		if (v == c->globals)
			c->globals = v->next;
		else
			c->included = v->next;
		free(v->name);
		free(v);
	}
	emit_free(c->emit);
	free(c->kinds);
}

struct code *
script_compile(const struct script_source *s, const struct script_world *w)
{
	struct compile	 c;
	struct code	*code = NULL;
	char		 why[64];

	memset(&c, 0, sizeof(c));
	c.world = w;
	c.emit = emit_new();
	unit_write(&c, s, &s->start);
	compile_land(&c, &c.stops);
	duplicate_end(&c, &s->start);
	compile_op(&c, OP_STOP, 0, 0, &s->start);
	if (c.nerrors == 0 && (c.nlocals > CODE_LOCALS_MAX ||
	    (code = emit_finish(c.emit, why, sizeof(why))) == NULL))
		compile_error(&c, &s->start, "program of '%s' too large, "
		    "expected a shorter script", s->name);
	free_all(&c);
	return (code);
}
