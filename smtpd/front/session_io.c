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
 * Octets of sessions: one buffer to read into for all of them, and memory
 * of their own only for what is left over.
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <bsd/string.h>

#include <errno.h>
#include <event.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/front/front_trace.h"
#include "smtpd/front/session.h"
#include "smtpd/front/tx.h"
#include "smtpd/smtp/line.h"

#define OUTPUT_FIRST	512		/* octets: a few replies */
#define TLS_HANDSHAKE	0x16		/* first octet of a TLS client */

struct input {
	size_t	 len, pos;
	char	 data[];
};

struct output {
	size_t	 len, pos, size;
	char	 data[];
};

/* What the first line of some input is. */
enum line_kind {
	LINE_WHOLE,
	LINE_PART,		/* its end has not come yet */
	LINE_LONG,		/* nor will it in time */
	LINE_BAD,		/* NUL, CR or LF alone */
	LINE_ALIEN		/* of another protocol */
};

static TAILQ_HEAD(, session)	 turns = TAILQ_HEAD_INITIALIZER(turns);
static char			 scratch[SESSION_READ_MAX];

void
session_queue(struct session *s)
{
	if (s->queued)
		return;
	s->queued = 1;
	TAILQ_INSERT_TAIL(&turns, s, turn);
}

static void
session_wait(struct session *s, short events)
{
	if (events == s->events)
		return;
	event_del(&s->io);
	s->events = (uint8_t)events;
	if (events == 0)
		return;
	event_set(&s->io, s->fd, (short)(events | EV_PERSIST), session_io, s);
	if (event_add(&s->io, NULL) == -1) {
		s->events = 0;
		session_abandon(s, "event_add failed");
	}
}

static size_t
unwritten(const struct session *s)
{
	return (s->out == NULL ? 0 : s->out->len - s->out->pos);
}

void
session_write(struct session *s, const char *text, size_t len)
{
	struct output	*o = s->out;
	size_t		 have = o == NULL ? 0 : o->len, size;

	if (o == NULL || o->size - have < len) {
		size = o == NULL ? OUTPUT_FIRST : o->size * 2;
		while (size < have + len)
			size *= 2;
		if ((o = realloc(s->out, sizeof(*o) + size)) == NULL) {
			session_abandon(s, "out of memory");
			return;
		}
		if (s->out == NULL)
			o->len = o->pos = 0;
		o->size = size;
		s->out = o;
	}
	memcpy(o->data + o->len, text, len);
	o->len += len;
	session_touch(s);
	session_queue(s);
}

/* Write what the socket takes; -1 when nobody is there. */
static int
session_flush(struct session *s)
{
	struct output	*o;
	ssize_t		 n;

	while ((o = s->out) != NULL) {
		n = session_send(s, o->data + o->pos, o->len - o->pos);
		if (n == -1)
			return (errno == EAGAIN ? 0 : -1);
		o->pos += (size_t)n;
		session_touch(s);
		if (o->pos < o->len)
			continue;
		free(o);
		s->out = NULL;
	}
	return (0);
}

/* Where clients log in, a line may be a password, also half of one. */
static void
input_wipe(const struct session *s, char *text, size_t len)
{
	if (s->listener->auth[0] != '\0')
		explicit_bzero(text, len);
}

static void
input_free(struct session *s)
{
	if (s->in != NULL)
		input_wipe(s, s->in->data, s->in->len);
	free(s->in);
	s->in = NULL;
}

static void
input_keep(struct session *s, const char *text, size_t len)
{
	if ((s->in = malloc(sizeof(*s->in) + len)) == NULL) {
		session_abandon(s, "out of memory");
		return;
	}
	s->in->len = len;
	s->in->pos = 0;
	memcpy(s->in->data, text, len);
}

size_t
session_held(const struct session *s)
{
	return (s->in == NULL ? 0 : s->in->len - s->in->pos);
}

/*
 * RFC 5321 2.3.8: lines end in CRLF, CR and LF come in no other way.  *n is
 * the length with CRLF, or what may be thrown away of a long one.
 */
static enum line_kind
line_scan(const char *buf, size_t len, size_t max, size_t *n)
{
	const char	*cr, *lf;

	lf = memchr(buf, '\n', len);
	*n = lf == NULL ? len : (size_t)(lf + 1 - buf);
	if (memchr(buf, '\0', *n) != NULL)
		return (LINE_BAD);
	cr = memchr(buf, '\r', *n);
	if (lf != NULL)
		return (cr != NULL && cr + 1 == lf ? LINE_WHOLE : LINE_BAD);
	if (cr != NULL && cr + 1 != buf + len)
		return (LINE_BAD);
	if (cr != NULL)
		--*n;		/* the LF may follow */
	return (*n > max ? LINE_LONG : LINE_PART);
}

