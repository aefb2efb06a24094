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
 * Programs as octets, and their memory.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/wire.h"
#include "smtpd/base/xmem.h"
#include "smtpd/code/code.h"
#include "smtpd/code/datum_wire.h"
#include "smtpd/code/pattern.h"

void
code_put(struct wbuf *w, const struct code *c)
{
	const struct code_insn	*in;
	uint32_t		 i;

	wbuf_u32(w, c->nfiles);
	for (i = 0; i < c->nfiles; i++)
		wbuf_str(w, c->files[i]);
	wbuf_u32(w, c->nconsts);
	for (i = 0; i < c->nconsts; i++)
		datum_put(w, &c->consts[i]);
	wbuf_u32(w, c->npatterns);
	for (i = 0; i < c->npatterns; i++)
		wbuf_str(w, c->sources[i]);
	wbuf_u32(w, c->ninsns);
	for (i = 0, in = c->insns; i < c->ninsns; i++, in++) {
		wbuf_u8(w, in->op);
		wbuf_u8(w, in->n);
		wbuf_u32(w, in->arg);
		wbuf_u32(w, in->pos.line);
		wbuf_u16(w, in->pos.column);
		wbuf_u16(w, in->pos.file);
	}
}

/* A count of things of at least size octets each. */
static uint32_t
get_count(struct rbuf *r, uint32_t max, size_t size)
{
	uint32_t	 n = rbuf_u32(r);

	if (n > max || n > rbuf_left(r) / size) {
		rbuf_fail(r);
		return (0);
	}
	return (n);
}

static void
get_string(struct rbuf *r, struct datum *d)
{
	const void	*p;
	char		*copy;
	size_t		 len;

	if ((p = rbuf_data(r, &len, CODE_STRING_MAX)) == NULL)
		return;
	copy = xcalloc(1, len + 1);
	memcpy(copy, p, len);
	*d = datum_string(copy, len);
}

static void
get_scalar(struct rbuf *r, struct datum *d, uint8_t kind)
{
	uint64_t	 bits;
	double		 real;

	switch (kind) {
	case DATUM_STRING:
		get_string(r, d);
		return;
	case DATUM_INTEGER:
		*d = datum_integer((int64_t)rbuf_u64(r));
		return;
	case DATUM_FLOAT:
		bits = rbuf_u64(r);
		memcpy(&real, &bits, sizeof(real));
		*d = datum_float(real);
		if (d->real != real)
			rbuf_fail(r);
		return;
	default:
		rbuf_fail(r);
		return;
	}
}

static void
get_array(struct rbuf *r, struct datum *d)
{
	struct datum	*elements;
	uint32_t	 i, n;

	n = get_count(r, CODE_ARRAY_MAX, 5);
	elements = xcalloc(n == 0 ? 1 : n, sizeof(*elements));
	d->type = DATUM_ARRAY;
	d->array = elements;
	d->len = n;
	for (i = 0; i < n; i++)
		get_scalar(r, &elements[i], rbuf_u8(r, DATUM_FLOAT));
}

static void
get_datum(struct rbuf *r, struct datum *d)
{
	uint8_t	 kind = rbuf_u8(r, DATUM_TYPE_COUNT - 1);

	if (kind == DATUM_ARRAY)
		get_array(r, d);
	else
		get_scalar(r, d, kind);
}

static char **
get_texts(struct rbuf *r, uint32_t *n, uint32_t max, size_t len)
{
	char		**texts;
	uint32_t	  i;

	*n = get_count(r, max, 4);
	texts = xcalloc(*n == 0 ? 1 : *n, sizeof(*texts));
	for (i = 0; i < *n; i++)
		texts[i] = rbuf_strdup(r, len);
	return (texts);
}

static void
get_insns(struct rbuf *r, struct code *c)
{
	struct code_insn	*in;
	uint32_t		 i;

	c->ninsns = get_count(r, CODE_INSNS_MAX, 14);
	c->insns = xcalloc(c->ninsns == 0 ? 1 : c->ninsns, sizeof(*c->insns));
	for (i = 0, in = c->insns; i < c->ninsns; i++, in++) {
		in->op = rbuf_u8(r, OP_COUNT - 1);
		in->n = rbuf_u8(r, UINT8_MAX);
		in->arg = rbuf_u32(r);
		in->pos.line = rbuf_u32(r);
		in->pos.column = rbuf_u16(r);
		in->pos.file = rbuf_u16(r);
		if (in->pos.file >= c->nfiles)
			rbuf_fail(r);
	}
}

static void
get_patterns(struct rbuf *r, struct code *c, enum code_speed speed)
{
	char		 why[8];
	size_t		 at;
	uint32_t	 i;

	c->patterns = xcalloc(c->npatterns == 0 ? 1 : c->npatterns,
	    sizeof(*c->patterns));
	for (i = 0; i < c->npatterns && !r->bad; i++) {
		c->patterns[i] = pattern_new(c->sources[i],
		    speed == CODE_FAST, why, sizeof(why), &at);
		if (c->patterns[i] == NULL)
			rbuf_fail(r);
	}
}

struct code *
code_get(struct rbuf *r, enum code_speed speed)
{
	struct code	*c = xcalloc(1, sizeof(*c));
	uint32_t	 i;

	c->files = get_texts(r, &c->nfiles, CODE_FILES_MAX, CODE_FILE_MAX);
	c->nconsts = get_count(r, CODE_CONSTS_MAX, 5);
	c->consts = xcalloc(c->nconsts == 0 ? 1 : c->nconsts,
	    sizeof(*c->consts));
	for (i = 0; i < c->nconsts; i++)
		get_datum(r, &c->consts[i]);
	c->sources = get_texts(r, &c->npatterns, CODE_PATTERNS_MAX,
	    CODE_STRING_MAX);
	get_insns(r, c);
	if (!r->bad && code_verify(c) == -1)
		rbuf_fail(r);
	get_patterns(r, c, speed);
	if (!r->bad)
		return (c);
	code_free(c);
	return (NULL);
}

/* The strings of constants are the program's own. */
static void
free_datum(struct datum *d)
{
	struct datum	*elements;
	uint32_t	 i;

	if (d->type == DATUM_STRING)
		free((char *)(uintptr_t)d->string);
	if (d->type != DATUM_ARRAY)
		return;
	elements = (struct datum *)(uintptr_t)d->array;
	for (i = 0; i < d->len; i++)
		free_datum(&elements[i]);
	free(elements);
}

static void
free_texts(char **texts, uint32_t n)
{
	uint32_t	 i;

	for (i = 0; i < n; i++)
		free(texts[i]);
	free(texts);
}

void
code_free(struct code *c)
{
	uint32_t	 i;

	if (c == NULL)
		return;
	for (i = 0; i < c->nconsts; i++)
		free_datum(&c->consts[i]);
	if (c->patterns != NULL)
		for (i = 0; i < c->npatterns; i++)
			pattern_free(c->patterns[i]);
	free_texts(c->files, c->nfiles);
	free_texts(c->sources, c->npatterns);
	free(c->consts);
	free(c->patterns);
	free(c->insns);
	free(c);
}

const char *
code_where(const struct code *c, size_t insn, char *buf, size_t size)
{
	const struct code_pos	*pos = &c->insns[insn].pos;

	(void)snprintf(buf, size, "%s:%" PRIu32 ":%u", c->files[pos->file],
	    pos->line, pos->column);
	return (buf);
}
