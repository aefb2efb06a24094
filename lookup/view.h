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
 * One directory as the resolver sees it: the live changes, and below them
 * the table.  There is no other way to a record for the server.
 */

#ifndef VIEW_H
#define VIEW_H

#include <stddef.h>
#include <stdint.h>

#include "lookup/answer.h"
#include "lookup/bdb.h"

struct view;

/* Value octets are valid until the next call on this view. */
enum answer view_get(struct view *, const void *key, size_t keylen,
	    struct bdb_item *);

/* In the order of keys, changes and table as one. */
enum answer view_seek(struct view *, const void *key, size_t keylen,
	    struct bdb_item *);
enum answer view_next(struct view *, struct bdb_item *);

/* Grows with every table that is opened. */
uint32_t view_generation(const struct view *);

/* The directory of that name, "" the default; NULL: there is none. */
struct view *view_find(const char *name);

#endif
