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
 * The greylist as this process sees it: whom it concerns, and the question.
 */

#ifndef GREY_H
#define GREY_H

#include <stdint.h>

struct session;

enum grey_status {
	GREY_PASS,
	GREY_WAIT,		/* for lookup: wake will be called */
	GREY_LATER,		/* the client has to come back: seconds */
	GREY_UNKNOWN		/* it could not be found out */
};

/* Part of a recipient. */
struct grey {
	const struct session	*session;
	void			(*wake)(void *);
	void			*arg;
	uint8_t			 asked;
	uint8_t			 known;
	enum grey_status	 status;
	uint32_t		 seconds;	/* GREY_LATER */
};

/*
 * Is it never greylisted: a client that has logged in, an exempt one, an
 * exempt sender, mail to a postmaster or about abuse (RFC 2142)?  rcpt is
 * folded.
 */
int	 grey_exempt(const struct session *, const char *rcpt);

void	 grey_begin(struct grey *, const struct session *,
	    void (*wake)(void *), void *arg);

/* May mail of the session's transaction to that recipient come now? */
enum grey_status
	 grey_take(struct grey *, const char *rcpt);

/* Has it been asked?  Then grey_take only says what is known. */
int	 grey_begun(const struct grey *);

/* The end, also while lookup is being asked; more than once is fine. */
void	 grey_end(struct grey *);

#endif
