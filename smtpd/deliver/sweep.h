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
 * What a killed process left behind in tmp/.
 */

#ifndef SWEEP_H
#define SWEEP_H

#define SWEEP_MARK_SIZE	17

/* Draw the mark of this process; before any thread calls the others. */
void	 sweep_init(void);

/* 16 hex digits that no other process of ours ever had. */
const char *sweep_mark(void);

/*
 * Remove from the directory the earlier tries of the copy that stem names
 * ("stem.mark...", with another mark than ours), and files nobody has
 * touched for the 36 hours of maildir(5).  What fails is harmless.
 */
void	 sweep_tmp(int dfd, const char *stem);

#endif
