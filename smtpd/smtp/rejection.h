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
 * The reason of a script's reject as the text of a reply (RFC 5429).  What
 * becomes of it on the wire, its code too, is reply_split and reply_lines of
 * reply.h: this is where a counted string with any octets in it becomes one
 * that those may have.
 */

#ifndef REJECTION_H
#define REJECTION_H

#include <stddef.h>

/*
 * Copy reason, terminated: NUL becomes '?', line breaks at the end go, and
 * what does not fit is cut off, at REPLY_LINES_MAX lines too, behind a
 * whole character.  Without text behind the code there is one.  Returns the
 * length; size is at least 64.
 */
size_t	 rejection_text(const char *reason, size_t len, char *buf,
	    size_t size);

#endif
