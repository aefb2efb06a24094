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
 * Room-private: files of SQLite.
 *
 * SQLite blocks: a statement is run when it comes, and the next one after
 * it.  It ends at its deadline, also while another process has the file
 * locked.
 */

#ifndef SQL_LITE_H
#define SQL_LITE_H

struct sql_conf;
struct sql_job;

/*
 * Before root is given up: the file is made where it is not there, and its
 * folder where smtpd says where it is.  What is there stays as it is, but
 * root's own file in the state directory is given to user.
 */
void	 sql_lite_prepare(const struct sql_conf *, const char *user);

/* What SQLite needs of the system, before the sandbox closes. */
void	 sql_lite_init(const struct sql_conf *);

void	 sql_lite_run(struct sql_job *);	/* takes it over */

/* Close the file, so that its log is folded in. */
void	 sql_lite_end(void);

#endif
