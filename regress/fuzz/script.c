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
 * Fuzz target: the compiler of scripts, and the machine with what it makes.
 * A program that comes out passes the wall unchanged, and a run of it ends
 * within its budget, whatever it is told.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/wire.h"
#include "smtpd/code/code.h"
#include "smtpd/code/emit.h"
#include "smtpd/code/run.h"
#include "smtpd/script/script.h"

#define LOOKUPS		5

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static struct script_source	 self;

static void
report(void *arg, const struct script_place *place, const char *what)
{
	int	*n = arg;

	if (place->line < 1 || place->column < 1 || what[0] == '\0')
		abort();
	(*n)++;
}

/* It may include itself, and another one. */
static const struct script_source *
find(void *arg, const char *name)
{
	static const struct script_source	 other = {
		.name = "other", .start = { "other", 1, 1 },
		.text = "return; keep;", .len = 13
	};

	if (strcmp(name, "self") == 0)
		return (&self);
	return (strcmp(name, "other") == 0 ? &other : NULL);
}

static void
want(void *arg, enum script_want what, const char *name,
    const struct script_place *place)
{
}

static int
has_list(void *arg, const char *name)
{
	return (name[0] == 'l');
}

/* A name alone: what the text of expressions does, fuzz_eval knows. */
static int
expression(void *arg, struct emit *emit, const struct script_expression *e,
    unsigned int *kinds)
{
	const struct code_pos	 pos = { .line = 1, .column = 1 };
	struct datum		 d = datum_integer(1);
	const char		*name;
	unsigned int		 n;

	if (e->places[e->len].line < 1 || e->places[e->len].column < 1)
		abort();
	for (n = 0; (name = e->names.nth(e->names.arg, n)) != NULL; n++)
		if (!e->names.is(e->names.arg, name, kinds) || *kinds == 0)
			abort();
	if (e->names.is(e->names.arg, e->text, kinds))
		e->names.write(e->names.arg, e->text, e->places);
	else if (e->len == 1) {
		(void)emit_const(emit, &d, pos);
		*kinds = KIND_INTEGER;
	} else {
		report(arg, e->places, "no name, expected one");
		return (-1);
	}
	return (0);
}

static void
variable(void *arg, enum code_var var, struct datum *d)
{
	*d = datum_string("Some.One+x@Example.org", 22);
	if (var == VAR_ENV_SIZE || var == VAR_ENV_NOW)
		*d = datum_integer(1786953909);
}

static void
run_it(const struct code *code)
{
	const struct run_budget	 budget = { 20000, 256 * 1024, LOOKUPS, 1000 };
	struct datum		 answer = datum_string("x", 1);
	struct run_end		 end;
	struct run		*r;
	enum run_status		 status;
	char			 where[512];
	int			 n = 0;

	if ((r = run_new(code, &budget, variable, NULL)) == NULL)
		return;
	while ((status = run_go(r)) == RUN_ASKS_NOW) {
		if (n++ == LOOKUPS)
			abort();
		run_give(r, &answer);
	}
	if (status == RUN_DONE) {
		run_end(r, &end);
		if (end.verdict == RUN_REJECT && end.text.len > 0 &&
		    end.text.string == NULL)
			abort();
	} else if (run_fault(r, where, sizeof(where)) == FAULT_NONE)
		abort();
	run_free(r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char		 text[SCRIPT_SIZE_MAX + 2];
	int			 errors = 0;
	struct script_world	 world = {
		.delims = "+", .arg = &errors, .report = report,
		.find = find, .want = want, .has_list = has_list,
		.expression = expression
	};
	struct wbuf		 w, again;
	struct rbuf		 r;
	struct code		*code, *copy;

	if (size > SCRIPT_SIZE_MAX + 1)
		size = SCRIPT_SIZE_MAX + 1;
	memcpy(text, data, size);
	text[size] = '\0';
	self.name = self.start.file = "self";
	self.start.line = self.start.column = 1;
	self.text = text;
	self.len = size;
	code = script_compile(&self, &world);
	if ((code == NULL) != (errors > 0))
		abort();
	if (code == NULL)
		return (0);
	wbuf_init(&w);
	wbuf_init(&again);
	code_put(&w, code);
	rbuf_init(&r, w.data, w.len);
	if ((copy = code_get(&r, CODE_CHECKED)) == NULL || !copy->script)
		abort();
	code_put(&again, copy);
	if (again.len != w.len || memcmp(again.data, w.data, w.len) != 0)
		abort();
	run_it(copy);
	wbuf_free(&w);
	wbuf_free(&again);
	code_free(copy);
	code_free(code);
	return (0);
}
