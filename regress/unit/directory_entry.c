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
 * Entries of the directory: what is understood, what is refused and why,
 * and that an entry printed and read again is the same.
 */

#include <bsd/string.h>

#include <stdlib.h>
#include <string.h>

#include "lookup/bdb.h"
#include "lookup/entry.h"
#include "regress/unit/check.h"
#include "regress/unit/entry_same.h"

static char	 said[4096];

static void
hear(void *arg, const char *line)
{
	(void)strlcat(said, line, sizeof(said));
	(void)strlcat(said, "\n", sizeof(said));
}

static struct entry *
parse(const char *text)
{
	struct entry	*e = NULL;
	char		*copy;
	size_t		 len = strlen(text);

	/* exactly as long as it is, so that checkers see its end */
	copy = malloc(len == 0 ? 1 : len);
	memcpy(copy, text, len);
	said[0] = '\0';
	if (entry_parse(copy, len, "f", 1, hear, NULL, &e) == -1)
		CHECK(e == NULL && said[0] != '\0', "no reason: %s", text);
	else
		CHECK(said[0] == '\0', "%s: %s", text, said);
	free(copy);
	return (e);
}

/* Is understood; its text is want (NULL: text itself), and means the same. */
static void
takes(const char *text, const char *want)
{
	struct entry	*e = parse(text), *again;
	char		*out;

	CHECK(e != NULL, "%s: refused: %s", text, said);
	if (e == NULL)
		return;
	out = entry_format(e);
	CHECK(strcmp(out, want == NULL ? text : want) == 0,
	    "%s: comes out as: %s", text, out);
	again = parse(out);
	CHECK(again != NULL && entry_same(e, again), "%s: changed", text);
	entry_free(again);
	entry_free(e);
	free(out);
}

/* Is refused with these errors, one a line. */
static void
refuses(const char *text, const char *why)
{
	struct entry	*e = parse(text);

	CHECK(e == NULL, "%s: is taken", text);
	CHECK(strcmp(said, why) == 0, "%.200s:\n%sbut expected:\n%s", text,
	    said, why);
	entry_free(e);
}

static void
test_domain(void)
{
	takes("domain example.org", NULL);
	takes("  domain\texample.org # ours\n", "domain example.org");
	takes("domain Example.ORG alias-of=EXAMPLE.net",
	    "domain Example.ORG alias-of=example.net");
	takes("domain b\xc3\xbc" "cher.example", NULL);
	takes("domain split.example unknown=relay:lmtp://10.0.0.2:24", NULL);
	takes("domain split.example unknown=relay:smtp://[2001:db8::1]:25",
	    NULL);
	takes("domain split.example unknown=relay:smtp://[2001:db8::1]", NULL);
	takes("domain split.example unknown=reject", "domain split.example");
	refuses("domain", "f:1:7: the end, expected a name or address\n");
	refuses("domain -x.example", "f:1:8: '-x.example' is no domain, "
	    "expected a name such as example.org\n");
	refuses("domain example.org alias-of=", "f:1:29: '' is no domain, "
	    "expected a name such as example.org\n");
	takes("domain split.example unknown=relay:lmtp:///run/lmtp", NULL);
	refuses("domain a.example unknown=relay:http://x", "f:1:32: "
	    "'http://x' begins with none of mx://, smtp://, smtps://, lmtp:// "
	    "and smtp+tls:// (or +anytls, +notls), expected lmtp://host:24 "
	    "or the like\n");
	refuses("domain a.example unknown=relay:smtp://x:65536", "f:1:32: "
	    "'smtp://x:65536' has more behind the host than a port from 1 to "
	    "65535, expected lmtp://host:24 or the like\n");
	refuses("domain a.example unknown=relay", "f:1:26: 'relay' is unknown "
	    "here, expected reject or relay:lmtp://host:24 or the like\n");
	refuses("domain a.example secret=$x", "f:1:18: attribute 'secret=' is "
	    "unknown here, expected one of alias-of, unknown\n");
}

