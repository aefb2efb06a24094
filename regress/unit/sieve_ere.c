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
 * Unit test of smtpd/sieve/ere*.c: the cases of conformance/sieve.jsonl, a
 * great many expressions beside the C library's, and hostile ones.
 */

#include <bsd/string.h>

#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/sieve/ere.h"

#define PLENTY	((struct effort){ 10000000 })

/* What is found: the match and the groups with bars; NULL is no match. */
static const struct {
	const char	*value, *expression, *found;
} rows[] = {
	{ "abc123", "([a-z]+)([0-9]+)", "abc123|abc|123" },
	{ "xxabc123yy", "([a-z])([0-9]+)", "c123|c|123" },
	{ "a", "a(b)?", "a|" },
	{ "foobar", "foo|foobar", "foobar" },
	{ "", "^$", "" },
	{ "abc", "c$", "c" }, { "abc", "b$", NULL }, { "abc", "^b", NULL },
	{ "a.c", "a\\.c", "a.c" }, { "abc", "a\\.c", NULL },
	{ "a+b", "a[+]b", "a+b" }, { "tab\tx", "[[:space:]]x", "\tx" },
	{ "aXb", "a[^a-z]b", "aXb" }, { "x]", "[]]", "]" },
	{ "x-", "[a-]", "-" }, { "a\\b", "[\\]", "\\" },
	{ "abc", "a(.)c", "abc|b" }, { "xyz", "y", "y" },
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "(a*)*c", NULL },
	/* the first group gets the most that leaves a longest match */
	{ "abcd", "(a|ab)(c|bcd)(d*)", "abcd|ab|c|d" },
	{ "a123", ".*([0-9]+)", "a123|3" },
	{ "sub.user@x", "^([^.]+)\\.([^.]+)@(.+)$",
	    "sub.user@x|sub|user|x" },
	{ "baabac", "(.)+[ab]{1,2}b", "baab|a" },
	{ "b", "(a*)*", "|" }, { "ab", "((a)|b)*", "ab|b|" },
	{ "aaaa", "a{2}", "aa" }, { "aaaa", "^a{2,3}$", NULL },
	{ "aaaa", "^a{2,}$", "aaaa" }, { "aaaa", "a{,3}", "aaa" },
	{ "a_1 ", "\\w+\\s", "a_1 " }, { "ab", "\\W|\\S", "a" },
	{ "x.y", "[[.x.]][[=.=]]", "x." }, { "b", "a|(b|c)", "b|b" },
	{ "a|b", "a\\|b", "a|b" }, { "ab", "a()b", "ab|" },
	{ "\xc3\xa9", "^..$", "\xc3\xa9" },
};

/* An expression that is none, and at which octet. */
static const struct {
	const char	*expression;
	size_t		 at;
} bad[] = {
	{ "[abc", 0 }, { "a{2,1}", 1 }, { "x[[:nosuch:]]", 2 }, { "(a", 0 },
	{ "(", 0 }, { "a)", 1 }, { "*a", 0 }, { "a|+", 2 }, { "(?:a)", 1 },
	{ "a**", 2 }, { "a+?", 2 }, { "a\\", 1 }, { "(a)\\1", 3 },
	{ "\\d+", 0 }, { "a{", 1 }, { "a{x}", 1 }, { "a{1", 1 },
	{ "a{256}", 1 }, { "a{,}", 1 }, { "[z-a]", 1 }, { "[a", 0 },
	{ "[[:alpha:]-z", 0 }, { "[[.ab.]]", 1 }, { "[[:alpha", 1 },
	{ "[a-[:digit:]]", 1 }, { "^*", 1 }, { "[]", 0 }, { "[^]", 0 },
	{ "(a{255}){255}", 0 }, { "((((a{9}){9}){9}){9})", 0 },
};

