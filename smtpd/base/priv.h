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
 * The only file that gives up privileges.
 */

#ifndef PRIV_H
#define PRIV_H

/*
 * Become user for good: all groups, all three uids and gids, checked by
 * trying to get back.  root is the new root directory or NULL.  Started by
 * a user who is not root it changes nothing.  Any failure is fatal.
 */
void	 priv_drop(const char *user, const char *root);

/* Nobody who becomes the same user may look into our memory: for secrets. */
void	 priv_hide(void);

/* Was this process started by root? */
int	 priv_is_root(void);

/*
 * The directory or file is that user's alone, or it is fatal; root gives it
 * to the user first.  path is for the message.
 */
void	 priv_check_owner(int fd, const char *path, const char *user);

/* Raise RLIMIT_NOFILE as far as it goes; returns what it is then. */
unsigned long priv_files(void);

#endif
