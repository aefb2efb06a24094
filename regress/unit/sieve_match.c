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
 * Unit test of smtpd/sieve/comparator.c, wildcard.c and match.c: the cases
 * of conformance/sieve.jsonl, and all short patterns on all short values
 * beside a matcher that tries everything.
 */

#include <stdlib.h>
#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/sieve/match.h"
#include "smtpd/sieve/wildcard.h"

#define PLENTY	((struct effort){ 1000000 })

static const struct {
	const char	*value, *key;
	enum match_type	 type;
	enum comparator	 comparator;
	enum relation	 relation;
	int		 yes;
} rows[] = {
#define C	COMPARATOR_CASEMAP, RELATION_EQ
#define O	COMPARATOR_OCTET, RELATION_EQ
#define N	COMPARATOR_NUMERIC, RELATION_EQ
	{ "MiXeD", "mIxEd", MATCH_IS, C, 1 },
	{ "xABCx", "abc", MATCH_CONTAINS, C, 1 },
	{ "xABCx", "abc", MATCH_CONTAINS, O, 0 },
	{ "xABCx", "x*bc?", MATCH_MATCHES, C, 1 },
	{ "[", "{", MATCH_IS, C, 0 },
	{ "@", "`", MATCH_IS, C, 0 },
	{ "\xc3\xa9", "\xc3\x89", MATCH_IS, C, 0 },
	{ "10", "010", MATCH_IS, N, 1 },
	{ "10", "11", MATCH_IS, N, 0 },
	{ "10abc", "10xyz", MATCH_IS, N, 1 },
	{ "abc", "xyz", MATCH_IS, N, 1 },
	{ "abc", "12x", MATCH_IS, N, 0 },
	{ "abc", "0", MATCH_IS, N, 0 },
	{ "-5", "5", MATCH_IS, N, 0 },
	{ "000", "0", MATCH_IS, N, 1 },
	{ "4294967297", "1", MATCH_IS, N, 0 },
	{ "18446744073709551617", "1", MATCH_IS, N, 0 },
	{ "frobnitzm", "nit", MATCH_CONTAINS, C, 1 },
	{ "frobnitzm", "frobnitz", MATCH_IS, C, 0 },
	{ "", "", MATCH_IS, C, 1 },
	{ "abc", "", MATCH_CONTAINS, C, 1 },
	{ "abc", "", MATCH_IS, C, 0 },
	{ "aaab", "aab", MATCH_CONTAINS, C, 1 },
	{ "aaab", "aaaab", MATCH_CONTAINS, C, 0 },
	{ "a*c", "*", MATCH_CONTAINS, C, 1 },
	{ "abc", "*", MATCH_CONTAINS, C, 0 },
	{ "abc", "a?c", MATCH_IS, C, 0 },
	{ "abc", "a.c", MATCH_REGEX, C, 1 },
	{ "ABC", "^a", MATCH_REGEX, O, 0 },
	{ "ABC", "^a", MATCH_REGEX, C, 1 },
#undef C
#undef O
#undef N
#define V(c, r)	MATCH_VALUE, COMPARATOR_##c, RELATION_##r
	{ "b", "a", V(CASEMAP, GT), 1 },
	{ "a", "a", V(CASEMAP, GT), 0 },
	{ "a", "a", V(CASEMAP, GE), 1 },
	{ "a", "b", V(CASEMAP, LT), 1 },
	{ "b", "a", V(CASEMAP, LE), 0 },
	{ "a", "a", V(CASEMAP, NE), 0 },
	{ "a", "b", V(CASEMAP, NE), 1 },
	{ "10", "9", V(CASEMAP, GT), 0 },
	{ "", "a", V(CASEMAP, LT), 1 },
	{ "ab", "a", V(CASEMAP, GT), 1 },
	{ "Z", "b", V(CASEMAP, GT), 1 },
	{ "Z", "b", V(OCTET, GT), 0 },
	{ "\xff", "a", V(OCTET, GT), 1 },
	{ "\xff", "a", V(CASEMAP, GT), 1 },
	{ "65535", "65635", V(NUMERIC, LT), 1 },
	{ "0", "abc", V(NUMERIC, LT), 1 },
	{ "a", "b", V(NUMERIC, EQ), 1 },
	{ "a", "0", V(NUMERIC, GE), 1 },
	{ "0", "a", V(NUMERIC, GE), 0 },
	{ "10abc", "10", V(NUMERIC, EQ), 1 },
#undef V
};

