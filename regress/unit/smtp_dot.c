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
 * Unit test of smtpd/smtp/dot.c: every row of conformance table 5, cut at
 * every octet, and the way back through dot_stuff.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/smtp/dot.h"

#define TAIL	"MAIL FROM:<x@evil.test>\r\nRCPT TO:<bob@example.org>\r\n" \
		"DATA\r\nsecond\r\n.\r\n"
#define S(s)	s, sizeof(s) - 1

static const struct {
	const char	*id;
	const char	*wire;
	size_t		 len;
	const char	*text;		/* NULL: refused */
} rows[] = {
	{ "e-01", S("text\r\n.\r\n"), "text\r\n" },
	{ "e-02", S("text\n.\n"), NULL },
	{ "e-03", S("text\n.\r\n"), NULL },
	{ "e-04", S("text\r\n.\n"), NULL },
	{ "e-05", S("text\r.\r"), NULL },
	{ "e-06", S("text\r.\r\n"), NULL },
	{ "e-07", S("text\r\n.\r"), NULL },
	{ "e-08", S("text\n.\r"), NULL },
	{ "e-09", S("text\r.\n"), NULL },
	{ "e-10", S("text\r\n\0.\r\n"), NULL },
	{ "e-11", S("text\r\n.\0\r\n"), NULL },
	{ "e-12", S("text\r\r\n.\r\r\n"), NULL },
	{ "e-13", S("text\r\n.\r\r\n"), NULL },
	{ "e-14", S("text\r\ntext\rtext\r\n"), NULL },
	{ "e-15", S("text\r\ntext\ntext\r\n"), NULL },
	{ "e-16", S("text\r\ntext\0text\r\n"), NULL },
	{ "e-17", S("text\r\n. \r\n"), "text\r\n \r\n" TAIL },
	{ "e-18", S("text\r\n.\t\r\n"), "text\r\n\t\r\n" TAIL },
	{ "e-19", S("text\r\n..\r\n"), "text\r\n.\r\n" TAIL },
	{ "e-20", S("text\r\n.text\r\n"), "text\r\ntext\r\n" TAIL },

	{ "empty message", S(".\r\n"), "" },
	{ "empty line", S("\r\n.\r\n"), "\r\n" },
	{ "empty lines", S("\r\n\r\n\r\n.\r\n"), "\r\n\r\n\r\n" },
	{ "three dots", S("...\r\n.\r\n"), "..\r\n" },
	{ "dot inside", S("a.b.\r\n.\r\n"), "a.b.\r\n" },
	{ "LF first", S("\n.\r\n"), NULL },
	{ "NUL first", S("\0\r\n.\r\n"), NULL },
	{ "NUL before LF", S("a\r\0\n.\r\n"), NULL },
	{ "dot CR NUL", S("a\r\n.\r\0\r\n"), NULL },
	{ "LF CR", S("a\n\r.\r\n"), NULL },
	{ "8 bit", S("\x80\xff\x8d\x8a\r\n.\r\n"), "\x80\xff\x8d\x8a\r\n" },
};

/*
 * Read wire in pieces of step octets, the first of cut; text gets the
 * message, *used where it ended.  Buffers are exact.
 */
static enum dot_result
run(const char *wire, size_t len, size_t cut, size_t step, char *text,
    size_t *textlen, size_t *used)
{
	struct dot_reader	 r;
	enum dot_result		 result = DOT_MORE;
	char			*in, *out;
	size_t			 at = 0, n, outlen, took;

	dot_reader_init(&r);
	*textlen = 0;
	while (at < len && result == DOT_MORE) {
		n = at == 0 ? cut : step;
		if (n > len - at)
			n = len - at;
		in = malloc(n);
		out = malloc(n);
		if (in == NULL || out == NULL)
			abort();
		memcpy(in, wire + at, n);
		result = dot_read(&r, in, n, out, &outlen, &took);
		if (result != DOT_BAD) {
			CHECK(outlen <= n && took <= n, "too much");
			memcpy(text + *textlen, out, outlen);
			*textlen += outlen;
			at += took;
		}
		if (result == DOT_MORE)
			CHECK(took == n, "octets left over");
		if (result == DOT_BAD)
			CHECK(dot_read(&r, ".\r\n", 3, out, &outlen, &took) ==
			    DOT_BAD, "good again");
		free(in);
		free(out);
	}
	*used = at;
	return (result);
}

