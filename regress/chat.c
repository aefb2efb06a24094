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
 * A conversation with a server, played from a file or standard input:
 * chat [-b address] host port [file.chat]
 *
 *	# text		comment; so is an empty line
 *	C: text		send text CRLF
 *	T: n text	send text CRLF n times
 *	X: hex		send these octets, as in "4e 4f 0a"
 *	F:		what stands above goes out in a write of its own
 *	S: prefix	read one line of a reply; it begins with prefix
 *	S* prefix	read a reply to its last line, which begins with prefix
 *	R: n prefix	S: n times
 *	L: text		a line of the reply read last contains text
 *	L! text		no line of it does
 *	>ms S: prefix	S:, and it came no sooner than ms after the last write
 *	E:		the server closes now, and has said nothing more
 *
 * What is sent goes out in one write before the next S, R or E: C: lines that
 * follow each other are one group of RFC 2920.  Every read waits 20 s at most.
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <bsd/stdlib.h>
#include <bsd/string.h>

#include <err.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CHAT_WAIT	20000	/* ms for one read */
#define CHAT_LINE	4096	/* octets of a reply line that we accept */
#define CHAT_REPLY	65536	/* of all lines of a reply */

static int		 sock;
static const char	*name = "stdin";
static unsigned int	 lineno;
static char		*out;		/* not sent yet */
static size_t		 outlen;
static int64_t		 sent;		/* ms, when the last write went out */
static char		 in[CHAT_LINE];	/* received, not read yet */
static size_t		 inlen;
static char		 reply[CHAT_REPLY];	/* the last one, with its LFs */

static void __attribute__((noreturn, format(printf, 1, 2)))
fail(const char *fmt, ...)
{
	va_list	 ap;

	fprintf(stderr, "%s:%u: ", name, lineno);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\n");
	exit(1);
}

