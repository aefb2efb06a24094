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
 * Unit test of smtpd/smtp/response.c: what a hostile server may say.
 */

#include <stdlib.h>
#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/smtp/response.h"

#define S(s)	s, sizeof(s) - 1

/* Read all of wire in pieces of step octets, in exact buffers. */
static enum response_step
run(const char *wire, size_t len, size_t step, struct response *r,
    size_t *lines, size_t *total)
{
	enum response_step	 got = RESPONSE_MORE;
	size_t			 at = 0, n, used;
	char			*piece;

	response_init(r);
	*lines = 0;
	while (at < len && got != RESPONSE_DONE && got != RESPONSE_BAD) {
		n = step < len - at ? step : len - at;
		if ((piece = malloc(n)) == NULL)
			abort();
		memcpy(piece, wire + at, n);
		used = 0;
		got = response_read(r, piece, n, &used);
		free(piece);
		CHECK(used > 0 && used <= n, "used %zu of %zu", used, n);
		at += used;
		*lines += got == RESPONSE_LINE;
	}
	*total = at;
	return (got);
}

static const struct {
	const char		*wire;
	size_t			 len;
	enum response_step	 want;
	unsigned int		 code;
	const char		*enhanced;
	const char		*text;
} rows[] = {
	{ S("250 ok\r\n"), RESPONSE_DONE, 250, "", "ok" },
	{ S("250\r\n"), RESPONSE_DONE, 250, "", "" },
	{ S("250\n"), RESPONSE_DONE, 250, "", "" },
	{ S("250 \r\n"), RESPONSE_DONE, 250, "", "" },
	{ S("250-\r\n250\r\n"), RESPONSE_DONE, 250, "", "" },
	{ S("250-a\r\n250 b\r\n"), RESPONSE_DONE, 250, "", "a b" },
	{ S("250-2.1.0 a\r\n250 2.1.0 b\r\n"), RESPONSE_DONE, 250, "2.1.0",
	    "a b" },
	{ S("550 5.1.1 no\r\n"), RESPONSE_DONE, 550, "5.1.1", "no" },
	{ S("550 5.7.2\r\n"), RESPONSE_DONE, 550, "5.7.2", "" },
	{ S("550 5.7.\r\n"), RESPONSE_DONE, 550, "", "5.7." },
	{ S("550 5.\r\n"), RESPONSE_DONE, 550, "", "5." },
	{ S("550 5\r\n"), RESPONSE_DONE, 550, "", "5" },
	{ S("550 4.1.1 no\r\n"), RESPONSE_DONE, 550, "", "4.1.1 no" },
	{ S("550 5.1111.1 no\r\n"), RESPONSE_DONE, 550, "", "5.1111.1 no" },
	{ S("550 5.1.1no\r\n"), RESPONSE_DONE, 550, "", "5.1.1no" },
	{ S("354 3.0.0 go\r\n"), RESPONSE_DONE, 354, "", "3.0.0 go" },
	{ S("571 no\r\n"), RESPONSE_DONE, 571, "", "no" },
	{ S("250 a\0b\r\n"), RESPONSE_DONE, 250, "", "a?b" },
	{ S("250 a\rb\r\n"), RESPONSE_DONE, 250, "", "a?b" },
	{ S("250 \x1b[2J\xff\r\n"), RESPONSE_DONE, 250, "", "?[2J?" },
	{ S("\r\n"), RESPONSE_BAD, 0, "", "" },
	{ S("\n"), RESPONSE_BAD, 0, "", "" },
	{ S("2\r\n"), RESPONSE_BAD, 0, "", "" },
	{ S("2\n"), RESPONSE_BAD, 0, "", "" },
	{ S("25\n"), RESPONSE_BAD, 0, "", "" },
	{ S("25 \n"), RESPONSE_BAD, 0, "", "" },
	{ S("250x\r\n"), RESPONSE_BAD, 0, "", "" },
	{ S("250\rx\n"), RESPONSE_BAD, 0, "", "" },
	{ S("150 a\r\n"), RESPONSE_BAD, 0, "", "" },
	{ S("600 a\r\n"), RESPONSE_BAD, 0, "", "" },
	{ S(" 250 a\r\n"), RESPONSE_BAD, 0, "", "" },
	{ S("\xff\xff\xff\xff\r\n"), RESPONSE_BAD, 0, "", "" },
	{ S("2\0" "0 a\r\n"), RESPONSE_BAD, 0, "", "" },
	{ S("250-a\r\n251 b\r\n"), RESPONSE_BAD, 0, "", "" },
	{ S("250-a\r\n\r\n"), RESPONSE_BAD, 0, "", "" },
	{ S("SSH-2.0-OpenSSH_9\r\n"), RESPONSE_BAD, 0, "", "" },
};

