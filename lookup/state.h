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
 * The state directory: made and checked at the start, and what is kept in
 * it.  Every failure at the start is fatal and names the path: without the
 * live changes no answer about an address would be sure.
 */

#ifndef STATE_H
#define STATE_H

struct bdb_env;
struct bdb_store;

/*
 * Make the directory when need be, and see that it is user's alone and not
 * in use by another server.  Before privileges are dropped.
 */
void	 state_prepare(const char *path, const char *user);

/*
 * Open what is in it.  Returns the mark of the table that the process
 * before was reading when it died, or MARK_NONE.
 */
unsigned int state_open(const char *path);
void	 state_close(void);

struct bdb_env *state_env(void);

/* The stores, each with the one file that knows what is in it. */
struct bdb_store *state_changes(void);		/* changes.c */
struct bdb_store *state_tables(void);		/* view_suspect.c */
struct bdb_store *state_uses(void);		/* uses.c */
struct bdb_store *state_memo(void);		/* memo.c */
struct bdb_store *state_due(void);		/* memo_due.c */
struct bdb_store *state_harvest(void);		/* harvest_store.c */

#endif
