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
 * STARTTLS: what it forgets, what must not slip in with it, and sessions
 * that end in the middle of TLS.
 */

#include "regress/unit/check.h"
#include "regress/unit/front_tlswall.h"

#define EHLO	"EHLO client.test\r\n"
#define MAIL	"MAIL FROM:<a@b.test>\r\n"
#define GOOD	"RCPT TO:<good@own.test>\r\n"
#define BAD	"RCPT TO:<bad@own.test>\r\n"
#define TEXT	"Subject: x\r\n\r\nhello\r\n.\r\n"

static size_t	 ec;

static void
end(void)
{
	wall_leave();
	CHECK(session_count() == 0, "sessions left");
}

static void
clear(void)
{
	wall_listener = tls_listener;
	wall_connect(NULL);
}

/* In the clear, and up to the 220 of STARTTLS. */
static void
begin(const char *said)
{
	clear();
	(void)wall_line(said);
	CHECK(strcmp(wall_line("STARTTLS\r\n"), "220 2.0.0|") == 0,
	    "STARTTLS behind %s: %s", said, wall.said);
	wall.nsaid = 0;
}

/* RFC 3207 4.2: nothing of what was said before is known. */
static void
test_forgets(void)
{
	unsigned int	 ends;

	clear();
	(void)wall_line(EHLO);
	CHECK(strstr(wall.said, " STARTTLS\r\n") != NULL, "not offered");
	CHECK(strcmp(wall_line(MAIL GOOD BAD "STARTTLS x\r\n"),
	    "250 2.1.0|250 2.1.5|550 5.1.1|501 5.5.4|") == 0, "before: %s",
	    wall.said);
	ends = wall.notes[MSG_FRONT_END_NOTE];
	CHECK(strcmp(wall_line("STARTTLS\r\n"), "220 2.0.0|") == 0,
	    "STARTTLS");
	wall.nsaid = 0;
	CHECK(peer_shake(), "handshake");
	CHECK(wall.notes[MSG_FRONT_END_NOTE] == ends + 1,
	    "policy still knows the session");
	CHECK(strcmp(peer_line(GOOD "DATA\r\n" MAIL "STARTTLS\r\n"),
	    "503 5.5.1|503 5.5.1|503 5.5.1|503 5.5.1|") == 0,
	    "remembered: %s", peer.said);
	CHECK(strcmp(peer_line(EHLO), "250|") == 0 &&
	    strstr(peer.said, "STARTTLS") == NULL, "EHLO: %s", peer.said);
	CHECK(wall.session.tls && wall.session.errors == 1,
	    "errors were forgotten");
	CHECK(strcmp(peer_line(MAIL GOOD "DATA\r\n"),
	    "250 2.1.0|250 2.1.5|354|") == 0, "after: %s", peer.said);
	CHECK(strcmp(peer_line(TEXT "QUIT\r\n"), "250 2.0.0|221 2.0.0|x") ==
	    0, "text: %s", peer.said);
	end();
}

/* It may end a group that waits for policy: RFC 2920 3.1. */
static void
test_ends_a_group(void)
{
	clear();
	CHECK(strcmp(wall_line(EHLO MAIL GOOD BAD "STARTTLS\r\n"),
	    "250|250 2.1.0|250 2.1.5|550 5.1.1|220 2.0.0|") == 0,
	    "group: %s", wall.said);
	wall.nsaid = 0;
	CHECK(peer_shake() && strcmp(peer_line(EHLO), "250|") == 0,
	    "after a group");
	end();
	clear();
	CHECK(strcmp(wall_line(EHLO MAIL GOOD "STARTTLS\r\nNOOP\r\n"),
	    "250|250 2.1.0|250 2.1.5|421 4.5.0|x") == 0, "within one: %s",
	    wall.said);
	end();
}

/* CVE-2011-0411, and its many sisters of 2021. */
static void
test_injection(void)
{
	static const char *const	 groups[] = {
		"STARTTLS\r\nEHLO x\r\n", "STARTTLS\r\n\r\n",
		"STARTTLS\r\nRSET", "STARTTLS\r\n\026\003\001",
		"NOOP\r\nSTARTTLS\r\nSTARTTLS\r\n"
	};
	const char			*got;
	size_t				 i, n;

	for (i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		clear();
		(void)wall_line(EHLO);
		got = wall_line(groups[i]);
		n = strlen(got);
		CHECK(n >= 11 && strcmp(got + n - 11, "421 4.5.0|x") == 0 &&
		    strstr(got, "220") == NULL, "group %zu: %s", i, got);
		end();
	}
	/* behind the reply: it is no TLS, and not a command either */
	begin(EHLO);
	CHECK(strcmp(wall_line("EHLO x\r\n" MAIL "QUIT\r\n"), "x") == 0,
	    "clear text behind 220: %s", wall.said);
	CHECK(strstr(wall.said, "250") == NULL, "was executed");
	end();
}

