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
 * Unit test of smtpd/smtp/address.c and domain.c: every path of
 * conformance table 1, limits, UTF-8, and parse(print(x)) == x.
 */

#include <sys/socket.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/smtp/address.h"

#define L16	"llllllllllllllll"
#define L64	L16 L16 L16 L16
#define RCPT	ADDRESS_ALLOW_POSTMASTER
#define U8	ADDRESS_UTF8_OK

/* Rows that are refused have no parts. */
#define SYNTAX		ADDRESS_SYNTAX, NULL, NULL
#define TOO_LONG	ADDRESS_TOO_LONG, NULL, NULL
#define UTF8		ADDRESS_UTF8, NULL, NULL

struct row {
	const char		*id;
	const char		*text;
	unsigned int		 flags;
	enum address_error	 error;
	const char		*local;
	const char		*domain;
};

static const struct row	 paths[] = {
	{ "p-01", "<bob@example.org>", RCPT, ADDRESS_OK, "bob",
	    "example.org" },
	{ "p-02", "<BOB@Example.ORG>", RCPT, ADDRESS_OK, "BOB",
	    "Example.ORG" },
	{ "p-03", "<\"bob\"@example.org>", RCPT, ADDRESS_OK, "bob",
	    "example.org" },
	{ "p-04", "<\"b\\ob\"@example.org>", RCPT, ADDRESS_OK, "bob",
	    "example.org" },
	{ "p-05", "<@a.test,@b.test:bob@example.org>", RCPT, ADDRESS_OK,
	    "bob", "example.org" },
	{ "p-06", "<bob+@example.org>", RCPT, ADDRESS_OK, "bob+",
	    "example.org" },
	{ "p-07", "<bob+x+y@example.org>", RCPT, ADDRESS_OK, "bob+x+y",
	    "example.org" },
	{ "p-08", "<postmaster>", RCPT, ADDRESS_OK, "postmaster", "" },
	{ "p-09", "<Postmaster@mx.own.example>", RCPT, ADDRESS_OK,
	    "Postmaster", "mx.own.example" },
	{ "p-10", "<amy@[127.0.0.1]>", RCPT, ADDRESS_OK, "amy",
	    "[127.0.0.1]" },
	{ "p-11", "<+x@example.org>", RCPT, ADDRESS_OK, "+x",
	    "example.org" },
	{ "p-12", "<bob%evil.test@example.org>", RCPT, ADDRESS_OK,
	    "bob%evil.test", "example.org" },
	{ "p-13", "<evil.test!bob@example.org>", RCPT, ADDRESS_OK,
	    "evil.test!bob", "example.org" },
	{ "p-14", "<\"bob@evil.test\"@example.org>", RCPT, ADDRESS_OK,
	    "bob@evil.test", "example.org" },
	{ "p-15", "<\"@a,@b:<user>\"@example.org>", RCPT, ADDRESS_OK,
	    "@a,@b:<user>", "example.org" },
	{ "p-16", "<\" hi there! \"@example.org>", RCPT, ADDRESS_OK,
	    " hi there! ", "example.org" },
	{ "p-17", "<relay@other.test>", RCPT, ADDRESS_OK, "relay",
	    "other.test" },
	{ "p-18", "<bob@[192.0.2.1]>", RCPT, ADDRESS_OK, "bob",
	    "[192.0.2.1]" },
	{ "p-19", "<bob@[IPv6:2001:db8::25]>", RCPT, ADDRESS_OK, "bob",
	    "[IPv6:2001:db8::25]" },
	{ "p-20", "<" L64 "@example.org>", RCPT, ADDRESS_OK, L64,
	    "example.org" },
	{ "p-21", "<" L64 "l@example.org>", RCPT, TOO_LONG },
	{ "p-22", "<>", RCPT, SYNTAX },
	{ "p-23", "<bob>", RCPT, SYNTAX },
	{ "p-24", "<bob@>", RCPT, SYNTAX },
	{ "p-25", "<@example.org>", RCPT, SYNTAX },
	{ "p-26", "<@>", RCPT, SYNTAX },
	{ "p-27", "<bob@@example.org>", RCPT, SYNTAX },
	{ "p-28", "<hi..there@example.org>", RCPT, SYNTAX },
	{ "p-29", "<.bob@example.org>", RCPT, SYNTAX },
	{ "p-30", "<bob.@example.org>", RCPT, SYNTAX },
	{ "p-31", "<bob@.example.org>", RCPT, SYNTAX },
	{ "p-32", "<bob@example..org>", RCPT, SYNTAX },
	{ "p-33", "<bob@example.org.>", RCPT, SYNTAX },
	{ "p-34", "<.@.>", RCPT, SYNTAX },
	{ "p-35", "<bob@-example.org>", RCPT, SYNTAX },
	{ "p-36", "<bob@exa_mple.org>", RCPT, SYNTAX },
	{ "p-37", "<bo b@example.org>", RCPT, SYNTAX },
	{ "p-38", "<bob@example.org >", RCPT, SYNTAX },
	{ "p-39", "<bo(x)b@example.org>", RCPT, SYNTAX },
	{ "p-40", "<bob,amy@example.org>", RCPT, SYNTAX },
	{ "p-41", "<\"bob@example.org>", RCPT, SYNTAX },
	{ "p-42", "<\"bob\"x@example.org>", RCPT, SYNTAX },
	{ "p-43", "<@a.test:>", RCPT, SYNTAX },
	{ "p-44", "<@a.test,b.test:bob@example.org>", RCPT,
	    SYNTAX },
	{ "p-45", "<bob@[192.0.2.256]>", RCPT, SYNTAX },
	{ "p-46", "<bob@[192.0.2.1>", RCPT, SYNTAX },
	{ "p-47", "bob@example.org", RCPT, SYNTAX },
	{ "p-48", "<bob@example.org", RCPT, SYNTAX },
	/* p-49 and p-52 are read up to the '>'; see smtp_param.c */
	{ "p-50", "<<bob@example.org>>", RCPT, SYNTAX },
	{ "p-51", "<\xe5\xad\xab\xe5\xad\x90@example.org>", RCPT,
	    UTF8 },

	{ "null", "<>", ADDRESS_ALLOW_NULL, ADDRESS_OK, "", "" },
	{ "null with blank", "< >", ADDRESS_ALLOW_NULL, SYNTAX },
	{ "null in a route", "<@a.test:>", ADDRESS_ALLOW_NULL,
	    SYNTAX },
	{ "nothing", "", RCPT, SYNTAX },
	{ "only a bracket", "<", RCPT | ADDRESS_ALLOW_NULL,
	    SYNTAX },
	{ "only a route", "<@", RCPT, SYNTAX },
	{ "route without end", "<@a.test", RCPT, SYNTAX },
	{ "route ends in comma", "<@a.test,:b@c.test>", RCPT,
	    SYNTAX },
	{ "route of a literal", "<@[127.0.0.1]:b@c.test>", RCPT,
	    SYNTAX },
	{ "route to postmaster", "<@a.test:postmaster>", RCPT,
	    SYNTAX },
	{ "PostMaster", "<PostMaster>", RCPT, ADDRESS_OK, "PostMaster", "" },
	{ "postmaster not allowed", "<postmaster>", 0, SYNTAX },
	{ "postmaster quoted", "<\"postmaster\">", RCPT, SYNTAX },
	{ "postmasters", "<postmasters>", RCPT, SYNTAX },
	{ "empty quotes", "<\"\"@example.org>", RCPT, SYNTAX },
	{ "open escape", "<\"bob\\", RCPT, SYNTAX },
	{ "escaped quote", "<\"b\\\"\\\\b\"@c.test>", RCPT, ADDRESS_OK,
	    "b\"\\b", "c.test" },
	{ "quoted control", "<\"b\tb\"@c.test>", RCPT, SYNTAX },
	{ "escaped control", "<\"b\\\rb\"@c.test>", RCPT, SYNTAX },
	{ "quoted DEL", "<\"b\x7f\"@c.test>", RCPT, SYNTAX },
	{ "escaped UTF-8", "<\"b\\\xc3\xa9\"@c.test>", RCPT | U8,
	    SYNTAX },
	{ "quoted too long", "<\"" L64 "l\"@c.test>", RCPT,
	    TOO_LONG },
	{ "quoted of 64", "<\"" L64 "\"@c.test>", RCPT, ADDRESS_OK, L64,
	    "c.test" },
	{ "label ends in hyphen", "<bob@a-.test>", RCPT, SYNTAX },
	{ "hyphen inside", "<bob@a--b.test>", RCPT, ADDRESS_OK, "bob",
	    "a--b.test" },
	{ "label of 63", "<bob@" L16 L16 L16 "lllllllllllllll.test>", RCPT,
	    ADDRESS_OK, "bob", L16 L16 L16 "lllllllllllllll.test" },
	{ "label of 64", "<bob@" L64 ".test>", RCPT, TOO_LONG },
	{ "IPv6 without tag", "<bob@[2001:db8::25]>", RCPT, SYNTAX },
	{ "IPv4 with tag", "<bob@[IPv6:192.0.2.1]>", RCPT, SYNTAX },
	{ "tag alone", "<bob@[IPv6:]>", RCPT, SYNTAX },
	{ "empty literal", "<bob@[]>", RCPT, SYNTAX },
	{ "other tag", "<bob@[X400:foo]>", RCPT, SYNTAX },
	{ "lower tag", "<bob@[ipv6:::1]>", RCPT, ADDRESS_OK, "bob",
	    "[ipv6:::1]" },
	{ "v4 in v6", "<bob@[IPv6:::ffff:192.0.2.1]>", RCPT, ADDRESS_OK,
	    "bob", "[IPv6:::ffff:192.0.2.1]" },
	{ "zone", "<bob@[IPv6:fe80::1%eth0]>", RCPT, SYNTAX },
	{ "long literal", "<bob@[" L64 "]>", RCPT, SYNTAX },
	{ "octal literal", "<bob@[192.0.2.010]>", RCPT, SYNTAX },
	{ "literal and more", "<bob@[127.0.0.1].test>", RCPT,
	    SYNTAX },

	{ "U-labels", "<\xe5\xad\xab\xe5\xad\x90@"
	    "\xc3\xa1\xc3\xa9\xc3\xad\xc3\xb3\xc3\xba.test>", RCPT | U8,
	    ADDRESS_OK, "\xe5\xad\xab\xe5\xad\x90",
	    "\xc3\xa1\xc3\xa9\xc3\xad\xc3\xb3\xc3\xba.test" },
	{ "U-label refused", "<bob@\xc3\xa1.test>", RCPT, UTF8 },
	{ "quoted UTF-8", "<\"\xc3\xa1 b\"@c.test>", RCPT | U8, ADDRESS_OK,
	    "\xc3\xa1 b", "c.test" },
	{ "quoted refused", "<\"\xc3\xa1 b\"@c.test>", RCPT, UTF8 },
	{ "truncated", "<\xc3@c.test>", RCPT | U8, UTF8 },
	{ "stray", "<\x80@c.test>", RCPT | U8, UTF8 },
	{ "overlong", "<\xc0\xaf@c.test>", RCPT | U8, UTF8 },
	{ "surrogate", "<\xed\xa0\x80@c.test>", RCPT | U8, UTF8 },
	{ "bad in a label", "<b@c\xff.test>", RCPT | U8, UTF8 },
	{ "bad in a route", "<@c\xff:b@c.test>", RCPT | U8, UTF8 },
};

