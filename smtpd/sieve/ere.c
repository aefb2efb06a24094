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
 * From the tree of an expression to its instructions.  Which way of a split
 * is taken does not matter: the machine takes all of them.
 */

#include <stdlib.h>
#include <string.h>

#include "smtpd/base/xmem.h"
#include "smtpd/sieve/ere_inside.h"

/*
 * Nodes that are written, copies too: "((){255}){255}" writes no instruction
 * however often it is gone through.
 */
#define WRITES_MAX	(ERE_INSNS_MAX * ERE_DEPTH_MAX)

struct writer {
	struct ere_node	*nodes;
	struct ere_insn	 insns[ERE_INSNS_MAX];
	unsigned int	 n, nslots, nwrites;
	uint8_t		 slots[CAPTURES_MAX];
	int		 captures;	/* it has groups */
	int		 full;
};

static void	 write_node(struct writer *, uint16_t);

/* The index of the instruction; the last one when there is no room. */
static unsigned int
write_insn(struct writer *w, enum ere_op op, unsigned int c, unsigned int x,
    unsigned int y)
{
	struct ere_insn	*i;

	if (w->n == ERE_INSNS_MAX) {
		w->full = 1;
		return (w->n - 1);
	}
	i = &w->insns[w->n];
	i->op = (uint8_t)op;
	i->c = (uint8_t)c;
	i->x = (uint16_t)x;
	i->y = (uint16_t)y;
	return (w->n++);
}

/* All but the last of the parts are behind a split and before a jump. */
static void
write_choice(struct writer *w, const struct ere_node *n)
{
	unsigned int	 split, jump, last = ERE_NONE_YET;
	uint16_t	 p;

	for (p = n->part; w->nodes[p].next != ERE_NONE_YET && !w->full;
	    p = w->nodes[p].next) {
		split = write_insn(w, ERE_SPLIT, 0, w->n + 1, 0);
		write_node(w, p);
		/* until the end is known, jumps are a list */
		jump = write_insn(w, ERE_JUMP, 0, last, 0);
		last = jump;
		w->insns[split].y = (uint16_t)w->n;
	}
	write_node(w, p);
	while (last != ERE_NONE_YET && !w->full) {
		jump = last;
		last = w->insns[jump].x;
		w->insns[jump].x = (uint16_t)w->n;
	}
}

static void
write_repeat(struct writer *w, const struct ere_node *n)
{
	unsigned int	 i, at, split, last = ERE_NONE_YET;

	for (i = 0, at = w->n; i < n->x && !w->full; i++) {
		at = w->n;
		write_node(w, n->part);
	}
	if (n->y == ERE_FOREVER) {
		if (n->x > 0) {
			(void)write_insn(w, ERE_SPLIT, 0, at, w->n + 1);
			return;
		}
		split = write_insn(w, ERE_SPLIT, 0, w->n + 1, 0);
		write_node(w, n->part);
		(void)write_insn(w, ERE_JUMP, 0, split, 0);
		w->insns[split].y = (uint16_t)w->n;
		return;
	}
	for (; i < n->y && !w->full; i++) {
		last = write_insn(w, ERE_SPLIT, 0, w->n + 1, last);
		write_node(w, n->part);
	}
	while (last != ERE_NONE_YET && !w->full) {
		split = last;
		last = w->insns[split].y;
		w->insns[split].y = (uint16_t)w->n;
	}
}

/* Slots are for groups first: of the other half, repetitions get some. */
static int
has_slot(const struct writer *w, const struct ere_node *n)
{
	if (n->kind == ERE_KIND_GROUP)
		return (n->c != 0);
	return (n->slot != 0 || (w->captures &&
	    w->nslots < ERE_SLOTS_MAX - CAPTURES_MAX));
}

