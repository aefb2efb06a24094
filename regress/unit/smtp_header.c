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
 * Unit test of smtpd/smtp/header.c and date.c: what the trace headers look
 * like, that nothing from outside breaks them, and dates there and back.
 */

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "regress/unit/check.h"
#include "smtpd/smtp/address.h"
#include "smtpd/smtp/date.h"
#include "smtpd/smtp/header.h"

#define WHEN	((time_t)1795530945)	/* Tue, 24 Nov 2026 14:35:45 UTC */

static const struct address	 bob = { "bob", "example.org" };

static struct received
received(const struct address *rcpt)
{
	struct received	 r = { "mx.a.test", "192.0.2.1", "mx.own.example",
			    "00000000000000ff", rcpt, WHEN, HEADER_ESMTP,
			    NULL };

	return (r);
}

static void
test_received(void)
{
	struct received	 r = received(NULL);
	char		 buf[HEADER_SIZE];
	int		 n, i;

	n = header_received(&r, buf, sizeof(buf));
	CHECK(strcmp(buf, "Received: from mx.a.test ([192.0.2.1])\r\n"
	    "\tby mx.own.example (smtpd) with ESMTP id 00000000000000ff;\r\n"
	    "\tTue, 24 Nov 2026 14:35:45 +0000\r\n") == 0, "%s", buf);
	CHECK(n == (int)strlen(buf), "length %d", n);
	for (i = 0; i <= n; i++)
		CHECK(header_received(&r, buf, (size_t)i) == -1, "fits %d",
		    i);
	CHECK(header_received(&r, buf, (size_t)n + 1) == n, "exact fit");

	r = received(&bob);
	r.ip = "2001:db8::1";
	r.helo = "a b\r\nX: (y)\xc3\xa9";
	r.with = HEADER_ESMTP | HEADER_UTF8 | HEADER_TLS | HEADER_AUTH;
	(void)header_received(&r, buf, sizeof(buf));
	CHECK(strcmp(buf, "Received: from a?b??X:??y??? "
	    "([IPv6:2001:db8::1])\r\n"
	    "\tby mx.own.example (smtpd) with UTF8SMTPSA id "
	    "00000000000000ff\r\n"
	    "\tfor <bob@example.org>;\r\n"
	    "\tTue, 24 Nov 2026 14:35:45 +0000\r\n") == 0, "%s", buf);
	r.tls = "TLS_AES_128_GCM_SHA256";
	r.helo = "";
	(void)header_received(&r, buf, sizeof(buf));
	CHECK(strncmp(buf, "Received: from unknown (", 24) == 0, "%s", buf);
	CHECK(strstr(buf, "00000000000000ff tls\r\n\tTLS_AES_128_GCM_SHA256"
	    "\r\n\tfor <bob@example.org>;\r\n") != NULL, "%s", buf);
	r.rcpt = NULL;
	(void)header_received(&r, buf, sizeof(buf));
	CHECK(strstr(buf, "\tTLS_AES_128_GCM_SHA256;\r\n") != NULL, "%s", buf);
	r.when = (time_t)1 << 60;
	CHECK(header_received(&r, buf, sizeof(buf)) == -1, "no such date");
}

/* Every line within the width, or one long word; never an empty one. */
static void
test_folding(void)
{
	struct address	 a;
	struct received	 r;
	char		 buf[HEADER_SIZE], helo[400], *p, *lf;
	size_t		 len;

	for (len = 1; len < sizeof(helo); len++) {
		memset(helo, 'h', len);
		helo[len] = '\0';
		memset(&a, 0, sizeof(a));
		memset(a.local, '"', len < 64 ? len : 64);
		memset(a.domain, 'd', 60);
		memset(a.domain + 61, 'd', 60);
		a.domain[60] = '.';
		r = received(&a);
		r.helo = helo;
		r.host = helo;
		r.ip = "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255";
		CHECK(header_received(&r, buf, sizeof(buf)) > 0, "helo %zu",
		    len);
		for (p = buf; *p != '\0'; p = lf + 2) {
			if ((lf = strstr(p, "\r\n")) == NULL)
				break;
			*lf = '\0';
			CHECK(p == buf || *p == '\t', "not folded: %s", p);
			CHECK(p[strspn(p, " \t")] != '\0', "empty line");
			CHECK(strlen(p) + (*p == '\t' ? 7 : 0) <=
			    HEADER_WIDTH || strchr(p, ' ') == NULL,
			    "too long: %s", p);
		}
		CHECK(*p == '\0', "no CRLF at the end");
	}
}

static void
test_with(void)
{
	static const char	*want[16] = {
		"SMTP", "ESMTP", "ESMTPS", "ESMTPS", "ESMTPA", "ESMTPA",
		"ESMTPSA", "ESMTPSA", "UTF8SMTP", "UTF8SMTP", "UTF8SMTPS",
		"UTF8SMTPS", "UTF8SMTPA", "UTF8SMTPA", "UTF8SMTPSA",
		"UTF8SMTPSA"
	};
	unsigned int		 i;

	for (i = 0; i < 16; i++)
		CHECK(strcmp(header_with(i), want[i]) == 0, "with %u: %s", i,
		    header_with(i));
}

