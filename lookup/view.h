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

struct changes;
struct layers;
struct lookup_conf;
struct view;

/* Value octets are valid until the next call on this view. */
enum answer view_get(struct view *, const void *key, size_t keylen,
	    struct bdb_item *);

/*
 * In the order of keys, changes and table as one.  Between seek and next
 * nothing else may be asked of the view.
 */
enum answer view_seek(struct view *, const void *key, size_t keylen,
	    struct bdb_item *);
enum answer view_next(struct view *, struct bdb_item *);

/* Grows with every table that is opened. */
uint32_t view_generation(const struct view *);

/* Grows with everything that may change an answer. */
uint64_t view_version(const struct view *);

/* Grows when aliases and lists may have changed. */
uint64_t view_lists(const struct view *);

/* The directory of that name, "" the default; NULL: there is none. */
struct view *view_find(const char *name);

/* Views of all directories, not yet opened, and the end of them. */
void	 view_init(const struct lookup_conf *);
void	 view_end(void);
struct view *view_at(size_t);			/* NULL behind the last */

/*
 * Open the table that stands at the directory's path now, put on top of it
 * the changes behind serial drop, and switch to both at once; those up to
 * drop are gone then, durably.  done is called once, maybe before this
 * returns: why is "" when it went well.  Otherwise nothing has changed:
 * what was open is used further.  One opening of a view at a time.
 */
void	 view_open(struct view *, uint64_t drop,
	    void (*done)(void *arg, const char *why), void *arg);

/*
 * The same at the start, at once; what goes wrong is logged, and every
 * answer of this view is TEMPFAIL until it has been opened.
 */
void	 view_open_first(struct view *);

/*
 * The process before was killed while it read this table: it is not opened
 * again if it is damaged, or when it happens once more.
 */
void	 view_suspect(struct view *);

/*
 * For changes to a live directory: what lies above its table, the list of
 * them (NULL: they are not known), and the word that a record of that kind
 * (record.h) has changed.
 */
struct layers *view_layers(struct view *);
struct changes *view_changes(struct view *);
void	 view_changed(struct view *, char kind);

/* What is open is of no use: every answer is TEMPFAIL until it is opened. */
void	 view_close(struct view *, const char *why);

/* Its records are made of what statements give: it has no table. */
int	 view_is_sql(const struct view *);

/* For those who ask how it is. */
const char *view_name(const struct view *);
const char *view_path(const struct view *);
const char *view_why(const struct view *);	/* not open, or "" */
int64_t	 view_opened(const struct view *);	/* Epoch s, or 0 */

#endif
