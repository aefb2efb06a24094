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
 * One connection that carries framed messages: buffers, framing and
 * descriptor passing.  proc.c has one per peer, the control process one
 * per smtpctl, and smtpctl one.
 *
 * Frame: type u32, length of the body u32, id u64, flags u32, version u32,
 * then the body.  At most one descriptor travels with a frame; it is sent
 * with the frame's first octet, so it never overtakes.  What a frame with a
 * secret has left in buffers is wiped.
 */

#ifndef FRAME_H
#define FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "smtpd/base/wire.h"

#define FRAME_HEAD	24
#define FRAME_FDS_MAX	64		/* received, not yet taken */

struct frame_out;

struct frame_conn {
	int		 fd;
	uint8_t		*in;		/* octets not yet parsed */
	size_t		 inlen, insize;
	size_t		 inpos;
	int		 fds[FRAME_FDS_MAX];
	size_t		 nfds;
	uint8_t		*out;		/* octets not yet written */
	size_t		 outlen, outsize;
	size_t		 outpos;
	struct frame_out *passed;	/* descriptors in out, by offset */
	size_t		 npassed, passedsize;
	int		 secret;	/* a frame in out is */
};

struct frame {
	uint32_t	 type;
	uint64_t	 id;
	int		 fd;		/* -1, or the receiver's to close */
	const uint8_t	*body;		/* valid until the next call */
	size_t		 len;
	int		 secret;	/* frame_wipe it when it was used */
};

enum frame_status {
	FRAME_OK,
	FRAME_MORE,		/* nothing (more) for now */
	FRAME_CLOSED,		/* the other side is gone */
	FRAME_BAD		/* not our framing: close it */
};

/* fd must be a non-blocking stream socket; conn takes it over. */
void	 frame_open(struct frame_conn *, int fd);
void	 frame_close(struct frame_conn *);

/* Put a frame in line; takes fd over.  Never fails but for memory. */
void	 frame_put(struct frame_conn *, uint32_t type, uint64_t id, int fd,
	    const void *body, size_t len);

/* The same for a body that nobody may find in memory later. */
void	 frame_put_secret(struct frame_conn *, uint32_t type, uint64_t id,
	    const void *body, size_t len);

/* Write what waits: OK when all went, MORE when the socket is full. */
enum frame_status frame_flush(struct frame_conn *);

/* Read what is there, once.  maxbody bounds what a frame may hold. */
enum frame_status frame_fill(struct frame_conn *, size_t maxbody);

/* Next whole frame of what was read. */
enum frame_status frame_next(struct frame_conn *, struct frame *,
	    size_t maxbody);
void	 frame_wipe(struct frame_conn *, const struct frame *);

#endif
