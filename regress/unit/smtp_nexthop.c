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
 * Unit test of smtpd/smtp/nexthop.c.
 */

#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/smtp/nexthop.h"

static const struct {
	const char	*url;
	const char	*again;		/* printed; NULL: the same */
	enum nexthop_kind kind;
	enum nexthop_tls tls;
	int		 smtps, lmtp, port;
	const char	*host, *user;
} good[] = {
	{ "mx://example.org", NULL, NEXTHOP_MX, NEXTHOP_TLS_DEFAULT, 0, 0, 25,
	    "example.org", "" },
	{ "mx://Example.ORG:2525", "mx://example.org:2525", NEXTHOP_MX,
	    NEXTHOP_TLS_DEFAULT, 0, 0, 2525, "example.org", "" },
	{ "smtp://192.0.2.1:25", "smtp://192.0.2.1", NEXTHOP_HOST,
	    NEXTHOP_TLS_DEFAULT, 0, 0, 25, "192.0.2.1", "" },
	{ "smtp+notls://[2001:DB8::1]:26", "smtp+notls://[2001:db8::1]:26",
	    NEXTHOP_HOST, NEXTHOP_TLS_NEVER, 0, 0, 26, "2001:db8::1", "" },
	{ "smtp+tls://u@x.example:587", NULL, NEXTHOP_HOST,
	    NEXTHOP_TLS_VERIFY, 0, 0, 587, "x.example", "u" },
	{ "smtps://me@example.org@smart.example", NULL, NEXTHOP_HOST,
	    NEXTHOP_TLS_VERIFY, 1, 0, 465, "smart.example",
	    "me@example.org" },
	{ "lmtp://10.0.0.2:24", "lmtp://10.0.0.2", NEXTHOP_HOST,
	    NEXTHOP_TLS_DEFAULT, 0, 1, 24, "10.0.0.2", "" },
	{ "mx+anytls://a.example", NULL, NEXTHOP_MX, NEXTHOP_TLS_REQUIRE, 0,
	    0, 25, "a.example", "" },
	{ "lmtp:///run/dovecot/lmtp", NULL, NEXTHOP_UNIX,
	    NEXTHOP_TLS_DEFAULT, 0, 1, 0, "/run/dovecot/lmtp", "" },
};

static const char *const	 bad[] = {
	"", "example.org", "smtp:", "smtp://", "smtp://:25", "http://a.b",
	"smtp://a.b:", "smtp://a.b:0", "smtp://a.b:65536", "smtp://a.b:x",
	"smtp://a.b:25x", "smtp://a.b:99999999999999999999", "smtp://a.b/",
	"smtp://[a.b]", "smtp://[::1", "smtp://::1", "smtp://a b",
	"smtp://a.b\r\nQUIT", "smtp://@a.b", "mx://u@a.b", "lmtp://u@a.b",
	"smtp://u\x01@a.b", "smtp+notls://u@a.b", "lmtp:///", "SMTP://a.b",
	"lmtp:///run/\nx", "smtps+tls://a.b", "lmtp+tls:///run/x",
	 "smtp+://a.b",
	"smtp+tls+tls://a.b", "+tls://a.b", "smtp+x://a.b",
	"smtp://[IPv6:::1]", "smtp://-a.b",
};

int
main(void)
{
	struct nexthop	 h;
	const char	*why;
	char		 buf[NEXTHOP_STR_SIZE], url[700];
	size_t		 i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		CHECK(nexthop_parse(good[i].url, &h, &why) == 0, "%s: %s",
		    good[i].url, why);
		CHECK(h.kind == good[i].kind && h.tls == good[i].tls &&
		    h.smtps == good[i].smtps && h.lmtp == good[i].lmtp &&
		    h.port == good[i].port && strcmp(h.host, good[i].host) ==
		    0 && strcmp(h.user, good[i].user) == 0, "%s is %s",
		    good[i].url, h.host);
		CHECK(nexthop_format(&h, buf, sizeof(buf)) ==
		    (int)strlen(buf) && strcmp(buf, good[i].again == NULL ?
		    good[i].url : good[i].again) == 0, "%s prints %s",
		    good[i].url, buf);
		CHECK(nexthop_format(&h, buf, strlen(buf)) == -1,
		    "%s fits", good[i].url);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		why = NULL;
		CHECK(nexthop_parse(bad[i], &h, &why) == -1 && why != NULL,
		    "%s is taken", bad[i]);
	}
	memcpy(url, "smtp://", 7);
	memset(url + 7, 'a', 600);
	url[607] = '\0';
	CHECK(nexthop_parse(url, &h, &why) == -1, "long host");
	url[7 + 300] = '@';
	CHECK(nexthop_parse(url, &h, &why) == -1, "long user");
	h.lmtp = h.smtps = 1;
	CHECK(nexthop_format(&h, buf, sizeof(buf)) == -1, "no such scheme");
	return (check_done("smtp_nexthop"));
}
