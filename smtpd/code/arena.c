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
 * Chunks of memory; those of the usual size are kept for the next run.
 */

#include <stddef.h>
#include <stdlib.h>

#include "smtpd/code/arena.h"

#define ARENA_KEPT	256		/* chunks */

struct arena_chunk {
	struct arena_chunk		*next;
	size_t				 size;
	_Alignas(max_align_t) char	 data[];
};

static struct arena_chunk	*kept;
static unsigned int		 nkept;
static size_t			 taken;		/* by all runs together */

static struct arena_chunk *
chunk_get(size_t size)
{
	struct arena_chunk	*c;

	if (size < ARENA_CHUNK)
		size = ARENA_CHUNK;
	/* many that wait at once must not take all there is */
	if (size > ARENA_TOTAL - taken)
		return (NULL);
	if (size == ARENA_CHUNK && (c = kept) != NULL) {
		kept = c->next;
		nkept--;
	} else if ((c = malloc(sizeof(*c) + size)) == NULL)
		return (NULL);
	c->size = size;
	taken += size;
	return (c);
}

static void
chunk_give(struct arena_chunk *c)
{
	taken -= c->size;
	if (c->size != ARENA_CHUNK || nkept == ARENA_KEPT) {
		free(c);
		return;
	}
	c->next = kept;
	kept = c;
	nkept++;
}

static size_t
arena_round(size_t size)
{
	const size_t	 align = _Alignof(max_align_t);

	return ((size + align - 1) / align * align);
}

static int
arena_grow(struct arena *a, size_t size)
{
	struct arena_chunk	*c;

	if ((c = chunk_get(size)) == NULL)
		return (-1);
	c->next = a->chunks;
	a->chunks = c;
	a->next = c->data;
	a->left = c->size;
	return (0);
}

void *
arena_begin(struct arena *a, size_t size, size_t budget)
{
	void	*p;

	a->chunks = NULL;
	a->budget = budget;
	if (arena_grow(a, size) == -1)
		return (NULL);
	p = a->next;
	size = arena_round(size);
	a->next += size;
	a->left -= size;
	return (p);
}

void *
arena_alloc(struct arena *a, size_t size)
{
	void	*p;

	if (size > a->budget)
		return (NULL);
	size = arena_round(size);
	if (size > a->left && arena_grow(a, size) == -1)
		return (NULL);
	a->budget -= size < a->budget ? size : a->budget;
	p = a->next;
	a->next += size;
	a->left -= size;
	return (p);
}

void
arena_end(struct arena *a)
{
	struct arena_chunk	*c;

	while ((c = a->chunks) != NULL) {
		a->chunks = c->next;
		chunk_give(c);
	}
}