static const char *
name_of(enum address_error error)
{
	static const char	*names[] = {
		"OK", "SYNTAX", "TOO_LONG", "UTF8"
	};

	return (names[error]);
}

static void
print_and_parse(const char *id, const struct address *a, unsigned int flags)
{
	struct address	 b;
	char		 buf[ADDRESS_STR_SIZE];
	int		 n, i;

	n = address_format(a, buf, sizeof(buf));
	CHECK(n >= 0 && (size_t)n == strlen(buf), "%s: format", id);
	if (n < 0)
		return;
	CHECK(address_parse(buf, (size_t)n, flags | ADDRESS_ALLOW_NULL, &b) ==
	    ADDRESS_OK, "%s: %s does not parse", id, buf);
	CHECK(address_equal_exact(a, &b), "%s: %s is another", id, buf);
	for (i = 0; i <= n; i++)
		CHECK(address_format(a, buf, (size_t)i) == -1,
		    "%s: fits %d", id, i);
	CHECK(address_format(a, buf, (size_t)n + 1) == n, "%s: exact fit",
	    id);
}

static void
test_path(const struct row *r)
{
	static const struct address	 untouched = { "was", "here" };
	struct address			 a = untouched;
	enum address_error		 error;
	char				*text;
	size_t				 len = strlen(r->text), i, used = 77;

	/* From the heap without NUL, so that a read too far is seen. */
	if ((text = malloc(len + 1)) == NULL)
		abort();
	memcpy(text, r->text, len);
	text = realloc(text, len == 0 ? 1 : len);
	error = address_parse_path(text, len, r->flags, &a, &used);
	CHECK(error == r->error, "%s: %s is %s", r->id, r->text,
	    name_of(error));
	if (error != ADDRESS_OK) {
		CHECK(address_equal_exact(&a, &untouched) && used == 77,
		    "%s: touched", r->id);
	} else if (r->local != NULL) {
		CHECK(used == len, "%s: used %zu", r->id, used);
		CHECK(strcmp(a.local, r->local) == 0 &&
		    strcmp(a.domain, r->domain) == 0, "%s: %s, %s", r->id,
		    a.local, a.domain);
		print_and_parse(r->id, &a, r->flags);
	}
	/* No part of a path is a path. */
	for (i = 0; i < len && r->error == ADDRESS_OK; i++)
		CHECK(address_parse_path(text, i, r->flags, &a, &used) !=
		    ADDRESS_OK, "%s: accepts %zu", r->id, i);
	free(text);
}

