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
 * Room-private: one change to a live directory, from its text until it is
 * on stable storage and seen.
 */

#ifndef DIRECTORY_CHANGE_H
#define DIRECTORY_CHANGE_H

struct view;

/*
 * line is "add RECORD" or "delete address|account|domain NAME".  done is
 * called once, maybe before this returns: status is of sysexits(3), why what
 * is wrong or "".  One change at a time, of all directories.
 */
void	 directory_change(struct view *, const char *line,
	    void (*done)(void *arg, int status, const char *why), void *arg);

#endif
