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
 * Sessions through a balancer: the header is read before all else, says who
 * the client is to policy, to the limits and to Received, and is believed
 * only when it is whole and good.
 */

#include "regress/unit/check.h"
#include "regress/unit/front_wall.h"
#include "smtpd/front/client.h"
#include "smtpd/front/proxy.h"

#define V1	"PROXY TCP4 203.0.113.7 198.51.100.25 40000 587\r\n"
#define V2	"\r\n\r\n\0\r\nQUIT\n"
#define V2_INET	V2 "\x21\x11\0\x0c" "\xcb\0\x71\x07" "\xc6\x33\x64\x19"	\
		    "\x9c\x40" "\x02\x4b"
#define V2_TLV	V2 "\x21\x11\0\x13" "\xcb\0\x71\x07" "\xc6\x33\x64\x19"	\
		    "\x9c\x40" "\x02\x4b" "\x05\0\x04uniq"
#define EHLO	"EHLO client.test\r\n"
#define MAIL	"MAIL FROM:<a@b.test>\r\nRCPT TO:<good@own.test>\r\nDATA\r\n"
#define TEXT	"Subject: x\r\n\r\nhello\r\n.\r\n"

/* What is said first; what is known of the client after EHLO. */
static const struct {
	const char	*what;
	const char	*head;
	size_t		 len;
	const char	*remote, *local;	/* NULL: it is refused */
} heads[] = {
#define HEAD(what, head, remote, local)					\
	{ what, head, sizeof(head) - 1, remote, local }
	HEAD("version 1", V1, "203.0.113.7:40000", "198.51.100.25:587"),
	HEAD("version 1, IPv6", "PROXY TCP6 2001:db8::7 2001:db8::1 1 2\r\n",
	    "2001:db8::7:1", "2001:db8::1:2"),
	HEAD("version 1, unknown", "PROXY UNKNOWN\r\n", "192.0.2.1:4711",
	    "127.0.0.1:25"),
	HEAD("version 1, unknown with more",
	    "PROXY UNKNOWN 203.0.113.7 1.1.1.1 1 2\r\n", "192.0.2.1:4711",
	    "127.0.0.1:25"),
	HEAD("version 2", V2_INET, "203.0.113.7:40000", "198.51.100.25:587"),
	HEAD("version 2 with a value", V2_TLV, "203.0.113.7:40000",
	    "198.51.100.25:587"),
	HEAD("version 2, mapped", V2 "\x21\x21\0\x24" "\0\0\0\0\0\0\0\0\0\0"
	    "\xff\xff\xcb\0\x71\x07" "\0\0\0\0\0\0\0\0\0\0\xff\xff\xc6\x33"
	    "\x64\x19" "\x9c\x40\x02\x4b", "203.0.113.7:40000",
	    "198.51.100.25:587"),
	HEAD("version 2, local", V2 "\x20\0\0\0", "192.0.2.1:4711",
	    "127.0.0.1:25"),
	HEAD("version 2, local with addresses", V2 "\x20\x11\0\x0c"
	    "\xcb\0\x71\x07" "\xc6\x33\x64\x19" "\x9c\x40\x02\x4b",
	    "192.0.2.1:4711", "127.0.0.1:25"),
	HEAD("version 2, unspecified", V2 "\x21\0\0\x03" "abc",
	    "192.0.2.1:4711", "127.0.0.1:25"),
	HEAD("none", EHLO, NULL, NULL),
	HEAD("TLS", "\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03", NULL, NULL),
	HEAD("another family", "PROXY TCP4 ::1 ::1 1 2\r\n", NULL, NULL),
	HEAD("a port too large", "PROXY TCP4 1.1.1.1 1.1.1.1 65536 2\r\n",
	    NULL, NULL),
	HEAD("no port", "PROXY TCP4 1.1.1.1 1.1.1.1 1 \r\n", NULL, NULL),
	HEAD("LF alone", "PROXY TCP4 1.1.1.1 1.1.1.1 1 2\n", NULL, NULL),
	HEAD("a NUL", "PROXY TCP4 1.1.1.1 1.1.1.1 1 2\0\r\n", NULL, NULL),
	HEAD("no end", "PROXY UNKNOWN 1234567890123456789012345678901234567"
	    "8901234567890123456789012345678901234567890123456789012345678",
	    NULL, NULL),
	HEAD("a datagram", V2 "\x21\x12\0\x0c" "\xcb\0\x71\x07"
	    "\xc6\x33\x64\x19" "\x9c\x40\x02\x4b", NULL, NULL),
	HEAD("addresses too short", V2 "\x21\x11\0\x04" "\xcb\0\x71\x07",
	    NULL, NULL),
	HEAD("version 3", V2 "\x31\x11\0\0", NULL, NULL),
	HEAD("no such command", V2 "\x22\x11\0\0", NULL, NULL),
	HEAD("longer than any", V2 "\x21\x11\x0f\xf1", NULL, NULL)
};

static void
proxy_connect(const char *head, size_t len, size_t step)
{
	wall_connect(NULL);
	CHECK(wall.nsaid == 0, "greeted before the header: %s", wall.said);
	wall_say(head, len, step);
	wall_settle();
}