static void
test_account(void)
{
	takes("account john addresses=john@example.org,@example.org", NULL);
	takes("account John addresses=john@example.org login=John",
	    "account John addresses=john@example.org");
	takes("account john addresses=john@example.org,jdoe@example.org\n"
	    "\tname=\"John \\\"J\\\" Doe\" quota=500M # large\n"
	    "\n# more\n secret=$2b$12$abc login=jd\n",
	    "account john addresses=john@example.org,jdoe@example.org "
	    "login=jd secret=$2b$12$abc name=\"John \\\"J\\\" Doe\" "
	    "quota=500M");
	takes("account x addresses=x@a.example,\n y@a.example, z@a.example "
	    "quota=1048576", "account x addresses=x@a.example,y@a.example,"
	    "z@a.example quota=1M");
	takes("account x addresses=\"x@a.example, y@a.example\"",
	    "account x addresses=x@a.example,y@a.example");
	takes("account x addresses=\"john doe\"@a.example,\"a,b\"@a.example",
	    NULL);
	takes("account x addresses=\"\\\"a b\\\"@a.example\"",
	    "account x addresses=\"a b\"@a.example");
	takes("account x addresses=\"x\"@a.example",
	    "account x addresses=x@a.example");
	takes("account x addresses=x@a.example quota=1023K", NULL);
	takes("account x addresses=x@a.example quota=7", NULL);
	takes("account x addresses=x@a.example name=\\x", NULL);
	takes("account x addresses=x@a.example state=reject "
	    "text=\"Moved away.\" expires=2027-01-31T12:00:00 uses=3", NULL);
	takes("account x addresses=x@a.example expires=2027-01-31T00:00:00",
	    "account x addresses=x@a.example expires=2027-01-31");
	takes("account j\xc3\xb6rg addresses=j\xc3\xb6rg@a.example", NULL);
}

static void
test_account_refused(void)
{
	refuses("account x", "f:1:9: account without an address, expected "
	    "addresses=\n");
	refuses("account x@y addresses=x@a.example", "f:1:9: 'x@y' is no name "
	    "of an account, expected letters, digits and . _ - + without . or "
	    "- in front\n");
	refuses("account x addresses=x@a.example quota=5X uses=0 "
	    "expires=2027-02-31 state=gone",
	    "f:1:39: '5X' is no size, expected a number from 1, perhaps with "
	    "K, M or G behind it\n"
	    "f:1:47: '0' is no count, expected a number from 1\n"
	    "f:1:57: '2027-02-31' is no date, expected one such as "
	    "2027-01-31 or 2027-01-31T12:00:00\n"
	    "f:1:74: 'gone' is unknown here, expected active, reject, defer "
	    "or discard\n");
	refuses("account x addresses=x@a.example\n\tquota=9223372036854775807K",
	    "f:2:8: '9223372036854775807K' is no size, expected a number from "
	    "1, perhaps with K, M or G behind it\n");
	refuses("account x addresses=@a.example,x@a.example", "f:1:21: the "
	    "first address of an account is its primary one, expected "
	    "local@domain before '@a.example'\n");
	refuses("account x addresses=x@a.example name=\"John", "f:1:38: quotes "
	    "are not closed, expected '\"' before the end of the line\n");
	refuses("account x addresses=x@a.example name=a\"b c\"", "f:1:38: "
	    "name= has a quote in it, expected quotes around all of it and "
	    "\\\" inside\n");
}