/* p-49, p-52: what stands behind the '>' is the caller's. */
static void
test_used(void)
{
	struct address	 a;
	const char	*text = "<bob@example.org>x";
	size_t		 used = 0;

	CHECK(address_parse_path(text, strlen(text), 0, &a, &used) ==
	    ADDRESS_OK && used == strlen(text) - 1, "used %zu", used);
	CHECK(address_parse_path("<b\0b@c.test>", 12, 0, &a, &used) ==
	    ADDRESS_SYNTAX, "NUL in a local part");
	CHECK(address_parse_path("<\"b\0b\"@c.test>", 14, 0, &a, &used) ==
	    ADDRESS_SYNTAX, "NUL in quotes");
	CHECK(address_parse_path("<b@c\0.test>", 11, 0, &a, &used) ==
	    ADDRESS_SYNTAX, "NUL in a domain");
	CHECK(address_parse_path("<b@[127.0.0.1\0]>", 16, 0, &a, &used) ==
	    ADDRESS_SYNTAX, "NUL in a literal");
	CHECK(address_parse_path("<postmaster\0>", 13,
	    ADDRESS_ALLOW_POSTMASTER, &a, &used) == ADDRESS_SYNTAX,
	    "NUL behind postmaster");
}

static void
test_bare(void)
{
	struct address	 a;

	CHECK(address_parse("bob@c.test", 10, 0, &a) == ADDRESS_OK, "bare");
	CHECK(address_parse("bob@c.test ", 11, 0, &a) == ADDRESS_SYNTAX,
	    "blank behind");
	CHECK(address_parse("<bob@c.test>", 12, 0, &a) == ADDRESS_SYNTAX,
	    "brackets");
	CHECK(address_parse("@a.test:b@c.test", 16, 0, &a) == ADDRESS_SYNTAX,
	    "route");
	CHECK(address_parse("", 0, 0, &a) == ADDRESS_SYNTAX, "empty");
	CHECK(address_parse("", 0, ADDRESS_ALLOW_NULL, &a) == ADDRESS_OK &&
	    address_is_null(&a), "null");
	CHECK(address_parse("bob@c.test", 10, ADDRESS_ALLOW_NULL, &a) ==
	    ADDRESS_OK && !address_is_null(&a), "not null");
	CHECK(address_parse("postmaster", 10, ADDRESS_ALLOW_POSTMASTER,
	    &a) == ADDRESS_OK && !address_is_null(&a), "postmaster");
	CHECK(address_check_domain("c.test", 6, 0) == ADDRESS_OK, "domain");
	CHECK(address_check_domain("c.test.", 7, 0) == ADDRESS_SYNTAX,
	    "trailing dot");
	CHECK(address_check_domain("c test", 6, 0) == ADDRESS_SYNTAX,
	    "blank in a domain");
	CHECK(address_check_domain("", 0, 0) == ADDRESS_SYNTAX,
	    "empty domain");
	CHECK(address_check_domain("\xc3\xa1", 2, 0) == ADDRESS_UTF8,
	    "U-label");
	CHECK(address_check_domain("\xc3\xa1", 2, U8) == ADDRESS_OK,
	    "U-label with SMTPUTF8");
}

