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
 * The machine of expressions: all ways through an expression at once, one
 * octet of the value after the other.  An instruction that two ways reach
 * at the same octet is kept once, with the captures that are better; what
 * follows is the same for both.
 */

#include <stdlib.h>
#include <string.h>

#include "smtpd/sieve/comparator.h"
#include "smtpd/sieve/ere_inside.h"

#define UNSET	UINT32_MAX

/* The instructions that are reached at one octet. */
struct reached {
	unsigned int	 n;
	uint16_t	*list;
	uint32_t	*mark;		/* of an instruction: when reached */
	uint32_t	*rows;		/* captures of each instruction */
};

struct search {
	const struct ere *ere;
	unsigned int	 width;		/* numbers of a row */
	size_t		 at, len;
	struct effort	*effort;
	struct reached	 now, soon;
	uint16_t	*todo;		/* instructions whose ways go on */
	uint8_t		*queued;	/* is it in todo? */
	unsigned int	 ntodo;
	uint32_t	*row;		/* a candidate */
	uint32_t	*best;		/* a match, or NULL before */
	uint32_t	*found;
};

/* Slot by slot: further left is better, then longer. */
static int
better(const struct search *s, const uint32_t *a, const uint32_t *b)
{
	unsigned int	 i;

	for (i = 0; i < s->width; i += 2) {
		if (a[i] != b[i])
			return (a[i] < b[i]);
		if (a[i + 1] == b[i + 1])
			continue;
		return (b[i + 1] == UNSET ||
		    (a[i + 1] != UNSET && a[i + 1] > b[i + 1]));
	}
	return (0);
}

/* s->row reaches instruction i at octet at. */
static void
reach(struct search *s, struct reached *r, unsigned int i)
{
	uint32_t	*row = r->rows + (size_t)i * s->width;

	/* the marks of an octet are its position, and never 0 */
	if (r->mark[i] == s->at + 1) {
		if (!better(s, s->row, row))
			return;
	} else {
		r->mark[i] = (uint32_t)(s->at + 1);
		r->list[r->n++] = (uint16_t)i;
	}
	memcpy(row, s->row, s->width * sizeof(*row));
	if (s->ere->insns[i].op == ERE_MATCH) {
		s->best = s->found;
		memcpy(s->best, row, s->width * sizeof(*row));
		s->best[1] = (uint32_t)s->at;
	} else if (!s->queued[i]) {
		s->queued[i] = 1;
		s->todo[s->ntodo++] = (uint16_t)i;
	}
}

/* One instruction that takes no octet: where it leads. */
static void
lead(struct search *s, struct reached *r, unsigned int i)
{
	const struct ere_insn	*in = &s->ere->insns[i];
	unsigned int		 g;

	switch ((enum ere_op)in->op) {
	case ERE_BEGIN:
		if (s->at == 0)
			reach(s, r, i + 1);
		break;
	case ERE_END:
		if (s->at == s->len)
			reach(s, r, i + 1);
		break;
	case ERE_SPLIT:
		reach(s, r, in->x);
		reach(s, r, in->y);
		break;
	case ERE_JUMP:
		reach(s, r, in->x);
		break;
	case ERE_OPEN:
		/* what is in it has not been in this time */
		for (g = in->c; g <= in->x; g++)
			s->row[2 * g] = s->row[2 * g + 1] = UNSET;
		s->row[2 * in->c] = (uint32_t)s->at;
		reach(s, r, i + 1);
		break;
	case ERE_CLOSE:
		s->row[2 * in->c + 1] = (uint32_t)s->at;
		reach(s, r, i + 1);
		break;
	default:
		break;			/* waits for an octet */
	}
}

/* All that s->row reaches from instruction i on without an octet. */
static int
spread(struct search *s, struct reached *r, unsigned int i)
{
	reach(s, r, i);
	while (s->ntodo > 0) {
		i = s->todo[--s->ntodo];
		s->queued[i] = 0;
		if (effort_take(s->effort, 4 + s->width / 4) == -1)
			return (-1);
		memcpy(s->row, r->rows + (size_t)i * s->width,
		    s->width * sizeof(*s->row));
		lead(s, r, i);
	}
	return (0);
}

