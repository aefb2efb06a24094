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
 * Unit test of smtpd/sieve/modify.c, encchar.c and varname.c, and of
 * smtpd/smtp/rejection.c: the cases of conformance/sieve.jsonl and more.
 */

#include <stdlib.h>
#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/sieve/encchar.h"
#include "smtpd/sieve/modify.h"
#include "smtpd/sieve/varname.h"
#include "smtpd/smtp/rejection.h"
#include "smtpd/smtp/reply.h"

static const struct {
	unsigned int	 set;
	const char	*text, *value;
} modified[] = {
	{ MODIFY_UPPER, "juMBlEd lETteRS", "JUMBLED LETTERS" },
	{ MODIFY_LOWER | MODIFY_UPPERFIRST, "juMBlEd lETteRS",
	    "Jumbled letters" },
	{ MODIFY_UPPERFIRST | MODIFY_LOWER, "juMBlEd", "Jumbled" },
	{ MODIFY_LOWERFIRST | MODIFY_UPPER, "juMBlEd", "jUMBLED" },
	{ MODIFY_UPPERFIRST, "juMBlEd", "JuMBlEd" },
	{ MODIFY_LENGTH, "juMBlEd lETteRS", "15" },
	{ MODIFY_LENGTH, "", "0" },
	{ MODIFY_QUOTEWILDCARD, "Rock*", "Rock\\*" },
	{ MODIFY_QUOTEWILDCARD | MODIFY_LENGTH, "**", "4" },
	{ MODIFY_LENGTH | MODIFY_QUOTEWILDCARD, "a\\?", "5" },
	{ MODIFY_QUOTEREGEX, "a.b*{}", "a\\.b\\*\\{\\}" },
	{ MODIFY_UPPER, "a", "A" },
	{ MODIFY_UPPER, "gr\xc3\xbc\xc3\x9f", "GR\xc3\xbc\xc3\x9f" },
	{ MODIFY_UPPERFIRST, "\xc3\xa9" "a", "\xc3\xa9" "a" },
	{ MODIFY_LENGTH, "\xc3\xa9" "a\xff", "3" },
	{ MODIFY_UPPERFIRST, "1ab", "1ab" },
	{ MODIFY_UPPERFIRST, "", "" },
};

/* NULL: no character, at the octet of where. */
static const struct {
	const char	*text, *value;
	size_t		 where;
} encoded[] = {
	{ "${HEX: 40}", "@", 0 }, { "${hex:40", "${hex:40", 0 },
	{ "${hex:400}", "${hex:400}", 0 },
	{ "${hex:4${hex:30}}", "${hex:40}", 0 },
	{ "${ unicode:40}", "${ unicode:40}", 0 },
	{ "${UnICoDE:0000040}", "@", 0 },
	{ "${Unicode:Cool}", "${Unicode:Cool}", 0 },
	{ "${hex:}", "${hex:}", 0 }, { "${unicode: }", "${unicode: }", 0 },
	{ "${hex:41,42}", "${hex:41,42}", 0 },
	{ "${hex:41\r\n 42}", "AB", 0 }, { "${hex:4 2 }", "\x04\x02", 0 },
	{ "${hex:41\r42}", "${hex:41\r42}", 0 },
	{ "dear${hex:20 24 7b 4e}ame}", "dear ${Name}", 0 },
	{ "a${unicode:10FFFF}b", "a\xf4\x8f\xbf\xbf" "b", 0 },
	{ "${unicode:800 20ac e9}", "\xe0\xa0\x80\xe2\x82\xac\xc3\xa9", 0 },
	{ "$${hex:40}$", "$@$", 0 }, { "${hex:24}{hex:40}", "${hex:40}", 0 },
	{ "x${unicode:200000}", NULL, 1 }, { "${unicode:333333333}", NULL, 0 },
	{ "${hex:40}${unicode:41 D800}", NULL, 9 },
	{ "${unicode:100000041}", NULL, 0 },
	{ "${unicode:10000000000000041}", NULL, 0 },
	/* what is not well formed is not looked into */
	{ "${unicode:D800 x}", "${unicode:D800 x}", 0 },
};

