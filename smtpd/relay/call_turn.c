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
 * What happens on a connection: octets that came, octets that can go.
 */

#include <sys/types.h>

#include <errno.h>
#include <string.h>

#include "smtpd/relay/call.h"
#include "smtpd/relay/call_io.h"
#include "smtpd/relay/errand.h"

/* What the dialogue asks for; -1: the call is gone. */
static int
call_next(struct call *c, enum talk_event e)
{
	switch (e) {
	case TALK_STARTTLS:
		c->phase = CALL_HANDSHAKE;
		if (io_secure(c) == 0)
			break;
		call_lost(c, TALK_NO_TLS, "TLS cannot begin");
		return (-1);
	case TALK_READY:
	case TALK_DONE:
		c->errand->reached = 1;
		call_ready(c);
		break;
	case TALK_ENDED:
		call_lost(c, TALK_FINE, "");
		return (-1);
	default:
		break;
	}
	return (0);
}

/*
 * Take what the server said.  What it says behind the end of its turn is
 * not waited for by anybody: for STARTTLS that is an attack (RFC 3207 6).
 */
static int
call_heard(struct call *c, const char *in, size_t len)
{
	enum talk_event	 e;
	size_t		 pos = 0, used;

	while (pos < len) {
		e = talk_read(&c->talk, in + pos, len - pos, &used);
		pos += used;
		if (e == TALK_STARTTLS && pos < len) {
			call_lost(c, TALK_NONSENSE,
			    "octets behind the reply to STARTTLS");
			return (-1);
		}
		if (call_next(c, e) == -1)
			return (-1);
	}
	return (0);
}

static int
call_read(struct call *c)
{
	char		 in[4096];
	unsigned int	 state;
	size_t		 heard;
	ssize_t		 n;

	/* the text goes first; what is said to it is heard then */
	if (c->talk.state == TALK_IN_TEXT)
		return (0);
	while ((n = io_read(c, in, sizeof(in))) > 0) {
		state = c->talk.state;
		heard = c->talk.heard + c->talk.final;
		if (call_heard(c, in, (size_t)n) == -1)
			return (-1);
		if (c->talk.state != state || c->talk.heard +
		    c->talk.final != heard)
			call_alarm(c);
		if (c->phase == CALL_HANDSHAKE || c->talk.state ==
		    TALK_IN_TEXT)
			return (0);
	}
	if (n == IO_WAIT)
		return (0);
	if (n == 0)
		call_lost(c, TALK_LOST, "the server closed the connection");
	else
		call_lost_errno(c, "read");
	return (-1);
}

/* Write what there is; 1 when all of it went, 0: wait, -1: gone. */
static int
call_write(struct call *c)
{
	const char	*out;
	size_t		 len;
	ssize_t		 n;
	int		 saved_errno;

	while ((out = talk_out(&c->talk, &len)), len > 0) {
		if ((n = io_write(c, out, len)) == IO_WAIT)
			return (0);
		if (n <= 0) {
			/* perhaps it said why before it closed */
			saved_errno = errno;
			if (call_read(c) == 0) {
				errno = saved_errno;
				call_lost_errno(c, "write");
			}
			return (-1);
		}
		talk_sent(&c->talk, (size_t)n);
	}
	return (1);
}

/* The server no longer reads the text: what it says is the outcome. */
static int
call_text_refused(struct call *c)
{
	char	 in[4096];
	ssize_t	 n;
	int	 saved_errno = errno;

	if ((n = io_read(c, in, sizeof(in))) > 0 && call_heard(c, in,
	    (size_t)n) == -1)
		return (-1);
	errno = saved_errno;
	call_lost_errno(c, "write");
	return (-1);
}

/* Send the text; as call_write. */
static int
call_text(struct call *c)
{
	unsigned int	 pieces = 0;
	ssize_t		 n;

	while (c->talk.state == TALK_IN_TEXT) {
		if (c->textpos == c->textlen) {
			/* others have their turn */
			if (pieces++ == IO_PIECES) {
				c->want = EV_WRITE;
				return (0);
			}
			if (io_text(c) == -1) {
				call_lost(c, TALK_LOST,
				    "the text cannot be read or sent");
				return (-1);
			}
			call_alarm(c);
			continue;
		}
		n = io_write(c, c->text + c->textpos, c->textlen -
		    c->textpos);
		if (n == IO_WAIT)
			return (0);
		if (n <= 0)
			return (call_text_refused(c));
		c->textpos += (size_t)n;
	}
	return (1);
}

/* All that is to be said now: commands, and the text between them. */
static int
call_send(struct call *c)
{
	int	 ret;

	if ((ret = call_write(c)) == 1 && c->talk.state == TALK_IN_TEXT &&
	    (ret = call_text(c)) == 1)
		ret = call_write(c);
	return (ret);
}

void
call_turn(struct call *c)
{
	size_t	 len;
	short	 want;
	int	 ret;

	do {
		if ((ret = call_send(c)) == -1)
			return;
		want = c->want;
		if (call_read(c) == -1)
			return;
		if (c->phase == CALL_HANDSHAKE) {
			call_arm(c, EV_READ | EV_WRITE);
			return;
		}
		if (ret == 0) {
			call_arm(c, c->talk.state == TALK_IN_TEXT ? want :
			    (short)(want | EV_READ));
			return;
		}
		(void)talk_out(&c->talk, &len);
	} while (len > 0 || c->talk.state == TALK_IN_TEXT);
	call_arm(c, EV_READ);
}

static void
call_handshake(struct call *c)
{
	char	 why[160];

	switch (io_handshake(c, why, sizeof(why))) {
	case 0:
		c->phase = CALL_TALK;
		if (c->target->hop.smtps && c->talk.state ==
		    TALK_IN_GREETING)
			c->talk.conf.secure = 1;
		else
			talk_secured(&c->talk);
		call_alarm(c);
		call_turn(c);
		break;
	case IO_WAIT:
		call_arm(c, c->want);
		break;
	default:
		call_lost(c, TALK_NO_TLS, why);
		break;
	}
}

static void
call_connected(struct call *c)
{
	if (io_connected(c) == -1) {
		call_lost_errno(c, "connect");
		return;
	}
	if (io_is_own(c)) {
		call_lost(c, TALK_LOOP, "mail loops back to this server");
		return;
	}
	if (c->target->hop.smtps) {
		c->phase = CALL_HANDSHAKE;
		if (io_secure(c) == -1) {
			call_lost(c, TALK_NO_TLS, "TLS cannot begin");
			return;
		}
		call_alarm(c);
		call_handshake(c);
		return;
	}
	c->phase = CALL_TALK;
	call_alarm(c);
	call_arm(c, EV_READ);
}

void
call_event(int fd, short what, void *arg)
{
	struct call	*c = arg;

	if (c->phase == CALL_CONNECT)
		call_connected(c);
	else if (c->phase == CALL_HANDSHAKE)
		call_handshake(c);
	else
		call_turn(c);
}