static const char *
found(const struct captures *c, const char *value, char *buf)
{
	unsigned int	 i;
	size_t		 n = 0;

	for (i = 0; i < c->n; i++) {
		if (i > 0)
			buf[n++] = '|';
		memcpy(buf + n, value + c->from[i], c->to[i] - c->from[i]);
		n += c->to[i] - c->from[i];
	}
	buf[n] = '\0';
	return (buf);
}

static void
test_rows(void)
{
	struct captures	 c;
	struct effort	 e;
	struct ere	*x;
	const char	*why;
	char		 buf[256];
	size_t		 i, at;
	enum ere_result	 r;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		x = ere_new(rows[i].expression, strlen(rows[i].expression),
		    0, &why, &at);
		CHECK(x != NULL, "'%s': %s at %zu", rows[i].expression,
		    why, at);
		if (x == NULL)
			continue;
		e = PLENTY;
		r = ere_match(x, rows[i].value, strlen(rows[i].value), &c,
		    &e);
		CHECK(r == (rows[i].found != NULL ? ERE_MATCHES : ERE_NONE),
		    "'%s' '%s': %d", rows[i].value, rows[i].expression,
		    (int)r);
		if (r == ERE_MATCHES && rows[i].found != NULL)
			CHECK(strcmp(found(&c, rows[i].value, buf),
			    rows[i].found) == 0, "'%s' '%s': %s",
			    rows[i].value, rows[i].expression, buf);
		ere_free(x);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		at = 99;
		x = ere_new(bad[i].expression, strlen(bad[i].expression), 0,
		    &why, &at);
		CHECK(x == NULL && at == bad[i].at, "'%s' at %zu",
		    bad[i].expression, at);
		ere_free(x);
	}
}

/* One expression beside regexec(3): 1 when they agree. */
static int
agree(const char *expression, const char *value, int fold)
{
	struct captures	 c;
	struct effort	 e = PLENTY;
	struct ere	*x;
	const char	*why;
	regex_t		 re;
	regmatch_t	 m;
	size_t		 at;
	int		 same = 0, rc;
	enum ere_result	 r;

	if ((x = ere_new(expression, strlen(expression), fold, &why,
	    &at)) == NULL)
		return (-1);
	if (regcomp(&re, expression,
	    fold ? REG_EXTENDED | REG_ICASE : REG_EXTENDED) == 0) {
		rc = regexec(&re, value, 1, &m, 0);
		r = ere_match(x, value, strlen(value), &c, &e);
		same = rc != 0 ? r == ERE_NONE : r == ERE_MATCHES &&
		    c.from[0] == (uint32_t)m.rm_so &&
		    c.to[0] == (uint32_t)m.rm_eo;
		regfree(&re);
	}
	ere_free(x);
	return (same);
}

/* A sequence that is the same everywhere. */
static unsigned int
next_number(unsigned int below)
{
	static uint32_t	 state = 12345;

	state = state * 1103515245 + 12345;
	return ((state >> 16) % below);
}

static void
test_beside_library(void)
{
	static const char	*tokens[] = {
		"a", "b", "A", "(", "(", ")", ")", "|", "*", "+", "?",
		"{2}", "{1,2}", "{0,1}", "^", "$", ".", "[ab]", "[^a]"
	};
	char			 expression[64], value[8];
	unsigned long		 tried = 0;
	unsigned int		 i, n, len;
	int			 r;

	for (i = 0; i < 60000; i++) {
		expression[0] = '\0';
		for (n = 1 + next_number(8), len = 0; n > 0; n--)
			len += (unsigned int)snprintf(expression + len,
			    sizeof(expression) - len, "%s",
			    tokens[next_number(19)]);
		for (n = next_number(7), len = 0; len < n; len++)
			value[len] = "aAbc"[next_number(4)];
		value[n] = '\0';
		r = agree(expression, value, (int)(i & 1));
		CHECK(r != 0, "'%s' on '%s'", expression, value);
		tried += r == 1;
	}
	CHECK(tried > 10000, "only %lu were expressions", tried);
}