static int64_t
now_ms(void)
{
	struct timespec	 ts;

	if (clock_gettime(CLOCK_MONOTONIC, &ts) == -1)
		err(1, "clock_gettime");
	return ((int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000);
}

static void
queue(const char *data, size_t len)
{
	if ((out = realloc(out, outlen + len)) == NULL)
		err(1, NULL);
	memcpy(out + outlen, data, len);
	outlen += len;
}

/* A server that has closed is seen by the next read, not here. */
static void
flush(void)
{
	size_t	 done = 0;
	ssize_t	 n;

	if (outlen == 0)
		return;
	while (done < outlen) {
		n = send(sock, out + done, outlen - done, MSG_NOSIGNAL);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			break;
		done += (size_t)n;
	}
	outlen = 0;
	sent = now_ms();
}

/* More input: 0 when the server has closed (RST counts). */
static int
fill(void)
{
	struct pollfd	 pfd = { .fd = sock, .events = POLLIN };
	ssize_t		 n;

	if (inlen == sizeof(in))
		fail("a reply line of over %zu octets", sizeof(in));
	switch (poll(&pfd, 1, CHAT_WAIT)) {
	case -1:
		err(1, "poll");
	case 0:
		fail("nothing came for %d s", CHAT_WAIT / 1000);
	}
	if ((n = recv(sock, in + inlen, sizeof(in) - inlen, 0)) == -1) {
		if (errno != ECONNRESET)
			err(1, "recv");
		return (0);
	}
	inlen += (size_t)n;
	return (n > 0);
}

/* Append one line to the reply; return where it begins. */
static char *
read_line(const char *wanted)
{
	char	*eol, *line;
	size_t	 len, have = strlen(reply);

	flush();
	while ((eol = memchr(in, '\n', inlen)) == NULL)
		if (!fill())
			fail("expected \"%s\", got end of file", wanted);
	len = (size_t)(eol - in) + 1;
	if (len < 2 || eol[-1] != '\r')
		fail("a reply line that does not end in CRLF");
	if (memchr(in, '\0', len) != NULL)
		fail("a reply line with NUL");
	if (have + len >= sizeof(reply))
		fail("a reply of over %zu octets", sizeof(reply));
	line = reply + have;
	memcpy(line, in, len - 2);
	memcpy(line + len - 2, "\n", 2);
	inlen -= len;
	memmove(in, in + len, inlen);
	return (line);
}

/* The first line, or (whole) the last line of a reply. */
static void
expect(const char *prefix, int whole)
{
	char	*line;

	reply[0] = '\0';
	do
		line = read_line(prefix);
	while (whole && strlen(line) > 3 && line[3] == '-');
	if (strncmp(line, prefix, strlen(prefix)) != 0) {
		line[strcspn(line, "\n")] = '\0';
		fail("expected \"%s\", got \"%s\"", prefix, line);
	}
}

static void
expect_after(char *arg)
{
	const char	*errstr;
	char		*prefix;
	int64_t		 ms, took;

	if ((prefix = strstr(arg, " S: ")) == NULL)
		fail("no S: behind the time");
	*prefix = '\0';
	ms = strtonum(arg, 0, CHAT_WAIT, &errstr);
	if (errstr != NULL)
		fail("a time that is %s", errstr);
	expect(prefix + 4, 0);
	if ((took = now_ms() - sent) < ms)
		fail("the reply came after %lld ms", (long long)took);
}

static void
expect_end(void)
{
	flush();
	if (inlen > 0 || fill())
		fail("expected the end, got \"%.*s\"", (int)inlen, in);
}

/* "n text": leave text, return n. */
static unsigned int
number(const char **arg)
{
	const char	*errstr;
	char		 digits[16];
	unsigned int	 n;
	size_t		 len = strcspn(*arg, " ");

	(void)strlcpy(digits, *arg, sizeof(digits));
	if (len < sizeof(digits))
		digits[len] = '\0';
	*arg += len + ((*arg)[len] == ' ');
	n = (unsigned int)strtonum(digits, 1, 10000000, &errstr);
	if (errstr != NULL)
		fail("a number that is %s", errstr);
	return (n);
}

static void
send_hex(const char *p)
{
	char		 pair[3] = "", octet;
	char		*end;

	while (*p != '\0') {
		if (*p == ' ') {
			p++;
			continue;
		}
		(void)strlcpy(pair, p, sizeof(pair));
		octet = (char)strtoul(pair, &end, 16);
		if (end != pair + 2)
			fail("not hex: \"%s\"", p);
		queue(&octet, 1);
		p += 2;
	}
}

static void
send_text(const char *text, unsigned int n)
{
	while (n-- > 0) {
		queue(text, strlen(text));
		queue("\r\n", 2);
	}
}

static void
play(char *line)
{
	const char	*arg = line + 2 + (line[2] == ' ');
	unsigned int	 n;

	if (line[0] == '#')
		return;
	if (line[0] == '>') {
		expect_after(line + 1);
		return;
	}
	if (strlen(line) < 2)
		fail("not a step: \"%s\"", line);
	if (strncmp(line, "C:", 2) == 0)
		send_text(arg, 1);
	else if (strncmp(line, "T:", 2) == 0) {
		n = number(&arg);
		send_text(arg, n);
	} else if (strncmp(line, "X:", 2) == 0)
		send_hex(arg);
	else if (strncmp(line, "F:", 2) == 0)
		flush();
	else if (strncmp(line, "S:", 2) == 0 || strncmp(line, "S*", 2) == 0)
		expect(arg, line[1] == '*');
	else if (strncmp(line, "R:", 2) == 0) {
		for (n = number(&arg); n > 0; n--)
			expect(arg, 0);
	} else if (strncmp(line, "L:", 2) == 0 ||
	    strncmp(line, "L!", 2) == 0) {
		if ((strstr(reply, arg) != NULL) != (line[1] == ':'))
			fail("\"%s\" in the reply:\n%s", line, reply);
	} else if (strncmp(line, "E:", 2) == 0)
		expect_end();
	else
		fail("not a step: \"%s\"", line);
}

static void
dial(const char *from, const char *host, const char *port)
{
	struct addrinfo	 hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo	*to, *src;
	int		 e;

	hints.ai_flags = AI_NUMERICHOST;
	if ((e = getaddrinfo(host, port, &hints, &to)) != 0)
		errx(1, "%s port %s: %s", host, port, gai_strerror(e));
	if ((sock = socket(to->ai_family, SOCK_STREAM, 0)) == -1)
		err(1, "socket");
	if (from != NULL) {
		if ((e = getaddrinfo(from, NULL, &hints, &src)) != 0)
			errx(1, "%s: %s", from, gai_strerror(e));
		if (bind(sock, src->ai_addr, src->ai_addrlen) == -1)
			err(1, "bind %s", from);
		freeaddrinfo(src);
	}
	if (connect(sock, to->ai_addr, to->ai_addrlen) == -1)
		err(1, "connect %s port %s", host, port);
	freeaddrinfo(to);
	sent = now_ms();
}

int
main(int argc, char **argv)
{
	const char	*from = NULL;
	char		*line = NULL;
	size_t		 size = 0;
	ssize_t		 len;
	int		 ch;

	while ((ch = getopt(argc, argv, "b:")) != -1) {
		if (ch != 'b')
			return (2);
		from = optarg;
	}
	if (argc - optind != 2 && argc - optind != 3)
		errx(2, "usage: chat [-b address] host port [file]");
	if (argc - optind == 3) {
		name = argv[optind + 2];
		if (freopen(name, "r", stdin) == NULL)
			err(1, "%s", name);
	}
	dial(from, argv[optind], argv[optind + 1]);
	while ((len = getline(&line, &size, stdin)) != -1) {
		lineno++;
		if (len > 0 && line[len - 1] == '\n')
			line[len - 1] = '\0';
		if (line[0] != '\0')
			play(line);
	}
	flush();
	free(line);
	free(out);
	close(sock);
	return (0);
}
