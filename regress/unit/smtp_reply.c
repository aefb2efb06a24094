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
 * Unit test of smtpd/smtp/reply.c: the table is whole, and whatever text
 * comes in, what goes out is reply lines.
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/smtp/reply.h"
#include "smtpd/smtp/utf8.h"

/* Lines of at most 512 octets, CRLF at the end, the code on each. */
static void
check_wire(const char *buf, size_t len, unsigned int code, int utf8)
{
	const char	*p = buf, *end = buf + len, *lf;
	char		 want[4];
	size_t		 i;

	CHECK(len > 0 && buf[len] == '\0', "not terminated");
	(void)snprintf(want, sizeof(want), "%u", code);
	for (; p < end; p = lf + 1) {
		if ((lf = memchr(p, '\n', (size_t)(end - p))) == NULL)
			break;
		CHECK(lf - p < REPLY_LINE_MAX && lf - p >= 4 &&
		    lf[-1] == '\r', "line of %ld", (long)(lf - p));
		CHECK(memcmp(p, want, 3) == 0 &&
		    p[3] == (lf + 1 == end ? ' ' : '-'), "code %.4s", p);
		for (i = 0; p + i < lf - 1; i++)
			CHECK((unsigned char)p[i] >= ' ' && p[i] != 0x7f &&
			    (utf8 || (unsigned char)p[i] < 0x80),
			    "octet %x", (unsigned int)p[i]);
	}
	CHECK(p == end, "no CRLF at the end");
	CHECK(utf8_valid(buf, len), "not UTF-8");
}

static void
test_table(void)
{
	const struct reply_entry	*e;
	char				 buf[REPLY_LINE_SIZE], long_one[600];
	int				 i, n;

	memset(long_one, 'x', sizeof(long_one) - 1);
	long_one[sizeof(long_one) - 1] = '\0';
	for (i = REPLY_NONE + 1; i < REPLY_COUNT; i++) {
		e = reply_get((enum reply)i);
		CHECK(e->text != NULL && e->text[0] != '\0', "reply %d", i);
		if (e->text == NULL)
			continue;
		CHECK((e->code / 100 == 3) == (e->enhanced[0] == '\0'),
		    "reply %d: no enhanced code", i);
		n = reply_format((enum reply)i, NULL, buf, sizeof(buf));
		CHECK(n > 0, "reply %d: class", i);
		check_wire(buf, (size_t)n, e->code, 0);
		n = reply_format((enum reply)i, long_one, buf, sizeof(buf));
		CHECK(n == REPLY_LINE_MAX, "reply %d: %d octets", i, n);
	}
	n = reply_format(REPLY_RCPT_UNKNOWN, NULL, buf, sizeof(buf));
	CHECK(strcmp(buf, "550 5.1.1 No such mailbox\r\n") == 0, "%s", buf);
	CHECK(reply_format(REPLY_RCPT_UNKNOWN, NULL, buf, (size_t)n) == -1,
	    "one short");
	(void)reply_format(REPLY_DATA_OK, "00ff\r\n", buf, sizeof(buf));
	CHECK(strcmp(buf, "250 2.0.0 Message accepted: 00ff??\r\n") == 0,
	    "%s", buf);
}

