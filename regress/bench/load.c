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
 * Load for figures: pipelined RCPTs over many connections, messages, or
 * idle connections.  Bounded in time; loopback only.
 *
 * usage: load rcpt ADDR PORT CONNS DEPTH SECONDS DOMAIN USERS
 *	  load mail ADDR PORT CONNS SECONDS DOMAIN USERS OCTETS
 *	  load idle ADDR PORT CONNS
 *	  load wait ADDR PORT CONNS DOMAIN SECONDS
 *
 * rcpt: every connection sends groups of DEPTH RCPTs to uN@DOMAIN, N below
 * USERS at random, with a RSET and a MAIL before each 50.  Prints the
 * RCPTs answered and the seconds.  mail: one message after the other.
 * idle: connects, says EHLO, prints "idle N" and waits for end of input.
 * wait: every connection asks for a recipient that does not exist; prints
 * "waiting N" when all do, and how many had their refusal before SECONDS
 * were over when all have had it.
 * LOAD_TLS=1 in the environment: everything in TLS from the first octet.
 * LOAD_NEW=1: each transaction of rcpt has a sender that was not there before.
 */

#include <sys/types.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <tls.h>
#include <unistd.h>

#define GROUP_MAX	1000
#define PER_TX		50	/* recipients of one transaction */

struct conn {
	struct tls *tls;	/* NULL: in the clear */
	int	 fd;
	int	 expect;	/* final reply lines still to come */
	int	 rcpts;		/* in this transaction */
	int	 stage;
	char	 last[4];	/* start of the line being read */
	int	 lastlen;
	double	 since;		/* when it began to wait */
};

static struct conn	*conns;
static int		 nconns, depth, users, ep;
static const char	*domain;
static struct tls_config *tls_conf;	/* NULL: in the clear */
static unsigned long	 counted, refused, messages;
static unsigned long	 senders;	/* how many so far; 0: always one */
static char		*text;
static size_t		 textlen;
static uint64_t		 seed = 88172645463325252ULL;

static unsigned int
rnd(unsigned int n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return ((unsigned int)(seed >> 33) % n);
}

static double
now(void)
{
	struct timespec	 ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ((double)ts.tv_sec + (double)ts.tv_nsec / 1e9);
}

static void
say(struct conn *c, const char *buf, size_t len)
{
	ssize_t	 n;

	while (len > 0) {
		n = c->tls != NULL ? tls_write(c->tls, buf, len) :
		    send(c->fd, buf, len, MSG_NOSIGNAL);
		if (n == TLS_WANT_POLLIN || n == TLS_WANT_POLLOUT ||
		    (n == -1 && c->tls == NULL && errno == EINTR))
			continue;
		if (n == -1)
			err(1, "send");
		buf += n;
		len -= (size_t)n;
	}
}

/* One record of TLS at a time: the next ones still wake epoll. */
static ssize_t
take(struct conn *c, char *buf, size_t size)
{
	ssize_t	 n;

	if (c->tls == NULL)
		return (recv(c->fd, buf, size, 0));
	do
		n = tls_read(c->tls, buf, size);
	while (n == TLS_WANT_POLLIN || n == TLS_WANT_POLLOUT);
	return (n);
}

static void
secure(struct conn *c)
{
	if (tls_conf == NULL)
		return;
	if ((c->tls = tls_client()) == NULL ||
	    tls_configure(c->tls, tls_conf) == -1 ||
	    tls_connect_socket(c->tls, c->fd, NULL) == -1 ||
	    tls_handshake(c->tls) == -1)
		errx(1, "TLS: %s", c->tls == NULL ? "no memory" :
		    tls_error(c->tls));
}

static void
rcpt_group(struct conn *c)
{
	static char	 buf[GROUP_MAX * 100];
	size_t		 n = 0;
	int		 i;

	c->expect = 0;
	for (i = 0; i < depth; i++) {
		if (c->rcpts == 0 || c->rcpts == PER_TX) {
			n += (size_t)snprintf(buf + n, sizeof(buf) - n,
			    "RSET\r\nMAIL FROM:<s%.0lu@client.example>\r\n",
			    senders == 0 ? senders : senders++);
			c->expect += 2;
			c->rcpts = 0;
		}
		n += (size_t)snprintf(buf + n, sizeof(buf) - n,
		    "RCPT TO:<u%u@%s>\r\n", rnd((unsigned int)users), domain);
		c->expect++;
		c->rcpts++;
	}
	say(c, buf, n);
}

