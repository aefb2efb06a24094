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
 * Listening sockets, and how many may come in.
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <errno.h>
#include <event.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/front/client.h"
#include "smtpd/front/files.h"
#include "smtpd/front/front_listen.h"
#include "smtpd/front/front_policy.h"
#include "smtpd/front/session.h"
#include "smtpd/front/tls_server.h"

#define LISTEN_BATCH	64	/* connections taken in one turn */
#define LISTEN_PAUSE	500	/* ms without, when descriptors ran out */

static struct {
	struct listener_conf	 conf;
	int			 fd;
	struct event		 event;
} listeners[CONF_LISTENERS_MAX];
static size_t		 nlisteners;
static struct event	 pause_timer;
static int		 paused;

static void	 listen_accept(int, short, void *);

int
front_take_listen(struct proc_msg *m)
{
	int	 flags, on = 1;

	if (nlisteners == CONF_LISTENERS_MAX ||
	    msg_get_listener(&m->body, &listeners[nlisteners].conf) == -1)
		return (-1);
	if ((flags = fcntl(m->fd, F_GETFL)) == -1 ||
	    fcntl(m->fd, F_SETFL, flags | O_NONBLOCK) == -1)
		fatal("fcntl");
	/* handed down to the sockets that are accepted */
	if (setsockopt(m->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) ==
	    -1)
		log_warn("TCP_NODELAY");
	tls_server_add(&listeners[nlisteners].conf);
	listeners[nlisteners++].fd = m->fd;
	m->fd = -1;
	return (0);
}

static void
listen_events(void)
{
	size_t	 i;

	for (i = 0; i < nlisteners; i++) {
		event_set(&listeners[i].event, listeners[i].fd,
		    EV_READ | EV_PERSIST, listen_accept, &listeners[i].conf);
		if (event_add(&listeners[i].event, NULL) == -1)
			fatalx("event_add");
	}
}

static void
listen_resume(int fd, short what, void *arg)
{
	paused = 0;
	listen_events();
}

static void
listen_pause(void)
{
	struct timeval	 tv = clock_tv(LISTEN_PAUSE);
	size_t		 i;

	for (i = 0; i < nlisteners; i++)
		event_del(&listeners[i].event);
	paused = 1;
	evtimer_add(&pause_timer, &tv);
}

/* Turned away at the door: nothing was read, so closing loses nothing. */
static void
listen_refuse(int fd, enum reply reply)
{
	char	 buf[REPLY_LINE_SIZE];
	int	 n;

	front_stats.refused++;
	n = reply_format(reply, NULL, buf, sizeof(buf));
	if (n > 0 && send(fd, buf, (size_t)n, MSG_NOSIGNAL) == -1)
		log_debug("refused client left at once");
	close(fd);
}

static void
listen_admit(int fd, const struct sockaddr *sa,
    const struct listener_conf *conf)
{
	struct client	*client = NULL;
	struct ip	 ip;
	uint16_t	 port;
	char		 text[IP_STR_SIZE];

	ip_from_sockaddr(&ip, &port, sa);
	if (conf->nproxies > 0 && !session_is_balancer(conf, &ip)) {
		log_info("event=refused client=%s reason=\"no balancer\"",
		    ip_format(&ip, text, sizeof(text)));
		listen_refuse(fd, REPLY_NOT_BALANCER);
		return;
	}
	if (conf->nproxies == 0 && front_is_banned(&ip)) {
		front_stats.banned++;
		listen_refuse(fd, REPLY_BANNED);
		return;
	}
	if ((front_conf.max_sessions != 0 &&
	    session_count() >= front_conf.max_sessions) ||
	    files_take(FILES_SESSION) == -1) {
		log_info("event=refused client=%s reason=\"%u sessions\"",
		    ip_format(&ip, text, sizeof(text)), session_count());
		listen_refuse(fd, REPLY_TOO_MANY_SESSIONS);
		return;
	}
	/* who comes through a balancer is counted when it has said who */
	if (conf->nproxies == 0 && (client = client_enter(&ip,
	    front_conf.max_per_client)) == NULL) {
		log_info("event=refused client=%s reason=\"%u of its own\"",
		    ip_format(&ip, text, sizeof(text)),
		    front_conf.max_per_client);
		files_give();
		listen_refuse(fd, REPLY_TOO_MANY_CLIENT);
		return;
	}
	session_start(fd, &ip, port, conf, client);
}

static void
listen_accept(int lfd, short what, void *arg)
{
	const struct listener_conf	*conf = arg;
	struct sockaddr_storage		 ss;
	socklen_t			 len;
	int				 fd, i;

	for (i = 0; i < LISTEN_BATCH; i++) {
		len = sizeof(ss);
		fd = accept4(lfd, (struct sockaddr *)&ss, &len,
		    SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd != -1) {
			listen_admit(fd, (struct sockaddr *)&ss, conf);
			continue;
		}
		if (errno == EINTR || errno == ECONNABORTED)
			continue;
		if (errno == EAGAIN)
			return;
		/* descriptors or memory: sessions that end bring some */
		log_warn("accept: waiting with %u sessions", session_count());
		listen_pause();
		return;
	}
}

void
front_listen_start(void)
{
	evtimer_set(&pause_timer, listen_resume, NULL);
	listen_events();
}

void
front_listen_stop(void)
{
	size_t	 i;

	for (i = 0; i < nlisteners; i++) {
		if (!paused)
			event_del(&listeners[i].event);
		close(listeners[i].fd);
	}
	if (paused)
		evtimer_del(&pause_timer);
	nlisteners = 0;
}
