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
 * Files of other servers: aliases(5), and Postfix virtual(5).
 */

#include "regress/unit/directory_play.h"

static void
takes(enum dirctl_type type, const char *text, const char *domain,
    const char *out)
{
	int	 status = play_import(type, text, domain, NULL);

	CHECK(status == EX_OK && play_said[0] == '\0', "%s: %d: %s", text,
	    status, play_said);
	play_expect(text, out);
}

static void
refuses(enum dirctl_type type, const char *text, const char *domain,
    const char *said)
{
	CHECK(play_import(type, text, domain, NULL) == EX_DATAERR,
	    "%s: taken", text);
	CHECK(strcmp(play_said, said) == 0, "%s:\n%sbut expected:\n%s", text,
	    play_said, said);
}

static void
test_aliases(void)
{
	takes(DIRCTL_ALIASES,
	    "# from another server\n"
	    "Postmaster: root\n"
	    "root: John, jane@away.example,\n"
	    "# in between\n"
	    "\tops@example.org\n"
	    "ops:\"jane\"\n"
	    "nobody: /dev/null\n"
	    "\"sales team\" : \"a b\"@away.example\n"
	    "bill: \\bill\n"
	    "mike:mike\n",
	    "Example.org",
	    "domain Example.org\n"
	    "account bill addresses=bill@Example.org\n"
	    "account jane addresses=jane@Example.org\n"
	    "account John addresses=John@Example.org\n"
	    "account mike addresses=mike@Example.org\n"
	    "alias nobody@Example.org state=discard\n"
	    "alias ops@Example.org jane@Example.org\n"
	    "alias Postmaster@Example.org root@Example.org\n"
	    "alias root@Example.org John@Example.org,jane@away.example,"
	    "ops@example.org\n"
	    "alias \"sales team\"@Example.org \"a b\"@away.example\n");
}

static void
test_aliases_refused(void)
{
	refuses(DIRCTL_ALIASES,
	    "a: |/bin/sh\n"
	    "b: \"|prog -x\", c\n"
	    "c: /var/mail/c\n"
	    "d: :include:/etc/list\n"
	    "e: \"/tmp/x\"\n"
	    "f d\n"
	    "g:\n"
	    "h: a b\n"
	    "i: x@\n"
	    "j@example.org: k\n"
	    "l: l, m\n"
	    " n\n"
	    "a: x\n"
	    "o: \"x\n",
	    "example.org",
	    "in:1:4: '|/bin/sh' is a command, a file or an include, expected "
	    "an address\n"
	    "in:2:4: '\"|prog -x\"' is a command, a file or an include, "
	    "expected an address\n"
	    "in:3:4: '/var/mail/c' is a command, a file or an include, "
	    "expected an address\n"
	    "in:4:4: ':include:/etc/list' is a command, a file or an include, "
	    "expected an address\n"
	    "in:5:4: '\"/tmp/x\"' is a command, a file or an include, expected "
	    "an address\n"
	    "in:6:1: 'f' without a colon, expected name: target\n"
	    "in:7:1: alias without a target, expected its addresses or a "
	    "state=\n"
	    "in:8:6: 'b' behind a target, expected ','\n"
	    "in:9:4: 'x@' is no address, expected local@domain\n"
	    "in:10:1: 'j@example.org' has a domain, expected a name\n"
	    "in:11:1: 'l@example.org' keeps a copy for itself, expected an "
	    "account of another name there\n"
	    "in:12:2: 'n' behind a target, expected ','\n"
	    "in:13:1: address 'a@example.org' stands in line 1 already, "
	    "expected it once\n"
	    "in:14:4: quotes are not closed, expected '\"' before the end of "
	    "the line\n");
	refuses(DIRCTL_ALIASES, "l: l, m\nn: \"a b\"\n", "example.org",
	    "in:1:1: 'l@example.org' keeps a copy for itself, expected an "
	    "account of another name there\n"
	    "in:2:4: '\"a b\"' is no name of an account, expected letters, "
	    "digits and . _ - + without . or - in front\n"
	    "in:2:4: warning: address 'a b@example.org' does not exist, mail "
	    "for it goes nowhere\n");
	play_said[0] = '\0';
	CHECK(play_import(DIRCTL_ALIASES, "a: b\n", "-x-", NULL) ==
	    EX_NOINPUT && strcmp(play_said, "'-x-' is no domain\n") == 0,
	    "%s", play_said);
}

static void
test_virtual(void)
{
	takes(DIRCTL_VIRTUAL,
	    "# comment\n"
	    "example.org   anything\n"
	    "Example.ORG  more, and more\n"
	    "info@example.org  jane@away.example, joe@example.net,\n"
	    "  bill@away.example\n"
	    "@example.org\tinfo@example.org\n"
	    "joe@example.net joe@away.example\n"
	    "@example.com  @Example.org\n"
	    "drop@example.net /dev/null\n",
	    NULL,
	    "domain example.com alias-of=example.org\n"
	    "domain example.net\n"
	    "domain example.org\n"
	    "alias @example.org info@example.org\n"
	    "alias drop@example.net state=discard\n"
	    "alias info@example.org jane@away.example,joe@example.net,"
	    "bill@away.example\n"
	    "alias joe@example.net joe@away.example\n");
	CHECK(play_import(DIRCTL_VIRTUAL, "x@b.example joe\njim x\n",
	    "a.example", NULL) == EX_OK, "%s", play_said);
	play_expect("names of a domain", "domain a.example\n"
	    "domain b.example\naccount joe addresses=joe@a.example\n"
	    "account x addresses=x@a.example\n"
	    "alias jim@a.example x@a.example\n"
	    "alias x@b.example joe@a.example\n");
}

static void
test_virtual_refused(void)
{
	refuses(DIRCTL_VIRTUAL,
	    "info@example.org\n"
	    "info@example.org john\n"
	    "john x@example.org\n"
	    "@a.example @b.example\n"
	    "@a.example @c.example\n"
	    "x@example.org |cmd\n",
	    NULL,
	    "in:1:1: nothing on the right, expected a target\n"
	    "in:2:18: 'john' has no domain, expected local@domain\n"
	    "in:3:1: 'john' has no domain, expected local@domain\n"
	    "in:4:2: alias-of=b.example is no domain of this directory, "
	    "expected a record: domain b.example\n"
	    "in:5:2: '@a.example' stands here already, expected it once\n"
	    "in:6:15: '|cmd' is a command, a file or an include, expected an "
	    "address\n");
}

int
main(void)
{
	play_begin();
	test_aliases();
	test_aliases_refused();
	test_virtual();
	test_virtual_refused();
	play_end();
	return (check_done("directory_map"));
}
