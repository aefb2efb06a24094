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
 * Room-private: names that files of other servers speak of, and what they
 * turn out to be once all of the file was read.
 */

#ifndef IMPORT_NAME_H
#define IMPORT_NAME_H

#include "lookup/import.h"

struct import_names;

struct import_names *import_names_new(void);
void	 import_names_free(struct import_names *);	/* NULL is fine */

/* A domain of the file, as written and folded. */
void	 import_names_domain(struct import_names *, const char *name,
	    const char *folded, const struct entry_pos *);

/* Its unknown addresses are those of target; -1 when another was. */
int	 import_names_alias_of(struct import_names *, const char *folded,
	    const char *target);

/*
 * An address of the file's own domain, printed and folded: it stands on
 * the left, or it is spoken of as a mailbox.
 */
void	 import_names_left(struct import_names *, const char *address,
	    const char *folded, const struct entry_pos *);
void	 import_names_mailbox(struct import_names *, const char *address,
	    const char *folded, const struct entry_pos *);

/*
 * The domains become entries; mailboxes that never stood on the left
 * become accounts.  name is that of the file.
 */
void	 import_names_add(struct import_names *, struct import *,
	    const char *name);

#endif