static void
mail_step(struct conn *c)
{
	char	 buf[512];
	int	 n;

	c->expect = 1;
	switch (c->stage) {
	case 0:
		n = snprintf(buf, sizeof(buf), "MAIL FROM:<s@client.example>"
		    "\r\nRCPT TO:<u%u@%s>\r\nDATA\r\n",
		    rnd((unsigned int)users), domain);
		c->expect = 3;
		say(c, buf, (size_t)n);
		c->stage = 1;
		break;
	default:
		say(c, text, textlen);
		c->stage = 0;
		break;
	}
}

/* Count final reply lines: "NNN " at the start of a line. */
static void
feed(struct conn *c, const char *buf, ssize_t len)
{
	ssize_t	 i;

	for (i = 0; i < len; i++) {
		if (c->lastlen < 4)
			c->last[c->lastlen++] = buf[i];
		if (buf[i] != '\n')
			continue;
		if (c->last[3] == ' ') {
			c->expect--;
			counted++;
			if (c->last[0] == '4' || c->last[0] == '5')
				refused++;
		}
		c->lastlen = 0;
	}
}

static void
open_conn(struct conn *c, const char *addr, int port)
{
	struct sockaddr_in	 sin = { .sin_family = AF_INET };
	struct epoll_event	 ev = { .events = EPOLLIN };
	int			 on = 1;

	sin.sin_port = htons((uint16_t)port);
	if (inet_pton(AF_INET, addr, &sin.sin_addr) != 1 ||
	    (ntohl(sin.sin_addr.s_addr) >> 24) != 127)
		errx(1, "%s: loopback only", addr);
	if ((c->fd = socket(AF_INET, SOCK_STREAM, 0)) == -1 ||
	    connect(c->fd, (struct sockaddr *)&sin, sizeof(sin)) == -1)
		err(1, "connect %s:%d", addr, port);
	(void)setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	ev.data.ptr = c;
	if (epoll_ctl(ep, EPOLL_CTL_ADD, c->fd, &ev) == -1)
		err(1, "epoll_ctl");
	secure(c);
	c->expect = 1;
}

static void
tls_start(void)
{
	if ((tls_conf = tls_config_new()) == NULL)
		errx(1, "no memory for TLS");
	tls_config_insecure_noverifycert(tls_conf);
	tls_config_insecure_noverifyname(tls_conf);
	tls_config_insecure_noverifytime(tls_conf);
}

static void
run(double seconds, void (*next)(struct conn *))
{
	static char		 buf[65536];
	struct epoll_event	 evs[256];
	struct conn		*c;
	double			 start = now(), t;
	ssize_t			 len;
	int			 i, n;

	while ((t = now() - start) < seconds) {
		n = epoll_wait(ep, evs, 256, 100);
		for (i = 0; i < n; i++) {
			c = evs[i].data.ptr;
			len = take(c, buf, sizeof(buf));
			if (len <= 0)
				errx(1, "the server closed a connection");
			feed(c, buf, len);
			if (c->expect == 0) {
				messages += next == mail_step &&
				    c->stage == 0;
				next(c);
			}
		}
	}
	printf("replies %lu refused %lu messages %lu seconds %.3f\n",
	    counted, refused, messages - (messages > (unsigned long)nconns ?
	    (unsigned long)nconns : messages), t);
}

static void
make_text(size_t octets)
{
	size_t	 i;

	textlen = octets + 64;
	if ((text = malloc(textlen + 8)) == NULL)
		err(1, NULL);
	textlen = (size_t)snprintf(text, 64, "Subject: load\r\n\r\n");
	for (i = 0; textlen < octets; i++) {
		if (i % 72 == 70) {
			text[textlen++] = '\r';
			text[textlen++] = '\n';
			i = 0;
		} else
			text[textlen++] = 'x';
	}
	memcpy(text + textlen, "\r\n.\r\n", 5);
	textlen += 5;
}

