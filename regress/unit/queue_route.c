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
 * Unit test of route.c and reason.c: where addresses go, and lines that
 * come back as what they were made of.
 */

#include <stdio.h>
#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/queue/reason.h"
#include "smtpd/queue/route.h"

static struct queue_conf	 conf;

static void
route(const char *domain, const char *url, const char *want)
{
	struct address	 to;
	char		 out[NEXTHOP_STR_SIZE] = "";

	memset(&to, 0, sizeof(to));
	to.local[0] = 'x';
	(void)snprintf(to.domain, sizeof(to.domain), "%s", domain);
	if (want == NULL)
		CHECK(route_find(&conf, &to, url, out) == -1, "%s goes to %s",
		    domain, out);
	else
		CHECK(route_find(&conf, &to, url, out) == 0 &&
		    strcmp(out, want) == 0, "%s goes to %s", domain, out);
}

static void
rule(const char *domain, const char *url)
{
	struct relay_route	*r = &conf.routes[conf.nroutes++];

	(void)snprintf(r->domain, sizeof(r->domain), "%s", domain);
	(void)snprintf(r->url, sizeof(r->url), "%s", url);
}

static void
test_routes(void)
{
	conf.relay_port = 25;
	route("Example.ORG", "", "mx://example.org");
	route("m\xc3\xbcnchen.example", "", "mx://xn--mnchen-3ya.example");
	route("[192.0.2.1]", "", "smtp://192.0.2.1");
	route("[IPv6:2001:db8::1]", "", "smtp://[2001:db8::1]");
	route("[x]", "", NULL);
	route("", "", NULL);
	route("a.test", "lmtp://10.0.0.2:24", "lmtp://10.0.0.2");
	route("a.test", "lmtp:///run/socket", NULL);
	route("a.test", "nonsense", NULL);
	conf.relay_port = 2525;
	route("a.test", "", "mx://a.test:2525");
	rule("a.test", "smtp://one.test");
	rule(".b.test", "smtp://two.test");
	rule("a.test", "smtp://three.test");
	route("A.test", "", "smtp://one.test");
	route("x.a.test", "", "mx://x.a.test:2525");
	route("x.b.test", "", "smtp://two.test");
	route("y.x.b.test", "", "smtp://two.test");
	route("b.test", "", "mx://b.test:2525");
	route("xb.test", "", "mx://xb.test:2525");
	(void)snprintf(conf.relay_host, sizeof(conf.relay_host),
	    "smtps://u@smart.test");
	route("b.test", "", "smtps://u@smart.test");
	route("a.test", "", "smtp://one.test");
}

static void
read_line(const char *line, const char *mta, unsigned int code,
    const char *status, const char *text)
{
	struct reason	 r;

	reason_read(line, &r);
	CHECK(strcmp(r.mta, mta) == 0 && r.code == code &&
	    strcmp(r.status, status) == 0 && strcmp(r.text, text) == 0,
	    "[%s] is [%s] %u [%s] [%s]", line, r.mta, r.code, r.status,
	    r.text);
}

static void
test_reasons(void)
{
	struct relay_result	 r = { .code = 550, .enhanced = "5.1.1",
	    .text = "no such user" };
	char			 line[RECORD_TEXT_MAX + 1];

	reason_write("mx.test", &r, line);
	CHECK(strcmp(line, "mx.test said: 550 5.1.1 no such user") == 0,
	    "%s", line);
	read_line(line, "mx.test", 550, "5.1.1", "no such user");
	r.enhanced[0] = '\0';
	reason_write("mx.test", &r, line);
	read_line(line, "mx.test", 550, "", "no such user");
	r.code = 0;
	memcpy(r.enhanced, "4.4.1", 6);
	reason_write("mx.test", &r, line);
	read_line(line, "", 0, "4.4.1", "no such user");
	memset(r.text, 'a', sizeof(r.text) - 1);
	reason_write("mx.test", &r, line);
	CHECK(strlen(line) == RECORD_TEXT_MAX, "cut at %zu", strlen(line));

	read_line("", "", 0, "", "");
	read_line("mailbox full", "", 0, "", "mailbox full");
	read_line("he said: what", "", 0, "", "he said: what");
	read_line("he said: 550 no", "he", 550, "", "no");
	read_line("he said: 999 no", "", 0, "", "he said: 999 no");
	read_line("said: 550", "", 0, "", "said: 550");
	read_line("a b said: 550 5.1.1 x", "", 0, "",
	    "a b said: 550 5.1.1 x");
	read_line("5.1.1", "", 0, "5.1.1", "");
	read_line("5.1.1no", "", 0, "", "5.1.1no");
	read_line("5.1 no", "", 0, "", "5.1 no");
	read_line("5...1 no", "", 0, "", "5...1 no");
	read_line("1.1.1 no", "", 0, "", "1.1.1 no");
	read_line("mx said: 550", "mx", 550, "", "");
}

int
main(void)
{
	test_routes();
	test_reasons();
	return (check_done("queue_route"));
}