/* Act on the line at buf; returns its octets, 0 when it is not its time. */
static size_t
session_line(struct session *s, char *buf, size_t len)
{
	enum line_kind	 kind;
	size_t		 n, max = front_auth_line_max(s, buf, len);

	kind = line_scan(buf, len, max, &n);
	if (s->discarded == 0 && (unsigned char)buf[0] == TLS_HANDSHAKE)
		kind = LINE_ALIEN;
	if (kind == LINE_PART)
		return (0);
	if (tx_asked(s->tx) > 0 && (kind != LINE_WHOLE || s->discarded > 0 ||
	    !session_may_run(s, buf, n - 2))) {
		s->parked = 1;
		return (0);
	}
	if (s->watched != 0 && kind != LINE_LONG)
		front_trace_line(s, buf, kind == LINE_WHOLE ? n - 2 : n,
		    kind == LINE_WHOLE && s->discarded == 0 && n - 2 <= max);
	if (kind == LINE_BAD || kind == LINE_ALIEN) {
		session_finish(s, kind == LINE_BAD ? REPLY_BAD_OCTETS :
		    REPLY_NOT_SMTP);
		return (len);
	}
	if (kind == LINE_LONG) {
		s->discarded += (uint32_t)n;
		if (s->discarded > SESSION_DISCARD_MAX)
			session_finish(s, REPLY_TOO_MANY_ERRORS);
	} else if (s->discarded > 0 || n - 2 > max) {
		s->discarded = 0;
		session_overlong(s);
	} else if (s->auth != NULL)
		front_auth_line(s, buf, n - 2);
	else
		session_command(s, buf, n - 2);
	input_wipe(s, buf, n);
	return (n);
}

/* Use what may be used of buf; the session may have finished then. */
static size_t
session_consume(struct session *s, char *buf, size_t len)
{
	size_t	 used = 0, n;

	s->parked = 0;
	while (used < len && s->phase == SESSION_OPEN) {
		if (s->asking != VERB_NONE || unwritten(s) > SESSION_OUT_MAX) {
			s->parked = 1;
			break;
		}
		if (front_data_wanted(s))
			n = front_data_text(s, buf + used, len - used);
		else
			n = session_line(s, buf + used, len - used);
		if (n == 0)
			break;
		used += n;
	}
	return (used);
}

/*
 * What was read before and could not be used then.  A partial line that is
 * left of much gets memory of its own size.
 */
static void
session_resume(struct session *s)
{
	struct input	*in = s->in;

	in->pos += session_consume(s, in->data + in->pos, in->len - in->pos);
	if (s->phase == SESSION_OPEN && !s->parked && in->pos < in->len) {
		input_keep(s, in->data + in->pos, in->len - in->pos);
		input_wipe(s, in->data, in->len);
		free(in);
	} else if (in->pos == in->len || s->phase != SESSION_OPEN)
		input_free(s);
}

/* Read once and use it: octets read, 0 when there are none, -1: ended. */
static ssize_t
session_read(struct session *s)
{
	size_t	 len = session_held(s), used, max;
	ssize_t	 n;

	if (len > 0)
		memcpy(scratch, s->in->data + s->in->pos, len);
	/* commands may have to be held, text never has */
	max = front_data_wanted(s) ? sizeof(scratch) : SESSION_HOLD_MAX;
	n = session_recv(s, scratch + len, max - len);
	if (n == -1 && errno == EAGAIN)
		return (0);
	if (n == -1) {
		session_free(s, strerror(errno));
		return (-1);
	}
	if (n == 0) {
		s->eof = 1;
		session_queue(s);
		return (0);
	}
	input_free(s);
	session_touch(s);
	len += (size_t)n;
	used = session_consume(s, scratch, len);
	if (s->phase == SESSION_OPEN && used < len)
		input_keep(s, scratch + used, len - used);
	input_wipe(s, scratch + used, len - used);
	return (n);
}

static int
session_may_read(const struct session *s)
{
	return (s->phase == SESSION_OPEN && !s->parked && !s->eof);
}

