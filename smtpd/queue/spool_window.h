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
 * Records out of a file of the spool, wherever they stand in it.
 */

#ifndef SPOOL_WINDOW_H
#define SPOOL_WINDOW_H

#include <stddef.h>
#include <stdint.h>

#include "smtpd/queue/spool_record.h"

struct window {
	char		 name[64];	/* for the log */
	int		 fd;
	uint64_t	 size;		/* of the file */
	uint64_t	 at;		/* where the window begins */
	size_t		 have, room;
	uint8_t		*buf;
	int		 failed;	/* to read: what is there is unknown */
};

/*
 * Open the file name in dirfd for reading, and for cutting off what is
 * torn.  -1, logged, when it cannot be had or is not a plain file with one
 * name.
 */
int	 window_open(struct window *, int dirfd, const char *dir,
	    const char *name);
void	 window_close(struct window *);

enum window_status {
	WINDOW_RECORD,		/* whole, with its text if that was wanted */
	WINDOW_TEXT,		/* whole, but its text is not what it was */
	WINDOW_OTHER,		/* says that its format is another one */
	WINDOW_NONE		/* nothing that can be believed */
};

/*
 * The record at offset; body is good until the next call.  With text set
 * its text is read as well, and it must be one that the log may have.
 */
enum window_status
	 window_record(struct window *, uint64_t offset, int text,
	    struct record *, const uint8_t **body);

/* All octets of it: head, body and text. */
uint64_t window_length(const struct record *);

/* Octets from offset up to the last one that is not zero. */
uint64_t window_rest(struct window *, uint64_t offset);

/* Where the next head may be, from offset on; the size when nowhere. */
uint64_t window_find(struct window *, uint64_t offset);

/* Cut off what is behind offset.  A failure is logged: nothing needs it. */
void	 window_cut(struct window *, uint64_t offset);

#endif
