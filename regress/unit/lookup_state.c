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
 * States, quotas, lists and their senders, split domains, VRFY and EXPN at
 * the resolver: rows of regress/conformance/rcpt.md 2 and 5.
 */

#include "regress/unit/lookup_play.h"

static const char	 state_text[] =
    "domain example.org\n"
    "account ann addresses=ann@example.org,ann2@example.org,"
	"@example.org\n"
    "account bob addresses=bob@example.org\n"
    "account shut addresses=shut@example.org state=reject "
	"text=\"Moved away.\"\n"
    "account busy addresses=busy@example.org state=defer\n"
    "alias leaked@example.org state=reject "
	"text=\"This address was withdrawn.\"\n"
    "alias hole@example.org state=discard\n"
    "alias toshut@example.org shut@example.org\n"
    "alias tobusy@example.org shut@example.org,busy@example.org\n"
    "alias tohalf@example.org shut@example.org,ann@example.org\n"
    "alias busyann@example.org busy@example.org,ann@example.org\n"
    "alias holes@example.org hole@example.org,shut@example.org\n"
    "alias holebusy@example.org hole@example.org,busy@example.org\n"
    "account full addresses=full@example.org quota=1000\n"
    "account full2 addresses=full2@example.org quota=1000\n"
    "alias tofull@example.org full@example.org,full2@example.org\n"
    "alias fullann@example.org full@example.org,ann@example.org\n"
    "list any@example.org members=ann,bob senders=any\n"
    "list local@example.org members=ann,bob senders=local\n"
    "list auth@example.org members=ann,bob senders=authenticated\n"
    "list member@example.org members=ann,friend@away.test "
	"senders=members\n"
    "list byaddr@example.org members=ANN2@example.org senders=members\n"
    "alias way@example.org auth@example.org\n"
    "domain split.example unknown=relay:lmtp://127.0.0.1:24\n"
    "domain alias.example alias-of=split.example\n"
    "domain caught.example unknown=relay:lmtp://127.0.0.1:24\n"
    "account sue addresses=sue@split.example\n"
    "account cat addresses=cat@caught.example,@caught.example\n"
    "alias tosplit@example.org eve@split.example\n";

static const char	 vrfy_text[] =
    "domain foobar.org\n"
    "account john addresses=john@foobar.org,jd@foobar.org\n"
    "account jane addresses=jane@foobar.org\n"
    "account joan addresses=joan@foobar.org\n"
    "account bill addresses=bill@foobar.org\n"
    "account old addresses=jolly@foobar.org expires=2001-01-01\n"
    "account odd addresses=\"jo@x\"@foobar.org state=reject\n"
    "alias boss@foobar.org jane@foobar.org\n"
    "alias duo@foobar.org jane@foobar.org,bill@foobar.org\n"
    "list sales@foobar.org members=john,jane,old,bill\n"
    "alias group@foobar.org sales@foobar.org,friend@away.test\n";

static void
test_state(void)
{
	play_brings("shut@example.org", RESOLVE_DISABLED, "");
	CHECK(strcmp(play_found.text, "Moved away.") == 0, "text %s",
	    play_found.text);
	play_brings("leaked@example.org", RESOLVE_DISABLED, "");
	play_brings("leaked+x@example.org", RESOLVE_DISABLED, "");
	play_brings("busy@example.org", RESOLVE_DEFERRED, "");
	play_brings("hole@example.org", RESOLVE_DISCARD, "");
	play_brings("toshut@example.org", RESOLVE_DISABLED, "");
	play_brings("tobusy@example.org", RESOLVE_DEFERRED, "");
	play_brings("tohalf@example.org", RESOLVE_FOUND, "ann@example.org");
	play_brings("busyann@example.org", RESOLVE_FOUND,
	    "?busy@example.org,ann@example.org");
	play_brings("holes@example.org", RESOLVE_DISCARD, "");
	/* must not be dropped: busy could have it later */
	play_brings("holebusy@example.org", RESOLVE_DEFERRED, "");
}

