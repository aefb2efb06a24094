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
 * Steps in a tree that may hold anything: each goes one name further and
 * follows nothing (SECURITY.md R8).
 */

#ifndef BOXDIR_H
#define BOXDIR_H

/*
 * The directory name in dfd, which must be no symbolic link and belong to
 * this user or to root.  A descriptor, or -1 with errno: ENOENT when there
 * is nothing, EPERM when it belongs to somebody else.
 */
int	 boxdir_open(int dfd, const char *name);

/* As boxdir_open, but makes it, mode 0700, when absent; then *made is 1. */
int	 boxdir_make(int dfd, const char *name, int *made);

/*
 * A regular file of this user with one name, for reading and appending.
 * A descriptor, or -1 with errno as above, EINVAL when it is something
 * else.  Never blocks.
 */
int	 boxdir_file(int dfd, const char *name);

/* errno of the three above in words for the log. */
const char *boxdir_fault(int error);

#endif
