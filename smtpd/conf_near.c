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
 * What may have been meant by a word that is unknown where it stands.
 */

#include <string.h>

#include "smtpd/conf_parse.h"

#define NEAR_LENGTH	32	/* longer words are near to nothing */

static size_t
least(size_t a, size_t b)
{
	return (a < b ? a : b);
}

/* Octets to insert, delete, replace or swap with their neighbour. */
static size_t
near_distance(const char *a, const char *b)
{
	size_t	 d[NEAR_LENGTH + 1][NEAR_LENGTH + 1];
	size_t	 i, j, la = strlen(a), lb = strlen(b);

	if (la > NEAR_LENGTH || lb > NEAR_LENGTH)
		return (NEAR_LENGTH);
	for (i = 0; i <= la; i++)
		for (j = 0; j <= lb; j++) {
			if (i == 0 || j == 0) {
				d[i][j] = i + j;
				continue;
			}
			d[i][j] = least(least(d[i - 1][j], d[i][j - 1]) + 1,
			    d[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
		}
	return (d[la][lb]);
}

int
near_is_nearer(const char *text, const char *candidate, size_t *least_one)
{
	size_t	 distance = near_distance(text, candidate);

	/* of a short word, two octets are too much */
	if (distance >= *least_one || distance * 2 >= strlen(candidate))
		return (0);
	*least_one = distance;
	return (1);
}

static const struct conf_word *
near_word(enum conf_block block, const char *text)
{
	const struct conf_word	*w, *best = NULL;
	size_t			 i, least_one = NEAR_NONE;

	for (i = 0; (w = word_at(i)) != NULL; i++)
		if (w->block == block && w->token != CONF_LATER &&
		    near_is_nearer(text, w->name, &least_one))
			best = w;
	return (best);
}

/* Does the word stand in another block? */
static const struct conf_word *
near_elsewhere(const char *text)
{
	const struct conf_word	*w;
	int			 block;

	for (block = 0; block < BLOCK_COUNT; block++) {
		w = word_find((enum conf_block)block, text);
		if (w != NULL && w->token != CONF_LATER)
			return (w);
	}
	return (NULL);
}

void
word_unknown(struct conf_parse *p, enum conf_block block,
    const struct lex_token *t)
{
	const struct conf_word	*w;
	const char		*shown = conf_show(p, t->text);
	const char		*in = block == BLOCK_TOP ? "" : " in ";
	const char		*where = word_block(block);

	if ((w = near_elsewhere(t->text)) != NULL)
		conf_error(p, &t->pos, "'%s' does not belong here, expected "
		    "it %s%s", shown, w->block == BLOCK_TOP ?
		    "outside of all blocks" : "in block ",
		    word_block(w->block));
	else if ((w = near_word(block, t->text)) != NULL) {
		conf_error(p, &t->pos, "unknown word '%s'%s%s, expected '%s'",
		    shown, in, where, w->name);
		p->tried[word_index(w)]++;
	} else
		conf_error(p, &t->pos, "unknown word '%s'%s%s, expected one "
		    "of %s", shown, in, where, word_list(p, block));
}
