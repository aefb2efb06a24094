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
 * Unit test of smtpd/smtp/utf8.c: the edges of each row of RFC 3629 4, and
 * every code point.
 */

#include "regress/unit/check.h"
#include "smtpd/smtp/utf8.h"

static void
test_utf8(void)
{
	static const struct {
		const char	*text;
		size_t		 len, first;
	} rows[] = {
		{ "", 0, 0 },			{ "\x7f", 1, 1 },
		{ "\0", 1, 1 },			{ "\x80", 1, 0 },
		{ "\xc1\xbf", 2, 0 },		{ "\xc2\x80", 2, 2 },
		{ "\xdf\xbf", 2, 2 },		{ "\xc2", 1, 0 },
		{ "\xc2\x7f", 2, 0 },		{ "\xc2\xc0", 2, 0 },
		{ "\xe0\x9f\xbf", 3, 0 },	{ "\xe0\xa0\x80", 3, 3 },
		{ "\xed\x9f\xbf", 3, 3 },	{ "\xed\xa0\x80", 3, 0 },
		{ "\xee\x80\x80", 3, 3 },	{ "\xef\xbf\xbf", 3, 3 },
		{ "\xe1\x80", 2, 0 },		{ "\xe1\x80\x7f", 3, 0 },
		{ "\xe1\x80\xc0", 3, 0 },
		{ "\xf0\x8f\xbf\xbf", 4, 0 },	{ "\xf0\x90\x80\x80", 4, 4 },
		{ "\xf4\x8f\xbf\xbf", 4, 4 },	{ "\xf4\x90\x80\x80", 4, 0 },
		{ "\xf5\x80\x80\x80", 4, 0 },	{ "\xf1\x80\x80", 3, 0 },
		{ "\xf1\x80\x80\x2e", 4, 0 },	{ "\xff", 1, 0 },
		{ "\xfe", 1, 0 },
	};
	size_t	 i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		CHECK(utf8_char(rows[i].text, rows[i].len) == rows[i].first,
		    "utf8 row %zu", i);
		CHECK(utf8_valid(rows[i].text, rows[i].len) ==
		    (rows[i].first == rows[i].len), "utf8 valid %zu", i);
	}
	CHECK(utf8_valid("a\xc3\xa1z", 4) && !utf8_valid("a\xc3z", 3),
	    "in the middle");
	CHECK(utf8_is_ascii("a\x7f", 2) && !utf8_is_ascii("a\x80", 2) &&
	    utf8_is_ascii("", 0), "ascii");
}

/* Each code point in its own form is one character, and only there. */
static void
test_all(void)
{
	unsigned long	 c, accepted = 0;
	char		 t[4];
	size_t		 len;

	for (c = 0; c < 0x200000; c++) {
		if (c < 0x80) {
			len = 1;
			t[0] = (char)c;
		} else if (c < 0x800) {
			len = 2;
			t[0] = (char)(0xc0 | c >> 6);
		} else if (c < 0x10000) {
			len = 3;
			t[0] = (char)(0xe0 | c >> 12);
			t[1] = (char)(0x80 | (c >> 6 & 0x3f));
		} else {
			len = 4;
			t[0] = (char)(0xf0 | c >> 18);
			t[1] = (char)(0x80 | (c >> 12 & 0x3f));
			t[2] = (char)(0x80 | (c >> 6 & 0x3f));
		}
		if (len > 1)
			t[len - 1] = (char)(0x80 | (c & 0x3f));
		accepted += utf8_char(t, len) == len;
	}
	/* all planes but the surrogates */
	CHECK(accepted == 0x110000 - 0x800, "%lu characters", accepted);
}

int
main(void)
{
	test_utf8();
	test_all();
	return (check_done("smtp_utf8"));
}
