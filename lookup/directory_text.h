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
 * Room-private: a record of a live directory as a row of text, which import
 * reads again.
 */

#ifndef DIRECTORY_TEXT_H
#define DIRECTORY_TEXT_H

#include <stdint.h>

struct bdb_item;
struct view;
struct wbuf;

struct directory_text {
	struct view	*view;
	struct wbuf	*rows;
	uint32_t	 member;	/* of a list, where its text goes on */
};

/*
 * A domain, account, alias or list, as one row; nothing for an address that
 * belongs to an account.  A list too long for one row goes on in rows that
 * begin with white space: member is not 0 then, and this is called again
 * for the same record.  -1: the record is damaged.
 */
int	 directory_text(struct directory_text *, const struct bdb_item *);

#endif
