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
 * The one place where octets of a session come in and go out, in the clear
 * or through TLS.  Both ways look alike from here on.
 */

#include <sys/types.h>
#include <sys/socket.h>

#include <errno.h>
#include <event.h>
#include <tls.h>

#include "smtpd/base/log.h"
#include "smtpd/front/session.h"

/* A result of libtls as one of recv or send; what it waits for in *wait. */
static ssize_t
tls_result(struct session *s, ssize_t n, uint8_t *wait)
{
	if (n == TLS_WANT_POLLIN || n == TLS_WANT_POLLOUT) {
		*wait = n == TLS_WANT_POLLIN ? EV_READ : EV_WRITE;
		errno = EAGAIN;
		return (-1);
	}
	if (n < 0) {
		log_debug("session=%016llx event=tls reason=\"%s\"",
		    (unsigned long long)s->id, tls_error(s->tls) == NULL ?
		    "" : tls_error(s->tls));
		errno = EPROTO;
		return (-1);
	}
	return (n);
}

ssize_t
session_recv(struct session *s, char *buf, size_t len)
{
	ssize_t	 n;

	if (s->tls == NULL) {
		do
			n = recv(s->fd, buf, len, 0);
		while (n == -1 && errno == EINTR);
		return (n);
	}
	s->recv_wait = EV_READ;
	n = tls_result(s, tls_read(s->tls, buf, len), &s->recv_wait);
	/* a record may be left in there of which the kernel knows nothing */
	s->more = n > 0;
	return (n);
}

ssize_t
session_send(struct session *s, const char *buf, size_t len)
{
	ssize_t	 n;

	if (s->tls == NULL) {
		do
			n = send(s->fd, buf, len, MSG_NOSIGNAL);
		while (n == -1 && errno == EINTR);
		return (n);
	}
	s->send_wait = EV_WRITE;
	n = tls_result(s, tls_write(s->tls, buf, len), &s->send_wait);
	if (n == 0) {		/* after a close_notify it is not -1 */
		errno = EPIPE;
		return (-1);
	}
	return (n);
}

size_t
session_early(struct session *s)
{
	ssize_t	 n;
	char	 c;

	if (session_held(s) > 0)
		return (session_held(s));
	if (s->tls == NULL)
		n = recv(s->fd, &c, 1, MSG_PEEK | MSG_DONTWAIT);
	else if ((n = session_recv(s, &c, 1)) == 0 ||
	    (n == -1 && errno != EAGAIN))
		s->eof = 1;	/* no event may tell it again */
	return (n > 0 ? (size_t)n : 0);
}

int
session_shutdown(struct session *s)
{
	ssize_t	 n;

	if (s->tls != NULL && !s->broken) {
		s->send_wait = EV_WRITE;
		n = tls_result(s, tls_close(s->tls), &s->send_wait);
		if (n == -1 && errno == EAGAIN)
			return (1);
		/* a client that is gone need not be told */
	}
	return (shutdown(s->fd, SHUT_WR));
}
