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
 * A table and the changed records on top of it, as one.
 */

#ifndef LAYERS_H
#define LAYERS_H

#include <stddef.h>
#include <stdint.h>

#include "lookup/answer.h"
#include "lookup/bdb.h"

struct overlay;
struct overlay_record;

struct layers {
	struct bdb_table	*table;		/* NULL: none could be opened */
	struct overlay		*overlay;
	unsigned int		 mark;		/* of this table: mark.h */
	/* where seek and next stand */
	const struct overlay_record *over;
	enum answer		 below;		/* FOUND: item is the table's */
	struct bdb_item		 item;
};

/* Takes over the table. */
void	 layers_init(struct layers *, struct bdb_table *, unsigned int mark);
void	 layers_free(struct layers *);

/*
 * As the calls of bdb.h, with gaps and changes.  Between seek and next
 * nothing else may be asked.  Without a table everything is TEMPFAIL.
 */
enum answer layers_get(struct layers *, const void *key, size_t keylen,
	    struct bdb_item *);
enum answer layers_seek(struct layers *, const void *key, size_t keylen,
	    struct bdb_item *);
enum answer layers_next(struct layers *, struct bdb_item *);

#endif
