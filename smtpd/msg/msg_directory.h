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
 * Control and lookup: the directory commands of smtpctl(8).
 */

#ifndef MSG_DIRECTORY_H
#define MSG_DIRECTORY_H

#include <stdint.h>

#include "smtpd/msg/msg_session.h"

struct rbuf;
struct wbuf;

#define DIRECTORY_LINE_MAX	(60 * 1024)	/* one record as text */

enum directory_what {
	DIRECTORY_GET,		/* arg: an address, account or domain */
	DIRECTORY_ADD,		/* arg: one record as text */
	DIRECTORY_DELETE,	/* arg: "address|account|domain NAME" */
	DIRECTORY_EXPORT,	/* arg: cursor, "" at first */
	DIRECTORY_CHANGES,	/* arg: cursor: the live changes only */
	DIRECTORY_REOPEN,	/* arg: serial of the folded changes, or "" */
	DIRECTORY_STATUS,	/* arg: "" */
	DIRECTORY_LOGIN,	/* arg: a login; status alone says if it is */
	DIRECTORY_WHAT_COUNT
};

/* MSG_CONTROL_DIRECTORY_ASK */
struct directory_ask {
	enum directory_what what;
	char		 directory[SESSION_DIRECTORY_MAX + 1]; /* "": default */
	char		*arg;		/* from the heap */
};

/*
 * MSG_LOOKUP_DIRECTORY_ANSWER: status of sysexits(3), text (why not),
 * cursor of the next part ("" at the end), then rows (msg_control.h).
 * Export and get give rows with the one field "record", changes rows with
 * the one field "change", a line for dirctl_import (lookup/dirctl.h).
 * Status gives one row; among its fields are the numbers "generation",
 * "changes" (how many live ones) and "serial" (of the last change ever).
 *
 * smtpctl folds changes into a new table in this order: status, changes,
 * table, reopen with the serial that status gave.  Reopen opens the table
 * that is there now and, when that went well, drops the changes up to that
 * serial; those that came later stay.  With "" it drops none.
 */
struct directory_answer {
	int		 status;
	char		 text[256];
	char		 next[512];
};

void	 msg_put_directory_ask(struct wbuf *, const struct directory_ask *);
int	 msg_get_directory_ask(struct rbuf *, struct directory_ask *);

/* Rows follow behind it: get does not read to the end. */
void	 msg_put_directory_answer(struct wbuf *,
	    const struct directory_answer *);
int	 msg_get_directory_answer(struct rbuf *, struct directory_answer *);

#endif