/* Nothing tells us of octets that TLS has read ahead: look for them. */
static void
session_read_all(struct session *s)
{
	size_t	 total = 0;
	ssize_t	 n;

	do {
		if ((n = session_read(s)) == -1)
			return;
		total += (size_t)n;
	} while (s->more && session_may_read(s) && total < SESSION_READ_MAX);
	if (s->tls != NULL)
		session_queue(s);
}

/*
 * All is said and our side is shut.  Input is read on for a while: closing
 * over unread octets would reset the connection, and the client might
 * never see the last reply.  -1 when the connection can be closed.
 */
static int
session_drain(struct session *s)
{
	ssize_t	 n;

	while ((n = recv(s->fd, scratch, sizeof(scratch), 0)) > 0) {
		s->discarded += (uint32_t)n;
		if (s->discarded > SESSION_LINGER_MAX)
			return (-1);
	}
	return (n == -1 && (errno == EAGAIN || errno == EINTR) ? 0 : -1);
}

static int
session_shut(struct session *s)
{
	int	 ret;

	if ((ret = session_shutdown(s)) != 0)
		return (ret == 1 ? 0 : -1);
	s->phase = SESSION_DRAINING;
	s->discarded = 0;
	return (s->eof ? -1 : session_drain(s));
}

void
session_io(int fd, short what, void *arg)
{
	struct session	*s = arg;

	switch ((enum session_phase)s->phase) {
	case SESSION_PROXY:
		session_proxy_step(s);
		break;
	case SESSION_HANDSHAKE:
		session_tls_step(s);
		break;
	case SESSION_DRAINING:
		if (session_drain(s) == -1)
			session_free(s, "");
		break;
	default:
		if (what & s->send_wait)
			session_queue(s);
		if (!(what & s->recv_wait))
			break;
		if (session_may_read(s))
			session_read_all(s);
		else
			session_wait(s, s->events & ~s->recv_wait);
		break;
	}
}

/* Events that the session as it stands should wait for. */
static short
session_wants(const struct session *s)
{
	short	 events = 0;

	if (s->phase == SESSION_DRAINING || s->phase == SESSION_PROXY)
		return (EV_READ);
	if (s->phase == SESSION_HANDSHAKE)
		return (s->recv_wait);
	if (s->out != NULL || s->phase == SESSION_CLOSING)
		events |= s->send_wait;
	/* while input is parked, reading ends only when more comes */
	if (s->phase == SESSION_OPEN && !s->eof && (!s->parked ||
	    s->events & s->recv_wait))
		events |= s->recv_wait;
	return (events);
}

/*
 * Bring a session up to date.  1 when there is more to do, 0 when not, -1
 * when it is over and why says so.
 */
static int
session_turn(struct session *s, const char **why)
{
	*why = "client left";
	if (s->phase == SESSION_OPEN && s->parked && s->in != NULL)
		session_resume(s);
	if (s->phase == SESSION_OPEN && s->asking == VERB_STARTTLS)
		session_starttls(s);
	if (s->phase == SESSION_OPEN && s->asking == VERB_AUTH)
		front_auth_turn(s);
	if (session_flush(s) == -1)
		return (-1);
	if (s->phase == SESSION_UPGRADING && s->out == NULL)
		session_tls_begin(s);
	if (s->phase == SESSION_OPEN && s->parked && s->out == NULL &&
	    !session_is_waiting(s))
		return (1);
	if (s->phase == SESSION_OPEN && s->eof && s->out == NULL &&
	    !session_is_waiting(s))
		return (-1);
	if (s->phase == SESSION_CLOSING && s->out == NULL &&
	    session_shut(s) == -1)
		return (-1);
	session_wait(s, session_wants(s));
	if (s->more && session_may_read(s))
		event_active(&s->io, s->recv_wait, 1);
	session_arm(s);
	return (0);
}

void
session_turns(void)
{
	struct session	*s;
	const char	*why;
	int		 more;

	while ((s = TAILQ_FIRST(&turns)) != NULL) {
		more = session_turn(s, &why);
		if (more == -1) {
			session_free(s, why);
			continue;
		}
		TAILQ_REMOVE(&turns, s, turn);
		s->queued = 0;
		if (more)
			session_queue(s);
	}
}

void
session_io_free(struct session *s)
{
	event_del(&s->io);
	if (s->queued)
		TAILQ_REMOVE(&turns, s, turn);
	session_tls_free(s);
	input_free(s);
	free(s->out);
}
