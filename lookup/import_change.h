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
 * Room-private: live changes that are folded into an import.  They win:
 * an entry of the file with the name of a change does not count, and an
 * address that a change took is no longer the file's.
 */

#ifndef IMPORT_CHANGE_H
#define IMPORT_CHANGE_H

struct entry;
struct import;
struct import_changes;

/*
 * Read lines "add RECORD" and "delete address|account|domain NAME", of
 * which the last about a name counts.  What is wrong is a problem of the
 * import.
 */
void	 import_changes_read(struct import *, const char *text);
void	 import_changes_free(struct import_changes *);	/* NULL is fine */

/*
 * Does the entry of the file stay?  An account may lose addresses; *whole
 * is unset when it lost too many, which is an error.  Only to be asked when
 * there are changes.
 */
int	 import_changes_leave(struct import *, struct entry *, int *whole);

/* The entries that changes added: they are entries of the import now. */
void	 import_changes_add(struct import *);

#endif