static const struct {
	const char	*value, *pattern, *captures;
} wild[] = {
	{ "frop", "fro", NULL }, { "frop", "rop", NULL },
	{ "", "", "" }, { "a", "?", "a" }, { "ab", "?", NULL },
	{ "abc", "??", NULL }, { "abc", "*???*", "|a|b|c|" },
	{ "abc", "*????*", NULL }, { "aXbXc", "*X*X*", "a|b|c" },
	{ "aXbXc", "*X*X*X*", NULL }, { "a", "*a?", NULL },
	{ "mississippi", "m*iss*ip*", "|iss|pi" },
	{ "mississippi", "*iss*iss*iss*", NULL },
	{ "stephan+sieve@friep.example.com", "*@f*pex*mple.com", NULL },
	{ "stephan+sieve@friep.example.com", "*@fri*p*examp*.com",
	    "stephan+sieve|e|.|le" },
	{ "axb", "a\\*b", NULL }, { "a*b", "a\\*b", "" },
	{ "what?", "what\\?", "" }, { "whatx", "what\\?", NULL },
	{ "axb", "a\\xb", "" }, { "a\\", "a\\", "" },
	{ "a\\", "*\\", "a" }, { "a\\b", "a\\\\b", "" },
	{ "ba", "?*?*", "b||a|" }, { "b", "***?*", "|||b|" },
	{ "aac", "a*??*", "|a|c|" }, { "aaaa", "*?a?", "a|a|a" },
	{ "acb", "a?c*", NULL }, { "bbab", "?ab*", NULL },
	{ "b", "b?*", NULL }, { "aa", "?*?a", NULL },
	{ "ca", "?c*??", NULL },
	{ "frop:frup:frop", "*:*:*", "frop|frup|frop" },
	{ "frop.......frop.........frop....", "?*frop*",
	    "f|rop.......|.........frop...." },
	{ "abc", "*?*", "|a|bc" },
	{ "coyote@ACME.Example.COM", "coyote@**.COM", "|ACME.Example" },
	{ "[acme-users] [fwd] version 1.0 is out", "[*] *",
	    "acme-users|[fwd] version 1.0 is out" },
	{ "klopfropstroptop", "*?op", "klopfropstrop|t" },
	{ "klopfropstroptop", "*?op*", "k|l|fropstroptop" },
	{ "foo1234@foobar.example.com", "*??@foobar.example.com",
	    "foo12|3|4" },
	{ "d@example.com", "*?@example.com", "|d" },
	{ "abbbabb", "*?*?*?b?", "|a||b|bb|a|b" },
	{ "\xc3\xa9", "?", NULL }, { "\xc3\xa9", "??", "\xc3|\xa9" },
};

static const char	*
captured(const struct captures *c, const char *value, char *buf)
{
	unsigned int	 i;
	size_t		 n = 0;

	for (i = 1; i < c->n; i++) {
		if (i > 1)
			buf[n++] = '|';
		memcpy(buf + n, value + c->from[i], c->to[i] - c->from[i]);
		n += c->to[i] - c->from[i];
	}
	buf[n] = '\0';
	return (buf);
}

/*
 * The reference: RFC 5229 3.2 to the letter.  A star tries to be empty
 * first, then of one octet, and so on.
 */
static int
try(const char *p, const char *v, const char *whole, struct captures *c,
    unsigned int n)
{
	size_t	 i;

	if (*p == '\0') {
		c->n = n;
		return (*v == '\0');
	}
	if (*p == '*') {
		for (i = 0; i <= strlen(v); i++) {
			c->from[n] = (uint32_t)(v - whole);
			c->to[n] = (uint32_t)(v - whole + (long)i);
			if (try(p + 1, v + i, whole, c, n + 1))
				return (1);
		}
		return (0);
	}
	if (*v == '\0')
		return (0);
	if (*p == '?') {
		c->from[n] = (uint32_t)(v - whole);
		c->to[n] = (uint32_t)(v - whole + 1);
		return (try(p + 1, v + 1, whole, c, n + 1));
	}
	if (*p == '\\' && p[1] != '\0')
		p++;
	return (*p == *v && try(p + 1, v + 1, whole, c, n));
}

/* The n-th string of an alphabet, shortest first. */
static const char *
string_of(unsigned long n, const char *alphabet, char *buf)
{
	size_t	 len = 0, base = strlen(alphabet);

	for (; n > 0; n = (n - 1) / base)
		buf[len++] = alphabet[(n - 1) % base];
	buf[len] = '\0';
	return (buf);
}

static void
test_beside_reference(void)
{
	char		 pattern[16], value[16];
	struct captures	 want, have;
	struct effort	 e;
	unsigned long	 p, v, wrong = 0;
	size_t		 plen, len;
	unsigned int	 i;
	int		 yes;

	/* all patterns of up to 6, all values of up to 5 */
	for (p = 0; p < 19531; p++) {
		plen = strlen(string_of(p, "*?ab\\", pattern));
		for (v = 0; v < 364; v++) {
			len = strlen(string_of(v, "ab\\", value));
			want.from[0] = 0;
			want.to[0] = (uint32_t)len;
			yes = try(pattern, value, value, &want, 1);
			e.left = (plen + 1) * (len + 2);
			if (wildcard_matches(pattern, plen, value, len, 0,
			    &have, &e) != yes) {
				wrong++;
				continue;
			}
			for (i = 0; yes && i < want.n; i++)
				if (have.n != want.n ||
				    have.from[i] != want.from[i] ||
				    have.to[i] != want.to[i])
					break;
			if (yes && i < want.n)
				wrong++;
		}
	}
	CHECK(wrong == 0, "%lu answers differ", wrong);
}