/* A domain of n octets in labels of at most 50. */
static void
make_domain(char *buf, size_t n)
{
	size_t	 i;

	for (i = 0; i < n; i++)
		buf[i] = i % 51 == 50 && i + 1 < n ? '.' : 'd';
	buf[n] = '\0';
}

/* Address 254, domain 255. */
static void
test_limits(void)
{
	struct address	 a;
	char		 domain[300], text[400];
	int		 n;

	make_domain(domain, 252);
	n = snprintf(text, sizeof(text), "<b@%s>", domain);
	CHECK(address_parse(text + 1, (size_t)n - 2, 0, &a) == ADDRESS_OK,
	    "address of 254");
	make_domain(domain, 253);
	n = snprintf(text, sizeof(text), "<b@%s>", domain);
	CHECK(address_parse(text + 1, (size_t)n - 2, 0, &a) ==
	    ADDRESS_TOO_LONG, "address of 255");
	make_domain(domain, 189);
	n = snprintf(text, sizeof(text), "%s@%s", L64, domain);
	CHECK(address_parse(text, (size_t)n, 0, &a) == ADDRESS_OK,
	    "64@189");
	make_domain(domain, 190);
	n = snprintf(text, sizeof(text), "%s@%s", L64, domain);
	CHECK(address_parse(text, (size_t)n, 0, &a) == ADDRESS_TOO_LONG,
	    "64@190");
	make_domain(domain, 255);
	CHECK(address_check_domain(domain, 255, 0) == ADDRESS_OK,
	    "domain of 255");
	make_domain(domain, 256);
	CHECK(address_check_domain(domain, 256, 0) == ADDRESS_TOO_LONG,
	    "domain of 256");
}

