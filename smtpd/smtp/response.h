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
 * Replies as a client reads them: RFC 5321 4.2, enhanced codes of RFC 2034.
 * Whatever stands at the other end may send anything.  The reader only goes
 * forward, keeps a bounded part of what it sees, and gives up on what is no
 * reply or has no end.
 */

#ifndef RESPONSE_H
#define RESPONSE_H

#include <stddef.h>

#include "smtpd/smtp/reply.h"

/* What is longer than the first two is cut, than the others refused. */
#define RESPONSE_LINE_MAX	510	/* RFC 5321 4.5.3.1.5 */
#define RESPONSE_TEXT_MAX	255	/* of all lines together */
#define RESPONSE_OCTETS_MAX	65536	/* of a whole reply */
#define RESPONSE_LINES_MAX	512

enum response_step {
	RESPONSE_MORE,		/* all input was used, more is needed */
	RESPONSE_LINE,		/* a line that is not the last one */
	RESPONSE_DONE,		/* the last line: the reply is complete */
	RESPONSE_BAD		/* no reply, or too much of it */
};

/*
 * code		200 to 599, valid with LINE and DONE
 * enhanced	"5.1.1", or "" when there is none of the class of the code
 * text		what follows, lines joined by a blank; printable ASCII only,
 *		any other octet is '?'
 * line		the line just read behind its code and the blank or hyphen,
 *		printable in the same way
 */
struct response {
	unsigned int	 code;
	char		 enhanced[REPLY_ENHANCED_SIZE];
	char		 text[RESPONSE_TEXT_MAX + 1];
	char		 line[RESPONSE_LINE_MAX + 1];
	size_t		 linelen;
	/* the reader's */
	size_t		 textlen;
	size_t		 octets;
	unsigned int	 nlines;
	unsigned char	 state;
	unsigned char	 digits[4];	/* the code and what follows it */
	unsigned char	 ndigits;
};

/* Before each reply. */
void	 response_init(struct response *);

/*
 * Read on; *used is how much of in was read.  After DONE and BAD the reader
 * wants response_init.
 */
enum response_step
	 response_read(struct response *, const char *in, size_t len,
	    size_t *used);

/* A text of a stranger as text above would have it; always terminated. */
void	 response_clean(const char *in, size_t len, char *out, size_t size);

#endif