static void
usage(const char *account, uint64_t octets)
{
	struct usage_note	 note;
	struct wbuf		 w;

	memset(&note, 0, sizeof(note));
	(void)strlcpy(note.directory, play_in, sizeof(note.directory));
	(void)strlcpy(note.account, account, sizeof(note.account));
	note.octets = octets;
	wbuf_init(&w);
	msg_put_usage(&w, &note);
	CHECK(play_put(PROC_DELIVER, MSG_DELIVER_USAGE_NOTE, 0, &w) == 0,
	    "usage");
}

static void
test_quota(void)
{
	play_brings("full@example.org", RESOLVE_FOUND, "full@example.org");
	CHECK(play_expanded.items[0].quota == 1000, "quota");
	usage("full", 1000);
	play_brings("full@example.org", RESOLVE_QUOTA, "");
	play_brings("tofull@example.org", RESOLVE_FOUND,
	    "full@example.org,full2@example.org");
	play_brings("fullann@example.org", RESOLVE_FOUND,
	    "full@example.org,ann@example.org");
	usage("full2", 1000);
	play_brings("tofull@example.org", RESOLVE_QUOTA, "");
	usage("full2", 10);
	play_brings("tofull@example.org", RESOLVE_FOUND,
	    "full@example.org,full2@example.org");
}

static void
test_split(void)
{
	/* catch-all, and split domains */
	play_brings("who@example.org", RESOLVE_FOUND, "ann@example.org");
	play_brings("eve@split.example", RESOLVE_RELAY, "");
	CHECK(strcmp(play_found.url, "lmtp://127.0.0.1:24") == 0, "url %s",
	    play_found.url);
	play_brings("eve@alias.example", RESOLVE_RELAY, "");
	play_brings("sue@alias.example", RESOLVE_FOUND, "sue@split.example");
	play_brings("any@caught.example", RESOLVE_FOUND, "cat@caught.example");
	play_brings("tosplit@example.org", RESOLVE_FOUND, "eve@split.example");
	CHECK(play_expanded.items[0].kind == EXPAND_RELAY &&
	    strcmp(play_expanded.items[0].url, "lmtp://127.0.0.1:24") == 0,
	    "relay");
	CHECK(play_expand("eve@split.example", "", 0) == RESOLVE_FOUND &&
	    play_expanded.items[0].kind == EXPAND_RELAY, "split since");
	CHECK(play_expand("eve@away.test", "", 0) == RESOLVE_NOT_LOCAL,
	    "a domain that is gone");
}

static void
writes(const char *login, const char *sender, const char *list,
    enum resolve_status status)
{
	struct resolve_ask	 ask;

	play_question(&ask, list);
	(void)strlcpy(ask.login, login, sizeof(ask.login));
	play_address(&ask.sender, sender);
	CHECK(play_resolve_ask(&ask) == status, "%s as %s to %s: %d not %d",
	    sender, login, list, (int)play_found.status, (int)status);
}

static void
test_senders(void)
{
	static const char	*lists[] = { "any", "local", "auth",
				    "member", "byaddr", "way", "auth+x" };
	static const struct {
		const char	*login, *sender;
		const char	*may;		/* of lists, 1: may */
	} r[] = {
		{ "",	"sender@elsewhere.test",	"1000000" },
		{ "",	"ann@example.org",		"1000000" },
		{ "",	"",				"1000000" },
		{ "ann", "ann@example.org",		"1111111" },
		{ "ann", "ANN+x@Example.org",		"1111111" },
		{ "ann", "ann2@example.org",		"1111111" },
		{ "bob", "bob@example.org",		"1110011" },
		{ "bob", "friend@away.test",		"1011011" },
		{ "bob", "stranger@away.test",		"1010011" },
		{ "bob", "",				"1010011" },
		/* not by the catch-all */
		{ "bob", "nobody@example.org",		"1010011" },
	};
	char			 list[64];
	size_t			 i, j;

	for (i = 0; i < sizeof(r) / sizeof(r[0]); i++)
		for (j = 0; j < sizeof(lists) / sizeof(lists[0]); j++) {
			(void)snprintf(list, sizeof(list), "%s@example.org",
			    lists[j]);
			writes(r[i].login, r[i].sender, list,
			    r[i].may[j] == '1' ? RESOLVE_FOUND :
			    RESOLVE_SENDERS);
		}
}

