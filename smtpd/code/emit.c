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
 * A program under construction.
 */

#include <bsd/string.h>

#include <stdlib.h>
#include <string.h>

#include "smtpd/base/log.h"
#include "smtpd/base/wire.h"
#include "smtpd/base/xmem.h"
#include "smtpd/code/emit.h"
#include "smtpd/code/pattern.h"

struct emit {
	struct code	 code;		/* not verified */
	uint32_t	 size_insns, size_consts, size_patterns, size_files;
	void		**kept;		/* strings and arrays of constants */
	uint32_t	 nkept, size_kept;
};

struct emit *
emit_new(void)
{
	struct emit	*e = xcalloc(1, sizeof(*e));

	return (e);
}

static void
emit_clear(struct emit *e)
{
	struct emit_mark	 start = { 0, 0, 0 };
	uint32_t		 i;

	emit_back(e, start);
	for (i = 0; i < e->code.nfiles; i++)
		free(e->code.files[i]);
	e->code.nfiles = 0;
	for (i = 0; i < e->nkept; i++)
		free(e->kept[i]);
	e->nkept = 0;
}

void
emit_free(struct emit *e)
{
	if (e == NULL)
		return;
	emit_clear(e);
	free(e->code.insns);
	free(e->code.consts);
	free(e->code.sources);
	free(e->code.patterns);
	free(e->code.files);
	free(e->kept);
	free(e);
}

/* Room for one more in an array of n. */
static void *
emit_room(void *array, uint32_t n, uint32_t *size, size_t each)
{
	if (n < *size)
		return (array);
	*size = *size == 0 ? 16 : *size * 2;
	return (xreallocarray(array, *size, each));
}

static void *
emit_keep(struct emit *e, const void *data, size_t len)
{
	void	*copy = xcalloc(1, len + 1);

	if (len > 0)
		memcpy(copy, data, len);
	e->kept = emit_room(e->kept, e->nkept, &e->size_kept,
	    sizeof(*e->kept));
	e->kept[e->nkept++] = copy;
	return (copy);
}

uint16_t
emit_file(struct emit *e, const char *name)
{
	struct code	*c = &e->code;
	uint32_t	 i;

	for (i = 0; i < c->nfiles; i++)
		if (strncmp(c->files[i], name, CODE_FILE_MAX) == 0)
			return ((uint16_t)i);
	c->files = emit_room(c->files, c->nfiles, &e->size_files,
	    sizeof(*c->files));
	c->files[c->nfiles++] = xstrndup(name, CODE_FILE_MAX);
	return ((uint16_t)i);
}

void
emit_op(struct emit *e, enum code_op op, unsigned int n, uint32_t arg,
    struct code_pos pos)
{
	struct code		*c = &e->code;
	struct code_insn	*in;

	c->insns = emit_room(c->insns, c->ninsns, &e->size_insns,
	    sizeof(*c->insns));
	in = &c->insns[c->ninsns++];
	in->op = (uint8_t)op;
	in->n = (uint8_t)n;
	in->arg = arg;
	in->pos = pos;
}

/* The value, with all it points to the emitter's. */
static struct datum
emit_copy(struct emit *e, const struct datum *d)
{
	struct datum	 copy = *d, *elements;
	uint32_t	 i;

	if (d->type == DATUM_STRING)
		copy.string = emit_keep(e, d->string, d->len);
	if (d->type != DATUM_ARRAY)
		return (copy);
	elements = emit_keep(e, d->array, d->len * sizeof(*elements));
	copy.array = elements;
	for (i = 0; i < d->len; i++)
		elements[i] = emit_copy(e, &d->array[i]);
	return (copy);
}

struct datum
emit_const(struct emit *e, const struct datum *d, struct code_pos pos)
{
	struct code	*c = &e->code;
	struct datum	 copy = emit_copy(e, d);

	c->consts = emit_room(c->consts, c->nconsts, &e->size_consts,
	    sizeof(*c->consts));
	c->consts[c->nconsts] = copy;
	emit_op(e, OP_CONST, 0, c->nconsts++, pos);
	return (copy);
}