static void
test_addresses(void)
{
	static const struct address	 null, odd = { "a b\"", "c.test" },
					 bad = { "a\r\nX: y", "c.test" };
	char				 buf[HEADER_SIZE];
	int				 n;

	n = header_return_path(&null, buf, sizeof(buf));
	CHECK(strcmp(buf, "Return-Path: <>\r\n") == 0 && n == 17, "%s", buf);
	(void)header_return_path(&bob, buf, sizeof(buf));
	CHECK(strcmp(buf, "Return-Path: <bob@example.org>\r\n") == 0, "%s",
	    buf);
	(void)header_delivered_to(&odd, buf, sizeof(buf));
	CHECK(strcmp(buf, "Delivered-To: \"a b\\\"\"@c.test\r\n") == 0, "%s",
	    buf);
	(void)header_x_original_to(&bob, buf, sizeof(buf));
	CHECK(strcmp(buf, "X-Original-To: bob@example.org\r\n") == 0, "%s",
	    buf);
	CHECK(header_return_path(&bad, buf, sizeof(buf)) == -1 &&
	    header_delivered_to(&bad, buf, sizeof(buf)) == -1 &&
	    header_x_original_to(&bad, buf, sizeof(buf)) == -1,
	    "a header inside an address");
	CHECK(header_return_path(&bob, buf, 10) == -1, "no room");
	CHECK(header_return_path(&bob, buf, 0) == -1, "no room at all");
}

static void
test_dates(void)
{
	static const struct {
		const char	*text;
		long long	 when;		/* -1: refused */
	} rows[] = {
		{ "1970-01-01", 0 },
		{ "2027-01-31", 1801353600 },
		{ "2027-01-31T00:00:00", 1801353600 },
		{ "2027-01-31T12:30", 1801398600 },
		{ "2027-01-31T12:30:59", 1801398659 },
		{ "2027-01-31T12:30:59Z", 1801398659 },
		{ "2027-01-31T12:30Z", 1801398600 },
		{ "2024-02-29", 1709164800 },
		{ "2000-02-29", 951782400 },
		{ "9999-12-31T23:59:59", 253402300799LL },
		{ "2023-02-29", -1 }, { "2100-02-29", -1 },
		{ "1969-12-31", -1 }, { "2027-00-01", -1 },
		{ "2027-13-01", -1 }, { "2027-01-00", -1 },
		{ "2027-01-32", -1 }, { "2027-04-31", -1 },
		{ "2027-1-31", -1 }, { "2027-01-31 12:30", -1 },
		{ "2027-01-31T", -1 }, { "2027-01-31T24:00", -1 },
		{ "2027-01-31T12:60", -1 }, { "2027-01-31T12:30:60", -1 },
		{ "2027-01-31T12", -1 }, { "2027-01-31T12:30:", -1 },
		{ "2027-01-31T12:30:5", -1 }, { "2027-01-31Z", -1 },
		{ "2027-01-31T12:30ZZ", -1 }, { "2027/01/31", -1 },
		{ "20270131", -1 }, { "", -1 }, { "2027-01-31T-1:30", -1 },
	};
	char	 buf[DATE_ISO_SIZE];
	time_t	 when, back;
	size_t	 i;
	int	 r, n;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		when = 7;
		r = date_parse_iso(rows[i].text, strlen(rows[i].text), &when);
		CHECK((r == 0) == (rows[i].when != -1) &&
		    when == (r == 0 ? rows[i].when : 7), "%s: %d %lld",
		    rows[i].text, r, (long long)when);
	}
	/* Each day and an odd second of it, for four centuries. */
	for (when = 0; when < (time_t)400 * 366 * 86400; when += 43201) {
		n = date_iso(when, buf, sizeof(buf));
		CHECK(n > 0 && date_parse_iso(buf, (size_t)n, &back) == 0 &&
		    back == when, "%lld: %s", (long long)when, buf);
	}
	CHECK(date_iso(86400, buf, sizeof(buf)) == 10 &&
	    strcmp(buf, "1970-01-02") == 0, "%s", buf);
	CHECK(date_iso(86400, buf, 10) == -1 && date_iso(-1, buf,
	    sizeof(buf)) == -1 && date_iso(253402300800LL, buf,
	    sizeof(buf)) == -1, "date_iso refuses");
}

static void
test_rfc5322(void)
{
	char	 buf[DATE_RFC5322_SIZE];

	CHECK(date_rfc5322(WHEN, 0, buf, sizeof(buf)) == 31 && strcmp(buf,
	    "Tue, 24 Nov 2026 14:35:45 +0000") == 0, "%s", buf);
	(void)date_rfc5322(WHEN, 5 * 3600 + 1800, buf, sizeof(buf));
	CHECK(strcmp(buf, "Tue, 24 Nov 2026 20:05:45 +0530") == 0, "%s", buf);
	(void)date_rfc5322(WHEN, -15 * 3600, buf, sizeof(buf));
	CHECK(strcmp(buf, "Mon, 23 Nov 2026 23:35:45 -1500") == 0, "%s", buf);
	(void)date_rfc5322(0, 0, buf, sizeof(buf));
	CHECK(strcmp(buf, "Thu, 1 Jan 1970 00:00:00 +0000") == 0, "%s", buf);
	CHECK(date_rfc5322(WHEN, 86400, buf, sizeof(buf)) == -1 &&
	    date_rfc5322(WHEN, 0, buf, 31) == -1 &&
	    date_rfc5322((time_t)1 << 60, 0, buf, sizeof(buf)) == -1,
	    "date_rfc5322 refuses");
	CHECK(date_offset(WHEN) == 0, "UTC");
	CHECK(date_offset((time_t)1 << 60) == 0, "no such time");
	setenv("TZ", "XXX-05:30", 1);
	tzset();
	CHECK(date_offset(WHEN) == 5 * 3600 + 1800, "east");
}

int
main(void)
{
	setenv("TZ", "UTC0", 1);
	tzset();
	test_received();
	test_folding();
	test_with();
	test_addresses();
	test_dates();
	test_rfc5322();
	return (check_done("smtp_header"));
}
