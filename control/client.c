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
 * Connections of smtpctl: who is there, what it asks, what it gets.
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <bsd/unistd.h>

#include <errno.h>
#include <event.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "control/client.h"
#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/pending.h"
#include "smtpd/msg/msg.h"

#define CLIENT_MAX	32		/* connections at a time */
#define CLIENT_BODY_MAX	(128 * 1024)	/* octets of one command */
#define CLIENT_BACKLOG	(256 * 1024)	/* octets before we wait for it */

static TAILQ_HEAD(, client)	 clients = TAILQ_HEAD_INITIALIZER(clients);
static unsigned int		 nclients;
static uid_t			 owner;		/* who started the server */
static struct event		 listen_ev, pause_ev;

unsigned int
client_count(void)
{
	return (nclients);
}

static void
client_close(struct client *c)
{
	pending_forget(c);
	event_del(&c->rev);
	if (c->blocked)
		event_del(&c->wev);
	frame_close(&c->conn);
	TAILQ_REMOVE(&clients, c, entry);
	free(c->directory.arg);
	free(c);
	if (nclients-- == CLIENT_MAX)
		(void)event_add(&listen_ev, NULL);
}

/* Write what waits; when the client is slow, go on when it has read. */
static int
client_flush(struct client *c)
{
	switch (frame_flush(&c->conn)) {
	case FRAME_OK:
		return (0);
	case FRAME_MORE:
		if (!c->blocked)
			(void)event_add(&c->wev, NULL);
		c->blocked = 1;
		return (0);
	default:
		return (-1);
	}
}

static void
client_write(int fd, short what, void *arg)
{
	struct client	*c = arg;

	c->blocked = 0;
	if (client_flush(c) == -1) {
		client_close(c);
		return;
	}
	if (!c->blocked && c->running && c->step != NULL) {
		void	(*step)(struct client *) = c->step;

		c->step = NULL;
		step(c);
	}
}

void
client_rows(struct client *c, const void *rows, size_t len)
{
	frame_put(&c->conn, MSG_CONTROL_ROW_NOTE, c->ask, -1, rows, len);
	(void)client_flush(c);
}

void
client_end(struct client *c, int status, const char *why)
{
	struct end_answer	 end;
	struct wbuf		 w;

	memset(&end, 0, sizeof(end));
	end.status = status;
	if (why != NULL)
		(void)strncpy(end.text, why, sizeof(end.text) - 1);
	wbuf_init(&w);
	msg_put_end(&w, &end);
	frame_put(&c->conn, MSG_CONTROL_END_ANSWER, c->ask, -1, w.data,
	    w.len);
	wbuf_free(&w);
	c->running = 0;
	c->step = NULL;
	free(c->directory.arg);
	memset(&c->directory, 0, sizeof(c->directory));
	(void)client_flush(c);
}

/* One frame; -1 when the connection may not go on. */
static int
client_frame(struct client *c, struct frame *f)
{
	struct command_ask	 ask;
	struct rbuf		 r;

	if (f->fd != -1) {
		close(f->fd);
		return (-1);
	}
	rbuf_init(&r, f->body, f->len);
	if (f->type != MSG_SMTPCTL_COMMAND_ASK || c->running ||
	    msg_get_command(&r, &ask) == -1)
		return (-1);
	c->ask = f->id;
	c->running = 1;
	c->target = 0;
	c->changed = 0;
	memset(&c->list, 0, sizeof(c->list));
	if (ask.version != MSG_VERSION)
		client_end(c, EX_PROTOCOL, "smtpctl and smtpd are of "
		    "different versions");
	else
		command_run(c, &ask);
	command_free(&ask);
	return (0);
}

static void
client_read(int fd, short what, void *arg)
{
	struct client		*c = arg;
	struct frame		 f;
	enum frame_status	 status;

	status = frame_fill(&c->conn, CLIENT_BODY_MAX);
	if (status == FRAME_MORE)
		return;
	if (status != FRAME_OK) {
		client_close(c);
		return;
	}
	while ((status = frame_next(&c->conn, &f, CLIENT_BODY_MAX)) ==
	    FRAME_OK)
		if (client_frame(c, &f) == -1) {
			status = FRAME_BAD;
			break;
		}
	if (status == FRAME_BAD) {
		log_warnx("smtpctl of uid %u sent rubbish: closed",
		    (unsigned int)c->uid);
		client_close(c);
	}
}

/* Who is at the other end, by the kernel's word. */
static int
client_peer(int fd, uid_t *uid)
{
	gid_t	 gid;

	return (getpeereid(fd, uid, &gid));
}

static void
client_resume(int fd, short what, void *arg)
{
	(void)event_add(&listen_ev, NULL);
}

static void
client_accept(int fd, short what, void *arg)
{
	struct timeval	 tv = clock_tv(1000);
	struct client	*c;
	int		 s;

	s = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (s == -1) {
		if (errno == EMFILE || errno == ENFILE) {
			/* come back when there may be descriptors again */
			(void)event_del(&listen_ev);
			evtimer_set(&pause_ev, client_resume, NULL);
			(void)evtimer_add(&pause_ev, &tv);
		}
		return;
	}
	if ((c = calloc(1, sizeof(*c))) == NULL ||
	    client_peer(s, &c->uid) == -1) {
		free(c);
		close(s);
		return;
	}
	c->privileged = c->uid == 0 || c->uid == owner;
	frame_open(&c->conn, s);
	event_set(&c->rev, s, EV_READ | EV_PERSIST, client_read, c);
	event_set(&c->wev, s, EV_WRITE, client_write, c);
	(void)event_add(&c->rev, NULL);
	TAILQ_INSERT_TAIL(&clients, c, entry);
	if (++nclients == CLIENT_MAX)
		(void)event_del(&listen_ev);
}

void
client_listen(int fd)
{
	owner = geteuid();
	event_set(&listen_ev, fd, EV_READ | EV_PERSIST, client_accept, NULL);
	(void)event_add(&listen_ev, NULL);
}

int
client_busy(struct client *c, void (*step)(struct client *))
{
	if (c->conn.outlen - c->conn.outpos < CLIENT_BACKLOG)
		return (0);
	c->step = step;
	return (1);
}