int
emit_pattern(struct emit *e, const char *source, struct code_pos pos,
    char *why, size_t whysize, size_t *at)
{
	struct code	*c = &e->code;
	struct pattern	*p;
	uint32_t	 size = e->size_patterns;

	if ((p = pattern_new(source, 0, why, whysize, at)) == NULL)
		return (-1);
	c->patterns = emit_room(c->patterns, c->npatterns, &size,
	    sizeof(*c->patterns));
	c->sources = emit_room(c->sources, c->npatterns, &e->size_patterns,
	    sizeof(*c->sources));
	c->patterns[c->npatterns] = p;
	c->sources[c->npatterns] = xstrdup(source);
	emit_op(e, OP_MATCH, 0, c->npatterns++, pos);
	return (0);
}

uint32_t
emit_jump(struct emit *e, enum code_op op, struct code_pos pos)
{
	emit_op(e, op, 0, 0, pos);
	return (e->code.ninsns - 1);
}

void
emit_land(struct emit *e, uint32_t jump)
{
	e->code.insns[jump].arg = e->code.ninsns;
}

struct emit_mark
emit_mark(const struct emit *e)
{
	struct emit_mark	 m = { e->code.ninsns, e->code.nconsts,
				    e->code.npatterns };

	return (m);
}

void
emit_back(struct emit *e, struct emit_mark m)
{
	struct code	*c = &e->code;

	c->ninsns = m.insns;
	c->nconsts = m.consts;
	while (c->npatterns > m.patterns) {
		c->npatterns--;
		pattern_free(c->patterns[c->npatterns]);
		free(c->sources[c->npatterns]);
	}
}

/* Those instructions alone, with an end: their jumps move with them. */
static void
emit_slice(const struct emit *e, struct emit_mark m, struct code *c)
{
	struct code_insn	*in;
	uint32_t		 i;

	*c = e->code;
	c->ninsns = e->code.ninsns - m.insns;
	c->insns = xcalloc(c->ninsns + 1, sizeof(*c->insns));
	memcpy(c->insns, e->code.insns + m.insns,
	    c->ninsns * sizeof(*c->insns));
	for (i = 0, in = c->insns; i < c->ninsns; i++, in++)
		if (in->op == OP_JUMP || in->op == OP_UNLESS ||
		    in->op == OP_AND || in->op == OP_OR)
			in->arg -= m.insns;
	if (c->ninsns == 0 || in[-1].op != OP_RETURN) {
		in->op = OP_RETURN;
		c->ninsns++;
	}
}

enum run_fault
emit_run(struct emit *e, struct emit_mark m, struct datum *value)
{
	const struct run_budget	 budget = { RUN_STEPS, RUN_MEMORY, 0, 0 };
	enum run_fault		 fault = FAULT_NONE;
	struct code		 c;
	struct run		*r;
	char			 where[8];

	emit_slice(e, m, &c);
	if (code_verify(&c) == -1) {
		free(c.insns);
		return (FAULT_MEMORY);	/* of the stack */
	}
	if ((r = run_new(&c, &budget, NULL, NULL)) == NULL)
		fatal("emit_run");
	if (run_go(r) == RUN_DONE)
		*value = emit_copy(e, run_value(r));
	else
		fault = run_fault(r, where, sizeof(where));
	run_free(r);
	free(c.insns);
	return (fault);
}

int
emit_depth(const struct emit *e, struct emit_mark m)
{
	struct code	 c;
	int		 ok;

	emit_slice(e, m, &c);
	ok = code_verify(&c);
	free(c.insns);
	return (ok);
}

/* Through the same door as in the process that runs it. */
struct code *
emit_finish(struct emit *e, char *why, size_t whysize)
{
	struct code	*code = NULL;
	struct wbuf	 w;
	struct rbuf	 r;

	wbuf_init(&w);
	if (e->code.nfiles == 0)
		(void)emit_file(e, "");
	code_put(&w, &e->code);
	if (!w.bad) {
		rbuf_init(&r, w.data, w.len);
		code = code_get(&r, CODE_CHECKED);
	}
	wbuf_free(&w);
	emit_clear(e);
	if (code == NULL)
		(void)strlcpy(why, "too large, or nested too deeply",
		    whysize);
	return (code);
}
