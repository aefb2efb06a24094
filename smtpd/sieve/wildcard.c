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
 * Wildcards.  A pattern is pieces with stars between: the first piece
 * stands at the start of the value, the last one at its end, and each of
 * the others where it first fits.  Nothing is ever tried again: a piece
 * that stands further left leaves more to the star behind it.
 */

#include <string.h>

#include "smtpd/sieve/comparator.h"
#include "smtpd/sieve/wildcard.h"

/* What stands between two stars. */
struct piece {
	const char	*p;
	size_t		 plen;		/* octets of the pattern */
	size_t		 len;		/* octets of a value that fits */
};

struct walk {
	const char	*value;
	size_t		 len, at;	/* of value; matched so far */
	int		 fold;
	struct captures	*captures;
	struct effort	*effort;
};

/* One element of a pattern: its octet, or -1 for '?', -2 for '*'. */
static int
element(const char **p, size_t *len)
{
	int	 c = (unsigned char)**p;

	(*p)++;
	(*len)--;
	if (c == '*')
		return (-2);
	if (c == '?')
		return (-1);
	if (c == '\\' && *len > 0) {
		c = (unsigned char)**p;
		(*p)++;
		(*len)--;
	}
	return (c);
}

/* The piece at the start; 1 when a star follows, which is taken too. */
static int
next_piece(const char **p, size_t *len, struct piece *piece)
{
	piece->p = *p;
	piece->plen = 0;
	piece->len = 0;
	while (*len > 0) {
		if (element(p, len) == -2)
			return (1);
		piece->plen = (size_t)(*p - piece->p);
		piece->len++;
	}
	return (0);
}

static void
capture(struct walk *w, size_t from, size_t to)
{
	struct captures	*c = w->captures;

	if (c->n == CAPTURES_MAX)
		return;
	c->from[c->n] = (uint32_t)from;
	c->to[c->n++] = (uint32_t)to;
}

/* Does it stand at at, where there is room for it? */
static int
fits(struct walk *w, const struct piece *piece, size_t at)
{
	const char	*p = piece->p;
	size_t		 left = piece->plen, from = at;
	unsigned char	 v;
	int		 c = 0;

	while (left > 0) {
		v = (unsigned char)w->value[at++];
		if ((c = element(&p, &left)) < 0)
			continue;
		if (w->fold ? comparator_fold((unsigned char)c) !=
		    comparator_fold(v) : c != v)
			break;
		c = -1;
	}
	if (effort_take(w->effort, at - from + 1) == -1)
		return (-1);
	return (c < 0 || piece->plen == 0);
}

/* It stands there: the value goes on behind it. */
static void
settle(struct walk *w, const struct piece *piece, size_t at)
{
	const char	*p = piece->p;
	size_t		 left = piece->plen;

	for (w->at = at; left > 0; w->at++)
		if (element(&p, &left) == -1)
			capture(w, w->at, w->at + 1);
}

/* A piece behind a star: where it fits first, or at the end. */
static int
search(struct walk *w, const struct piece *piece, int last)
{
	size_t	 at = w->at;
	int	 found = 0;

	if (piece->len > w->len - w->at)
		return (0);
	if (last)
		at = w->len - piece->len;
	for (; at + piece->len <= w->len; at++)
		if ((found = fits(w, piece, at)) != 0)
			break;
	if (found != 1)
		return (found);
	capture(w, w->at, at);
	settle(w, piece, at);
	return (1);
}

int
wildcard_matches(const char *pattern, size_t plen, const char *value,
    size_t len, int fold, struct captures *captures, struct effort *effort)
{
	struct captures	 scratch;
	struct walk	 w = { value, len, 0, fold, &scratch, effort };
	struct piece	 piece;
	int		 star, found;

	scratch.n = 0;
	capture(&w, 0, len);
	star = next_piece(&pattern, &plen, &piece);
	if (piece.len > len || (!star && piece.len != len))
		return (0);
	if ((found = fits(&w, &piece, 0)) != 1)
		return (found);
	settle(&w, &piece, 0);
	while (star) {
		star = next_piece(&pattern, &plen, &piece);
		if ((found = search(&w, &piece, !star)) != 1)
			return (found);
	}
	if (captures != NULL)
		*captures = scratch;
	return (1);
}
