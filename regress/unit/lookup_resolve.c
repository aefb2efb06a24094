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
 * The rows of regress/conformance/rcpt.md 2 at the resolver: what an address
 * comes to, whose mailbox it is, who gets the message.
 */

#include "regress/unit/lookup_play.h"

static const char	 dir_text[] =
    "domain example.org\n"
    "domain example.net alias-of=example.org\n"
    "domain catchall.org\n"
    "account john addresses=john@example.org,john.doe@example.org,"
	"jdoe@example.org\n"
    "account jane addresses=jane@example.org\n"
    "account jops addresses=jane+ops@example.org\n"
    "account bill addresses=bill@example.org quota=500000\n"
    "account nina addresses=nina@example.net\n"
    "account robert addresses=robert@catchall.org,@catchall.org\n"
    "account dora addresses=dora@catchall.org\n"
    "list info@example.org members=john,jane,bill\n";

static const char	 alias_text[] =
    "domain example.org\n"
    "account ann addresses=ann@example.org\n"
    "account bob addresses=bob@example.org\n"
    "alias a1@example.org ann@example.org\n"
    "alias a2@example.org a1@example.org\n"
    "alias a3@example.org A2@Example.ORG\n"
    "alias both@example.org ann@example.org,bob@example.org\n"
    "alias fork@example.org tine1@example.org,tine2@example.org\n"
    "alias tine1@example.org bob@example.org\n"
    "alias tine2@example.org bob@example.org\n"
    "alias old@example.org ann@example.org expires=2001-01-31\n"
    "alias new@example.org ann@example.org expires=2101-01-31\n"
    "alias out@example.org friend@away.test\n"
    "alias half@example.org bob@example.org,friend@away.test\n"
    "list all@example.org members=ann,bob\n"
    "alias toall@example.org all@example.org\n"
    "list outer@example.org members=all@example.org,ann\n"
    "alias dead@example.org gone@example.org\n"
    "alias dead2@example.org dead@example.org\n"
    "alias alive@example.org gone@example.org,ann@example.org\n"
    "alias self@example.org self@example.org\n"
    "alias x@example.org y@example.org\n"
    "alias y@example.org x@example.org\n"
    "alias p@example.org q@example.org\n"
    "alias q@example.org p@example.org,ann@example.org\n"
    "list empty@example.org members=gone@example.org\n";

struct row {
	const char		*rcpt;
	enum resolve_status	 status;
	const char		*primary;	/* NULL: not shown */
};

static void
rows(const char *what, const struct resolve_ask *how, const struct row *r,
    size_t n)
{
	struct resolve_ask	 ask;

	for (; n > 0; n--, r++) {
		ask = *how;
		play_address(&ask.rcpt, r->rcpt);
		CHECK(play_resolve_ask(&ask) == r->status, "%s: %s: %d not %d",
		    what, r->rcpt, (int)play_found.status, (int)r->status);
		CHECK(r->primary == NULL ||
		    strcmp(play_found.primary, r->primary) == 0,
		    "%s: %s: is %s, not %s", what, r->rcpt,
		    play_found.primary, r->primary);
	}
}

#define ROWS(what, ask, r)	rows(what, ask, r, sizeof(r) / sizeof(r[0]))

