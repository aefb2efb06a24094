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
 * The peer of the figures: a responder that reads lines and says 250 to
 * each, in one process, with no thought at all.  usage: null ADDR PORT
 * Ends with its standard input.
 */

#include <sys/types.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <netinet/in.h>

#include <arpa/inet.h>
#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char	 ok[] = "250 2.1.5 Ok\r\n";
static int		 ep;

static void
watch(int fd)
{
	struct epoll_event	 ev = { .events = EPOLLIN, .data.fd = fd };

	if (epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev) == -1)
		err(1, "epoll_ctl");
}

static void
answer(int fd)
{
	static char	 in[65536], out[65536];
	ssize_t		 i, n;
	size_t		 len = 0;

	if ((n = recv(fd, in, sizeof(in), 0)) <= 0) {
		close(fd);
		return;
	}
	for (i = 0; i < n; i++)
		if (in[i] == '\n' && len + sizeof(ok) < sizeof(out)) {
			memcpy(out + len, ok, sizeof(ok) - 1);
			len += sizeof(ok) - 1;
		}
	if (len != 0 && send(fd, out, len, MSG_NOSIGNAL) == -1)
		close(fd);
}

int
main(int argc, char **argv)
{
	struct sockaddr_in	 sin = { .sin_family = AF_INET };
	struct epoll_event	 evs[256];
	int			 i, n, fd, on = 1, s;

	if (argc != 3 || inet_pton(AF_INET, argv[1], &sin.sin_addr) != 1)
		errx(2, "usage: null ADDR PORT");
	sin.sin_port = htons((uint16_t)strtol(argv[2], NULL, 10));
	if ((fd = socket(AF_INET, SOCK_STREAM, 0)) == -1 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == -1 ||
	    bind(fd, (struct sockaddr *)&sin, sizeof(sin)) == -1 ||
	    listen(fd, 1024) == -1 || (ep = epoll_create1(0)) == -1)
		err(1, "listen");
	watch(fd);
	watch(STDIN_FILENO);
	for (;;) {
		n = epoll_wait(ep, evs, 256, -1);
		for (i = 0; i < n; i++) {
			if (evs[i].data.fd == STDIN_FILENO)
				return (0);
			if (evs[i].data.fd != fd) {
				answer(evs[i].data.fd);
				continue;
			}
			if ((s = accept(fd, NULL, NULL)) == -1)
				continue;
			(void)send(s, "220 null\r\n", 10, MSG_NOSIGNAL);
			watch(s);
		}
	}
}
