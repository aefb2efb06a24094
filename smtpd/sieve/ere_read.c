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
 * Expressions are read here, into a tree: POSIX 9.5.3.
 */

#include <stdlib.h>
#include <string.h>

#include "smtpd/sieve/comparator.h"
#include "smtpd/sieve/ere_inside.h"

static uint16_t	 choice(struct ere_reader *);

int
ere_wrong(struct ere_reader *r, size_t at, const char *why)
{
	if (r->why == NULL) {
		r->why = why;
		r->at = at;
	}
	return (-1);
}

static int
peek(const struct ere_reader *r)
{
	return (r->at < r->len ? (unsigned char)r->source[r->at] : -1);
}

static uint16_t
node(struct ere_reader *r, enum ere_kind kind)
{
	struct ere_node	*n = &r->nodes[r->nnodes];

	memset(n, 0, sizeof(*n));
	n->kind = (uint8_t)kind;
	n->part = n->next = ERE_NONE_YET;
	return ((uint16_t)r->nnodes++);
}

static uint16_t
node_op(struct ere_reader *r, enum ere_op op, int c)
{
	uint16_t	 n = node(r, ERE_KIND_OP);

	r->nodes[n].op = (uint8_t)op;
	r->nodes[n].c = (uint8_t)(r->fold ?
	    comparator_fold((unsigned char)c) : c);
	return (n);
}

static uint16_t
node_set(struct ere_reader *r)
{
	uint16_t	 n = node_op(r, ERE_SET, 0);

	r->nodes[n].x = (uint16_t)r->nsets++;
	return (n);
}

/* Behind the backslash. */
static uint16_t
escape(struct ere_reader *r)
{
	int	 c = peek(r);

	if (c == -1) {
		(void)ere_wrong(r, r->at - 1, "backslash at the end");
		return (ERE_NONE_YET);
	}
	r->at++;
	if (c >= '1' && c <= '9') {
		(void)ere_wrong(r, r->at - 2, "back-references are not "
		    "offered");
		return (ERE_NONE_YET);
	}
	if (c != '0' && comparator_fold((unsigned char)c) >= 'a' &&
	    comparator_fold((unsigned char)c) <= 'z') {
		if (ere_set_named(&r->sets[r->nsets], (char)c) == 0)
			return (node_set(r));
		(void)ere_wrong(r, r->at - 2, "unknown escape");
		return (ERE_NONE_YET);
	}
	return (node_op(r, ERE_OCTET, c));
}

/* Behind the '('. */
static uint16_t
group(struct ere_reader *r)
{
	size_t		 begin = r->at - 1;
	uint16_t	 n = node(r, ERE_KIND_GROUP), part;

	if (++r->depth > ERE_DEPTH_MAX) {
		(void)ere_wrong(r, begin, "too many groups in groups");
		return (ERE_NONE_YET);
	}
	if (r->ngroups + 1 < CAPTURES_MAX)
		r->nodes[n].c = (uint8_t)++r->ngroups;
	if ((part = choice(r)) == ERE_NONE_YET)
		return (ERE_NONE_YET);
	if (peek(r) != ')') {
		(void)ere_wrong(r, begin, "'(' without ')'");
		return (ERE_NONE_YET);
	}
	r->at++;
	r->depth--;
	r->nodes[n].part = part;
	return (n);
}

static uint16_t
atom(struct ere_reader *r)
{
	int	 c = (unsigned char)r->source[r->at++];

	switch (c) {
	case '(':
		return (group(r));
	case '[':
		if (ere_read_set(r, &r->sets[r->nsets]) == -1)
			return (ERE_NONE_YET);
		return (node_set(r));
	case '\\':
		return (escape(r));
	case '.':
		return (node_op(r, ERE_ANY, 0));
	case '^':
		return (node_op(r, ERE_BEGIN, 0));
	case '$':
		return (node_op(r, ERE_END, 0));
	case '*':
	case '+':
	case '?':
	case '{':
		(void)ere_wrong(r, r->at - 1, "nothing to repeat");
		return (ERE_NONE_YET);
	default:
		return (node_op(r, ERE_OCTET, c));
	}
}