static const struct row	 dir[] = {
	{ "jane@example.org", RESOLVE_FOUND, "jane@example.org" },
	{ "jane@other.org", RESOLVE_NOT_LOCAL, NULL },
	{ "invalid@example.org", RESOLVE_NONE, NULL },
	{ "jane+alias@example.org", RESOLVE_FOUND,
	    "jane@example.org" },
	{ "random_user@catchall.org", RESOLVE_FOUND,
	    "robert@catchall.org" },
	{ "JDoe@Example.ORG", RESOLVE_FOUND, "john@example.org" },
	{ "jane+ops@example.org", RESOLVE_FOUND,
	    "jane+ops@example.org" },
	{ "JANE+OPS@example.org", RESOLVE_FOUND,
	    "jane+ops@example.org" },
	{ "jane+ops2@example.org", RESOLVE_FOUND,
	    "jane@example.org" },
	{ "jane+ops+x@example.org", RESOLVE_FOUND,
	    "jane@example.org" },
	{ "+x@example.org", RESOLVE_NONE, NULL },
	{ "jane+b+c@example.org", RESOLVE_FOUND, "jane@example.org" },
	{ "\"jane+r\"@example.org", RESOLVE_FOUND,
	    "jane@example.org" },
	{ "jane+@example.org", RESOLVE_FOUND, "jane@example.org" },
	{ "+x@catchall.org", RESOLVE_FOUND, "robert@catchall.org" },
	{ "dora@catchall.org", RESOLVE_FOUND, "dora@catchall.org" },
	{ "dora+x@catchall.org", RESOLVE_FOUND, "dora@catchall.org" },
	{ "who+x@catchall.org", RESOLVE_FOUND,
	    "robert@catchall.org" },
	{ "jane@example.net", RESOLVE_FOUND, "jane@example.org" },
	{ "jane+ops@example.net", RESOLVE_FOUND,
	    "jane+ops@example.org" },
	{ "jane+q@example.net", RESOLVE_FOUND, "jane@example.org" },
	{ "nina@example.net", RESOLVE_FOUND, "nina@example.net" },
	{ "nina+q@example.net", RESOLVE_FOUND, "nina@example.net" },
	{ "nina@example.org", RESOLVE_NONE, NULL },
	{ "eve@example.net", RESOLVE_NONE, NULL },
	{ "jane-x@example.org", RESOLVE_NONE, NULL },
	{ "x@sub.example.org", RESOLVE_NOT_LOCAL, NULL },
	{ "jane@xexample.org", RESOLVE_NOT_LOCAL, NULL },
	{ "john.doe+alias@example.org", RESOLVE_FOUND,
	    "john@example.org" },
	{ "info@example.org", RESOLVE_FOUND, "info@example.org" },
	{ "jane@[127.0.0.1]", RESOLVE_NOT_LOCAL, NULL },
};

static const struct row	 off[] = {
	{ "jane+x@example.org", RESOLVE_NONE, NULL },
	{ "jane+ops@example.org", RESOLVE_FOUND, NULL },
	{ "any@catchall.org", RESOLVE_NONE, NULL },
	{ "+x@catchall.org", RESOLVE_NONE, NULL },
	{ "jane@example.net", RESOLVE_FOUND, "jane@example.org" },
};

static const struct row	 delim[] = {
	{ "jane-x@example.org", RESOLVE_FOUND, "jane@example.org" },
	{ "jane-x+y@example.org", RESOLVE_FOUND,
	    "jane@example.org" },
	{ "jane+ops@example.org", RESOLVE_FOUND,
	    "jane+ops@example.org" },
	{ "-x@example.org", RESOLVE_NONE, NULL },
};

static void
test_dir(void)
{
	struct resolve_ask	 ask;

	play_question(&ask, "a@b");
	ROWS("F-DIR", &ask, dir);
	(void)strlcpy(ask.delims, "+-", sizeof(ask.delims));
	ROWS("F-DELIM", &ask, delim);
	ask.sub = ask.catchall = CANDIDATE_NONE;
	ROWS("F-OFF", &ask, off);
}

/* What the rules of F-RULE give. */
static void
test_rule(void)
{
	static const struct {
		const char		*rcpt, *sub, *catchall;
		enum resolve_status	 status;
		const char		*primary;
	} r[] = {
		{ "shop.jane@example.org", "jane@example.org", "",
		    RESOLVE_FOUND, "jane@example.org" },
		{ "x.jane+ops@example.org", "jane+ops@example.org", "",
		    RESOLVE_FOUND, "jane+ops@example.org" },
		{ "Shop.JANE@Example.org", "JANE@Example.org", "",
		    RESOLVE_FOUND, "jane@example.org" },
		{ "john.doe@example.org", "doe@example.org", "",
		    RESOLVE_FOUND, "john@example.org" },
		{ "gone+jane@example.org", "", "gone@example.org",
		    RESOLVE_NONE, NULL },
		{ "nobody@example.org", "", "info@example.org",
		    RESOLVE_FOUND, "info@example.org" },
		{ "far@example.org", "", "robert@catchall.org",
		    RESOLVE_FOUND, "robert@catchall.org" },
		{ "away1@example.org", "", "x@away.test", RESOLVE_NONE,
		    NULL },
		{ "tag1@example.org", "", "jane+x@example.org",
		    RESOLVE_NONE, NULL },
		{ "any@catchall.org", "", "", RESOLVE_NONE, NULL },
		{ "no@example.org", "no address", "@catchall.org",
		    RESOLVE_NONE, NULL },
		{ "in@catchall.org", "jane@example.net", "",
		    RESOLVE_FOUND, "jane@example.org" },
		{ "in@catchall.org", "", "jane@example.net",
		    RESOLVE_FOUND, "jane@example.org" },
	};
	struct resolve_ask	 ask;
	size_t			 i;

	for (i = 0; i < sizeof(r) / sizeof(r[0]); i++) {
		play_question(&ask, r[i].rcpt);
		ask.sub = ask.catchall = CANDIDATE_GIVEN;
		(void)strlcpy(ask.sub_given, r[i].sub, sizeof(ask.sub_given));
		(void)strlcpy(ask.catchall_given, r[i].catchall,
		    sizeof(ask.catchall_given));
		CHECK(play_resolve_ask(&ask) == r[i].status,
		    "F-RULE: %s: %d not %d", r[i].rcpt,
		    (int)play_found.status, (int)r[i].status);
		CHECK(r[i].primary == NULL || strcmp(play_found.primary,
		    r[i].primary) == 0, "F-RULE: %s: is %s", r[i].rcpt,
		    play_found.primary);
	}
}