/* Read until the replies that are due have come. */
static void
hear(struct conn *c)
{
	static char	 buf[65536];
	ssize_t		 n;

	while (c->expect > 0) {
		if ((n = take(c, buf, sizeof(buf))) <= 0)
			errx(1, "no greeting");
		feed(c, buf, n);
	}
}

/* The greeting first: who speaks before it is shown the door. */
static void
hello(void)
{
	static const char	 helo[] = "EHLO client.example\r\n";
	int			 i;

	for (i = 0; i < nconns; i++) {
		hear(&conns[i]);
		say(&conns[i], helo, sizeof(helo) - 1);
		conns[i].expect = 1;
		hear(&conns[i]);
	}
	counted = refused = 0;
}

/* All of them make a mistake and wait for the answer. */
static void
wait_all(double seconds)
{
	static char		 buf[65536];
	struct epoll_event	 evs[256];
	struct conn		*c;
	char			 line[256];
	ssize_t			 len;
	int			 early = 0, i, n, left = nconns, told = 0;

	len = snprintf(line, sizeof(line), "MAIL FROM:<s@client.example>\r\n"
	    "RCPT TO:<nobody-%ld@%s>\r\n", (long)getpid(), domain);
	for (i = 0; i < nconns; i++) {
		conns[i].since = now();
		conns[i].expect = 2;
		say(&conns[i], line, (size_t)len);
	}
	while (left > 0) {
		n = epoll_wait(ep, evs, 256, -1);
		for (i = 0; i < n; i++) {
			c = evs[i].data.ptr;
			len = take(c, buf, sizeof(buf));
			if (len <= 0)
				errx(1, "the server closed a connection");
			feed(c, buf, len);
			if (c->expect != 0)
				continue;
			early += now() - c->since < seconds;
			left--;
		}
		if (!told && counted >= (unsigned long)nconns) {
			printf("waiting %d\n", nconns);
			(void)fflush(stdout);
			told = 1;
		}
	}
	printf("released %d refused %lu early %d\n", nconns, refused, early);
}

int
main(int argc, char **argv)
{
	int	 i, c;

	if (argc < 5)
		errx(2, "usage: see the top of the source");
	senders = getenv("LOAD_NEW") != NULL;
	if (getenv("LOAD_TLS") != NULL)
		tls_start();
	if ((ep = epoll_create1(0)) == -1)
		err(1, NULL);
	nconns = (int)strtol(argv[4], NULL, 10);
	if ((conns = calloc((size_t)nconns, sizeof(*conns))) == NULL)
		err(1, NULL);
	for (i = 0; i < nconns; i++)
		open_conn(&conns[i], argv[2], (int)strtol(argv[3], NULL, 10));
	hello();
	if (strcmp(argv[1], "rcpt") == 0 && argc == 9) {
		depth = (int)strtol(argv[5], NULL, 10);
		if (depth < 1 || depth > GROUP_MAX)
			errx(2, "depth");
		domain = argv[7];
		users = (int)strtol(argv[8], NULL, 10);
		for (i = 0; i < nconns; i++)
			rcpt_group(&conns[i]);
		run(strtod(argv[6], NULL), rcpt_group);
	} else if (strcmp(argv[1], "mail") == 0 && argc == 9) {
		domain = argv[6];
		users = (int)strtol(argv[7], NULL, 10);
		make_text((size_t)strtol(argv[8], NULL, 10));
		for (i = 0; i < nconns; i++)
			mail_step(&conns[i]);
		run(strtod(argv[5], NULL), mail_step);
	} else if (strcmp(argv[1], "wait") == 0 && argc == 7) {
		domain = argv[5];
		wait_all(strtod(argv[6], NULL));
	} else if (strcmp(argv[1], "idle") == 0) {
		printf("idle %d\n", nconns);
		(void)fflush(stdout);
		while ((c = getchar()) != EOF)
			;
	} else
		errx(2, "usage: see the top of the source");
	return (0);
}
