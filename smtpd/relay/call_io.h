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
 * Inside call: sockets, TLS, the file of the text, and what call.c and
 * call_turn.c do for each other.
 */

#ifndef CALL_IO_H
#define CALL_IO_H

#include <sys/types.h>

#include <stddef.h>

#include "smtpd/smtp/talk.h"

struct call;
struct nexthop;
struct place;

#define IO_WAIT		(-2)	/* not now: c->want says for what to wait */
#define IO_PIECES	8	/* of a text in one turn of the loop */
#define IO_PIECE	16384	/* octets */

void	 io_init(void);

/* A socket that connects; -1 with errno. */
int	 io_connect(const struct nexthop *, const struct place *);

/* How that ended: 0, or -1 with errno. */
int	 io_connected(struct call *);

/* Does it lead to a listener of this server? */
int	 io_is_own(const struct call *);

/* Begin TLS on it; the handshake: 0, IO_WAIT, or -1 and why. */
int	 io_secure(struct call *);
int	 io_handshake(struct call *, char *why, size_t size);

/* As read(2) and write(2), or IO_WAIT. */
ssize_t	 io_read(struct call *, void *, size_t);
ssize_t	 io_write(struct call *, const void *, size_t);

/*
 * The next piece of the text into c->text, or its end into the dialogue.
 * -1 when it cannot be read, or may not be sent.
 */
int	 io_text(struct call *);

void	 io_close(struct call *);

/*
 * call.c.  Begin its time anew; wait for what; its server is ready for
 * mail, or done with one.  Lost: its errand hears so, and it is gone.
 */
void	 call_alarm(struct call *);
void	 call_arm(struct call *, short what);
void	 call_ready(struct call *);
void	 call_lost(struct call *, enum talk_fault, const char *why);
void	 call_lost_errno(struct call *, const char *what);

/* call_turn.c: go on with it; it may be gone afterwards. */
void	 call_turn(struct call *);
void	 call_event(int, short, void *);

#endif