static void
test_require(void)
{
	tls_listener.require = 1;
	clear();
	CHECK(strcmp(wall_line(MAIL GOOD "DATA\r\nRSET\r\nHELP\r\n"
	    "VRFY two\r\nHELO x\r\nAUTH PLAIN\r\nNOOP\r\n" EHLO MAIL),
	    "530 5.7.0|530 5.7.0|530 5.7.0|530 5.7.0|530 5.7.0|530 5.7.0|"
	    "530 5.7.0|530 5.7.0|250 2.0.0|250|530 5.7.0|") == 0,
	    "required: %s", wall.said);
	end();
	begin(EHLO);
	CHECK(peer_shake(), "handshake");
	CHECK(strcmp(peer_line(EHLO MAIL GOOD), "250|250 2.1.0|250 2.1.5|")
	    == 0, "within: %s", peer.said);
	end();
	tls_listener.require = 0;
}

static void
test_not_offered(void)
{
	struct listener_conf	 was = tls_listener;

	tls_listener.tls = LISTENER_CLEAR;
	clear();
	CHECK(strcmp(wall_line(EHLO "STARTTLS\r\n"), "250|502 5.5.1|") == 0 &&
	    strstr(wall.said, "STARTTLS") == NULL, "clear: %s", wall.said);
	end();
	/* one whose certificates cannot be had */
	tls_listener = was;
	tls_listener.pkis[0] = 7;
	tls_server_add(&tls_listener);
	clear();
	CHECK(strcmp(wall_line(EHLO "STARTTLS\r\n"), "250|454 4.7.0|") == 0 &&
	    strstr(wall.said, "STARTTLS") == NULL, "none: %s", wall.said);
	end();
	tls_listener = was;
	/* keys is away: for now, and the session goes on */
	keys_stop();
	clear();
	CHECK(strcmp(wall_line(EHLO "STARTTLS\r\n" MAIL),
	    "250|454 4.7.0|250 2.1.0|") == 0, "no keys: %s", wall.said);
	keys_start();
	CHECK(strcmp(wall_line("STARTTLS\r\n"), "220 2.0.0|") == 0, "back");
	wall.nsaid = 0;
	CHECK(peer_shake(), "handshake");
	end();
}

