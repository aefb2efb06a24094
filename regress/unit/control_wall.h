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
 * What stands around the control process in its tests: clients of any user,
 * the processes behind it, and a clock that may go faster.
 */

#ifndef CONTROL_WALL_H
#define CONTROL_WALL_H

#include <sys/types.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <bsd/unistd.h>

#include <dirent.h>
#include <errno.h>
#include <event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "control/client.h"
#include "regress/unit/check.h"
#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/pending.h"
#include "smtpd/msg/msg.h"

static char			 path[] = "/tmp/smtpd-control.XXXXXX/sock";
static struct sockaddr_un	 sun_control;
static uid_t			 next_uid;	/* of who connects */
static unsigned int		 asked;		/* questions put */
static pending_cb		 asked_cb;
static void			*asked_arg;
static unsigned int		 stopped;
static unsigned int		 faster = 1;	/* than time goes by */
static unsigned int		 warned;	/* lines in the log */
static unsigned int		 trace_changes[TRACE_CHANGE_COUNT];

struct timeval
clock_tv(uint64_t ms)
{
	struct timeval	 tv;

	ms /= faster;
	tv.tv_sec = (time_t)(ms / 1000);
	tv.tv_usec = (suseconds_t)(ms % 1000 * 1000);
	return (tv);
}

void
log_warnx(const char *fmt, ...)
{
	warned++;
}

void
log_info(const char *fmt, ...)
{
}

int
getpeereid(int fd, uid_t *uid, gid_t *gid)
{
	*uid = next_uid;
	*gid = 0;
	return (0);
}

uint64_t
pending_ask(enum proc_id id, unsigned int inst, uint32_t type, int fd,
    struct wbuf *body, unsigned int wait, pending_cb cb, void *arg)
{
	asked++;
	asked_cb = cb;
	asked_arg = arg;
	if (body != NULL)
		wbuf_free(body);
	return (asked);
}

void
pending_forget(void *arg)
{
	if (asked_arg == arg)
		asked_arg = NULL;
}

int
proc_send(enum proc_id id, unsigned int inst, uint32_t type, uint64_t msgid,
    int fd, struct wbuf *body)
{
	struct trace_note	 note;
	struct rbuf		 r;

	stopped += type == MSG_CONTROL_STOP_NOTE;
	if (type == MSG_CONTROL_TRACE_NOTE) {
		rbuf_init(&r, body->data, body->len);
		if (msg_get_trace_note(&r, &note) == -1 || note.number == 0)
			abort();
		trace_changes[note.change]++;
	}
	if (body != NULL)
		wbuf_free(body);
	return (0);
}

static void
turn(void)
{
	int	 i;

	for (i = 0; i < 4; i++)
		if (event_loop(EVLOOP_NONBLOCK) == -1)
			abort();
}

/* A client of that user. */
static int
client(uid_t uid)
{
	int	 fd;

	next_uid = uid;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd == -1 || connect(fd, (struct sockaddr *)&sun_control,
	    sizeof(sun_control)) == -1)
		abort();
	turn();
	return (fd);
}

static void
listen_here(void)
{
	char	*slash = strrchr(path, '/');
	int	 fd;

	*slash = '\0';
	if (mkdtemp(path) == NULL)
		abort();
	*slash = '/';
	sun_control.sun_family = AF_UNIX;
	memcpy(sun_control.sun_path, path, sizeof(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd == -1 || bind(fd, (struct sockaddr *)&sun_control,
	    sizeof(sun_control)) == -1 || listen(fd, 128) == -1)
		abort();
	client_listen(fd);
}

static void
unlisten(void)
{
	(void)unlink(path);
	*strrchr(path, '/') = '\0';
	(void)rmdir(path);
}

static inline void
say(int fd, const void *data, size_t len)
{
	if (write(fd, data, len) != (ssize_t)len)
		abort();
	turn();
}

/* Has control closed it?  What came before is read and dropped. */
static inline int
gone(int fd)
{
	char	 buf[65536];
	ssize_t	 n;

	turn();
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		turn();
	return (n == 0 || errno == ECONNRESET);
}

static void
frame(struct frame_conn *c, int fd, const char *const *words)
{
	struct command_ask	 ask = { .version = MSG_VERSION };
	struct wbuf		 w;

	frame_open(c, fd);
	for (; words[ask.n] != NULL; ask.n++)
		ask.args[ask.n] = strdup(words[ask.n]);
	wbuf_init(&w);
	msg_put_command(&w, &ask);
	frame_put(c, MSG_SMTPCTL_COMMAND_ASK, 7, -1, w.data, w.len);
	wbuf_free(&w);
	command_free(&ask);
}

/* Send a command; takes fd over. */
static void
ask(struct frame_conn *c, int fd, const char *first, const char *second,
    const char *third)
{
	const char	*words[] = { first, second, third, NULL };

	frame(c, fd, words);
	CHECK(frame_flush(c) == FRAME_OK, "the command does not go out");
	turn();
}

/* The status that ends the command, or -1. */
static int
end_status(struct frame_conn *c)
{
	struct end_answer	 end;
	struct frame		 f;
	struct rbuf		 r;

	turn();
	(void)frame_fill(c, WIRE_MAX);
	while (frame_next(c, &f, WIRE_MAX) == FRAME_OK) {
		if (f.type != MSG_CONTROL_END_ANSWER)
			continue;
		rbuf_init(&r, f.body, f.len);
		return (f.id != 7 || msg_get_end(&r, &end) == -1 ? -1 :
		    end.status);
	}
	return (-1);
}

static inline int
status_of(uid_t uid, const char *first, const char *second, const char *third)
{
	struct frame_conn	 c;
	int			 status;

	ask(&c, client(uid), first, second, third);
	status = end_status(&c);
	frame_close(&c);
	turn();
	return (status);
}

static inline unsigned int
open_files(void)
{
	struct dirent	*e;
	unsigned int	 n = 0;
	DIR		*d;

	if ((d = opendir("/proc/self/fd")) == NULL)
		return (0);
	while ((e = readdir(d)) != NULL)
		n++;
	(void)closedir(d);
	return (n);
}

#endif
