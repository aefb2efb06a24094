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
 * Unit test of smtpd/smtp/report.c: a notice as a whole, and that nothing
 * that a stranger said gets out of its line.
 */

#include <stdlib.h>
#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/smtp/report.h"

static char	 all[64 * 1024];
static size_t	 len;

static void
add(int n)
{
	CHECK(n > 0, "piece %d", n);
	if (n > 0)
		len += (size_t)n;
}

#define ROOM	all + len, sizeof(all) - len

static void
whole(const struct report *r, const struct report_rcpt *rcpts, size_t n)
{
	size_t	 i;

	len = 0;
	add(report_head(r, ROOM));
	for (i = 0; i < n; i++)
		add(report_said(&rcpts[i], ROOM));
	add(report_fields(r, ROOM));
	for (i = 0; i < n; i++)
		add(report_status(&rcpts[i], ROOM));
	add(report_original(r, ROOM));
	add(report_end(r, ROOM));
	all[len] = '\0';
}

static void
has(const char *what, int times)
{
	const char	*p = all;
	int		 n = 0;

	while ((p = strstr(p, what)) != NULL) {
		n++;
		p++;
	}
	CHECK(n == times, "%d times %s in %s", n, what, all);
}

/* Every line ends in CRLF and is visible ASCII. */
static void
lines(void)
{
	size_t	 i;

	for (i = 0; i < len; i++)
		CHECK((all[i] >= 32 && all[i] <= 126) || all[i] == '\t' ||
		    (all[i] == '\r' && all[i + 1] == '\n') ||
		    (all[i] == '\n' && i > 0 && all[i - 1] == '\r'),
		    "octet %d at %zu", all[i], i);
}

static const struct address	 sender = { "joe", "a.test" };

static struct report
fresh(void)
{
	struct report	 r = { .host = "mx.test", .id = "00000000000000aa",
	    .boundary = "b0", .envid = "QQ+2B1", .arrival = 1700000000,
	    .now = 1700003600 };

	r.to = sender;
	return (r);
}

static void
test_failed(void)
{
	struct report		 r = fresh();
	struct report_rcpt	 rc[2] = {
		{ .final = { "x", "b.test" }, .orcpt = "rfc822;o+2Bx@c.test",
		    .code = 550, .status = "5.1.1", .mta = "mx.b.test",
		    .text = "no such user" },
		{ .final = { "y z", "b.test" }, .orcpt = "", .status = "",
		    .mta = "", .text = "given up" },
	};

	whole(&r, rc, 2);
	lines();
	has("To:\r\n\t<joe@a.test>\r\n", 1);
	has("Auto-Submitted: auto-replied\r\n", 1);
	has("multipart/report; report-type=delivery-status;", 1);
	has("\r\n--b0\r\n", 3);
	has("\r\n--b0--\r\n", 1);
	has("Original-Envelope-Id: QQ+1\r\n", 1);
	has("Reporting-MTA: dns; mx.test\r\n", 1);
	has("\r\n\r\nOriginal-Recipient: rfc822; o+x@c.test\r\n"
	    "Final-Recipient: rfc822; x@b.test\r\nAction: failed\r\n"
	    "Status: 5.1.1\r\nRemote-MTA: dns; mx.b.test\r\n"
	    "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n", 1);
	has("Final-Recipient: rfc822; \"y z\"@b.test\r\nAction: failed\r\n"
	    "Status: 5.0.0\r\nDiagnostic-Code: x-smtpd; given up\r\n", 1);
	has("Content-Type: text/rfc822-headers\r\n\r\n", 1);
	has("    mx.b.test said:\r\n    550 5.1.1 no such user\r\n", 1);
}

static void
test_kinds(void)
{
	static const char *const	 actions[REPORT_KIND_COUNT] = {
		"Action: failed\r\nStatus: 5.", "Action: delayed\r\nStatus: 4.",
		"Action: delivered\r\nStatus: 2.",
		"Action: relayed\r\nStatus: 2.",
		"Action: expanded\r\nStatus: 2."
	};
	struct report		 r = fresh();
	struct report_rcpt	 rc = { .final = { "x", "b.test" },
	    .orcpt = "", .status = "4.4.1", .mta = "", .text = "",
	    .until = 1700000000 };
	int			 k;

	for (k = 0; k < REPORT_KIND_COUNT; k++) {
		r.kind = rc.kind = (enum report_kind)k;
		r.full = r.eight = 1;
		whole(&r, &rc, 1);
		lines();
		has(actions[k], 1);
		has("Will-Retry-Until: ", k == REPORT_DELAYED);
		has("Content-Type: message/rfc822\r\n"
		    "Content-Transfer-Encoding: 8bit\r\n", 1);
	}
}

static void
test_hostile(void)
{
	struct report		 r = fresh();
	struct report_rcpt	 rc = { .final = { "\xc3\xbc", "b.test" },
	    .orcpt = "rfc822;a+0D+0AX: y", .code = 550, .status = "2.0.0",
	    .mta = "mx.b.test", .text = "a\r\n--b0--\r\n\x1b[2J\xff" };
	char			 big[5000], buf[REPORT_SIZE];
	size_t			 i;

	whole(&r, &rc, 1);
	lines();
	has("\r\n--b0--\r\n", 1);
	has("Final-Recipient: utf-8; \\x{FC}@b.test\r\n", 1);
	has("Original-Recipient", 0);
	has("Status: 5.0.0\r\n", 1);
	memset(big, 'a', sizeof(big));
	big[sizeof(big) - 1] = '\0';
	rc.text = big;
	memset(rc.final.local, 'a', 64);
	memset(rc.final.domain, 'b', 255);
	CHECK(report_status(&rc, buf, sizeof(buf)) > 0 &&
	    report_said(&rc, buf, sizeof(buf)) > 0, "big text fits");
	for (i = 0; i < 40; i++)
		CHECK(report_status(&rc, buf, i) == -1 &&
		    report_head(&r, buf, i) == -1, "%zu octets suffice", i);
	memset(&r.to, 0, sizeof(r.to));
	CHECK(report_head(&r, buf, sizeof(buf)) == -1, "to nobody");
}

int
main(void)
{
	test_failed();
	test_kinds();
	test_hostile();
	return (check_done("smtp_report"));
}
