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
 * What a submission server adds to a message: RFC 6409 8.1 and 8.2, Date
 * and Message-ID where the header has none.  The text comes in pieces and
 * is read once; little of it is held back, what may still become a name.
 */

#ifndef SUBMIT_H
#define SUBMIT_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>

#define SUBMIT_NAME_MAX	256	/* octets of a field's name with its blanks */
#define SUBMIT_SIZE	512	/* of the fields that are added */

struct submit {
	uint8_t		 state;
	uint8_t		 seen;		/* fields that are there */
	uint8_t		 broken;	/* no empty line ends the header */
	uint8_t		 blank;		/* behind a name: ':' must follow */
	uint16_t	 nheld;
	char		 held[SUBMIT_NAME_MAX];
};

/*
 * What comes of a piece of text, in this order: what was held, unless it is
 * behind; head octets of the piece; the fields, with end; what was held, if
 * it is behind; with end, the rest of the piece.  Without it the rest is
 * what is held from now on.
 */
struct submit_parts {
	size_t		 head;
	int		 end;		/* of a header that lacks something */
	int		 behind;
	size_t		 nheld;
	char		 held[SUBMIT_NAME_MAX];
};

void	 submit_init(struct submit *);

/* The next len octets of the text; lines end in CRLF. */
void	 submit_read(struct submit *, const char *text, size_t len,
	    struct submit_parts *);

/* The same when no more text comes, for no piece. */
void	 submit_end(struct submit *, struct submit_parts *);

/*
 * Write the fields that are missing, terminated, for a message with this id
 * of the server host.  Returns their length, or -1 when they do not fit.
 */
int	 submit_fields(const struct submit *, time_t when, const char *id,
	    const char *host, char *buf, size_t size);

#endif