/* The client says good-bye at any state, and goes on in the clear. */
static void
test_close_notify(void)
{
	static const char *const	 states[] = {
		"", EHLO, EHLO MAIL, EHLO MAIL GOOD, EHLO MAIL GOOD "DATA\r\n",
		EHLO MAIL GOOD "DATA\r\nSubject: half\r\n"
	};
	uint64_t			 files = 0;
	size_t				 i, j;

	for (i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		for (j = 0; j < 3; j++) {
			begin(EHLO);
			CHECK(peer_shake(), "handshake");
			if (i == 5)
				(void)peer_line(states[4]);
			(void)peer_line(i == 5 ? "Subject: half\r\n" :
			    states[i]);
			wall.committed.id = 0;
			(void)SSL_shutdown(peer.ssl);
			if (j == 1)
				BIO_puts(peer.out, "\r\n.\r\nNOOP\r\n" EHLO);
			if (j == 2)
				BIO_puts(peer.out, "\025\003\003\000\002\001");
			peer_settle();
			CHECK(wall.eof, "state %zu.%zu goes on", i, j);
			CHECK(wall.committed.id == 0, "stored");
			end();
			files++;
		}
	CHECK(files == 18, "states");
}

/* What is pipelined within TLS is held, with what TLS has read ahead. */
static void
test_held(void)
{
	static char	 group[40000];
	size_t		 n, noops = 0;
	const char	*p;

	begin(EHLO);
	CHECK(peer_shake() && strcmp(peer_line(EHLO MAIL),
	    "250|250 2.1.0|") == 0, "begin");
	wall.hold = 1;
	n = strlcpy(group, GOOD, sizeof(group));
	for (; n + 6 < sizeof(group); n += 6, noops++)
		memcpy(group + n, "NOOP\r\n", 6);
	CHECK(strcmp(peer_ask(group, n), "") == 0, "held: %s", peer.said);
	CHECK(session_held(session_first()) <= SESSION_HOLD_MAX,
	    "%zu held", session_held(session_first()));
	wall.hold = 0;
	peer_settle();
	for (p = peer.said; (p = strstr(p, "250 2.0.0")) != NULL; p++)
		noops--;
	CHECK(noops == 0 && strncmp(peer.said, "250 2.1.5", 9) == 0,
	    "%zu not answered", noops);
	end();
}

static void
test_large(size_t step)
{
	static char	 text[300 * 1024];
	size_t		 n = 0;

	peer.step = step;
	begin(EHLO);
	CHECK(peer_shake(), "handshake");
	CHECK(strcmp(peer_line(EHLO MAIL GOOD "DATA\r\n"),
	    "250|250 2.1.0|250 2.1.5|354|") == 0, "begin: %s", peer.said);
	while (n < sizeof(text) - 100)
		n += (size_t)snprintf(text + n, sizeof(text) - n,
		    "%zu and a line of some length to fill it\r\n", n);
	n += strlcpy(text + n, ".\r\n", sizeof(text) - n);
	CHECK(strcmp(peer_ask(text, n), "250 2.0.0|") == 0, "large: %s",
	    peer.said);
	CHECK(wall.committed.size > n, "size %llu of %zu",
	    (unsigned long long)wall.committed.size, n);
	CHECK(strcmp(peer_line("QUIT\r\n"), "221 2.0.0|x") == 0, "QUIT");
	end();
	peer.step = 0;
}

/* One that is not TLS at all, or speaks too soon. */
static void
test_aliens(void)
{
	static const struct {
		const char	*say;
		size_t		 len;
	} aliens[] = {
		{ EHLO, sizeof(EHLO) - 1 },
		{ "GET / HTTP/1.1\r\n\r\n", 18 },
		{ "\026\003\001\377\377\001", 6 },
		{ "\026\003\001\000\005\001\000\000\001\000", 10 },
		{ "\200\056\001\000\002", 5 }, { "\0\0\0\0\0\0\0\0", 8 },
		{ "\025\003\001\000\002\001\000", 7 }, { "", 0 }
	};
	uint64_t done = front_stats.tls;
	size_t	 i;

	for (i = 0; i < sizeof(aliens) / sizeof(aliens[0]); i++) {
		tls_listener.tls = LISTENER_TLS;
		clear();
		CHECK(wall.nsaid == 0, "a greeting in the clear");
		(void)wall_ask(aliens[i].say, aliens[i].len, 1);
		CHECK(strstr(wall.said, "250") == NULL &&
		    strstr(wall.said, "220") == NULL, "alien %zu: %s", i,
		    wall.said);
		end();
		CHECK(front_stats.tls == done, "shook hands with alien %zu",
		    i);
	}
	tls_listener.tls = LISTENER_STARTTLS;

	/* the last flight comes together with a command */
	wall_listener.tls = LISTENER_TLS;
	wall_connect(NULL);
	CHECK(peer_shake(), "handshake");
	peer_settle();
	CHECK(strncmp(peer.said, "220 ", 4) == 0, "greeting");
	end();
}

/* The client leaves at every octet of its handshake. */
static void
test_leaves(void)
{
	char	 hello[4096];
	int	 n, len;

	begin(EHLO);
	CHECK(peer_shake(), "handshake");
	end();
	peer_forget();
	SSL_clear(peer.ssl);
	(void)SSL_connect(peer.ssl);
	len = BIO_read(peer.out, hello, sizeof(hello));
	CHECK(len > 100, "hello of %d", len);
	for (n = 1; n <= len; n += 7) {
		begin(EHLO);
		wall_say(hello, (size_t)n, 0);
		end();
	}
	/* and the server ends in the middle of one */
	begin(EHLO);
	wall_say(hello, 20, 0);
	session_finish_all(REPLY_SHUTDOWN);
	wall_settle();
	CHECK(wall.eof && strstr(wall.said, "421") == NULL, "shutdown: %s",
	    wall.said);
	end();
}

int
main(void)
{
	wall_init();
	peer_init();
	ec = pair_make("EC", "mx.test");
	tls_listener = wall_listener;
	tls_listener.tls = LISTENER_STARTTLS;
	tls_listener.npkis = 1;
	tls_server_add(&tls_listener);
	tls_server_start();
	CHECK(certs_tell(&ec, 1) == 0, "certificate");
	keys_start();
	test_forgets();
	test_ends_a_group();
	test_injection();
	test_require();
	test_not_offered();
	test_close_notify();
	test_held();
	test_large(0);
	test_large(1000);
	test_aliens();
	test_leaves();
	keys_stop();
	return (check_done("front_starttls"));
}
