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
 * The system calls of a connection.
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <bsd/string.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <tls.h>
#include <unistd.h>

#include "smtpd/base/log.h"
#include "smtpd/base/xmem.h"
#include "smtpd/relay/errand.h"
#include "smtpd/relay/call.h"
#include "smtpd/relay/call_io.h"

/* TLS of any certificate, and of one that is checked. */
static struct tls_config	*any, *checked;

void
io_init(void)
{
	const char	*path = tls_default_ca_cert_file();
	uint8_t		*ca;
	size_t		 len;

	if (tls_init() == -1 || (any = tls_config_new()) == NULL ||
	    (checked = tls_config_new()) == NULL)
		fatalx("TLS cannot begin");
	tls_config_insecure_noverifycert(any);
	tls_config_insecure_noverifyname(any);
	/* later there is no file to be seen */
	if ((ca = tls_load_file(path, &len, NULL)) == NULL) {
		log_warnx("%s: no certificates to verify servers by", path);
		return;
	}
	if (tls_config_set_ca_mem(checked, ca, len) == -1)
		fatalx("%s: %s", path, tls_config_error(checked));
	tls_unload_file(ca, len);
}

static socklen_t
io_address(const struct nexthop *h, const struct place *p,
    struct sockaddr_storage *ss)
{
	struct sockaddr_in6	*in6 = (struct sockaddr_in6 *)(void *)ss;
	struct sockaddr_in	*in = (struct sockaddr_in *)(void *)ss;
	struct sockaddr_un	*un = (struct sockaddr_un *)(void *)ss;

	memset(ss, 0, sizeof(*ss));
	switch (p->ip.family) {
	case 4:
		in->sin_family = AF_INET;
		in->sin_port = htons(p->port);
		memcpy(&in->sin_addr, p->ip.octets, 4);
		return (sizeof(*in));
	case 6:
		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons(p->port);
		memcpy(&in6->sin6_addr, p->ip.octets, 16);
		return (sizeof(*in6));
	default:
		un->sun_family = AF_UNIX;
		(void)strlcpy(un->sun_path, h->host, sizeof(un->sun_path));
		return (sizeof(*un));
	}
}

int
io_connect(const struct nexthop *h, const struct place *p)
{
	struct sockaddr_storage	 ss;
	socklen_t		 len = io_address(h, p, &ss);
	int			 fd, on = 1, saved_errno;

	fd = socket(ss.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
	    0);
	if (fd == -1)
		return (-1);
	/* small commands are gathered by ourselves; not vital */
	if (ss.ss_family != AF_UNIX)
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on,
		    sizeof(on));
	if (connect(fd, (struct sockaddr *)&ss, len) == 0 ||
	    errno == EINPROGRESS)
		return (fd);
	saved_errno = errno;
	close(fd);
	errno = saved_errno;
	return (-1);
}

int
io_connected(struct call *c)
{
	socklen_t	 len;
	int		 error = 0;

	len = sizeof(error);
	if (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &len) == -1)
		return (-1);
	errno = error;
	return (error == 0 ? 0 : -1);
}

int
io_is_own(const struct call *c)
{
	struct sockaddr_storage	 ss;
	socklen_t		 len = sizeof(ss);
	struct ip		 local;

	if (c->place.ip.family == 0 ||
	    getsockname(c->fd, (struct sockaddr *)&ss, &len) == -1)
		return (0);
	ip_from_sockaddr(&local, NULL, (struct sockaddr *)&ss);
	return (target_is_own(&c->place.ip, c->place.port, &local));
}

int
io_secure(struct call *c)
{
	const char	*name = c->name;
	int		 check = c->target->hop.tls == NEXTHOP_TLS_VERIFY;
	struct ip	 ip;

	/* RFC 6066 3: an address is no server name */
	if (!check && ip_parse(name, &ip) == 0)
		name = NULL;
	if ((c->tls = tls_client()) == NULL || tls_configure(c->tls, check ?
	    checked : any) == -1 || tls_connect_socket(c->tls, c->fd, name) ==
	    -1) {
		log_warnx("TLS to %s: %s", c->target->key, c->tls == NULL ?
		    "no memory" : tls_error(c->tls));
		return (-1);
	}
	return (0);
}

/* What libtls waits for, or 0 when it waits for nothing. */
static int
io_want(struct call *c, ssize_t ret)
{
	if (ret == TLS_WANT_POLLIN)
		c->want = EV_READ;
	else if (ret == TLS_WANT_POLLOUT)
		c->want = EV_WRITE;
	else
		return (0);
	return (1);
}

int
io_handshake(struct call *c, char *why, size_t size)
{
	int	 ret = tls_handshake(c->tls);

	if (io_want(c, ret))
		return (IO_WAIT);
	if (ret == 0)
		return (0);
	(void)snprintf(why, size, "TLS: %s", tls_error(c->tls) == NULL ?
	    "failed" : tls_error(c->tls));
	return (-1);
}

ssize_t
io_read(struct call *c, void *buf, size_t len)
{
	ssize_t	 n;

	if (c->tls != NULL) {
		n = tls_read(c->tls, buf, len);
		if (io_want(c, n))
			return (IO_WAIT);
		/* an end without close_notify is an end all the same */
		return (n < 0 ? 0 : n);
	}
	do
		n = recv(c->fd, buf, len, 0);
	while (n == -1 && errno == EINTR);
	if (n == -1 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return (IO_WAIT);
	return (n);
}

ssize_t
io_write(struct call *c, const void *buf, size_t len)
{
	ssize_t	 n;

	if (c->tls != NULL) {
		n = tls_write(c->tls, buf, len);
		if (io_want(c, n))
			return (IO_WAIT);
		if (n < 0)
			errno = EPIPE;
		return (n);
	}
	do
		n = send(c->fd, buf, len, MSG_NOSIGNAL);
	while (n == -1 && errno == EINTR);
	if (n == -1 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
		c->want = EV_WRITE;
		return (IO_WAIT);
	}
	return (n);
}

int
io_text(struct call *c)
{
	char	 in[IO_PIECE];
	size_t	 want = c->left < sizeof(in) ? (size_t)c->left : sizeof(in);
	ssize_t	 n;

	c->textlen = c->textpos = 0;
	if (c->left == 0)
		return (talk_text_end(&c->talk));
	if (c->text == NULL)
		c->text = xcalloc(1, DOT_STUFF_MAX(IO_PIECE));
	do
		n = pread(c->errand->fd, in, want, (off_t)c->offset);
	while (n == -1 && errno == EINTR);
	if (n <= 0) {
		log_warn("message=%016" PRIx64 " event=unreadable",
		    c->errand->ask.id);
		return (-1);
	}
	c->offset += (uint64_t)n;
	c->left -= (uint64_t)n;
	return (talk_text(&c->talk, in, (size_t)n, c->text, &c->textlen));
}

void
io_close(struct call *c)
{
	if (c->tls != NULL) {
		/* one try to say good-bye; the server may be gone */
		(void)tls_close(c->tls);
		tls_free(c->tls);
	}
	(void)close(c->fd);	/* nothing is left to be written */
}
