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
 * Addresses and networks as text and as facts.
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>

#include <arpa/inet.h>
#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/base/ip.h"

static const struct {
	const char	*net, *ip;
	int		 has;		/* -1: is no network */
} cases[] = {
	{ "192.0.2.0/24",	"192.0.2.255",	1 },
	{ "192.0.2.0/24",	"192.0.3.0",	0 },
	{ "192.0.2.7/24",	"192.0.2.9",	1 },
	{ "192.0.2.1",		"192.0.2.1",	1 },
	{ "192.0.2.1",		"192.0.2.2",	0 },
	{ "192.0.2.0/31",	"192.0.2.1",	1 },
	{ "192.0.2.0/31",	"192.0.2.2",	0 },
	{ "0.0.0.0/0",		"203.0.113.9",	1 },
	{ "0.0.0.0/0",		"::1",		0 },
	{ "::/0",		"2001:db8::1",	1 },
	{ "::/0",		"192.0.2.1",	0 },
	{ "2001:db8::/33",	"2001:db8:7fff::1", 1 },
	{ "2001:db8::/33",	"2001:db8:8000::1", 0 },
	{ "2001:db8::1",	"2001:db8::1",	1 },
	{ "2001:db8::1/128",	"2001:db8::2",	0 },
	{ "",			"192.0.2.1",	-1 },
	{ "/8",			"192.0.2.1",	-1 },
	{ "192.0.2.0/",		"192.0.2.1",	-1 },
	{ "192.0.2.0/33",	"192.0.2.1",	-1 },
	{ "192.0.2.0/4294967304", "192.0.2.1",	-1 },
	{ "192.0.2.0/-1",	"192.0.2.1",	-1 },
	{ "192.0.2.0/8/8",	"192.0.2.1",	-1 },
	{ "192.0.2/24",		"192.0.2.1",	-1 },
	{ "::/129",		"192.0.2.1",	-1 },
	{ "192.0.2.0/24 ",	"192.0.2.1",	-1 },
	{ "host",		"192.0.2.1",	-1 },
	{ "1111:1111:1111:1111:1111:1111:1111:1111:1111:1111:1111/1",
	    "192.0.2.1", -1 },
};

static void
test_networks(void)
{
	struct ip_net	 net;
	struct ip	 ip;
	size_t		 i;
	int		 has;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK(ip_parse(cases[i].ip, &ip) == 0, "%s", cases[i].ip);
		has = ip_net_parse(cases[i].net, strlen(cases[i].net),
		    &net) == -1 ? -1 : ip_net_has(&net, &ip);
		CHECK(has == cases[i].has, "%s in %s: %d", cases[i].ip,
		    cases[i].net, has);
	}
	CHECK(ip_net_parse("192.0.2.1\0", 10, &net) == -1, "a NUL in it");
	CHECK(ip_net_parse("192.0.2.1/24x", 12, &net) == 0 &&
	    net.bits == 24, "more than its length was read");
}

static void
test_format(void)
{
	static const char *const	 texts[] = { "192.0.2.0/24",
	    "192.0.2.1", "0.0.0.0/0", "2001:db8::/32", "::1", "::/0" };
	struct ip_net			 net;
	char				 buf[IP_NET_STR_SIZE];
	size_t				 i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		CHECK(ip_net_parse(texts[i], strlen(texts[i]), &net) == 0,
		    "%s", texts[i]);
		CHECK(strcmp(ip_net_format(&net, buf, sizeof(buf)),
		    texts[i]) == 0, "%s became %s", texts[i], buf);
	}
}

static void
test_mapped(void)
{
	struct sockaddr_in6	 sin6;
	struct ip		 ip, four;
	uint16_t		 port;

	memset(&sin6, 0, sizeof(sin6));
	sin6.sin6_family = AF_INET6;
	sin6.sin6_port = htons(4711);
	CHECK(inet_pton(AF_INET6, "::ffff:192.0.2.1", &sin6.sin6_addr) == 1,
	    "inet_pton");
	CHECK(ip_parse("192.0.2.1", &four) == 0, "ip_parse");
	ip_from_sockaddr(&ip, &port, (struct sockaddr *)&sin6);
	CHECK(ip_equal(&ip, &four) && port == 4711, "mapped stays IPv6");
	CHECK(ip_parse("::fffe:192.0.2.1", &ip) == 0, "ip_parse");
	ip_unmap(&ip);
	CHECK(ip.family == 6, "what is not mapped became IPv4");
}

static void
test_reverse(void)
{
	struct ip	 ip;
	char		 buf[IP_REVERSE_SIZE];

	CHECK(ip_parse("192.0.2.1", &ip) == 0 && strcmp(ip_reverse(&ip, buf,
	    sizeof(buf)), "1.2.0.192.in-addr.arpa") == 0, "%s", buf);
	CHECK(ip_parse("2001:db8::f1", &ip) == 0 && strcmp(ip_reverse(&ip,
	    buf, sizeof(buf)), "1.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0."
	    "0.0.8.b.d.0.1.0.0.2.ip6.arpa") == 0, "%s", buf);
}

int
main(void)
{
	test_reverse();
	test_networks();
	test_format();
	test_mapped();
	return (check_done("base_ip"));
}
