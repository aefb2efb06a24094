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
 * The text of DATA on the wire: end of data and dot-stuffing.
 * RFC 5321 4.1.1.4 and 4.5.2; lines end in CRLF and in nothing else.
 */

#ifndef DOT_H
#define DOT_H

#include <stddef.h>

enum dot_result {
	DOT_MORE,		/* all input was used, the end did not come */
	DOT_END,		/* CRLF . CRLF was read */
	DOT_BAD			/* NUL, CR without LF or LF without CR */
};

/* One octet of state, so that a message may be cut anywhere. */
struct dot_reader {
	unsigned char	 state;
};

/* Before the first octet behind the 354. */
void	 dot_reader_init(struct dot_reader *);

/*
 * Read len octets of in; write the text, without the dots that the client
 * put in, to out, which holds len octets and may be in itself; a message
 * always ends in CRLF or is empty.  On DOT_END *used says where the next
 * command begins.  On DOT_BAD the message is to be refused whole, out and
 * *used are worth nothing, and every later call returns DOT_BAD.
 */
enum dot_result
	 dot_read(struct dot_reader *, const char *in, size_t len, char *out,
	    size_t *outlen, size_t *used);

struct dot_writer {
	unsigned char	 state;
};

/* Most octets that dot_stuff writes for len, and that dot_finish writes. */
#define DOT_STUFF_MAX(len)	(2 * (len))
#define DOT_FINISH_MAX		5

void	 dot_writer_init(struct dot_writer *);

/*
 * The other way: put a dot before each line that begins with one.  in and
 * out may not overlap.  0, or -1 when the text holds what dot_read would
 * not let in; the message must then not be sent on.
 */
int	 dot_stuff(struct dot_writer *, const char *in, size_t len, char *out,
	    size_t *outlen);

/*
 * Write the end of data, and before it the CRLF that the last line lacks.
 * 0, or -1 when the text ended in a CR.
 */
int	 dot_finish(struct dot_writer *, char *out, size_t *outlen);

#endif
