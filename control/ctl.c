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
 * Connection of smtpctl to the control process.
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <bsd/string.h>

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "control/ctl.h"
#include "smtpd/base/frame.h"
#include "smtpd/base/pending.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_control.h"

#define CTL_CONNECT	60	/* s to be let in */
/* Longer than the server waits for any of its processes. */
#define CTL_WAIT	(PENDING_DELIVER + 60000)	/* ms */

static struct server {
	const char		*path;
	struct frame_conn	 conn;
	uint64_t		 last_id;
} servers[CTL_SERVERS] = { { .conn.fd = -1 }, { .conn.fd = -1 } };
static struct server	*server = servers;
static int		 patience = CTL_WAIT;	/* ms; -1: for ever */

void
ctl_use(unsigned int which)
{
	server = &servers[which];
}

void
ctl_socket(const char *path)
{
	server->path = path;
}

void
ctl_patient(void)
{
	patience = -1;
}

void
ctl_close(void)
{
	if (server->conn.fd != -1)
		frame_close(&server->conn);
}

static int
ctl_connect(char *why, size_t size)
{
	const struct timeval	 tv = { CTL_CONNECT, 0 };
	struct sockaddr_un	 sun;
	int			 fd, status;

	if (server->conn.fd != -1)
		return (EX_OK);
	memset(&sun, 0, sizeof(sun));
	sun.sun_family = AF_UNIX;
	if (strlcpy(sun.sun_path, server->path, sizeof(sun.sun_path)) >=
	    sizeof(sun.sun_path)) {
		(void)snprintf(why, size, "%s: name too long", server->path);
		return (EX_USAGE);
	}
	/* all places may be taken: do not wait in line for ever */
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd == -1 || setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv,
	    sizeof(tv)) == -1 || connect(fd, (struct sockaddr *)&sun,
	    sizeof(sun)) == -1) {
		status = errno == EACCES ? EX_NOPERM : errno == EAGAIN ?
		    EX_TEMPFAIL : EX_UNAVAILABLE;
		(void)snprintf(why, size, "%s: %s%s", server->path,
		    strerror(errno), errno == ENOENT || errno == ECONNREFUSED
		    ? " (is smtpd running?)" : "");
		if (fd != -1)
			close(fd);
		return (status);
	}
	frame_open(&server->conn, fd);
	return (EX_OK);
}

/* Wait until the socket is ready for what; -1 when it was not for long. */
static int
ctl_wait(short what)
{
	struct pollfd	 pfd = { .fd = server->conn.fd, .events = what };
	int		 n;

	while ((n = poll(&pfd, 1, patience)) == -1 && errno == EINTR)
		;
	return (n > 0 ? 0 : -1);
}

/* The connection cannot be used any more. */
static int
ctl_lost(int status, const char *text, char *why, size_t size)
{
	ctl_close();
	(void)strlcpy(why, text, size);
	return (status);
}

static int
ctl_gone(char *why, size_t size)
{
	return (ctl_lost(EX_UNAVAILABLE, "the server closed the connection",
	    why, size));
}

static int
ctl_late(char *why, size_t size)
{
	return (ctl_lost(EX_TEMPFAIL, "no answer in time", why, size));
}

/* All rows of one note: -1 when malformed, or when cb will have no more. */
static int
ctl_rows(const struct frame *f, ctl_row_cb cb, void *arg)
{
	struct rbuf	 r;

	rbuf_init(&r, f->body, f->len);
	while (row_more(&r))
		if (cb(arg, &r) == -1)
			return (-1);
	return (r.bad ? -1 : 0);
}

/* One frame of the answer; -1: more to come. */
static int
ctl_frame(const struct frame *f, ctl_row_cb cb, void *arg, char *why,
    size_t size)
{
	struct end_answer	 end;
	struct rbuf		 r;

	if (f->fd != -1)
		close(f->fd);
	else if (f->id != server->last_id)
		return (-1);
	else if (f->type == MSG_CONTROL_ROW_NOTE) {
		if (ctl_rows(f, cb, arg) == 0)
			return (-1);
	} else if (f->type == MSG_CONTROL_END_ANSWER) {
		rbuf_init(&r, f->body, f->len);
		if (msg_get_end(&r, &end) == 0) {
			(void)strlcpy(why, end.text, size);
			return (end.status);
		}
	}
	return (ctl_lost(EX_PROTOCOL, "the server does not speak our "
	    "language", why, size));
}

/* Put the question in line; an exit code. */
static int
ctl_put(const char *const *words, size_t n, char *why, size_t size)
{
	struct command_ask	 ask = { .version = MSG_VERSION };
	struct wbuf		 w;
	int			 status = EX_OK;

	wbuf_init(&w);
	for (; ask.n < n && ask.n < COMMAND_ARGS_MAX; ask.n++) {
		if (strlen(words[ask.n]) > COMMAND_ARG_MAX)
			break;
		/* put reads only, get fills: one struct for both */
		memcpy(&ask.args[ask.n], &words[ask.n], sizeof(char *));
	}
	msg_put_command(&w, &ask);
	if (ask.n < n || w.bad) {
		(void)strlcpy(why, "too many words, or too long ones", size);
		status = EX_USAGE;
	} else
		frame_put(&server->conn, MSG_SMTPCTL_COMMAND_ASK,
		    ++server->last_id, -1, w.data, w.len);
	wbuf_free(&w);
	return (status);
}

int
ctl_begin(const char *const *words, size_t n, char *why, size_t size)
{
	enum frame_status	 status;
	int			 ret;

	why[0] = '\0';
	if ((ret = ctl_connect(why, size)) != EX_OK ||
	    (ret = ctl_put(words, n, why, size)) != EX_OK)
		return (ret);
	while ((status = frame_flush(&server->conn)) == FRAME_MORE)
		if (ctl_wait(POLLOUT) == -1)
			return (ctl_late(why, size));
	return (status == FRAME_OK ? EX_OK : ctl_gone(why, size));
}

int
ctl_finish(ctl_row_cb cb, void *arg, char *why, size_t size)
{
	struct frame		 f;
	enum frame_status	 status;
	int			 ret;

	why[0] = '\0';
	for (;;) {
		while ((status = frame_next(&server->conn, &f, WIRE_MAX)) ==
		    FRAME_OK)
			if ((ret = ctl_frame(&f, cb, arg, why, size)) != -1)
				return (ret);
		if (status == FRAME_BAD)
			return (ctl_gone(why, size));
		if (ctl_wait(POLLIN) == -1)
			return (ctl_late(why, size));
		status = frame_fill(&server->conn, WIRE_MAX);
		if (status == FRAME_CLOSED || status == FRAME_BAD)
			return (ctl_gone(why, size));
	}
}

int
ctl_command(const char *const *words, size_t n, ctl_row_cb cb, void *arg,
    char *why, size_t size)
{
	int	 status;

	if ((status = ctl_begin(words, n, why, size)) != EX_OK)
		return (status);
	return (ctl_finish(cb, arg, why, size));
}