static const char *
where(const struct ip *ip, uint16_t port, char *buf, size_t size)
{
	char	 text[IP_STR_SIZE];

	(void)snprintf(buf, size, "%s:%u", ip_format(ip, text, sizeof(text)),
	    port);
	return (buf);
}

static void
test_heads(void)
{
	char	 remote[64], local[64];
	size_t	 i, step;

	for (i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		for (step = 0; step < 3; step++) {
			proxy_connect(heads[i].head, heads[i].len, step);
			if (heads[i].remote == NULL) {
				CHECK(strcmp(wall_codes(wall.said, wall.eof),
				    "554 5.5.0|x") == 0, "%s: %s",
				    heads[i].what, wall.said);
				wall_leave();
				continue;
			}
			CHECK(strncmp(wall.said, "220 ", 4) == 0, "%s: %s",
			    heads[i].what, wall.said);
			(void)wall_line(EHLO);
			(void)where(&wall.session.remote,
			    wall.session.remote_port, remote, sizeof(remote));
			(void)where(&wall.session.local,
			    wall.session.local_port, local, sizeof(local));
			CHECK(strcmp(remote, heads[i].remote) == 0 &&
			    strcmp(local, heads[i].local) == 0, "%s: %s, %s",
			    heads[i].what, remote, local);
			wall_leave();
		}
}

static void
test_received(void)
{
	proxy_connect(V1, sizeof(V1) - 1, 0);
	(void)wall_line(EHLO MAIL);
	CHECK(strcmp(wall_line(TEXT), "250 2.0.0|") == 0, "%s", wall.said);
	CHECK(strstr(wall_text(wall.files), "[203.0.113.7]") != NULL &&
	    strstr(wall_text(wall.files), "192.0.2.1") == NULL,
	    "Received: %s", wall_text(wall.files));
	wall_leave();
}

/* Each client counts for itself, and not before it is known. */
static void
test_limits(void)
{
	unsigned int	 before = client_count();
	int		 first;

	front_conf.max_per_client = 1;
	proxy_connect(V1, 10, 0);
	CHECK(client_count() == before, "half a header is a client");
	wall_say(V1 + 10, sizeof(V1) - 11, 0);
	wall_settle();
	CHECK(client_count() == before + 1, "it does not count");
	first = wall.client;
	proxy_connect("PROXY TCP4 203.0.113.8 1.1.1.1 1 2\r\n", 36, 0);
	CHECK(strncmp(wall.said, "220 ", 4) == 0, "another: %s", wall.said);
	wall_leave();
	proxy_connect(V2_INET, sizeof(V2_INET) - 1, 0);
	CHECK(strcmp(wall_codes(wall.said, wall.eof), "421 4.7.0|x") == 0,
	    "a second session of one client: %s", wall.said);
	wall_leave();
	wall.client = first;
	wall_leave();
	CHECK(client_count() == before, "clients are left");
	front_conf.max_per_client = 0;
}

/* What comes right behind the header came before the greeting. */
static void
test_early(void)
{
	proxy_connect(V1 EHLO, sizeof(V1 EHLO) - 1, 0);
	CHECK(strcmp(wall_codes(wall.said, wall.eof), "554 5.5.0|x") == 0,
	    "an early talker: %s", wall.said);
	wall_leave();
}

/* It goes at any moment; one that says nothing goes with the time. */
static void
test_leaves(void)
{
	size_t	 n;

	for (n = 0; n < sizeof(V2_TLV); n++) {
		proxy_connect(V2_TLV, n, 0);
		wall_leave();
		CHECK(session_count() == 0, "left after %zu octets", n);
	}
	proxy_connect(V1, 10, 0);
	session_first()->idle = clock_mono();
	session_first()->armed = 0;
	session_arm(session_first());
	wall_wait(50);
	CHECK(session_count() == 0 && wall.nsaid == 0, "no header in time");
	wall_leave();
	proxy_connect(V1, 10, 0);
	session_finish_all(REPLY_SHUTDOWN);
	wall_settle();
	CHECK(wall.nsaid == 0 && wall.eof, "the end of the server");
	wall_leave();
}

static void
test_balancers(void)
{
	struct ip	 ip;

	CHECK(ip_parse("192.0.2.9", &ip) == 0 &&
	    session_is_balancer(&wall_listener, &ip), "in the network");
	CHECK(ip_parse("192.0.3.1", &ip) == 0 &&
	    !session_is_balancer(&wall_listener, &ip), "behind it");
	CHECK(ip_parse("2001:db8::1", &ip) == 0 &&
	    session_is_balancer(&wall_listener, &ip), "the second one");
}

int
main(void)
{
	wall_init();
	CHECK(ip_net_parse("192.0.2.0/24", 12, &wall_listener.proxies[0]) ==
	    0 && ip_net_parse("2001:db8::1", 11, &wall_listener.proxies[1])
	    == 0, "networks");
	wall_listener.nproxies = 2;
	test_heads();
	test_received();
	test_limits();
	test_early();
	test_leaves();
	test_balancers();
	CHECK(session_count() == 0, "sessions are left");
	return (check_done("front_proxy"));
}
