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
 * An expression while it is read, as a tree, and when it is ready, as
 * instructions.
 */

#ifndef ERE_INSIDE_H
#define ERE_INSIDE_H

#include <stdint.h>

#include "smtpd/sieve/ere.h"

#define ERE_NONE_YET	UINT16_MAX	/* no node */
#define ERE_FOREVER	UINT16_MAX	/* no most of a repetition */

enum ere_op {
	ERE_OCTET,		/* c */
	ERE_ANY,
	ERE_SET,		/* x: which */
	ERE_BEGIN,
	ERE_END,
	ERE_SPLIT,		/* to x and to y */
	ERE_JUMP,		/* to x */
	ERE_OPEN,		/* slot c, in it slots up to x */
	ERE_CLOSE,		/* slot c */
	ERE_MATCH
};

struct ere_insn {
	uint8_t		 op;
	uint8_t		 c;
	uint16_t	 x, y;
};

struct ere_set {
	uint8_t		 has[32];
};

enum ere_kind {
	ERE_KIND_OP,		/* op is the instruction */
	ERE_KIND_GROUP,		/* c: number, or 0 */
	ERE_KIND_CHAIN,		/* its parts one after the other */
	ERE_KIND_CHOICE,	/* one of its parts */
	ERE_KIND_REPEAT		/* its part, x to y times */
};

struct ere_node {
	uint8_t		 kind;
	uint8_t		 op, c;
	uint8_t		 slot, last;	/* 0 until it is written */
	uint16_t	 x, y;
	uint16_t	 part;		/* the first one, or ERE_NONE_YET */
	uint16_t	 next;		/* part of the same node, or that */
};

/*
 * A slot is where something begins and ends: the match, a group, or all
 * times of what is repeated, since "a*(a?)" gives the most to the first.
 */
#define ERE_SLOTS_MAX	(2 * CAPTURES_MAX)

struct ere {
	unsigned int	 ninsns, nsets, nslots;
	unsigned int	 ncaptures;	/* with the whole match */
	uint8_t		 slots[CAPTURES_MAX];
	int		 fold;		/* letters are in lower case */
	struct ere_insn	*insns;
	struct ere_set	*sets;
};

/* What reads an expression. */
struct ere_reader {
	const char	*source;
	size_t		 len, at;
	int		 fold;
	const char	*why;		/* NULL while all is well */
	unsigned int	 nnodes, ngroups, nsets, depth;
	struct ere_node	*nodes;
	struct ere_set	*sets;
};

static inline int
ere_set_has(const struct ere_set *s, unsigned char c)
{
	return (s->has[c >> 3] >> (c & 7) & 1);
}

/* Read all; the root, or ERE_NONE_YET with why and at. */
uint16_t ere_read(struct ere_reader *);

/* Read a bracket expression behind its '['; -1 with why and at. */
int	 ere_read_set(struct ere_reader *, struct ere_set *);

/* \w, \W, \s, \S: 0, or -1 when c is another letter. */
int	 ere_set_named(struct ere_set *, char c);

/* Note what is wrong at octet at; always -1. */
int	 ere_wrong(struct ere_reader *, size_t at, const char *why);

#endif
