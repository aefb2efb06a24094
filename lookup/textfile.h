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
 * Text files whose records go on over lines that begin with white space:
 * directory texts, aliases(5) and Postfix maps are all like that.
 */

#ifndef TEXTFILE_H
#define TEXTFILE_H

#include <stddef.h>
#include <stdint.h>

#define TEXTFILE_RECORD_MAX	((size_t)512 << 20)	/* octets */

struct textfile;

/* "-" is standard input.  NULL with why. */
struct textfile *textfile_open(const char *path, char *why, size_t size);
void	 textfile_close(struct textfile *);	/* NULL is fine */

/*
 * The next record: its lines, with comments and empty lines that stand
 * among or behind them; valid until the next call.  One that begins with
 * white space has nothing above it that it could belong to.  A byte order
 * mark at the front is skipped.  1, 0 at the end, or -1 with why: no more
 * can be read.
 */
int	 textfile_next(struct textfile *, const char **text, size_t *len,
	    unsigned long *line, char *why, size_t size);

/* What to call it in errors, and how far it was read; total 0: unknown. */
const char *textfile_name(const char *path);
void	 textfile_progress(const struct textfile *, uint64_t *done,
	    uint64_t *total);

#endif
