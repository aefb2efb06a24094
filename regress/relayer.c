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
 * Play the parent and the queue for a relay process, and print what it
 * answers: relayer [-8u] [-c jobs] [-d notify] [-h hostname] [-n times]
 * [-o own-address -p port] [-r resolver] [-s user@host=secret] nexthop
 * sender file recipient ...
 *
 * One line a recipient, "ok|later|never code enhanced text", and one for
 * the job, "down=0 dsn=1 mta=mx.example".  -n sends the same many times, -c
 * at once, and prints counts instead.
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <bsd/unistd.h>
#include <err.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tls.h>
#include <unistd.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/frame.h"
#include "smtpd/base/log.h"
#include "smtpd/base/proc.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_parent.h"
#include "smtpd/msg/msg_relay.h"
#include "smtpd/relay/relay.h"

static struct relay_conf	 conf;
static struct relay_ask		 ask;
static struct frame_conn	 parent, queue;
static const char		*file;
static unsigned long		 times = 1, window = 1, sent, answered;
static unsigned long		 counts[RELAY_OUTCOME_COUNT];

/* Ours wins over that of libtls: certificates that a test trusts. */
const char *
tls_default_ca_cert_file(void)
{
	const char	*path = getenv("RELAYER_CA");

	return (path == NULL ? "/nonexistent" : path);
}

static void
address(const char *text, struct address *a)
{
	if (address_parse(text, strlen(text), ADDRESS_ALLOW_NULL |
	    ADDRESS_UTF8_OK, a) != ADDRESS_OK)
		errx(2, "%s: no address", text);
}

static void
pair(int sv[2])
{
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, sv) == -1 ||
	    fcntl(sv[0], F_SETFL, O_NONBLOCK) == -1 ||
	    fcntl(sv[1], F_SETFL, O_NONBLOCK) == -1)
		err(1, "socketpair");
}

static int
start(int verbose)
{
	int	 up[2], side[2];
	pid_t	 pid;

	pair(up);
	pair(side);
	if ((pid = fork()) == -1)
		err(1, "fork");
	if (pid == 0) {
		close(side[0]);
		close(side[1]);
		close(up[0]);
		if (up[1] != 3 && dup2(up[1], 3) == -1)
			err(1, "dup2");
		log_init("relay", 1, verbose);
		relay_main(0);
		exit(0);
	}
	close(up[1]);
	frame_open(&parent, up[0]);
	frame_open(&queue, side[0]);
	return (side[1]);
}

static void
tell(uint32_t type, int fd, struct wbuf *w)
{
	if (w->bad)
		errx(1, "message %u does not fit", type);
	frame_put(&parent, type, 0, fd, w->data, w->len);
	wbuf_free(w);
}

static void
introduce(int side)
{
	struct start_note	 note = { 0 };
	struct wbuf		 w;

	wbuf_init(&w);
	msg_put_relay_conf(&w, &conf);
	tell(MSG_PARENT_CONF_NOTE, -1, &w);
	wbuf_init(&w);
	msg_put_peer(&w, PROC_QUEUE, 0);
	tell(MSG_PARENT_PEER_NOTE, side, &w);
	wbuf_init(&w);
	msg_put_start(&w, &note);
	tell(MSG_PARENT_START_NOTE, -1, &w);
}

static void
send_one(void)
{
	struct stat	 st;
	struct wbuf	 w;
	int		 fd;

	if ((fd = open(file, O_RDONLY)) == -1 || fstat(fd, &st) == -1)
		err(1, "%s", file);
	ask.id = ++sent;
	ask.length = (uint64_t)st.st_size;
	wbuf_init(&w);
	msg_put_relay_ask(&w, &ask);
	if (w.bad)
		errx(1, "the question does not fit");
	frame_put(&queue, MSG_QUEUE_RELAY_ASK, sent, fd, w.data, w.len);
	wbuf_free(&w);
}

static void
take(const struct frame *f)
{
	static const char *const	 words[] = { "ok", "later", "never" };
	struct relay_answer		 ans;
	struct relay_result		*r;
	struct rbuf			 body;

	memset(&ans, 0, sizeof(ans));
	rbuf_init(&body, f->body, f->len);
	if (f->type != MSG_RELAY_DONE_ANSWER ||
	    msg_get_relay_answer(&body, &ans) == -1)
		errx(1, "message %u is no answer", f->type);
	answered++;
	for (r = ans.results; r < ans.results + ans.nrcpts; r++) {
		counts[r->outcome]++;
		if (times == 1)
			printf("%s %u %s %s\n", words[r->outcome], r->code,
			    r->enhanced[0] == '\0' ? "-" : r->enhanced,
			    r->text);
	}
	if (times == 1)
		printf("down=%u dsn=%u mta=%s\n", ans.down, ans.dsn, ans.mta);
	free(ans.results);
}