static void
test_alias(void)
{
	play_in = "alias";
	play_brings("a3@example.org", RESOLVE_FOUND, "ann@example.org");
	CHECK(strcmp(play_found.primary, "ann@example.org") == 0 &&
	    strcmp(play_found.account, "ann") == 0, "a3 is %s",
	    play_found.primary);
	play_brings("both@example.org", RESOLVE_FOUND,
	    "ann@example.org,bob@example.org");
	CHECK(strcmp(play_found.primary, "both@example.org") == 0 &&
	    play_found.account[0] == '\0', "both is %s", play_found.primary);
	play_brings("fork@example.org", RESOLVE_FOUND, "bob@example.org");
	CHECK(strcmp(play_found.primary, "bob@example.org") == 0,
	    "fork is %s", play_found.primary);
	play_brings("out@example.org", RESOLVE_FOUND, "friend@away.test");
	CHECK(strcmp(play_found.primary, "out@example.org") == 0,
	    "out is %s", play_found.primary);
	play_brings("half@example.org", RESOLVE_FOUND,
	    "bob@example.org,friend@away.test");
	play_brings("toall@example.org", RESOLVE_FOUND,
	    "ann@example.org,bob@example.org");
	CHECK(strcmp(play_found.primary, "toall@example.org") == 0,
	    "toall is %s", play_found.primary);
	play_brings("a1+x@example.org", RESOLVE_FOUND, "ann@example.org");
	play_brings("outer@example.org", RESOLVE_FOUND,
	    "ann@example.org,bob@example.org");
	play_brings("old@example.org", RESOLVE_DISABLED, "");
	play_brings("new@example.org", RESOLVE_FOUND, "ann@example.org");
	play_brings("dead@example.org", RESOLVE_NONE, "");
	play_brings("dead2@example.org", RESOLVE_NONE, "");
	play_brings("alive@example.org", RESOLVE_FOUND, "ann@example.org");
	play_brings("self@example.org", RESOLVE_NONE, "");
	play_brings("x@example.org", RESOLVE_NONE, "");
	play_brings("p@example.org", RESOLVE_FOUND, "ann@example.org");
	/* accepted once, expired since: it is delivered */
	CHECK(play_expand("old@example.org", "old@example.org", 0) ==
	    RESOLVE_FOUND && strcmp(play_to(), "ann@example.org") == 0,
	    "expired is not asked again");
	/* the key is gone, the address itself is there now */
	CHECK(play_expand("ann@example.org", "@example.org", 0) ==
	    RESOLVE_FOUND && strcmp(play_to(), "ann@example.org") == 0,
	    "a key that is gone: the address itself");
	CHECK(play_expand("no@example.org", "@example.org", 0) ==
	    RESOLVE_NONE, "a key that is gone, and nothing else");
	CHECK(play_expand("empty@example.org", "", 0) == RESOLVE_NONE,
	    "a list of the dead");
}

static void
body(void)
{
	play_begin(0);
	test_dir();
	test_rule();
	test_alias();
	play_in = "nowhere";
	CHECK(play_resolve("a@b") == RESOLVE_TEMPFAIL, "no such directory");
	CHECK(play_expand("a@b", "", 0) == RESOLVE_TEMPFAIL, "expand there");
	CHECK(play_name("a", 0, 5) == RESOLVE_TEMPFAIL, "names there");
}

int
main(void)
{
	play_open();
	(void)play_directory_add("accounts", dir_text);
	(void)play_directory_add("alias", alias_text);
	play_run(body);
	play_close();
	return (check_done("lookup_resolve"));
}
