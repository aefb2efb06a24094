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
 * Room-private: does an entry fit into a live directory?
 */

#ifndef CHECK_ENTRY_H
#define CHECK_ENTRY_H

struct entry;
struct view;

#define CHECK_WHY_SIZE	1024
#define CHECK_UNREADABLE "the directory cannot be read"

/*
 * Its domains are declared, its addresses and its login nobody else's, its
 * members there.  name is its own, as in its key.  EX_OK, or another code
 * of sysexits(3) and why.
 */
int	 check_entry(struct view *, const struct entry *, const char *name,
	    char why[CHECK_WHY_SIZE]);

#endif
