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
 * Unit test of smtpd/smtp/line.c: the lines of conformance table 3 as far
 * as a verb and its argument go.
 */

#include <stdlib.h>
#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/smtp/line.h"

static const struct {
	const char	*line;
	enum verb	 verb;
	const char	*arg;
} rows[] = {
	{ "NOOP", VERB_NOOP, "" },
	{ "noop  ", VERB_NOOP, "" },
	{ "NoOp\t", VERB_NOOP, "" },
	{ "NOOP  a  b \t", VERB_NOOP, "a  b" },
	{ "RSET", VERB_RSET, "" },
	{ "", VERB_NONE, "" },
	{ " ", VERB_NONE, "" },
	{ " NOOP", VERB_NONE, "NOOP" },
	{ "X-SPECIAL", VERB_NONE, "" },
	{ "DATA_", VERB_NONE, "" },
	{ "NOO", VERB_NONE, "" },
	{ "NOOPP", VERB_NONE, "" },
	{ "RCPT", VERB_RCPT, "" },
	{ "RCPT TO:<bob@example.org>", VERB_RCPT, "TO:<bob@example.org>" },
	{ "DATA", VERB_DATA, "" },
	{ "EHLO", VERB_EHLO, "" },
	{ "ehlo mx.a.test", VERB_EHLO, "mx.a.test" },
	{ "HELO [127.0.0.1]", VERB_HELO, "[127.0.0.1]" },
	{ "LHLO x.test", VERB_OTHER, "x.test" },
	{ "BDAT 1 LAST", VERB_OTHER, "1 LAST" },
	{ "MAIL FROM:<@>", VERB_MAIL, "FROM:<@>" },
	{ "VRFY", VERB_VRFY, "" },
	{ "EXPN list", VERB_EXPN, "list" },
	{ "HELP", VERB_HELP, "" },
	{ "STARTTLS x", VERB_STARTTLS, "x" },
	{ "AUTH PLAIN", VERB_AUTH, "PLAIN" },
	{ "QUIT", VERB_QUIT, "" },
	{ "GET / HTTP/1.0", VERB_HTTP, "/ HTTP/1.0" },
	{ "POST /x HTTP/1.0", VERB_HTTP, "/x HTTP/1.0" },
	{ "CONNECT a.test:25 HTTP/1.1", VERB_HTTP, "a.test:25 HTTP/1.1" },
	{ "\x16\x03\x01", VERB_NONE, "" },
};

static const struct {
	const char	*arg, *keyword;
	const char	*path;		/* NULL: refused */
} paths[] = {
	{ "FROM:<a@b.test>", "FROM:", "<a@b.test>" },
	{ "from:<a@b.test> SIZE=1", "FROM:", "<a@b.test> SIZE=1" },
	{ "FROM: <a@b.test>", "FROM:", "<a@b.test>" },
	{ "FROM:  <a@b.test>", "FROM:", NULL },
	{ "FROM:\t<a@b.test>", "FROM:", NULL },
	{ "FROM :<a@b.test>", "FROM:", NULL },
	{ "FROM:", "FROM:", NULL },
	{ "FROM: ", "FROM:", NULL },
	{ "FROM", "FROM:", NULL },
	{ "", "FROM:", NULL },
	{ "<a@b.test>", "FROM:", NULL },
	{ "TO:<a@b.test>", "FROM:", NULL },
	{ "To:<a@b.test>", "TO:", "<a@b.test>" },
	{ "TO:bob", "TO:", "bob" },
};

int
main(void)
{
	const char	*arg;
	size_t		 i, len, arglen;
	char		*line;
	int		 r;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		len = strlen(rows[i].line);
		if ((line = malloc(len == 0 ? 1 : len)) == NULL)
			abort();
		memcpy(line, rows[i].line, len);
		CHECK(smtp_line_verb(line, len, &arg, &arglen) ==
		    rows[i].verb, "'%s': other verb", rows[i].line);
		CHECK(arglen == strlen(rows[i].arg) &&
		    memcmp(arg, rows[i].arg, arglen) == 0,
		    "'%s': other argument", rows[i].line);
		free(line);
	}
	CHECK(smtp_line_verb("NOOP\0", 5, &arg, &arglen) == VERB_NONE,
	    "NUL in a verb");
	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		r = smtp_line_path(paths[i].arg, strlen(paths[i].arg),
		    paths[i].keyword, &arg, &arglen);
		CHECK((r == 0) == (paths[i].path != NULL), "'%s': %d",
		    paths[i].arg, r);
		if (r == 0 && paths[i].path != NULL)
			CHECK(arglen == strlen(paths[i].path) &&
			    memcmp(arg, paths[i].path, arglen) == 0,
			    "'%s': other path", paths[i].arg);
	}
	for (i = VERB_NONE + 1; i < VERB_OTHER; i++) {
		line = strdup(smtp_line_name((enum verb)i));
		CHECK(line != NULL && smtp_line_verb(line, strlen(line), &arg,
		    &arglen) == (enum verb)i, "name of verb %zu", i);
		free(line);
	}
	CHECK(strcmp(smtp_line_name(VERB_NONE), "?") == 0 &&
	    strcmp(smtp_line_name(VERB_OTHER), "?") == 0 &&
	    strcmp(smtp_line_name(VERB_HTTP), "?") == 0, "no names");
	return (check_done("smtp_line"));
}
