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
 * Room-private: a table as the entries it was made of.
 */

#ifndef EXPORT_H
#define EXPORT_H

#include "lookup/dirctl.h"
#include "lookup/entry.h"

/*
 * Hand each entry to take, by kind, then by name; lines of entries count
 * from 1.  The table is verified first.  An exit code of sysexits(3), what
 * is wrong was reported; take returns -1 to stop, which is EX_IOERR.
 */
int	 export_walk(const struct dirctl *, const char *db,
	    int (*take)(void *arg, struct entry *), void *arg);

#endif