/* Digits: ERE_FOREVER when there are none, above the limit for more. */
static uint16_t
number(struct ere_reader *r)
{
	unsigned int	 n = 0;
	int		 c;

	if ((c = peek(r)) < '0' || c > '9')
		return (ERE_FOREVER);
	for (; (c = peek(r)) >= '0' && c <= '9'; r->at++)
		if (n <= ERE_REPEAT_MAX)
			n = n * 10 + (unsigned int)(c - '0');
	return ((uint16_t)n);
}

/* "{2}", "{2,}", "{,4}" or "{2,4}" behind its '{'. */
static int
bounds(struct ere_reader *r, uint16_t *least, uint16_t *most)
{
	size_t	 begin = r->at - 1;

	*least = *most = number(r);
	if (peek(r) == ',') {
		r->at++;
		*most = number(r);
		if (*least == ERE_FOREVER && *most == ERE_FOREVER)
			return (ere_wrong(r, begin, "no number of times"));
		if (*least == ERE_FOREVER)
			*least = 0;
	} else if (*least == ERE_FOREVER)
		return (ere_wrong(r, begin, "no number of times"));
	if (peek(r) != '}')
		return (ere_wrong(r, begin, "'{' without '}'"));
	r->at++;
	if (*least > ERE_REPEAT_MAX ||
	    (*most != ERE_FOREVER && *most > ERE_REPEAT_MAX))
		return (ere_wrong(r, begin, "more than 255 times"));
	if (*least > *most)
		return (ere_wrong(r, begin, "at least more than at most"));
	return (0);
}

static int
is_repeat(int c)
{
	return (c == '*' || c == '+' || c == '?' || c == '{');
}

/* An atom and how often it stands there. */
static uint16_t
piece(struct ere_reader *r)
{
	uint16_t	 part, n, least = 0, most = ERE_FOREVER;
	size_t		 begin = r->at;
	int		 c;

	if ((part = atom(r)) == ERE_NONE_YET)
		return (part);
	if (!is_repeat(c = peek(r)))
		return (part);
	if (r->nodes[part].kind == ERE_KIND_OP &&
	    (r->nodes[part].op == ERE_BEGIN || r->nodes[part].op == ERE_END)) {
		(void)ere_wrong(r, begin + 1, "nothing to repeat");
		return (ERE_NONE_YET);
	}
	r->at++;
	if (c == '{' && bounds(r, &least, &most) == -1)
		return (ERE_NONE_YET);
	if (c == '+')
		least = 1;
	if (c == '?')
		most = 1;
	if (is_repeat(peek(r))) {
		(void)ere_wrong(r, r->at, "two repetitions in a row");
		return (ERE_NONE_YET);
	}
	n = node(r, ERE_KIND_REPEAT);
	r->nodes[n].x = least;
	r->nodes[n].y = most;
	r->nodes[n].part = part;
	return (n);
}

/* Pieces up to '|', ')' or the end; none is the empty string. */
static uint16_t
chain(struct ere_reader *r)
{
	uint16_t	 n = node(r, ERE_KIND_CHAIN), last = ERE_NONE_YET, p;
	int		 c;

	while ((c = peek(r)) != -1 && c != '|' && c != ')') {
		if ((p = piece(r)) == ERE_NONE_YET)
			return (p);
		if (last == ERE_NONE_YET)
			r->nodes[n].part = p;
		else
			r->nodes[last].next = p;
		last = p;
	}
	return (n);
}

static uint16_t
choice(struct ere_reader *r)
{
	uint16_t	 n = node(r, ERE_KIND_CHOICE), last, p;

	if ((last = chain(r)) == ERE_NONE_YET)
		return (last);
	r->nodes[n].part = last;
	while (peek(r) == '|') {
		r->at++;
		if ((p = chain(r)) == ERE_NONE_YET)
			return (p);
		r->nodes[last].next = p;
		last = p;
	}
	return (n);
}

uint16_t
ere_read(struct ere_reader *r)
{
	uint16_t	 root = choice(r);

	if (root != ERE_NONE_YET && peek(r) == ')') {
		(void)ere_wrong(r, r->at, "')' without '('");
		return (ERE_NONE_YET);
	}
	return (root);
}
