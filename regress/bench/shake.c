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
 * Handshakes of TLS for figures, one after the other on loopback, each up
 * to the server's greeting: full ones, or ones that resume the session of
 * the one before.
 *
 * usage: shake ADDR PORT SECONDS 1.2|1.3 full|resumed
 *
 * Prints how many, the seconds, and the CPU seconds of this side.  One that
 * is resumed and should not be, or is not and should, is an error.
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>

#include <arpa/inet.h>
#include <err.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static struct sockaddr_in	 server = { .sin_family = AF_INET };
static SSL_SESSION		*kept;		/* the last ticket */

static double
seconds_of(clockid_t clock)
{
	struct timespec	 ts;

	if (clock_gettime(clock, &ts) == -1)
		err(1, "clock_gettime");
	return ((double)ts.tv_sec + (double)ts.tv_nsec / 1e9);
}

/* A ticket has come; with TLS 1.3 that is behind the handshake. */
static int
keep(SSL *ssl, SSL_SESSION *session)
{
	SSL_SESSION_free(kept);
	kept = session;
	return (1);
}

static void
tls_fail(const char *what)
{
	char	 text[256];

	ERR_error_string_n(ERR_get_error(), text, sizeof(text));
	errx(1, "%s: %s", what, text);
}

static SSL_CTX *
context(int version)
{
	SSL_CTX	*ctx = SSL_CTX_new(TLS_client_method());

	if (ctx == NULL || SSL_CTX_set_min_proto_version(ctx, version) != 1 ||
	    SSL_CTX_set_max_proto_version(ctx, version) != 1)
		tls_fail("context");
	SSL_CTX_set_verify(ctx, SSL_VERIFY_NONE, NULL);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_CLIENT |
	    SSL_SESS_CACHE_NO_INTERNAL);
	SSL_CTX_sess_set_new_cb(ctx, keep);
	return (ctx);
}

/* Returns whether the session was resumed. */
static int
shake(SSL_CTX *ctx, int resume)
{
	SSL	*ssl;
	char	 greeting[512];
	int	 fd, reused;

	if ((fd = socket(AF_INET, SOCK_STREAM, 0)) == -1 || connect(fd,
	    (struct sockaddr *)&server, sizeof(server)) == -1)
		err(1, "connect");
	if ((ssl = SSL_new(ctx)) == NULL || SSL_set_fd(ssl, fd) != 1 ||
	    (resume && SSL_set_session(ssl, kept) != 1))
		tls_fail("session");
	if (SSL_connect(ssl) != 1)
		tls_fail("handshake");
	if (SSL_read(ssl, greeting, sizeof(greeting)) < 4 ||
	    memcmp(greeting, "220 ", 4) != 0)
		errx(1, "no greeting");
	reused = SSL_session_reused(ssl);
	(void)SSL_shutdown(ssl);	/* the server may be gone first */
	SSL_free(ssl);
	close(fd);
	return (reused);
}

int
main(int argc, char **argv)
{
	SSL_CTX		*ctx;
	unsigned long	 n = 0;
	double		 start, cpu, t, seconds;
	int		 resume;

	if (argc != 6)
		errx(2, "usage: see the top of the source");
	if (inet_pton(AF_INET, argv[1], &server.sin_addr) != 1 ||
	    (ntohl(server.sin_addr.s_addr) >> 24) != 127)
		errx(1, "%s: loopback only", argv[1]);
	server.sin_port = htons((uint16_t)strtol(argv[2], NULL, 10));
	seconds = strtod(argv[3], NULL);
	ctx = context(strcmp(argv[4], "1.2") == 0 ? TLS1_2_VERSION :
	    TLS1_3_VERSION);
	resume = strcmp(argv[5], "resumed") == 0;
	if (shake(ctx, 0) != 0)
		errx(1, "the first one was resumed");
	if (resume && kept == NULL)
		errx(1, "the server gave no ticket");
	start = seconds_of(CLOCK_MONOTONIC);
	cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
	while ((t = seconds_of(CLOCK_MONOTONIC) - start) < seconds) {
		if (shake(ctx, resume) != resume)
			errx(1, "handshake %lu was %sresumed", n,
			    resume ? "not " : "");
		n++;
	}
	printf("handshakes %lu seconds %.3f cpu %.3f\n", n, t,
	    seconds_of(CLOCK_PROCESS_CPUTIME_ID) - cpu);
	return (0);
}
