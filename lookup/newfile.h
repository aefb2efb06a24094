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
 * Room-private: a file that is written beside the one it replaces.
 *
 * There is one such file for each path, path.new, locked while it is
 * written: a second writer is told, and what a killed one left behind is
 * overwritten.
 */

#ifndef NEWFILE_H
#define NEWFILE_H

#include <stddef.h>

struct newfile;

/* The folder of path, for the caller to free. */
char	*newfile_folder(const char *path);

/*
 * Begin to replace path: the file is there, empty, and ours.  NULL with
 * why, for instance that it is being replaced already, or that one is root
 * and others may write to its folder.
 */
struct newfile *newfile_begin(const char *path, char *why, size_t size);

/* Write here. */
const char *newfile_name(const struct newfile *);

/*
 * Synced, given the owner and mode of what it replaces (else 0640, and by
 * root the group of the server), and renamed; then the directory is
 * synced.  Frees, whatever happens; -1 with why, path is then as it was
 * unless only the last step failed.
 */
int	 newfile_commit(struct newfile *, char *why, size_t size);
void	 newfile_abort(struct newfile *);	/* NULL is fine */

#endif