static void
test_rows(void)
{
	struct response	 r;
	size_t		 i, step, lines, total;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (step = 1; step <= rows[i].len; step++) {
			CHECK(run(rows[i].wire, rows[i].len, step, &r,
			    &lines, &total) == rows[i].want, "row %zu", i);
			if (rows[i].want != RESPONSE_DONE)
				continue;
			CHECK(total == rows[i].len, "row %zu read %zu", i,
			    total);
			CHECK(r.code == rows[i].code, "row %zu is %u", i,
			    r.code);
			CHECK(strcmp(r.enhanced, rows[i].enhanced) == 0,
			    "row %zu is %s", i, r.enhanced);
			CHECK(strcmp(r.text, rows[i].text) == 0,
			    "row %zu says %s", i, r.text);
		}
}

/* Every string of up to six octets of these is a reply, or is refused. */
static void
test_short(void)
{
	static const char	 octets[] = { '2', '5', ' ', '-', '\r', '\n',
	    '\0' };
	size_t			 idx[6], n, i, lines, total;
	struct response		 r;
	char			 wire[6];

	for (n = 1; n <= 6; n++) {
		memset(idx, 0, sizeof(idx));
		do {
			for (i = 0; i < n; i++)
				wire[i] = octets[idx[i]];
			if (run(wire, n, n, &r, &lines, &total) ==
			    RESPONSE_DONE)
				CHECK(r.code >= 200 && r.code <= 599 &&
				    strlen(r.text) <= n, "code %u", r.code);
			for (i = 0; i < n && ++idx[i] == sizeof(octets); i++)
				idx[i] = 0;
		} while (i < n);
	}
}

static void
test_limits(void)
{
	size_t		 lines, total, n, i;
	struct response	 r;
	char		*wire;

	if ((wire = calloc(1, 2 * RESPONSE_OCTETS_MAX)) == NULL)
		abort();
	/* a long line is cut, and what follows it is the next reply */
	memset(wire, 'a', 2 * RESPONSE_OCTETS_MAX);
	memcpy(wire, "250 ", 4);
	memcpy(wire + 20000, "\r\n", 2);
	CHECK(run(wire, 20002, 4096, &r, &lines, &total) == RESPONSE_DONE &&
	    total == 20002, "long line");
	CHECK(r.linelen == RESPONSE_LINE_MAX &&
	    strlen(r.text) == RESPONSE_TEXT_MAX, "%zu, %zu", r.linelen,
	    strlen(r.text));
	/* one without end is given up */
	memset(wire + 20000, 'a', 2);
	CHECK(run(wire, 2 * RESPONSE_OCTETS_MAX, 4096, &r, &lines, &total) ==
	    RESPONSE_BAD && total == RESPONSE_OCTETS_MAX + 1, "endless: %zu",
	    total);
	/* so are lines without end */
	for (i = n = 0; i < 600; i++, n += 5)
		memcpy(wire + n, "250-\n", 5);
	CHECK(run(wire, n, n, &r, &lines, &total) == RESPONSE_BAD &&
	    lines == RESPONSE_LINES_MAX, "%zu lines", lines);
	free(wire);
}

static void
test_clean(void)
{
	char	 out[6];

	response_clean(S("a\r\nb\tc"), out, sizeof(out));
	CHECK(strcmp(out, "a??b?") == 0, "%s", out);
	response_clean(S("\0"), out, sizeof(out));
	CHECK(strcmp(out, "?") == 0, "%s", out);
	response_clean(S(""), out, 1);
	CHECK(out[0] == '\0', "empty");
}

int
main(void)
{
	test_rows();
	test_short();
	test_limits();
	test_clean();
	return (check_done("smtp_response"));
}