/* The slot of a node is that of all its copies. */
static void
write_slot(struct writer *w, struct ere_node *n)
{
	unsigned int	 open;

	if (n->slot == 0)
		n->slot = (uint8_t)w->nslots++;
	if (n->kind == ERE_KIND_GROUP)
		w->slots[n->c] = n->slot;
	open = write_insn(w, ERE_OPEN, n->slot, 0, 0);
	if (n->kind == ERE_KIND_GROUP)
		write_node(w, n->part);
	else
		write_repeat(w, n);
	if (n->last == 0)
		n->last = (uint8_t)(w->nslots - 1);
	w->insns[open].x = n->last;
	(void)write_insn(w, ERE_CLOSE, n->slot, 0, 0);
}

/* Its depth is that of the groups, which is bounded. */
static void
write_node(struct writer *w, uint16_t at)
{
	struct ere_node	*n = &w->nodes[at];
	uint16_t	 p;

	if (++w->nwrites > WRITES_MAX)
		w->full = 1;
	if (w->full)
		return;
	switch ((enum ere_kind)n->kind) {
	case ERE_KIND_OP:
		(void)write_insn(w, (enum ere_op)n->op, n->c, n->x, 0);
		break;
	case ERE_KIND_GROUP:
		if (has_slot(w, n))
			write_slot(w, n);
		else
			write_node(w, n->part);
		break;
	case ERE_KIND_CHAIN:
		for (p = n->part; p != ERE_NONE_YET; p = w->nodes[p].next)
			write_node(w, p);
		break;
	case ERE_KIND_CHOICE:
		write_choice(w, n);
		break;
	case ERE_KIND_REPEAT:
		if (has_slot(w, n))
			write_slot(w, n);
		else
			write_repeat(w, n);
		break;
	}
}

static struct ere *
ere_keep(const struct writer *w, const struct ere_reader *r)
{
	struct ere	*e = xcalloc(1, sizeof(*e));

	e->ninsns = w->n;
	e->insns = xcalloc(w->n, sizeof(*e->insns));
	memcpy(e->insns, w->insns, w->n * sizeof(*e->insns));
	e->nsets = r->nsets;
	e->sets = xcalloc(r->nsets + 1, sizeof(*e->sets));
	memcpy(e->sets, r->sets, r->nsets * sizeof(*e->sets));
	e->nslots = w->nslots;
	e->ncaptures = r->ngroups + 1;
	memcpy(e->slots, w->slots, sizeof(e->slots));
	e->fold = r->fold;
	return (e);
}

struct ere *
ere_new(const char *source, size_t len, int fold, const char **why,
    size_t *at)
{
	struct ere_reader	 r = { source, len, 0, fold, NULL, 0, 0, 0, 0,
				    NULL, NULL };
	struct writer		*w;
	struct ere		*e = NULL;
	uint16_t		 root;

	if (len > ERE_SOURCE_MAX) {
		*why = "expression is too long";
		*at = ERE_SOURCE_MAX;
		return (NULL);
	}
	/* '(' makes three nodes of an octet, "\w" a set of two */
	r.nodes = xcalloc(3 * len + 3, sizeof(*r.nodes));
	r.sets = xcalloc(len / 2 + 1, sizeof(*r.sets));
	w = xcalloc(1, sizeof(*w));
	w->nodes = r.nodes;
	w->nslots = 1;			/* the match */
	if ((root = ere_read(&r)) != ERE_NONE_YET) {
		w->captures = r.ngroups > 0;
		write_node(w, root);
		(void)write_insn(w, ERE_MATCH, 0, 0, 0);
		if (w->full)
			(void)ere_wrong(&r, 0, "expression is too large");
		else
			e = ere_keep(w, &r);
	}
	if (e == NULL) {
		*why = r.why;
		*at = r.at;
	}
	free(w);
	free(r.sets);
	free(r.nodes);
	return (e);
}

void
ere_free(struct ere *e)
{
	if (e == NULL)
		return;
	free(e->insns);
	free(e->sets);
	free(e);
}
