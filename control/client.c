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
#include "control/command.h"
#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/pending.h"
#include "smtpd/msg/msg.h"

#define CLIENT_MAX	32		/* connections at a time */
#define CLIENT_OTHERS	24		/* of those who may only look */
#define CLIENT_PER_UID	8		/* of one of them */
#define CLIENT_BODY_MAX	(128 * 1024)	/* octets of one command */
#define CLIENT_BACKLOG	(256 * 1024)	/* octets before we wait for it */
#define CLIENT_IDLE	60000		/* ms without a command */
#define CLIENT_RUBBISH	1000		/* ms between lines about rubbish */

static TAILQ_HEAD(, client)	 clients = TAILQ_HEAD_INITIALIZER(clients);
static unsigned int		 nclients;
static uid_t			 owner;		/* who started the server */
static struct event		 listen_ev, pause_ev;

static void
client_close(struct client *c)
{
	pending_forget(c);
	command_trace_end(c);
	(void)event_del(&c->rev);
	(void)event_del(&c->wev);
	(void)event_del(&c->idle);
	frame_close(&c->conn);
	TAILQ_REMOVE(&clients, c, entry);
	free(c->directory.arg);
	free(c->explain);
	free(c->answers);
	free(c);
	if (nclients-- == CLIENT_MAX)
		(void)event_add(&listen_ev, NULL);
}

/*
 * Write what waits.  One that does not read is not listened to either: it
 * would fill our memory with answers.
 */
static int
client_flush(struct client *c)
{
	switch (frame_flush(&c->conn)) {
	case FRAME_OK:
		return (0);
	case FRAME_MORE:
		if (!c->blocked) {
			(void)event_add(&c->wev, NULL);
			(void)event_del(&c->rev);
		}
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
	if (!c->blocked)
		(void)event_add(&c->rev, NULL);
	if (!c->blocked && c->running && c->step != NULL) {
		void	(*step)(struct client *) = c->step;

		c->step = NULL;
		step(c);
	}
}

/* It has a while to ask for something. */
static void
client_wait(struct client *c)
{
	struct timeval	 tv = clock_tv(CLIENT_IDLE);

	(void)evtimer_add(&c->idle, &tv);
}

static void
client_idle(int fd, short what, void *arg)
{
	client_close(arg);
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
	command_trace_end(c);
	client_wait(c);
	free(c->directory.arg);
	memset(&c->directory, 0, sizeof(c->directory));
	free(c->explain);
	c->explain = NULL;
	free(c->answers);
	c->answers = NULL;
	(void)client_flush(c);
}

void
client_end_changed(struct client *c)
{
	struct wbuf	 w;

	wbuf_init(&w);
	row_num(&w, "changed", c->changed);
	row_end(&w);
	client_rows(c, w.data, w.len);
	wbuf_free(&w);
	client_end(c, EX_OK, NULL);
}

/* One frame; -1 when the connection may not go on. */
static int
client_frame(struct client *c, struct frame *f)
{
	struct command_ask	 ask;
	struct rbuf		 r;

	rbuf_init(&r, f->body, f->len);
	if (f->type != MSG_SMTPCTL_COMMAND_ASK || c->running ||
	    msg_get_command(&r, &ask) == -1)
		return (-1);
	c->ask = f->id;
	c->running = 1;
	(void)evtimer_del(&c->idle);
	c->target = 0;
	c->changed = c->nrows = 0;
	c->silent = 0;
	memset(&c->list, 0, sizeof(c->list));
	if (ask.version != MSG_VERSION)
		client_end(c, EX_PROTOCOL, "smtpctl and smtpd are of "
		    "different versions");
	else
		command_run(c, &ask);
	command_free(&ask);
	return (0);
}

/* A line a second at most, however much comes. */
static void
client_rubbish(const struct client *c)
{
	static uint64_t		 next;
	static unsigned int	 unsaid;
	uint64_t		 now = clock_mono();

	if (now < next) {
		unsaid++;
		return;
	}
	log_warnx("smtpctl of uid %u sent rubbish: closed (and %u more)",
	    (unsigned int)c->uid, unsaid);
	unsaid = 0;
	next = now + CLIENT_RUBBISH;
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
	if (status == FRAME_CLOSED) {
		client_close(c);
		return;
	}
	/* no command has a descriptor: do not gather them */
	if (c->conn.nfds != 0)
		status = FRAME_BAD;
	while (status == FRAME_OK &&
	    (status = frame_next(&c->conn, &f, CLIENT_BODY_MAX)) == FRAME_OK)
		if (client_frame(c, &f) == -1)
			status = FRAME_BAD;
	if (status == FRAME_BAD) {
		client_rubbish(c);
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

/* Those who may only look leave room for those who may more. */
static int
client_room(uid_t uid)
{
	const struct client	*c;
	unsigned int		 others = 0, same = 0;

	TAILQ_FOREACH(c, &clients, entry) {
		others += !c->privileged;
		same += c->uid == uid;
	}
	return (others < CLIENT_OTHERS && same < CLIENT_PER_UID);
}

static void
client_new(int s, uid_t uid)
{
	struct client	*c;
	int		 privileged = uid == 0 || uid == owner;

	if ((!privileged && !client_room(uid)) ||
	    (c = calloc(1, sizeof(*c))) == NULL) {
		close(s);
		return;
	}
	c->uid = uid;
	c->privileged = privileged;
	frame_open(&c->conn, s);
	event_set(&c->rev, s, EV_READ | EV_PERSIST, client_read, c);
	event_set(&c->wev, s, EV_WRITE, client_write, c);
	evtimer_set(&c->idle, client_idle, c);
	(void)event_add(&c->rev, NULL);
	client_wait(c);
	TAILQ_INSERT_TAIL(&clients, c, entry);
	if (++nclients == CLIENT_MAX)
		(void)event_del(&listen_ev);
}

static void
client_accept(int fd, short what, void *arg)
{
	struct timeval	 tv = clock_tv(1000);
	uid_t		 uid;
	int		 s;

	s = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (s == -1) {
		if (errno == EMFILE || errno == ENFILE || errno == ENOMEM ||
		    errno == ENOBUFS) {
			/* come back when there may be some again */
			(void)event_del(&listen_ev);
			(void)evtimer_add(&pause_ev, &tv);
		}
		return;
	}
	if (client_peer(s, &uid) == -1)
		close(s);
	else
		client_new(s, uid);
}

void
client_listen(int fd)
{
	owner = geteuid();
	event_set(&listen_ev, fd, EV_READ | EV_PERSIST, client_accept, NULL);
	evtimer_set(&pause_ev, client_resume, NULL);
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