static void
test_account_texts(void)
{
	refuses("account x addresses=x@a.example secret=hunter2", "f:1:40: "
	    "secret= is no hash, expected one of crypt(3) that begins with "
	    "'$', or SCRAM-SHA-256$ and keys, as smtpctl encrypt makes "
	    "them\n");
	refuses("account x addresses=x@a.example "
	    "secret=SCRAM-SHA-256$4096:eA==$eA==:eA==", "f:1:40: "
	    "secret= is no hash, expected one of crypt(3) that begins with "
	    "'$', or SCRAM-SHA-256$ and keys, as smtpctl encrypt makes "
	    "them\n");
	refuses("account x addresses=x@a.example uses=1 uses=2", "f:1:40: "
	    "'uses=' stands here already, expected it once\n");
	refuses("account x addresses=x@a.example,,y@a.example", "f:1:33: "
	    "nothing between commas, expected an address\n");
	refuses("account x addresses=x@a.example,", "f:1:33: nothing between "
	    "commas, expected an address\n");
	refuses("account x addresses= uses=1", "f:1:21: nothing between "
	    "commas, expected an address\n");
	refuses("account x addresses=j\xc3\xb6.@a.example more", "f:1:21: "
	    "'j\xc3\xb6.@a.example' is no address, expected local@domain or "
	    "@domain\n"
	    "f:1:35: 'more' does not belong here, expected attribute=value\n");
	refuses("account x addresses=x\x01@a.example", "f:1:21: "
	    "'x\\x01@a.example' is no address, expected local@domain or "
	    "@domain\n");
	refuses("account x addresses=x@a.example text=\"a\tb\"", "f:1:38: "
	    "text= is not UTF-8 or has a control character, expected a "
	    "text\n");
	refuses("account x addresses=x@a.example name=\xff", "f:1:38: "
	    "name= is not UTF-8 or has a control character, expected a "
	    "text\n");
	refuses("account x addresses=x@a.example name=\"\"", "f:1:38: name= "
	    "is empty, expected a text\n");
}

static void
test_alias(void)
{
	takes("alias a@a.example b@a.example,C@b.example", NULL);
	takes("alias @a.example b@a.example", NULL);
	takes("alias a@a.example b@a.example, c@a.example",
	    "alias a@a.example b@a.example,c@a.example");
	takes("alias shut@a.example state=reject", NULL);
	takes("alias a@a.example uses=2 b@a.example",
	    "alias a@a.example b@a.example uses=2");
	takes("alias a@a.example \"owner=b@a.example\"", NULL);
	takes("alias \"#a@a.example\" \"#b@a.example\",#c@a.example", NULL);
	takes("alias a=b@a.example prvs=x@a.example", NULL);
	takes("alias \"a \\\"b\\\"\"@a.example \"\\\"c d\\\"@a.example\"",
	    "alias \"a \\\"b\\\"\"@a.example \"c d\"@a.example");
	refuses("alias a@a.example", "f:1:7: alias without a target, expected "
	    "its addresses or a state=\n");
	refuses("alias a@a.example b", "f:1:19: 'b' is no address, expected "
	    "local@domain\n");
	refuses("alias a@a.example @b.example", "f:1:19: '@b.example' is no "
	    "address, expected local@domain\n");
	refuses("alias a@a.example b@a.example c@a.example", "f:1:31: "
	    "'c@a.example' does not belong here, expected attribute=value\n");
	refuses("alias a b@a.example", "f:1:7: 'a' is no address, expected "
	    "local@domain or @domain\n");
	refuses("alias a@a.example b@a.example quota=1", "f:1:31: attribute "
	    "'quota=' is unknown here, expected one of name, state, text, "
	    "expires, uses\n");
	refuses("alias a@a.example stat=reject", "f:1:19: attribute 'stat=' "
	    "is unknown here, expected one of name, state, text, expires, "
	    "uses\n");
}

static void
test_list(void)
{
	takes("list a@a.example members=john,jane@a.example senders=members "
	    "owner=jane@a.example name=\"All of us\"", NULL);
	takes("list a@a.example members=john\n\tsenders=any",
	    "list a@a.example members=john");
	takes("list a@a.example state=discard", NULL);
	takes("list a@a.example members=j senders=local "
	    "owner=\"\\\"a b\\\"@a.example\"", NULL);
	refuses("list a@a.example", "f:1:6: list without a member, expected "
	    "members= or a state=\n");
	refuses("list a@a.example members=j senders=me", "f:1:36: 'me' is "
	    "unknown here, expected any, local, authenticated or members\n");
	refuses("list a@a.example members=@a.example", "f:1:26: '@a.example' "
	    "is no address, expected local@domain\n");
}

