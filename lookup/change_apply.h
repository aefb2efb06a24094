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
 * What a live change does to the records of a directory.
 */

#ifndef CHANGE_APPLY_H
#define CHANGE_APPLY_H

#include <stddef.h>
#include <stdint.h>

#include "lookup/entry.h"
#include "lookup/record.h"

struct layers;

/* A change: the record that it is about, and what it becomes. */
struct change_op {
	struct entry	*entry;		/* NULL: it is deleted */
	size_t		 keylen;
	uint8_t		 key[RECORD_KEY_SIZE];
};

/* The key of that name; its length, or 0 when it is none of that kind. */
size_t	 change_key(enum entry_kind, const char *name, uint8_t *key);

/* The name of an entry; in "address|account|domain NAME", or NULL. */
const char *change_name(const struct entry *);
const char *change_deleted(const char *text, enum entry_kind *);

/*
 * Read "add RECORD" or "delete address|account|domain NAME".  Errors are
 * reported as entry_parse does; -1 when there was one.  On 0 the caller
 * calls change_op_free.
 */
int	 change_op_parse(const char *line, entry_report, void *arg,
	    struct change_op *);
void	 change_op_free(struct change_op *);

/*
 * Change the records that stand above the table: all that the old record
 * had made go, all that the new one makes come.  What is not there is not
 * deleted, and that is fine: the table may be a newer one.  0, or -1 when
 * the table cannot be read; the layers are of no use then.
 */
int	 change_op_apply(struct layers *, const struct change_op *);

#endif
