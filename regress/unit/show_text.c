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
 * What strangers chose must not play with a terminal, nor break JSON.
 */

#include <sys/types.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/show.h"
#include "control/show_text.h"
#include "regress/unit/check.h"
#include "smtpd/base/wire.h"
#include "smtpd/msg/msg_control.h"

static char	 got[65536];	/* what was printed */
static int	 screen;	/* standard output, put aside */
static FILE	*paper;

static void
print_begin(void)
{
	(void)fflush(stdout);
	if ((screen = dup(STDOUT_FILENO)) == -1 ||
	    (paper = tmpfile()) == NULL ||
	    dup2(fileno(paper), STDOUT_FILENO) == -1)
		abort();
}

static const char *
print_end(void)
{
	size_t	 n;

	(void)fflush(stdout);
	rewind(paper);
	n = fread(got, 1, sizeof(got) - 1, paper);
	got[n] = '\0';
	if (fclose(paper) == EOF || dup2(screen, STDOUT_FILENO) == -1 ||
	    close(screen) == -1)
		abort();
	return (got);
}

static void
test_text(void)
{
	static const struct {
		const char	*in, *out;
		size_t		 width;
	} cases[] = {
		{ "plain text", "plain text", 10 },
		{ "J\303\274rgen", "J\303\274rgen", 6 },
		{ "\033[31mred\r\n\t\b\177", "?[31mred?????", 13 },
		{ "\302\233" "31m", "??31m", 5 },	/* CSI of one octet */
		{ "\342\200\256txt.exe", "???txt.exe", 10 },
		{ "\342\201\246x", "???x", 4 },
		/* is no UTF-8 */
		{ "\377\303\050\300\257", "?" "?(" "?" "?", 5 },
		{ "cut \342\202", "cut ??", 6 },
		{ "", "", 0 },
	};
	char	*text;
	size_t	 i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		text = show_text(cases[i].in, strlen(cases[i].in));
		CHECK(strcmp(text, cases[i].out) == 0, "%zu: '%s'", i, text);
		CHECK(show_width(text) == cases[i].width, "%zu: %zu wide", i,
		    show_width(text));
		free(text);
	}
}

static void
test_escaped(void)
{
	static const char	 in[] = "a\\b\001\033[m\377\303\274\302\233\0z";
	static const char	 out[] = "a\\\\b\\x01\\x1b[m\\xff\303\274"
	    "\\xc2\\x9b\\x00z";

	print_begin();
	show_escaped(stdout, in, sizeof(in) - 1);
	CHECK(strcmp(print_end(), out) == 0, "%s", got);
}

static void
test_json(void)
{
	static const char	 in[] = "\"a\\\n\t\001\177\377\303\274\0z";
	static const char	 out[] = "\"\\\"a\\\\\\n\\t\\u0001\\u007f"
	    "\\ufffd\303\274\\u0000z\"";

	print_begin();
	show_json_string(in, sizeof(in) - 1);
	CHECK(strcmp(print_end(), out) == 0, "%s", got);
}

static void
lines_take(const char *line, size_t len)
{
	printf("[%.*s]", (int)len, line);
}

static void
test_lines(void)
{
	char	 big[20000];
	FILE	*f;

	print_begin();
	show_lines(stdout, "one\n\ntwo\033\nthree", 15);
	CHECK(strcmp(print_end(), "one\n\ntwo?\nthree\n") == 0, "%s", got);

	print_begin();
	if ((f = show_line_stream(lines_take)) == NULL)
		abort();
	fputs("a\nb", f);
	(void)fflush(f);
	fputs("c\n\nlast", f);
	CHECK(fclose(f) == 0, "close");
	CHECK(strcmp(print_end(), "[a][bc][][last]") == 0, "%s", got);

	/* a line longer than any buffer */
	memset(big, 'x', sizeof(big));
	big[sizeof(big) - 1] = '\0';
	print_begin();
	if ((f = show_line_stream(lines_take)) == NULL)
		abort();
	fprintf(f, "%s\n", big);
	CHECK(fclose(f) == 0, "close");
	CHECK(strlen(print_end()) == strlen(big) + 2, "%zu octets",
	    strlen(got));
}

static void
row(struct wbuf *w, const char *name, int64_t n)
{
	row_str(w, "process", name);
	row_num(w, "instance", n);
	row_num(w, "pid", 7 * n);
	row_str(w, "state", "up\033");
	row_end(w);
}

/* All rows of w in that style. */
static const char *
shown(const struct wbuf *w, enum show_style style, int quiet)
{
	struct rbuf	 r;

	rbuf_init(&r, w->data, w->len);
	print_begin();
	show_begin(style, quiet);
	while (row_more(&r) && show_row(NULL, &r) != -1)
		;
	show_end();
	return (print_end());
}

static void
test_rows(void)
{
	struct wbuf	 w;

	wbuf_init(&w);
	row(&w, "front", 0);
	row(&w, "l\303\266okup", 12);
	CHECK(strcmp(shown(&w, SHOW_TABLE, 0),
	    "process  instance  pid  state\n"
	    "front           0    0  up?\n"
	    "l\303\266okup         12   84  up?\n") == 0, "%s", got);
	CHECK(strcmp(shown(&w, SHOW_TABLE, 1),
	    "front    0   0  up?\n"
	    "l\303\266okup  12  84  up?\n") == 0, "%s", got);
	CHECK(strcmp(shown(&w, SHOW_LIST, 0),
	    "front.pid 0\nfront.state up?\n"
	    "l\303\266okup12.pid 84\nl\303\266okup12.state up?\n") == 0,
	    "%s", got);
	CHECK(strcmp(shown(&w, SHOW_JSON, 0),
	    "{\"process\":\"front\",\"instance\":0,\"pid\":0,"
	    "\"state\":\"up\\u001b\"}\n"
	    "{\"process\":\"l\303\266okup\",\"instance\":12,\"pid\":84,"
	    "\"state\":\"up\\u001b\"}\n") == 0, "%s", got);
	wbuf_free(&w);
}

/* Rows cut anywhere: nothing is read past, and it ends. */
static void
test_cut(void)
{
	static const enum show_style	 styles[] = { SHOW_TABLE, SHOW_LIST,
	    SHOW_JSON };
	struct wbuf			 w;
	struct rbuf			 r;
	size_t				 n, i;

	wbuf_init(&w);
	row(&w, "front", 0);
	for (i = 0; i < 3; i++)
		for (n = 0; n < w.len; n++) {
			rbuf_init(&r, w.data, n);
			print_begin();
			show_begin(styles[i], 0);
			CHECK(show_row(NULL, &r) == -1, "%zu of %zu", n,
			    w.len);
			show_end();
			(void)print_end();
		}
	wbuf_free(&w);
}

int
main(void)
{
	test_text();
	test_escaped();
	test_json();
	test_lines();
	test_rows();
	test_cut();
	return (check_done("show_text"));
}
