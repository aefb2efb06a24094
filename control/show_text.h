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
 * Text from elsewhere on standard output: made safe for a terminal, as
 * JSON, or line by line.
 */

#ifndef SHOW_TEXT_H
#define SHOW_TEXT_H

#include <stddef.h>
#include <stdio.h>

/*
 * A copy that cannot move the cursor of a terminal nor turn the direction
 * of what follows; from the heap.  What it cannot show becomes '?'.
 */
char	*show_text(const char *, size_t len);

/* The text, with \xNN for what cannot be shown, and a \ twice. */
void	 show_escaped(FILE *, const char *, size_t len);

/* Columns that such text takes: one a character. */
size_t	 show_width(const char *);

/* Text of several lines, made safe, each with a line end. */
void	 show_lines(FILE *, const char *, size_t len);

/*
 * len octets as a JSON string, with its quotes, to standard output.
 * Octets that are not UTF-8 become U+FFFD.
 */
void	 show_json_string(const char *, size_t len);

/*
 * A stream that gives each line written to it, without its end, to line.
 * NULL when there is no memory.
 */
FILE	*show_line_stream(void (*line)(const char *, size_t len));

#endif