static void
test_bounds(void)
{
	struct captures	 c;
	struct effort	 e = PLENTY;
	char		 stars[81], value[4097], key[4097];
	size_t		 i;

	for (i = 0; i < 40; i++)
		memcpy(stars + 2 * i, "*a", 3);
	memset(value, 'a', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	CHECK(wildcard_matches(stars, 80, value, 4096, 0, &c, &e) == 1 &&
	    c.n == CAPTURES_MAX, "more wildcards than captures");
	/* 40 stars on 4096 octets: the product of the lengths at most */
	stars[79] = 'b';
	e.left = 80 * 4096;
	CHECK(wildcard_matches(stars, 80, value, 4096, 0, NULL, &e) == 0,
	    "hostile stars");
	e.left = 100;
	memcpy(stars, "*ab*", 5);
	CHECK(wildcard_matches(stars, 4, value, 4096, 0, NULL, &e) == -1 &&
	    e.left == 0, "effort is not spent");
	memset(key, 'a', 2048);
	key[2047] = 'b';
	e.left = 100000;
	CHECK(comparator_contains(COMPARATOR_OCTET, value, 4096, key, 2048,
	    &e) == -1, "effort of :contains is not spent");
	/* NUL is an octet */
	CHECK(comparator_order(COMPARATOR_CASEMAP, "a\0b", 3, "a\0c", 3) < 0,
	    "NUL ends a comparison");
	e = PLENTY;
	CHECK(wildcard_matches("a?c", 3, "a\0c", 3, 0, NULL, &e) == 1 &&
	    wildcard_matches("a\0*", 3, "a\0c", 3, 0, NULL, &e) == 1 &&
	    wildcard_matches("a\0d", 3, "a\0c", 3, 0, NULL, &e) == 0 &&
	    wildcard_matches("\0", 1, "a", 1, 0, NULL, &e) == 0,
	    "NUL in wildcards");
}

static void
test_names(void)
{
	static const struct match	 eq = { MATCH_COUNT,
		COMPARATOR_NUMERIC, RELATION_EQ };
	static const struct match	 ge = { MATCH_COUNT,
		COMPARATOR_NUMERIC, RELATION_GE };

	CHECK(comparator_find("i;octet", 7) == COMPARATOR_OCTET &&
	    comparator_find("I;OCTET", 7) == COMPARATOR_COUNT &&
	    comparator_find("1", 1) == COMPARATOR_COUNT, "comparators");
	CHECK(relation_find("ge", 2) == RELATION_GE &&
	    relation_find("g", 1) == RELATION_COUNT &&
	    relation_find("", 0) == RELATION_COUNT, "relations");
	CHECK(match_allows(MATCH_IS, COMPARATOR_NUMERIC) &&
	    !match_allows(MATCH_CONTAINS, COMPARATOR_NUMERIC) &&
	    !match_allows(MATCH_REGEX, COMPARATOR_NUMERIC) &&
	    match_allows(MATCH_REGEX, COMPARATOR_OCTET), "what goes together");
	CHECK(match_count(&eq, 1, "01", 2) && !match_count(&eq, 0, "1", 1) &&
	    match_count(&ge, 10, "9", 1) && !match_count(&ge, 9, "10", 2),
	    "count");
}

int
main(void)
{
	struct match	 m;
	struct captures	 c;
	struct effort	 e = PLENTY;
	char		 buf[256];
	size_t		 i;
	int		 yes;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		m.type = rows[i].type;
		m.comparator = rows[i].comparator;
		m.relation = rows[i].relation;
		CHECK(match_key(&m, rows[i].value, strlen(rows[i].value),
		    rows[i].key, strlen(rows[i].key), &c, &e) ==
		    (rows[i].yes ? MATCH_YES : MATCH_NO),
		    "row %zu: '%s' '%s'", i, rows[i].value, rows[i].key);
	}
	m = (struct match){ MATCH_REGEX, COMPARATOR_OCTET, RELATION_EQ };
	CHECK(match_key(&m, "a", 1, "(", 1, &c, &e) == MATCH_BAD, "bad regex");
	e.left = 10;
	CHECK(match_key(&m, "a", 1, "a", 1, &c, &e) == MATCH_SPENT, "spent");
	for (i = 0; i < sizeof(wild) / sizeof(wild[0]); i++) {
		e = PLENTY;
		yes = wildcard_matches(wild[i].pattern,
		    strlen(wild[i].pattern), wild[i].value,
		    strlen(wild[i].value), 0, &c, &e);
		CHECK(yes == (wild[i].captures != NULL), "'%s' '%s': %d",
		    wild[i].value, wild[i].pattern, yes);
		if (yes == 1 && wild[i].captures != NULL)
			CHECK(strcmp(captured(&c, wild[i].value, buf),
			    wild[i].captures) == 0, "'%s' '%s': %s",
			    wild[i].value, wild[i].pattern, buf);
	}
	test_beside_reference();
	test_bounds();
	test_names();
	return (check_done("unit/sieve_match"));
}
