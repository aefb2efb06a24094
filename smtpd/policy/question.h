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
 * What the directory is asked about an address, RCPT.md 2.
 */

#ifndef QUESTION_H
#define QUESTION_H

struct address;
struct resolve_ask;
struct session;

enum question {
	QUESTION_READY,
	QUESTION_NOBODY,	/* there is no directory for this session */
	QUESTION_FAULT		/* a setting has no value; logged */
};

/*
 * An address of the server itself in the form that the directory knows:
 * "postmaster" gets the host's name as its domain (RFC 5321 4.5.1), and so
 * does a literal of the address the client is connected to.
 */
void	 question_own(const struct session *, struct address *);

/* Fill in the question about this address. */
enum question
	 question_make(const struct session *, const struct address *,
	    struct resolve_ask *);

#endif