/* What its references are, each in brackets, and the text between. */
static const struct {
	const char	*text, *parts;
} references[] = {
	{ "a ${b} c", "a [b] c" }, { "${BAD${Company}", "${BAD[Company]" },
	{ "${President, ${Company} Inc.}", "${President, [Company] Inc.}" },
	{ "$ ${ ${} $x ${ a} ${a } ${a-b} ${1x} ${x",
	    "$ ${ ${} $x ${ a} ${a } ${a-b} ${1x} ${x" },
	{ "${v${v}}", "${v[v]}" }, { "$${v} $$ ${v}$", "$[v] $$ [v]$" },
	{ "\\${foo}", "\\[foo]" }, { "${_a1}${_A1}", "[_a1][_A1]" },
	{ "${1}${01}", "[#1][#1]" }, { "${4294967297}", "[#4294967295]" },
	{ "${999999999999999999999999}", "[#4294967295]" },
	{ "${env.remote_ip}", "[env:remote_ip]" },
	{ "${a.b.c}", "[a:b.c]" }, { "${a.1}", "[a:1]" },
	{ "${1.a}", "${1.a}" }, { "${a.}", "${a.}" }, { "${.a}", "${.a}" },
	{ "${a..b}", "${a..b}" }, { "${", "${" }, { "$", "$" }, { "", "" },
	{ "${a", "${a" }, { "${a.b", "${a.b" },
};

static const struct {
	const char		*name;
	enum varname_kind	 kind;
} names[] = {
	{ "company", VARNAME_PLAIN }, { "_a1", VARNAME_PLAIN },
	{ "", VARNAME_NONE }, { "a-b", VARNAME_NONE }, { "1a", VARNAME_NONE },
	{ ".a", VARNAME_NONE }, { "${x}", VARNAME_NONE },
	{ "0", VARNAME_MATCH }, { "12", VARNAME_MATCH },
	{ "env.location", VARNAME_SPACE }, { "global.x", VARNAME_SPACE },
	{ "a b", VARNAME_NONE }, { "a.", VARNAME_NONE },
};

/* The reply that a reason becomes. */
static const struct {
	const char	*reason;
	size_t		 len;		/* 0: strlen */
	const char	*wire;
} reasons[] = {
	{ "550 5.7.1 go away", 0, "550 5.7.1 go away\r\n" },
	{ "422 4.2.2 You have been greylisted.", 0,
	    "422 4.2.2 You have been greylisted.\r\n" },
	{ "250 2.1.5 fine", 0, "550 5.7.1 250 2.1.5 fine\r\n" },
	{ "354 go on", 0, "550 5.7.1 354 go on\r\n" },
	{ "199 x", 0, "550 5.7.1 199 x\r\n" },
	{ "650 5.0.0 x", 0, "550 5.7.1 650 5.0.0 x\r\n" },
	{ "570 x", 0, "550 5.7.1 570 x\r\n" },
	{ "5501 x", 0, "550 5.7.1 5501 x\r\n" },
	{ "550-5.7.1 x", 0, "550 5.7.1 550-5.7.1 x\r\n" },
	{ "550 5.7.1 a\r\nb\r\n\r\nc\r\n", 0,
	    "550-5.7.1 a\r\n550-5.7.1 b\r\n550-5.7.1\r\n550 5.7.1 c\r\n" },
	{ "550 5.7.1 gr\xc3\xbcn", 0, "550 5.7.1 gr??n\r\n" },
	{ "550 4.7.1 x", 0, "550 5.7.1 4.7.1 x\r\n" },
	{ "a\0b\r\n\r\n", 7, "550 5.7.1 a?b\r\n" },
	{ "", 0, "550 5.7.1 refused by this recipient\r\n" },
	{ "450", 0, "450 4.7.1 refused by this recipient\r\n" },
	{ "450 4.2.0\r\n", 0, "450 4.2.0 refused by this recipient\r\n" },
	{ "1\n2\n3\n4\n5\n6\n7\n8\n9", 0,
	    "550-5.7.1 1\r\n550-5.7.1 2\r\n550-5.7.1 3\r\n550-5.7.1 4\r\n"
	    "550-5.7.1 5\r\n550-5.7.1 6\r\n550-5.7.1 7\r\n550 5.7.1 8\r\n" },
};

