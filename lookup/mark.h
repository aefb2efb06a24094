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
 * Which table is being read, kept where it outlives this process: when the
 * loop hangs and the parent kills it, the next one knows which table did it.
 */

#ifndef MARK_H
#define MARK_H

#define MARK_NONE	0

/*
 * Keep the mark in this file, which is made when need be.  Returns the mark
 * that the process before left, MARK_NONE when it was reading no table.
 * Any failure is fatal.
 */
unsigned int mark_open(const char *path);

/* Before a table is read, and after it. */
extern volatile unsigned int *mark;

#endif
