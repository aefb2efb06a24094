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
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_control.h"

static const char		*socket_path;
static struct frame_conn	 conn = { .fd = -1 };
static uint64_t			 last_id;

void
ctl_socket(const char *path)
{
	socket_path = path;
}

static int
ctl_connect(char *why, size_t size)
{
	struct sockaddr_un	 sun;
	int			 fd;

	if (conn.fd != -1)
		return (0);
	memset(&sun, 0, sizeof(sun));
	sun.sun_family = AF_UNIX;
	if (strlcpy(sun.sun_path, socket_path, sizeof(sun.sun_path)) >=
	    sizeof(sun.sun_path)) {
		(void)snprintf(why, size, "%s: name too long", socket_path);
		return (-1);
	}
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd == -1 || connect(fd, (struct sockaddr *)&sun, sizeof(sun)) ==
	    -1) {
		(void)snprintf(why, size, "%s: %s%s", socket_path,
		    strerror(errno), errno == ENOENT || errno == ECONNREFUSED
		    ? " (is smtpd running?)" : "");
		if (fd != -1)
			close(fd);
		return (-1);
	}
	frame_open(&conn, fd);
	return (0);
}

/* Wait until the socket is ready for what. */
static void
ctl_wait(short what)
{
	struct pollfd	 pfd = { .fd = conn.fd, .events = what };

	(void)poll(&pfd, 1, -1);
}

static int
ctl_lost(char *why, size_t size)
{
	frame_close(&conn);
	(void)snprintf(why, size, "the server closed the connection");
	return (EX_UNAVAILABLE);
}

/* All rows of one note. */
static int
ctl_rows(const struct frame *f, ctl_row_cb cb, void *arg)
{
	struct rbuf	 r;

	rbuf_init(&r, f->body, f->len);
	while (row_more(&r))
		if (cb(arg, &r) == -1 || r.bad)
			return (-1);
	return (0);
}

/* One frame of the answer; -1: more to come. */
static int
ctl_frame(const struct frame *f, ctl_row_cb cb, void *arg, char *why,
    size_t size)
{
	struct end_answer	 end;
	struct rbuf		 r;

	if (f->id != last_id)
		return (-1);
	if (f->type == MSG_CONTROL_ROW_NOTE) {
		if (ctl_rows(f, cb, arg) == 0)
			return (-1);
		frame_close(&conn);
		(void)snprintf(why, size, "stopped");
		return (EX_IOERR);
	}
	rbuf_init(&r, f->body, f->len);
	if (f->type != MSG_CONTROL_END_ANSWER || msg_get_end(&r, &end) == -1) {
		(void)snprintf(why, size, "the server does not speak our "
		    "language");
		return (EX_PROTOCOL);
	}
	(void)strlcpy(why, end.text, size);
	return (end.status);
}

int
ctl_command(const char *const *words, size_t n, ctl_row_cb cb, void *arg,
    char *why, size_t size)
{
	struct command_ask	 ask = { .version = MSG_VERSION };
	struct wbuf		 w;
	struct frame		 f;
	enum frame_status	 status;
	int			 ret;

	why[0] = '\0';
	if (ctl_connect(why, size) == -1)
		return (EX_UNAVAILABLE);
	for (ask.n = 0; ask.n < n && ask.n < COMMAND_ARGS_MAX; ask.n++)
		memcpy(&ask.args[ask.n], &words[ask.n], sizeof(char *));
	wbuf_init(&w);
	msg_put_command(&w, &ask);
	frame_put(&conn, MSG_SMTPCTL_COMMAND_ASK, ++last_id, -1, w.data,
	    w.len);
	wbuf_free(&w);
	while ((status = frame_flush(&conn)) == FRAME_MORE)
		ctl_wait(POLLOUT);
	if (status != FRAME_OK)
		return (ctl_lost(why, size));
	for (;;) {
		while ((status = frame_next(&conn, &f, WIRE_MAX)) == FRAME_OK)
			if ((ret = ctl_frame(&f, cb, arg, why, size)) != -1)
				return (ret);
		if (status == FRAME_BAD)
			return (ctl_lost(why, size));
		ctl_wait(POLLIN);
		status = frame_fill(&conn, WIRE_MAX);
		if (status == FRAME_CLOSED || status == FRAME_BAD)
			return (ctl_lost(why, size));
	}
}
