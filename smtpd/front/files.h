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
 * How many descriptors this front may still take.  One that does not fit
 * would be lost on its way from queue, and that is a fault of the framing:
 * so they are counted before anybody is asked for one.
 */

#ifndef FILES_H
#define FILES_H

enum files_use {
	FILES_SESSION,
	FILES_TEXT		/* of a message; some are kept for these */
};

/* max: of this process, RLIMIT_NOFILE. */
void	 files_init(unsigned long max);

/* One more; -1 when there may be none. */
int	 files_take(enum files_use);
void	 files_give(void);

#endif