static void
shows(const char *what, int expand, unsigned int max,
    enum resolve_status status, const char *names, int more)
{
	char		 buf[4096] = "";
	unsigned int	 i;

	(void)play_name(what, expand, max);
	for (i = 0; i < play_names.n; i++) {
		if (i != 0)
			(void)strlcat(buf, ",", sizeof(buf));
		(void)strlcat(buf, play_names.names[i], sizeof(buf));
	}
	CHECK(play_names.status == status && strcmp(buf, names) == 0 &&
	    play_names.more == more, "%s: %d %s more %d", what,
	    (int)play_names.status, buf, play_names.more);
}

static void
test_names(void)
{
	play_in = "vrfy";
	shows("john", 0, 5, RESOLVE_FOUND, "john@foobar.org", 0);
	shows("jo", 0, 5, RESOLVE_FOUND, "joan@foobar.org,john@foobar.org",
	    0);
	shows("J", 0, 5, RESOLVE_FOUND,
	    "jane@foobar.org,joan@foobar.org,john@foobar.org", 0);
	shows("J", 0, 2, RESOLVE_FOUND, "jane@foobar.org,joan@foobar.org", 0);
	shows("sales", 0, 5, RESOLVE_NONE, "", 0);
	shows("jd", 0, 5, RESOLVE_NONE, "", 0);
	shows("ohn", 0, 5, RESOLVE_NONE, "", 0);
	shows("%", 0, 5, RESOLVE_NONE, "", 0);
	shows("_", 0, 5, RESOLVE_NONE, "", 0);
	shows("*", 0, 5, RESOLVE_NONE, "", 0);
	shows("", 0, 5, RESOLVE_NONE, "", 0);
	/* a part is of the local part */
	shows("john@foo", 0, 5, RESOLVE_NONE, "", 0);
	shows("sales@foobar.org", 1, 50, RESOLVE_FOUND,
	    "john@foobar.org,jane@foobar.org,bill@foobar.org", 0);
	shows("sales@foobar.org", 1, 2, RESOLVE_FOUND,
	    "john@foobar.org,jane@foobar.org", 1);
	shows("sales@foobar.org", 1, 3, RESOLVE_FOUND,
	    "john@foobar.org,jane@foobar.org,bill@foobar.org", 0);
	shows("duo@foobar.org", 1, 50, RESOLVE_FOUND,
	    "jane@foobar.org,bill@foobar.org", 0);
	shows("group@foobar.org", 1, 50, RESOLVE_FOUND,
	    "john@foobar.org,jane@foobar.org,bill@foobar.org,"
	    "friend@away.test", 0);
	shows("bill@foobar.org", 1, 50, RESOLVE_NONE, "", 0);
	shows("none@foobar.org", 1, 50, RESOLVE_NONE, "", 0);
	shows("x@away.test", 1, 50, RESOLVE_NONE, "", 0);
	CHECK(play_resolve("boss@foobar.org") == RESOLVE_FOUND &&
	    strcmp(play_found.primary, "jane@foobar.org") == 0, "boss");
}

static void
body(void)
{
	play_begin(0);
	play_in = "state";
	test_state();
	test_quota();
	test_split();
	test_senders();
	test_names();
}

int
main(void)
{
	play_open();
	(void)play_directory_add("state", state_text);
	(void)play_directory_add("vrfy", vrfy_text);
	play_run(body);
	play_close();
	return (check_done("lookup_state"));
}
