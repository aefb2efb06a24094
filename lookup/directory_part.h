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
 * Room-private: the records of a live directory as rows of text, which
 * import reads again.
 */

#ifndef DIRECTORY_PART_H
#define DIRECTORY_PART_H

#include <stddef.h>

#include "lookup/answer.h"

struct view;
struct wbuf;

#define DIRECTORY_CURSOR_SIZE	512

/*
 * The next part of all records, sorted by kind and name; cursor is "" at
 * first, then what next was.  next is "" at the end.  A list too long for
 * one row goes on in rows that begin with white space.  TEMPFAIL when the
 * table cannot be read or the cursor is none of ours.
 */
enum answer directory_part(struct view *, const char *cursor,
	    struct wbuf *rows, char next[DIRECTORY_CURSOR_SIZE]);

/*
 * The records of an address, an account or a domain; NONE when there is no
 * such thing.  Long ones go on with cursor, which is then not "".
 */
enum answer directory_get(struct view *, const char *what,
	    struct wbuf *rows, char next[DIRECTORY_CURSOR_SIZE]);

#endif