/* Time is bounded by the product of lengths, whatever they hold. */
static void
test_hostile(void)
{
	static const char	*worst[] = {
		"(a+)+$", "(a|aa)+$", "(a|a?)+b", "(.*)*x", "((a*)*)*b",
		"(a?){64}a{64}b", "(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)[^a]b",
		"(((((((((a*)*)*)*)*)*)*)*)*)*b", "^(([a-z])+.)+[A-Z]([a-z])+$",
		"(x+x+)+y", "(a|b|ab)*c", "(a{1,9}){1,30}b",
	};
	struct captures		 c;
	struct effort		 e;
	struct ere		*x;
	const char		*why;
	char			 value[4096];
	size_t			 i, at;
	uint64_t		 used;

	memset(value, 'a', sizeof(value));
	for (i = 0; i < sizeof(worst) / sizeof(worst[0]); i++) {
		x = ere_new(worst[i], strlen(worst[i]), 0, &why, &at);
		CHECK(x != NULL, "'%s': %s", worst[i], why);
		if (x == NULL)
			continue;
		e.left = (uint64_t)1 << 40;
		(void)ere_match(x, value, 512, &c, &e);
		used = ((uint64_t)1 << 40) - e.left;
		e.left = (uint64_t)1 << 40;
		(void)ere_match(x, value, 4096, &c, &e);
		CHECK(((uint64_t)1 << 40) - e.left < 10 * used,
		    "'%s' takes more than its length", worst[i]);
		e.left = 20000;
		CHECK(ere_match(x, value, 4096, &c, &e) == ERE_SPENT,
		    "'%s' spends nothing", worst[i]);
		ere_free(x);
	}
}

/*
 * Nothing, 255 times over and over: it makes no instruction, and would take
 * for ever to be gone through.  The groups in front have all the slots.
 */
static void
test_empty_copies(void)
{
	const char	*why = "";
	char		 expression[256] = "";
	size_t		 at;
	int		 i;

	for (i = 0; i < CAPTURES_MAX - 1; i++)
		(void)strlcat(expression, "()", sizeof(expression));
	(void)strlcat(expression, "((((((((", sizeof(expression));
	for (i = 0; i < 8; i++)
		(void)strlcat(expression, "){255}", sizeof(expression));
	CHECK(ere_new(expression, strlen(expression), 0, &why, &at) == NULL &&
	    strcmp(why, "expression is too large") == 0, "nothing 255^8 "
	    "times: %s", why);
}

int
main(void)
{
	char		 deep[4 * ERE_DEPTH_MAX + 8], *p;
	struct captures	 c;
	struct effort	 e = PLENTY;
	struct ere	*x;
	const char	*why;
	size_t		 at;
	int		 i;

	test_rows();
	test_beside_library();
	test_hostile();
	test_empty_copies();
	/* more groups than captures, and as deep as may be */
	memset(deep, '(', ERE_DEPTH_MAX);
	p = deep + ERE_DEPTH_MAX;
	*p++ = 'a';
	for (i = 0; i < ERE_DEPTH_MAX; i++)
		*p++ = ')';
	*p = '\0';
	x = ere_new(deep, strlen(deep), 0, &why, &at);
	CHECK(x != NULL && ere_match(x, "a", 1, &c, &e) == ERE_MATCHES &&
	    c.n == CAPTURES_MAX && c.to[CAPTURES_MAX - 1] == 1, "deep");
	ere_free(x);
	memmove(deep + 1, deep, strlen(deep) + 1);
	CHECK(ere_new(deep, strlen(deep), 0, &why, &at) == NULL &&
	    at == ERE_DEPTH_MAX, "too deep");
	/* NUL is an octet */
	x = ere_new("a\0[^b]", 6, 0, &why, &at);
	CHECK(x != NULL && ere_match(x, "xa\0\0", 4, &c, &e) == ERE_MATCHES &&
	    c.from[0] == 1 && c.to[0] == 4, "NUL");
	ere_free(x);
	return (check_done("unit/sieve_ere"));
}
