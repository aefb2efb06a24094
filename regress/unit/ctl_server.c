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
 * smtpctl and a server that is not what it should be.
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "control/ctl.h"
#include "regress/unit/check.h"
#include "smtpd/base/frame.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_control.h"

static char			 path[] = "/tmp/smtpd-ctl.XXXXXX/sock";
static struct sockaddr_un	 sun_server;
static int			 listener;
static unsigned int		 nrows;

static void
listen_here(void)
{
	char	*slash = strrchr(path, '/');

	*slash = '\0';
	if (mkdtemp(path) == NULL)
		abort();
	*slash = '/';
	sun_server.sun_family = AF_UNIX;
	memcpy(sun_server.sun_path, path, sizeof(path));
	listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (listener == -1 || bind(listener, (struct sockaddr *)&sun_server,
	    sizeof(sun_server)) == -1 || listen(listener, 8) == -1)
		abort();
	ctl_socket(path);
}

/* What the server does with the one who asks. */
typedef void (*server)(struct frame_conn *);

/* Reads the command, so that closing is no reset; then it is the test's. */
static pid_t
serve(server what)
{
	struct frame_conn	 c;
	struct frame		 f;
	pid_t			 pid;
	int			 fd;

	if ((pid = fork()) == -1)
		abort();
	if (pid != 0)
		return (pid);
	if ((fd = accept(listener, NULL, NULL)) == -1)
		_exit(1);
	frame_open(&c, fd);
	while (frame_next(&c, &f, WIRE_MAX) != FRAME_OK)
		if (frame_fill(&c, WIRE_MAX) == FRAME_CLOSED)
			_exit(1);
	what(&c);
	while (frame_flush(&c) == FRAME_MORE)
		(void)usleep(1000);
	_exit(0);
}

static int
row_take(void *arg, struct rbuf *r)
{
	struct row_field	 f;
	int			 ret;

	while ((ret = row_next(r, &f)) == 1)
		;
	nrows += ret == 0;
	return (arg != NULL ? -1 : ret);
}

/* One command to that server. */
static int
ask(server what, void *arg, char *why, size_t size)
{
	const char	*words[] = { "show", "status" };
	pid_t		 pid = serve(what);
	int		 status, ret;

	nrows = 0;
	ret = ctl_command(words, 2, row_take, arg, why, size);
	ctl_close();
	if (waitpid(pid, &status, 0) != pid || status != 0)
		abort();
	return (ret);
}

static void
put_end(struct frame_conn *c, uint64_t id, int status, const char *text)
{
	struct end_answer	 end = { .status = status };
	struct wbuf		 w;

	memcpy(end.text, text, strlen(text) + 1);
	wbuf_init(&w);
	msg_put_end(&w, &end);
	frame_put(c, MSG_CONTROL_END_ANSWER, id, -1, w.data, w.len);
	wbuf_free(&w);
}

static void
put_rows(struct frame_conn *c, uint64_t id, size_t cut)
{
	struct wbuf	 w;

	wbuf_init(&w);
	row_str(&w, "key", "value");
	row_end(&w);
	row_num(&w, "number", 7);
	row_end(&w);
	frame_put(c, MSG_CONTROL_ROW_NOTE, id, -1, w.data, w.len - cut);
	wbuf_free(&w);
}

static uint64_t	 id;		/* of the command under way */

static void
server_good(struct frame_conn *c)
{
	put_rows(c, id - 1, 0);		/* of another command */
	put_rows(c, id, 0);
	put_end(c, id - 1, EX_IOERR, "another");
	put_end(c, id, EX_NOINPUT, "not there");
}

static void
server_leaves(struct frame_conn *c)
{
	put_rows(c, id, 0);
}

static void
server_cut_rows(struct frame_conn *c)
{
	put_rows(c, id, 1);
	put_end(c, id, EX_OK, "");
}

static void
server_cut_end(struct frame_conn *c)
{
	frame_put(c, MSG_CONTROL_END_ANSWER, id, -1, "\0", 1);
}

static void
server_other_type(struct frame_conn *c)
{
	frame_put(c, MSG_FRONT_RCPT_ASK, id, -1, "", 0);
}

static void
server_descriptor(struct frame_conn *c)
{
	frame_put(c, MSG_CONTROL_ROW_NOTE, id, dup(0), "", 0);
}

static void
server_http(struct frame_conn *c)
{
	static const char	 text[] =
	    "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";

	if (write(c->fd, text, sizeof(text)) == -1)
		_exit(1);
}

static void
server_huge(struct frame_conn *c)
{
	static const uint8_t	 head[FRAME_HEAD] = { 0, 0, 3, 133, 255, 255,
	    255, 255 };

	if (write(c->fd, head, sizeof(head)) == -1)
		_exit(1);
}

int
main(void)
{
	const char	*many[COMMAND_ARGS_MAX + 1];
	char		 why[512], no;
	static char	 longer[COMMAND_ARG_MAX + 2];
	size_t		 i;

	listen_here();
#define SAYS(server, arg, status, rows, text) do {			\
	id++;								\
	CHECK(ask(server, arg, why, sizeof(why)) == (status),		\
	    "%s: status", #server);					\
	CHECK(nrows == (rows) && strstr(why, text) != NULL,		\
	    "%s: %u rows, %s", #server, nrows, why);			\
} while (0)
	SAYS(server_good, NULL, EX_NOINPUT, 2, "not there");
	SAYS(server_good, &no, EX_PROTOCOL, 1, "language");
	SAYS(server_leaves, NULL, EX_UNAVAILABLE, 2, "closed");
	SAYS(server_cut_rows, NULL, EX_PROTOCOL, 1, "language");
	SAYS(server_cut_end, NULL, EX_PROTOCOL, 0, "language");
	SAYS(server_other_type, NULL, EX_PROTOCOL, 0, "language");
	SAYS(server_descriptor, NULL, EX_PROTOCOL, 0, "language");
	SAYS(server_http, NULL, EX_UNAVAILABLE, 0, "closed");
	SAYS(server_huge, NULL, EX_UNAVAILABLE, 0, "closed");

	for (i = 0; i < COMMAND_ARGS_MAX + 1; i++)
		many[i] = "word";
	CHECK(ctl_command(many, i, row_take, NULL, why, sizeof(why)) ==
	    EX_USAGE, "too many words");
	memset(longer, 'x', sizeof(longer) - 1);
	many[0] = longer;
	CHECK(ctl_command(many, 1, row_take, NULL, why, sizeof(why)) ==
	    EX_USAGE, "a word too long");
	ctl_close();
	close(listener);
	CHECK(ctl_command(many, 1, row_take, NULL, why, sizeof(why)) ==
	    EX_UNAVAILABLE && strstr(why, "is smtpd running?") != NULL,
	    "nobody there: %s", why);
	(void)unlink(path);
	CHECK(ctl_command(many, 1, row_take, NULL, why, sizeof(why)) ==
	    EX_UNAVAILABLE, "nothing there: %s", why);
	*strrchr(path, '/') = '\0';
	(void)rmdir(path);
	return (check_done("ctl_server"));
}
