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
 * Mail of our own users: what RFC 6409 8 adds to it, on its way to queue's
 * file.
 */

#ifndef SUBMISSION_H
#define SUBMISSION_H

#include <sys/types.h>
#include <sys/uio.h>

#include <stddef.h>

struct session;
struct submission;

#define SUBMISSION_PARTS	5

/* For a transaction whose text comes now; NULL without memory. */
struct submission *submission_new(void);

/*
 * What is to be written for the next len octets of the session's text, or
 * with last at its end; valid until the next call.  Returns the number of
 * parts, or -1.
 */
int	 submission_parts(struct session *, char *buf, size_t len, int last,
	    struct iovec iov[SUBMISSION_PARTS]);

#endif