/* What RCPT.md and the conformance tables promise to clients. */
static void
test_codes(void)
{
	static const struct {
		enum reply	 reply;
		unsigned int	 code;
		const char	*enhanced;
	} rows[] = {
		{ REPLY_OK, 250, "2.0.0" },
		{ REPLY_MAIL_OK, 250, "2.1.0" },
		{ REPLY_RCPT_OK, 250, "2.1.5" },
		{ REPLY_RCPT_UNKNOWN, 550, "5.1.1" },
		{ REPLY_RCPT_DISABLED, 550, "5.2.1" },
		{ REPLY_RCPT_DEFERRED, 450, "4.2.1" },
		{ REPLY_RCPT_QUOTA, 452, "4.2.2" },
		{ REPLY_RCPT_SENDERS, 550, "5.7.2" },
		{ REPLY_RCPT_RELAY, 550, "5.7.1" },
		{ REPLY_RCPT_TEMPFAIL, 451, "4.4.3" },
		{ REPLY_RCPT_CONFIG, 451, "4.3.0" },
		{ REPLY_RCPT_TOO_MANY, 452, "4.5.3" },
		{ REPLY_RCPT_THROTTLE, 451, "4.7.1" },
		{ REPLY_RCPT_HARVEST, 450, "4.7.1" },
		{ REPLY_RCPT_BAD_PATH, 501, "5.1.3" },
		{ REPLY_RCPT_BAD_SYNTAX, 501, "5.5.2" },
		{ REPLY_PARAM_UNKNOWN, 555, "5.5.4" },
		{ REPLY_PARAM_SYNTAX, 501, "5.5.4" },
		{ REPLY_BAD_SEQUENCE, 503, "5.5.1" },
		{ REPLY_NO_VALID_RCPT, 503, "5.5.1" },
		{ REPLY_SIZE_TOO_BIG, 552, "5.3.4" },
		{ REPLY_MAIL_BAD_SENDER, 501, "5.1.7" },
		{ REPLY_DATA, 354, "" },
		{ REPLY_SPOOL_FULL, 452, "4.3.1" },
		{ REPLY_TOO_MANY_ERRORS, 421, "4.7.0" },
		{ REPLY_SHUTDOWN, 421, "4.3.2" },
		{ REPLY_VRFY_NO, 252, "2.5.2" },
		{ REPLY_VRFY_NONE, 550, "5.1.1" },
		{ REPLY_VRFY_MORE, 252, "2.1.5" },
		{ REPLY_QUIT, 221, "2.0.0" },
	};
	const struct reply_entry	*e;
	size_t				 i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		e = reply_get(rows[i].reply);
		CHECK(e->code == rows[i].code &&
		    strcmp(e->enhanced, rows[i].enhanced) == 0, "row %zu: %u",
		    i, e->code);
	}
}

static void
line_is(unsigned int code, const char *enhanced, const char *text,
    unsigned int flags, const char *want)
{
	char	 buf[REPLY_SIZE];
	int	 n;

	n = reply_lines(code, enhanced, text, strlen(text), flags, buf,
	    sizeof(buf));
	CHECK(n == (int)strlen(want) && strcmp(buf, want) == 0,
	    "'%s': %d %s", text, n, buf);
}

static void
test_lines(void)
{
	line_is(550, "5.7.1", "a\nb\n\nc", 0, "550-5.7.1 a\r\n550-5.7.1 b\r\n"
	    "550-5.7.1\r\n550 5.7.1 c\r\n");
	line_is(550, "5.7.1", "a\r\nb\r\n", 0, "550-5.7.1 a\r\n"
	    "550 5.7.1 b\r\n");
	line_is(550, "5.7.1", "", 0, "550 5.7.1\r\n");
	line_is(550, "5.7.1", "\n", 0, "550 5.7.1\r\n");
	line_is(550, "5.7.1", "gr\xc3\xbcn", 0, "550 5.7.1 gr??n\r\n");
	line_is(550, "5.7.1", "gr\xc3\xbcn", REPLY_UTF8,
	    "550 5.7.1 gr\xc3\xbcn\r\n");
	line_is(550, "5.7.1", "a\xc3z", REPLY_UTF8, "550 5.7.1 a?z\r\n");
	line_is(550, "5.7.1", "a\xc2\x9bz", REPLY_UTF8, "550 5.7.1 a?z\r\n");
	line_is(550, "5.7.1", "a\033\tb\rc\x7f", 0, "550 5.7.1 a? b?c?\r\n");
	line_is(250, "", "mx.test\nHELP", 0, "250-mx.test\r\n250 HELP\r\n");
	line_is(550, "5.7.1", "1\n2\n3\n4\n5\n6\n7\n8\n9", 0,
	    "550-5.7.1 1\r\n550-5.7.1 2\r\n550-5.7.1 3\r\n550-5.7.1 4\r\n"
	    "550-5.7.1 5\r\n550-5.7.1 6\r\n550-5.7.1 7\r\n550 5.7.1 8\r\n");
}

