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
 * Rows on standard output: columns, "key value" lists, or JSON.
 */

#ifndef SHOW_H
#define SHOW_H

struct rbuf;

enum show_style {
	SHOW_TABLE,		/* a heading, then a line a row */
	SHOW_LIST,		/* process.key value, a line a field */
	SHOW_JSON		/* one object a line */
};

void	 show_begin(enum show_style, int quiet);

/* A ctl_row_cb. */
int	 show_row(void *unused, struct rbuf *row);

/* Print what was held back to find the widths of the columns. */
void	 show_end(void);

#endif
