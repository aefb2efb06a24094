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
 * Where the mail of one recipient goes, read from the steps of its decision.
 */

#ifndef TARGETS_H
#define TARGETS_H

#include <stddef.h>

struct trace;

/*
 * Sorted, each once, with commas between: accounts by their names, outside
 * addresses, lists, and what goes onward.  In the place of those that do not
 * fit stand their number and a digest of all, so that equal texts still are
 * equal targets; steps that the trace had no room for stand as "...".
 */
void	 targets_text(const struct trace *, char *buf, size_t size);

#endif