static void
turn(struct frame_conn *c, void (*taken)(const struct frame *))
{
	enum frame_status	 s;
	struct frame		 f;

	s = frame_fill(c, WIRE_MAX);
	if (s == FRAME_CLOSED || s == FRAME_BAD)
		errx(1, "the relay process is gone");
	while (frame_next(c, &f, WIRE_MAX) == FRAME_OK)
		taken(&f);
}

static void
ignore(const struct frame *f)
{
}

static void
run(void)
{
	struct pollfd	 p[2];

	while (answered < times) {
		while (sent < times && sent - answered < window)
			send_one();
		p[0].fd = parent.fd;
		p[1].fd = queue.fd;
		p[0].events = p[1].events = POLLIN;
		if (frame_flush(&parent) == FRAME_MORE)
			p[0].events |= POLLOUT;
		if (frame_flush(&queue) == FRAME_MORE)
			p[1].events |= POLLOUT;
		if (poll(p, 2, -1) == -1)
			err(1, "poll");
		if (p[0].revents & ~POLLOUT)
			turn(&parent, ignore);
		if (p[1].revents & ~POLLOUT)
			turn(&queue, take);
	}
}

static void
secret(char *text)
{
	struct relay_secret	*s = &conf.secrets[conf.nsecrets++];
	char			*eq = strchr(text, '=');

	if (eq == NULL)
		errx(2, "-s user@host=secret");
	*eq = '\0';
	(void)snprintf(s->where, sizeof(s->where), "%s", text);
	(void)snprintf(s->secret, sizeof(s->secret), "%s", eq + 1);
}

static int
options(int argc, char **argv)
{
	int	 ch, verbose = 0;

	(void)snprintf(conf.hostname, sizeof(conf.hostname), "us.test");
	while ((ch = getopt(argc, argv, "8c:d:h:n:o:p:r:s:uv")) != -1)
		switch (ch) {
		case '8':
			ask.body8 = 1;
			break;
		case 'c':
			window = strtoul(optarg, NULL, 10);
			break;
		case 'd':
			ask.ret = (uint8_t)strtoul(optarg, NULL, 10);
			break;
		case 'h':
			(void)snprintf(conf.hostname, sizeof(conf.hostname),
			    "%s", optarg);
			break;
		case 'n':
			times = strtoul(optarg, NULL, 10);
			break;
		case 'o':
			if (ip_parse(optarg, &conf.own[0].ip) == -1)
				errx(2, "%s: no address", optarg);
			conf.nown = 1;
			break;
		case 'p':
			conf.own[0].port = (uint16_t)strtoul(optarg, NULL,
			    10);
			break;
		case 'r':
			(void)snprintf(conf.resolver, sizeof(conf.resolver),
			    "%s", optarg);
			break;
		case 's':
			secret(optarg);
			break;
		case 'u':
			ask.smtputf8 = 1;
			break;
		case 'v':
			verbose = 1;
			break;
		default:
			exit(2);
		}
	return (verbose);
}

int
main(int argc, char **argv, char **envp)
{
	uint64_t	 began;
	int		 side, verbose, i;

	setproctitle_init(argc, argv, envp);
	verbose = options(argc, argv);
	argc -= optind;
	argv += optind;
	if (argc < 4 || argc - 3 > RELAY_RCPTS_MAX)
		errx(2, "nexthop sender file recipient ...");
	(void)snprintf(ask.nexthop, sizeof(ask.nexthop), "%s", argv[0]);
	address(argv[1], &ask.sender);
	file = argv[2];
	ask.nrcpts = (uint32_t)(argc - 3);
	if ((ask.rcpts = calloc(ask.nrcpts, sizeof(*ask.rcpts))) == NULL)
		err(1, NULL);
	for (i = 3; i < argc; i++)
		address(argv[i], &ask.rcpts[i - 3].rcpt);
	side = start(verbose);
	introduce(side);
	began = clock_mono();
	run();
	if (times > 1)
		printf("ok=%lu later=%lu never=%lu ms=%llu\n",
		    counts[RELAY_OK], counts[RELAY_LATER],
		    counts[RELAY_NEVER], (unsigned long long)(clock_mono() -
		    began));
	frame_close(&parent);
	frame_close(&queue);
	return (wait(NULL) == -1);
}