static uint32_t	 seed = 20261124;

static unsigned int
pick(unsigned int n)
{
	seed = seed * 1664525 + 1013904223;
	return ((seed >> 8) % n);
}

/* Any local part that can be, quoted or not, and any domain. */
static void
test_random(void)
{
	static const char	*marks[] = { "\xc3\xa9", "\xe5\xad\xab",
				    "\xf0\x9f\x93\xa7", "\"", "\\", ".", " ",
				    "@", "<", ">", "," };
	static const char	 letters[] = "aZ09-";
	struct address		 a;
	size_t			 n, len, want;
	int			 i;

	for (i = 0; i < 20000; i++) {
		memset(&a, 0, sizeof(a));
		want = 1 + pick(60);
		for (n = 0; n < want; n += len) {
			if (pick(3) == 0) {
				const char *m = marks[pick(11)];

				len = strlen(m);
				memcpy(a.local + n, m, len);
				continue;
			}
			len = 1;
			a.local[n] = (char)(32 + pick(95));
		}
		want = 1 + pick(120);
		for (n = 0; n < want; n++)
			a.domain[n] = n % 9 == 4 && n + 1 < want ? '.' :
			    letters[pick(n % 9 == 3 || n % 9 == 5 ||
			    n + 1 == want || n == 0 ? 4 : 5)];
		print_and_parse("random", &a, U8);
	}
}