static void
test_row(size_t i)
{
	enum dot_result	 result;
	char		 wire[512], text[512];
	size_t		 len, cut, step, textlen, used, want;

	memcpy(wire, rows[i].wire, rows[i].len);
	memcpy(wire + rows[i].len, TAIL, sizeof(TAIL) - 1);
	len = rows[i].len + sizeof(TAIL) - 1;
	want = rows[i].text == NULL ? 0 : strlen(rows[i].text);
	/* The text goes up to the second end, whose line is not text. */
	if (want > sizeof(TAIL) - 1 && memcmp(rows[i].text + want -
	    (sizeof(TAIL) - 1), TAIL, sizeof(TAIL) - 1) == 0)
		want -= 3;
	for (cut = 1; cut <= len; cut++) {
		for (step = 1; step <= len; step += step < 9 ? 1 : 97) {
			result = run(wire, len, cut, step, text, &textlen,
			    &used);
			if (rows[i].text == NULL) {
				CHECK(result == DOT_BAD, "%s: %d at %zu",
				    rows[i].id, (int)result, cut);
				continue;
			}
			CHECK(result == DOT_END, "%s: %d at %zu", rows[i].id,
			    (int)result, cut);
			CHECK(textlen == want && memcmp(text, rows[i].text,
			    want) == 0, "%s: text at %zu", rows[i].id, cut);
			CHECK(used == (rows[i].text[want] == '\0' ?
			    rows[i].len : len), "%s: used %zu", rows[i].id,
			    used);
		}
	}
}

static uint32_t	 seed = 25;

static unsigned int
pick(unsigned int n)
{
	seed = seed * 1664525 + 1013904223;
	return ((seed >> 8) % n);
}

/* What is stuffed comes back, however both ways are cut; in place too. */
static void
test_round(void)
{
	static const char	*parts[] = { ".", "..", "\r\n", "a", "line",
				    " ", "\r\n.", "\xc3\xa9" };
	struct dot_writer	 w;
	struct dot_reader	 r;
	char			 text[600], wire[1300], back[1300];
	size_t			 len, n, at, step, outlen, used, nwire;
	int			 i;

	for (i = 0; i < 20000; i++) {
		for (len = 0, n = pick(60); n > 0; n--) {
			const char *part = parts[pick(8)];

			memcpy(text + len, part, strlen(part));
			len += strlen(part);
		}
		dot_writer_init(&w);
		nwire = 0;
		for (at = 0; at < len; at += step) {
			step = 1 + pick(20);
			if (step > len - at)
				step = len - at;
			CHECK(dot_stuff(&w, text + at, step, wire + nwire,
			    &outlen) == 0, "stuff");
			CHECK(outlen <= DOT_STUFF_MAX(step), "bound");
			nwire += outlen;
		}
		CHECK(dot_finish(&w, wire + nwire, &outlen) == 0 &&
		    outlen <= DOT_FINISH_MAX, "finish");
		nwire += outlen;
		if (len > 0 && (len < 2 || memcmp(text + len - 2, "\r\n",
		    2) != 0)) {
			memcpy(text + len, "\r\n", 2);
			len += 2;
		}
		at = 1 + pick(20);
		step = 1 + pick(20);
		CHECK(run(wire, nwire, at, step, back, &n, &used) ==
		    DOT_END && used == nwire, "read back");
		CHECK(n == len && memcmp(back, text, n) == 0, "other text");
		dot_reader_init(&r);
		CHECK(dot_read(&r, wire, nwire, wire, &n, &used) == DOT_END &&
		    n == len && memcmp(wire, text, n) == 0, "in place");
	}
}

static void
test_writer_refuses(void)
{
	static const struct {
		const char	*text;
		size_t		 len;
	} bad[] = {
		{ S("a\nb") }, { S("a\rb") }, { S("\n") }, { S("a\r\r\n") },
		{ S("a\0b") }, { S(".\n") },
	};
	struct dot_writer	 w;
	char			 out[20];
	size_t			 i, n;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		dot_writer_init(&w);
		CHECK(dot_stuff(&w, bad[i].text, bad[i].len, out, &n) == -1,
		    "stuffs bad %zu", i);
		CHECK(dot_stuff(&w, "a\r\n", 3, out, &n) == -1 &&
		    dot_finish(&w, out, &n) == -1, "good again");
	}
	dot_writer_init(&w);
	CHECK(dot_stuff(&w, "a\r", 2, out, &n) == 0 &&
	    dot_finish(&w, out, &n) == -1, "ends in CR");
	CHECK(dot_stuff(&w, "b", 1, out, &n) == -1, "CR and no LF");
}

int
main(void)
{
	size_t	 i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		test_row(i);
	test_round();
	test_writer_refuses();
	return (check_done("smtp_dot"));
}
