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
 * Listening sockets: for clients, and the one for smtpctl.
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <bsd/string.h>
#include <netinet/in.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/base/log.h"
#include "smtpd/base/wire.h"
#include "smtpd/conf.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_conf.h"
#include "smtpd/parent.h"

#define LISTEN_BACKLOG	1024

static struct {
	struct listener_conf	 conf;
	int			 fd;
} listeners[CONF_LISTENERS_MAX];
static size_t	 nlisteners;
static int	 control_fd = -1;

static socklen_t
listen_sockaddr(const struct listener_conf *l, struct sockaddr_storage *ss)
{
	struct sockaddr_in	*sin = (void *)ss;
	struct sockaddr_in6	*sin6 = (void *)ss;

	memset(ss, 0, sizeof(*ss));
	if (l->ip.family == 4) {
		sin->sin_family = AF_INET;
		sin->sin_port = htons(l->port);
		memcpy(&sin->sin_addr, l->ip.octets, 4);
		return (sizeof(*sin));
	}
	sin6->sin6_family = AF_INET6;
	sin6->sin6_port = htons(l->port);
	memcpy(&sin6->sin6_addr, l->ip.octets, 16);
	return (sizeof(*sin6));
}

/* Bound, but not listening; -1 and errno. */
static int
listen_bind(const struct listener_conf *l)
{
	struct sockaddr_storage	 ss;
	socklen_t		 len;
	int			 fd, saved_errno, on = 1;

	len = listen_sockaddr(l, &ss);
	fd = socket(ss.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
	    0);
	if (fd == -1)
		return (-1);
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == -1)
		goto fail;
	if (ss.ss_family == AF_INET6 && setsockopt(fd, IPPROTO_IPV6,
	    IPV6_V6ONLY, &on, sizeof(on)) == -1)
		goto fail;
	if (bind(fd, (struct sockaddr *)&ss, len) == 0)
		return (fd);
fail:
	saved_errno = errno;
	close(fd);
	errno = saved_errno;
	return (-1);
}

static int
listen_socket(const struct listener_conf *l)
{
	char	 text[IP_STR_SIZE];
	int	 fd;

	if ((fd = listen_bind(l)) == -1 || listen(fd, LISTEN_BACKLOG) == -1)
		fatal("listen on %s port %u", ip_format(&l->ip, text,
		    sizeof(text)), l->port);
	return (fd);
}

int
listen_try(const struct listener_conf *l)
{
	int	 fd;

	if ((fd = listen_bind(l)) == -1)
		return (errno);
	close(fd);
	return (0);
}

/* Is somebody behind the socket already? */
static int
listen_alive(const struct sockaddr_un *sun)
{
	int	 fd, ret;

	if ((fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) == -1)
		fatal("socket");
	ret = connect(fd, (const struct sockaddr *)sun, sizeof(*sun));
	close(fd);
	return (ret == 0);
}

static int
listen_control(const char *path)
{
	struct sockaddr_un	 sun;
	struct stat		 st;
	mode_t			 mask;
	int			 fd;

	memset(&sun, 0, sizeof(sun));
	sun.sun_family = AF_UNIX;
	if (strlcpy(sun.sun_path, path, sizeof(sun.sun_path)) >=
	    sizeof(sun.sun_path))
		fatalx("control socket %s: name too long", path);
	if (listen_alive(&sun))
		fatalx("control socket %s: another smtpd is running", path);
	/* a socket left behind goes; anything else is not ours to remove */
	if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode) &&
	    unlink(path) == -1)
		fatal("%s", path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1)
		fatal("socket");
	mask = umask(0117);
	if (bind(fd, (struct sockaddr *)&sun, sizeof(sun)) == -1)
		fatal("control socket %s", path);
	(void)umask(mask);
	if (listen(fd, 16) == -1)
		fatal("control socket %s", path);
	return (fd);
}

void
listen_control_only(const struct conf *conf)
{
	control_fd = listen_control(conf->control_socket);
}

void
listen_open(const struct conf *conf)
{
	size_t	 i;

	control_fd = listen_control(conf->control_socket);
	for (i = 0; i < conf->nlisteners; i++) {
		listeners[i].conf = conf->listeners[i];
		listeners[i].fd = listen_socket(&conf->listeners[i]);
	}
	nlisteners = i;
}

static int
listen_send(enum proc_id id, unsigned int inst,
    const struct listener_conf *l, int fd)
{
	struct wbuf	 w;
	int		 copy;

	if ((copy = fcntl(fd, F_DUPFD_CLOEXEC, 0)) == -1) {
		log_warn("dup");
		return (-1);
	}
	wbuf_init(&w);
	msg_put_listener(&w, l);
	(void)proc_send(id, inst, MSG_PARENT_LISTEN_NOTE, 0, copy, &w);
	return (0);
}

int
listen_give(enum proc_id id, unsigned int inst)
{
	static const struct listener_conf	 none;
	size_t					 i;

	if (id == PROC_CONTROL)
		return (listen_send(id, inst, &none, control_fd));
	for (i = 0; id == PROC_FRONT && i < nlisteners; i++)
		if (listen_send(id, inst, &listeners[i].conf,
		    listeners[i].fd) == -1)
			return (-1);
	return (0);
}

void
listen_close(const struct conf *conf)
{
	size_t	 i;

	for (i = 0; i < nlisteners; i++)
		close(listeners[i].fd);
	nlisteners = 0;
	if (control_fd != -1)
		close(control_fd);
	control_fd = -1;
	if (unlink(conf->control_socket) == -1 && errno != ENOENT)
		log_warn("%s", conf->control_socket);
}