static int
takes(const struct ere *e, const struct ere_insn *in, unsigned char c)
{
	switch ((enum ere_op)in->op) {
	case ERE_OCTET:
		return (in->c == (e->fold ? comparator_fold(c) : c));
	case ERE_ANY:
		return (1);
	case ERE_SET:
		return (ere_set_has(&e->sets[in->x], c));
	default:
		return (0);
	}
}

/* Over octet c to the next one. */
static int
step(struct search *s, unsigned char c)
{
	struct reached	 r = s->now;
	const uint32_t	*row;
	unsigned int	 k, i;

	s->at++;
	s->soon.n = 0;
	for (k = 0; k < r.n; k++) {
		i = r.list[k];
		row = r.rows + (size_t)i * s->width;
		if (!takes(s->ere, &s->ere->insns[i], c))
			continue;
		/* no match further right than the one there is */
		if (s->best != NULL && row[0] > s->best[0])
			continue;
		memcpy(s->row, row, s->width * sizeof(*row));
		if (spread(s, &s->soon, i + 1) == -1)
			return (-1);
	}
	s->now = s->soon;
	s->soon = r;
	return (effort_take(s->effort, 1 + r.n / 4));
}

/* One piece of memory for all; NULL when there is none. */
static uint32_t *
search_init(struct search *s)
{
	size_t		 n = s->ere->ninsns, rows = n * s->width;
	uint32_t	*memory, *p;
	uint16_t	*q;

	/* two lists, the row and the match; then what is smaller */
	memory = p = calloc(2 * (rows + n) + 2 * s->width + 2 * n, sizeof(*p));
	if (p == NULL)
		return (NULL);
	s->now.rows = p;
	s->soon.rows = p + rows;
	p += 2 * rows;
	s->now.mark = p;
	s->soon.mark = p + n;
	p += 2 * n;
	s->row = p;
	s->found = p + s->width;
	q = (uint16_t *)(p + 2 * s->width);
	s->now.list = q;
	s->soon.list = q + n;
	s->todo = q + 2 * n;
	s->queued = (uint8_t *)(q + 3 * n);
	return (memory);
}

static void
search_captures(const struct search *s, struct captures *c)
{
	const uint32_t	*slot;
	unsigned int	 i;

	c->n = s->ere->ncaptures;
	for (i = 0; i < c->n; i++) {
		slot = s->best + 2 * s->ere->slots[i];
		c->from[i] = slot[1] == UNSET ? 0 : slot[0];
		c->to[i] = slot[1] == UNSET ? 0 : slot[1];
	}
}

enum ere_result
ere_match(const struct ere *e, const char *value, size_t len,
    struct captures *captures, struct effort *effort)
{
	struct search	 s = { .ere = e, .width = 2 * e->nslots,
			    .len = len, .effort = effort };
	void		*memory;
	int		 error;

	/* the memory is cleared: that too is work */
	if (effort_take(effort, 1 + e->ninsns * s.width / 8) == -1 ||
	    (memory = search_init(&s)) == NULL)
		return (ERE_SPENT);
	do {
		error = 0;
		if (s.best == NULL) {
			memset(s.row, 0xff, s.width * sizeof(*s.row));
			s.row[0] = (uint32_t)s.at;
			error = spread(&s, &s.now, 0);
		} else if (s.now.n == 0)
			break;
		if (s.at == len)
			break;
	} while (error == 0 &&
	    (error = step(&s, (unsigned char)value[s.at])) == 0);
	if (error == 0 && s.best != NULL && captures != NULL)
		search_captures(&s, captures);
	free(memory);
	if (error == -1)
		return (ERE_SPENT);
	return (s.best != NULL ? ERE_MATCHES : ERE_NONE);
}