static void
test_modify(void)
{
	char	 buf[64];
	size_t	 i, len;

	for (i = 0; i < sizeof(modified) / sizeof(modified[0]); i++) {
		len = modify_apply(modified[i].set, modified[i].text,
		    strlen(modified[i].text), buf, sizeof(buf));
		CHECK(len == strlen(modified[i].value) &&
		    memcmp(buf, modified[i].value, len) == 0, "'%s': %.*s",
		    modified[i].text, (int)len, buf);
	}
	/* neither a character nor its quote is cut in two */
	CHECK(modify_apply(0, "aaaaaaaaaaaaaaaaaaaaaaa\xc3\xa9", 25, buf,
	    24) == 23, "a character is cut");
	CHECK(modify_apply(MODIFY_QUOTEWILDCARD, "aaaaaaaaaaaaaaaaaaaaaaa*",
	    24, buf, 24) == 23, "a quote is left alone");
	CHECK(modify_cut("ab\xe2\x82\xac", 5, 4) == 2 &&
	    modify_cut("ab\xe2\x82\xac", 5, 3) == 2 &&
	    modify_cut("ab\xe2\x82\xac", 5, 5) == 5 &&
	    modify_cut("ab\xe2\x82\xac", 5, 2) == 2 &&
	    modify_cut("\xf0\x9f\x98\x80", 4, 3) == 0 &&
	    modify_cut("abcd", 4, 3) == 3 && modify_cut("a\xff\xff", 3, 2) ==
	    2 && modify_cut("", 0, 0) == 0, "cut");
}

static void
test_encchar(void)
{
	char	*text;
	size_t	 i, len, at;
	int	 r;

	for (i = 0; i < sizeof(encoded) / sizeof(encoded[0]); i++) {
		/* of exactly its size, so that sanitizers see the end */
		len = strlen(encoded[i].text);
		if ((text = malloc(len)) == NULL)
			abort();
		memcpy(text, encoded[i].text, len);
		r = encchar_decode(text, &len, &at);
		if (encoded[i].value == NULL)
			CHECK(r == -1 && at == encoded[i].where, "'%s' at %zu",
			    encoded[i].text, at);
		else
			CHECK(r == 0 && len == strlen(encoded[i].value) &&
			    memcmp(text, encoded[i].value, len) == 0,
			    "'%s': %.*s", encoded[i].text, (int)len, text);
		free(text);
	}
}

static void
test_varname(void)
{
	struct varname	 v;
	char		 buf[256];
	const char	*text;
	size_t		 i, at, n;

	for (i = 0; i < sizeof(references) / sizeof(references[0]); i++) {
		text = references[i].text;
		at = n = 0;
		while (varname_next(text, strlen(text), at, &v)) {
			n += (size_t)snprintf(buf + n, sizeof(buf) - n,
			    "%.*s[", (int)(v.from - at), text + at);
			if (v.kind == VARNAME_MATCH)
				n += (size_t)snprintf(buf + n,
				    sizeof(buf) - n, "#%u]", v.number);
			else
				n += (size_t)snprintf(buf + n,
				    sizeof(buf) - n, "%.*s%s%.*s]",
				    (int)v.spacelen, v.space != NULL ?
				    v.space : "", v.kind == VARNAME_SPACE ?
				    ":" : "", (int)v.namelen, v.name);
			at = v.from + v.len;
		}
		(void)snprintf(buf + n, sizeof(buf) - n, "%s", text + at);
		CHECK(strcmp(buf, references[i].parts) == 0, "'%s': %s",
		    text, buf);
	}
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		CHECK(varname_read(names[i].name, strlen(names[i].name),
		    &v) == names[i].kind, "'%s'", names[i].name);
}

static void
test_rejection(void)
{
	char		 text[512], wire[REPLY_SIZE], small[64];
	char		 enhanced[REPLY_ENHANCED_SIZE];
	unsigned int	 code;
	size_t		 i, at, len;

	for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		len = reasons[i].len > 0 ? reasons[i].len :
		    strlen(reasons[i].reason);
		len = rejection_text(reasons[i].reason, len, text,
		    sizeof(text));
		CHECK(len == strlen(text), "length of %zu", i);
		at = reply_split(text, len, &code, enhanced);
		CHECK(reply_lines(code, enhanced, text + at, len - at, 0,
		    wire, sizeof(wire)) != -1 &&
		    strcmp(wire, reasons[i].wire) == 0, "'%s': %s",
		    reasons[i].reason, wire);
	}
	memset(text, 'x', sizeof(text));
	memcpy(text + 62, "\xc3\xa9", 2);
	CHECK(rejection_text(text, sizeof(text), small, sizeof(small)) == 62,
	    "a character is cut");
}

int
main(void)
{
	test_modify();
	test_encchar();
	test_varname();
	test_rejection();
	return (check_done("unit/sieve_text"));
}