static void
test_others(void)
{
	refuses("", "f:1:1: nothing here, expected domain, account, alias or "
	    "list\n");
	refuses("# comment", "f:1:10: nothing here, expected domain, account, "
	    "alias or list\n");
	refuses("acount x", "f:1:1: 'acount' is unknown, expected domain, "
	    "account, alias or list\n");
	refuses("Domain example.org", "f:1:1: 'Domain' is unknown, expected "
	    "domain, account, alias or list\n");
}

/* As many and as long as they may be, and one more. */
static void
test_limits(void)
{
	struct entry	*e;
	static char	 text[200000];
	size_t		 i, len;

	len = (size_t)snprintf(text, 100, "alias a@a.example ");
	for (i = 0; i < RECORD_TARGETS_MAX; i++)
		len += (size_t)snprintf(text + len, 100, "t%zu@a.example,", i);
	text[len - 1] = '\0';
	e = parse(text);
	CHECK(e != NULL && e->nstrings == RECORD_TARGETS_MAX, "%s", said);
	entry_free(e);
	(void)snprintf(text + len - 1, 100, ",more@a.example");
	refuses(text, "f:1:14909: one too many, expected at most 1000\n");

	len = (size_t)snprintf(text, 100, "alias a@a.example ");
	for (i = 0; i < 900; i++)
		len += (size_t)snprintf(text + len, 100,
		    "%064zu@a.example,", i);
	text[len - 1] = '\0';
	CHECK(parse(text) == NULL && strstr(said, "expected at most 61440")
	    != NULL, "%s", said);
	memset(text, 'n', 100);
	(void)snprintf(text + 100, 100, " addresses=x@a.example");
	memcpy(text, "account ", 8);
	text[8 + RESOLVE_NAME_MAX] = ' ';
	text[8 + RESOLVE_NAME_MAX + 1] = '#';
	CHECK(parse(text) == NULL && strstr(said, "without an address") !=
	    NULL, "%s", said);
	text[8 + RESOLVE_NAME_MAX] = 'n';
	text[8 + RESOLVE_NAME_MAX + 1] = ' ';
	CHECK(parse(text) == NULL && strstr(said, "too long, expected at most "
	    "63 octets") != NULL, "%s", said);
}

static size_t		 puts_seen;
static char		 puts_kinds[64];

static int
see(void *arg, const void *key, size_t keylen, const void *value, size_t len)
{
	CHECK(keylen > 1 && keylen <= BDB_KEY_MAX && len > 4 &&
	    len <= BDB_VALUE_MAX, "a record of %zu and %zu", keylen, len);
	puts_kinds[puts_seen++] = *(const char *)key;
	puts_kinds[puts_seen] = '\0';
	return (puts_seen == (size_t)(arg == NULL ? 60 : *(int *)arg) ? -1 :
	    0);
}

static void
makes(const char *text, const char *kinds)
{
	struct entry	*e = parse(text);
	int		 stop = 1;

	puts_seen = 0;
	CHECK(e != NULL && entry_records(e, see, NULL) == 0 &&
	    strcmp(puts_kinds, kinds) == 0, "%s: makes %s", text, puts_kinds);
	puts_seen = 0;
	CHECK(e != NULL && entry_records(e, see, &stop) == -1 &&
	    puts_seen == 1, "%s: does not stop", text);
	entry_free(e);
}

static void
test_records(void)
{
	makes("domain example.org alias-of=b.example", "d");
	makes("account x addresses=x@a.example,@a.example", "plvaa");
	makes("alias x@a.example y@b.example", "a");
	makes("list x@a.example members=a,b,c@a.example", "ammm");
}

int
main(void)
{
	test_domain();
	test_account();
	test_account_refused();
	test_account_texts();
	test_alias();
	test_list();
	test_others();
	test_limits();
	test_records();
	return (check_done("directory_entry"));
}