static void
test_format_refuses(void)
{
	static const struct address	 bad[] = {
		{ "b\rb", "c.test" }, { "b\nb", "c.test" },
		{ "b\x7f", "c.test" }, { "bob", "c\r\n.test" },
		{ "bob", "c test" }, { "bob", "c>.test" },
		{ "", "c.test" }, { "\xff", "c.test" },
		{ "bob", "[1.2.3]" }, { "bob", "\xff.test" },
	};
	struct address			 a;
	char				 buf[ADDRESS_STR_SIZE];
	size_t				 i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(address_format(&bad[i], buf, sizeof(buf)) == -1,
		    "prints bad %zu: %s", i, buf);
	memset(&a, 'a', sizeof(a));
	CHECK(address_format(&a, buf, sizeof(buf)) == -1, "no terminator");
	memset(&a, 0, sizeof(a));
	memset(a.local, '"', ADDRESS_LOCAL_MAX);
	make_domain(a.domain, ADDRESS_DOMAIN_MAX);
	CHECK(address_format(&a, buf, sizeof(buf)) == ADDRESS_STR_SIZE - 1,
	    "the longest fits ADDRESS_STR_SIZE");
}

static void
test_split(void)
{
	static const struct {
		const char	*local, *delims;
		size_t		 base, tag;
	} rows[] = {
		{ "bob", "+", 3, 0 },		{ "bob+x", "+", 3, 1 },
		{ "bob+x+y", "+", 3, 3 },	{ "bob+", "+", 3, 0 },
		{ "+x", "+", 2, 0 },		{ "+", "+", 1, 0 },
		{ "", "+", 0, 0 },		{ "bob-x+y", "+-", 3, 3 },
		{ "bob-x+y", "+", 5, 1 },	{ "-x", "+-", 2, 0 },
		{ "bob+x", "", 5, 0 },
	};
	char	 local[] = "BoB.Z@[`{\xc3\x89";
	size_t	 i, base, tag;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		base = address_split_tag(rows[i].local, rows[i].delims, &tag);
		CHECK(base == rows[i].base && tag == rows[i].tag,
		    "%s %s: %zu %zu", rows[i].local, rows[i].delims, base,
		    tag);
	}
	address_fold_local(local);
	CHECK(strcmp(local, "bob.z@[`{\xc3\x89") == 0, "folded: %s", local);
}

static void
test_literal(void)
{
	static const unsigned char	 v6[16] = { 0x20, 1, 0xd, 0xb8,
					    [15] = 0x25 };
	unsigned char			 addr[16];
	int				 family;

	CHECK(address_literal("[192.0.2.1]", &family, addr) == 0 &&
	    family == AF_INET && memcmp(addr, "\xc0\0\2\1", 4) == 0, "v4");
	CHECK(address_literal("[IPv6:2001:db8::25]", &family, addr) == 0 &&
	    family == AF_INET6 && memcmp(addr, v6, 16) == 0, "v6");
	CHECK(address_literal("192.0.2.1", &family, addr) == -1, "bare");
	CHECK(address_literal("[192.0.2.1", &family, addr) == -1, "open");
	CHECK(address_literal("[", &family, addr) == -1, "bracket");
	CHECK(address_literal("", &family, addr) == -1, "empty");
	CHECK(address_literal("[a.test]", &family, addr) == -1, "name");
}

int
main(void)
{
	size_t	 i;

	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		test_path(&paths[i]);
	test_used();
	test_bare();
	test_limits();
	test_random();
	test_format_refuses();
	test_split();
	test_literal();
	return (check_done("smtp_address"));
}
