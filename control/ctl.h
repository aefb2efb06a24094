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
 * smtpctl's side of the control socket: one question, rows, an end.
 */

#ifndef CTL_H
#define CTL_H

#include <stddef.h>

struct rbuf;

/*
 * Called for every row that comes; the cursor stands at its first field
 * and must be read to the row's end (row_next).  -1 stops the command.
 */
typedef int (*ctl_row_cb)(void *arg, struct rbuf *row);

/*
 * There may be a second server; all that follows is about the one in use,
 * which is the first unless said otherwise.
 */
#define CTL_SERVERS	2
void	 ctl_use(unsigned int which);

/* Where the server listens; must stay. */
void	 ctl_socket(const char *path);

/*
 * Run one command of n words on the server.  Connects when need be.  The
 * return value is of sysexits(3); what went wrong is in why, of size
 * octets, or "".
 */
int	 ctl_command(const char *const *words, size_t n, ctl_row_cb,
	    void *arg, char *why, size_t size);

/* The same in two steps, between which the other server may be asked. */
int	 ctl_begin(const char *const *words, size_t n, char *why,
	    size_t size);
int	 ctl_finish(ctl_row_cb, void *arg, char *why, size_t size);

/* Wait as long as it takes: what comes may be rare. */
void	 ctl_patient(void);

/* Let go of the server until the next command. */
void	 ctl_close(void);

#endif
