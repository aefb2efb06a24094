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
 * How full a mailbox is: the maildirsize file of Maildir++, which other
 * programs keep too, and the sizes in names where it is not to be believed.
 */

#ifndef BOXUSAGE_H
#define BOXUSAGE_H

#include <stdint.h>

/*
 * Octets in the mailbox md.  room is what is about to be added: when the
 * file says that it does not fit and may be stale, the names are counted
 * anew.  tmpname is a name in tmp/ that nobody else uses.  0, or -1 with
 * errno and *what naming the file or directory in the way.
 */
int	 boxusage_get(int md, uint64_t quota, uint64_t room,
	    const char *tmpname, uint64_t *octets, const char **what);

/* A message of this many octets was added; a lost line costs a recount. */
void	 boxusage_add(int md, uint64_t octets);

#endif
