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
 * Room-private: what the sort keeps of a record or a reference beside its
 * key.  Behind a record come the references to it.
 */

#ifndef IMPORT_TAG_H
#define IMPORT_TAG_H

#include <stdint.h>

#include "lookup/import_problem.h"

#define TAG_LINE_BITS	38
#define TAG_COLUMN_BITS	24
#define TAG_LINE_MAX	(((uint64_t)1 << TAG_LINE_BITS) - 1)
#define TAG_COLUMN_MAX	((1U << TAG_COLUMN_BITS) - 1)

static inline uint64_t
import_tag(int reference, const struct import_where *where)
{
	uint64_t	 line = where->pos.line, column = where->pos.column;

	return ((uint64_t)(reference != 0) << 63 |
	    (uint64_t)where->source << (TAG_LINE_BITS + TAG_COLUMN_BITS) |
	    (line < TAG_LINE_MAX ? line : TAG_LINE_MAX) << TAG_COLUMN_BITS |
	    (column < TAG_COLUMN_MAX ? column : TAG_COLUMN_MAX));
}

static inline int
import_tag_get(uint64_t tag, struct import_where *where)
{
	where->source = (enum import_source)(tag >>
	    (TAG_LINE_BITS + TAG_COLUMN_BITS) & 1);
	where->pos.line = (unsigned long)(tag >> TAG_COLUMN_BITS &
	    TAG_LINE_MAX);
	where->pos.column = (unsigned int)(tag & TAG_COLUMN_MAX);
	return ((int)(tag >> 63));
}

#endif