static void
test_refused(void)
{
	static const struct {
		unsigned int	 code;
		const char	*enhanced;
	} bad[] = {
		{ 199, "" }, { 560, "" }, { 550, "4.7.1" }, { 450, "5.7.1" },
		{ 550, "5.7" }, { 550, "5.7." }, { 550, "5..1" },
		{ 550, "5.7.1 " }, { 550, "5.7.1000" }, { 550, "5.1000.1" },
		{ 550, "5.7.1\r\n" }, { 550, "5" }, { 550, "5.7.1.1" },
		{ 550, "5.999.9999" },
	};
	char	 buf[REPLY_LINE_SIZE], lines[20];
	size_t	 i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(reply_line(bad[i].code, bad[i].enhanced, "x", 1, 0, buf,
		    sizeof(buf)) == -1, "%u %s", bad[i].code,
		    bad[i].enhanced);
	CHECK(reply_line(550, "5.999.999", "x", 1, 0, buf, sizeof(buf)) ==
	    17, "longest enhanced code");
	CHECK(reply_lines(550, "5.7.1", "a\nb", 3, 0, lines,
	    sizeof(lines)) == -1, "no room for two lines");
}

static void
test_split(void)
{
	static const struct {
		const char	*text;
		unsigned int	 code;
		const char	*enhanced, *words;
	} rows[] = {
		{ "450 4.1.1 Invalid address", 450, "4.1.1",
		    "Invalid address" },
		{ "Go away", 550, "5.7.1", "Go away" },
		{ "422 4.2.2 x", 422, "4.2.2", "x" },
		{ " 550 5.1.1 x", 550, "5.7.1", " 550 5.1.1 x" },
		{ "4.2.2 x", 550, "5.7.1", "4.2.2 x" },
		{ "5501 x", 550, "5.7.1", "5501 x" },
		{ "554 5.7.3 e", 554, "5.7.3", "e" },
		{ "250 2.1.5 OK", 550, "5.7.1", "250 2.1.5 OK" },
		{ "354 go on", 550, "5.7.1", "354 go on" },
		{ "199 x", 550, "5.7.1", "199 x" },
		{ "650 5.0.0 x", 550, "5.7.1", "650 5.0.0 x" },
		{ "570 x", 550, "5.7.1", "570 x" },
		{ "550-5.7.1 x", 550, "5.7.1", "550-5.7.1 x" },
		{ "421 4.7.0 Enough", 421, "4.7.0", "Enough" },
		{ "421 Enough", 421, "4.7.1", "Enough" },
		{ "450 5.1.1 x", 450, "4.7.1", "5.1.1 x" },
		{ "550 5.1.1x", 550, "5.7.1", "5.1.1x" },
		{ "550 5.1.1234 x", 550, "5.7.1", "5.1.1234 x" },
		{ "554 5.1.1", 554, "5.1.1", "" },
		{ "554 5.1.1\nx", 554, "5.1.1", "\nx" },
		{ "554 ", 554, "5.7.1", "" },
		{ "554", 554, "5.7.1", "" },
		{ "55", 550, "5.7.1", "55" },
		{ "55x", 550, "5.7.1", "55x" },
		{ "", 550, "5.7.1", "" },
	};
	char		 enhanced[REPLY_ENHANCED_SIZE];
	unsigned int	 code;
	size_t		 i, at;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		at = reply_split(rows[i].text, strlen(rows[i].text), &code,
		    enhanced);
		CHECK(code == rows[i].code &&
		    strcmp(enhanced, rows[i].enhanced) == 0 &&
		    at <= strlen(rows[i].text) &&
		    strcmp(rows[i].text + at, rows[i].words) == 0,
		    "'%s': %u %s %zu", rows[i].text, code, enhanced, at);
	}
}

/* Any octets at all, at every length around the limit of a line. */
static void
test_anything(void)
{
	uint32_t	 seed = 4;
	char		 text[1100], buf[REPLY_SIZE];
	size_t		 i, len;
	int		 n, round;

	for (round = 0; round < 3000; round++) {
		len = (size_t)round % sizeof(text);
		for (i = 0; i < len; i++) {
			seed = seed * 1664525 + 1013904223;
			text[i] = round % 3 == 0 ? "\xc3\xa9"[i & 1] :
			    (char)(seed >> 16);
			if (seed >> 24 < 3)
				text[i] = '\n';
		}
		n = reply_lines(451, "4.3.0", text, len,
		    round & 1 ? REPLY_UTF8 : 0, buf, sizeof(buf));
		CHECK(n > 0, "round %d", round);
		if (n > 0)
			check_wire(buf, (size_t)n, 451, round & 1);
	}
}

int
main(void)
{
	test_table();
	test_codes();
	test_lines();
	test_refused();
	test_split();
	test_anything();
	return (check_done("smtp_reply"));
}
