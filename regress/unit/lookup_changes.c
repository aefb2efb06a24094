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
 * Live changes: what may be added and deleted, what becomes of it, how it
 * gets into the next table, and that nothing said to be done is ever lost.
 */

#include <sysexits.h>

#include "regress/unit/lookup_command.h"

static const char	 text[] =
    "domain example.org\n"
    "domain example.net alias-of=example.org\n"
    "domain empty.test\n"
    "domain catch.test\n"
    "account ann addresses=ann@example.org,ann2@example.org\n"
    "account bob addresses=bob@example.org,bob2@example.org,@catch.test "
	"login=robert\n"
    "alias a@example.org ann@example.org,a@out.test\n"
    "list l@example.org members=ann,bob senders=members\n";

/* One command, its status, and a word of its reason. */
static void
says(const char *command, int status, const char *word)
{
	int	 was;

	was = strncmp(command, "add ", 4) == 0 ? play_add(command + 4) :
	    play_delete(command + 7);
	CHECK(was == status && (status == EX_OK ?
	    play_directory.text[0] == '\0' :
	    strstr(play_directory.text, word) != NULL), "%s: %d %s, not %d "
	    "%s", command, was, play_directory.text, status, word);
}

static void
is(const char *rcpt, enum resolve_status status, const char *primary)
{
	CHECK(play_resolve(rcpt) == status && (primary == NULL ||
	    strcmp(play_found.primary, primary) == 0), "%s: %d %s", rcpt,
	    (int)play_found.status, play_found.primary);
}

static void
refusals(void)
{
	static const struct {
		const char	*command;
		int		 status;
		const char	*word;
	} r[] = {
		{ "add nonsense", EX_DATAERR, "record:1:1" },
		{ "add account x", EX_DATAERR, "addresses" },
		{ "add account x addresses=x@nowhere.test", EX_DATAERR,
		    "no domain nowhere.test" },
		{ "add account x addresses=ANN@example.org", EX_DATAERR,
		    "belongs to account ann" },
		{ "add account x addresses=a@example.org", EX_DATAERR,
		    "is an alias" },
		{ "add account x addresses=l@example.org", EX_DATAERR,
		    "is a list" },
		{ "add account x addresses=x@example.org login=robert",
		    EX_DATAERR, "login robert" },
		{ "add alias ann@example.org bob@example.org", EX_DATAERR,
		    "belongs to account ann" },
		{ "add alias q@nowhere.test bob@example.org", EX_DATAERR,
		    "no domain" },
		{ "add list n@example.org members=ann,who", EX_DATAERR,
		    "no account who" },
		{ "add domain new.test alias-of=nowhere.test", EX_DATAERR,
		    "no domain" },
		{ "add domain new.test alias-of=example.net", EX_DATAERR,
		    "is an alias itself" },
		{ "add domain new.test alias-of=NEW.test", EX_DATAERR, "" },
		{ "add domain example.org alias-of=empty.test", EX_DATAERR,
		    "example.net is an alias of example.org" },
		{ "delete address ann@example.org", EX_DATAERR,
		    "belongs to account ann" },
		{ "delete account ann", EX_DATAERR,
		    "a member of the list l@example.org" },
		{ "delete domain example.org", EX_DATAERR,
		    "example.net is an alias of example.org" },
		{ "delete address none@example.org", EX_NOINPUT, "none" },
		{ "delete account none", EX_NOINPUT, "none" },
		{ "delete domain none.test", EX_NOINPUT, "none.test" },
		{ "delete address", EX_DATAERR, "" },
		{ "delete thing x", EX_DATAERR, "expected" },
		{ "delete address @@", EX_DATAERR, "no name" },
	};
	size_t	 i;

	for (i = 0; i < sizeof(r) / sizeof(r[0]); i++)
		says(r[i].command, r[i].status, r[i].word);
	CHECK(play_command(DIRECTORY_STATUS, "") == EX_OK &&
	    strstr(play_rows, "changes=0\nserial=0\n") != NULL, "status: %s",
	    play_rows);
}

static void
changes(void)
{
	says("add account carol addresses=carol@example.org,@example.org",
	    EX_OK, "");
	is("carol@example.org", RESOLVE_FOUND, "carol@example.org");
	is("who@example.org", RESOLVE_FOUND, "carol@example.org");
	/* replaced: what the old one had and the new one has not is gone */
	says("add account CAROL addresses=c2@example.org login=c", EX_OK, "");
	is("carol@example.org", RESOLVE_NONE, NULL);
	is("who@example.org", RESOLVE_NONE, NULL);
	is("c2@example.org", RESOLVE_FOUND, "c2@example.org");
	says("add account dave addresses=carol@example.org login=carol",
	    EX_OK, "");
	is("carol@example.org", RESOLVE_FOUND, "carol@example.org");
	says("add account x addresses=x@example.org login=c", EX_DATAERR,
	    "login c");
	/* one of the table */
	says("add account ann addresses=ann@example.org", EX_OK, "");
	is("ann2@example.org", RESOLVE_NONE, NULL);
	says("add alias ann2@example.org bob@example.org", EX_OK, "");
	is("ann2@example.org", RESOLVE_FOUND, "bob@example.org");
	says("add list ann2@example.org members=ann", EX_OK, "");
	is("ann2@example.org", RESOLVE_FOUND, "ann2@example.org");
	says("delete address \"ann2\"@Example.org", EX_OK, "");
	is("ann2@example.org", RESOLVE_NONE, NULL);
	says("delete address ann2@example.org", EX_NOINPUT, "no address");
	says("add list l@example.org members=bob senders=members", EX_OK, "");
	says("delete account ann", EX_OK, "");
	is("ann@example.org", RESOLVE_NONE, NULL);
	is("a@example.org", RESOLVE_FOUND, "a@example.org");
	says("add domain new.test alias-of=example.org", EX_OK, "");
	is("bob@new.test", RESOLVE_FOUND, "bob@example.org");
	says("delete domain new.test", EX_OK, "");
	is("bob@new.test", RESOLVE_NOT_LOCAL, NULL);
	says("add account eve addresses=\"e v e\"@empty.test", EX_OK, "");
	is("\"E v e\"@empty.test", RESOLVE_FOUND, "\"e v e\"@empty.test");
	says("delete domain empty.test", EX_DATAERR, "in empty.test");
	says("delete account eve", EX_OK, "");
	says("delete domain empty.test", EX_OK, "");
	is("x@empty.test", RESOLVE_NOT_LOCAL, NULL);
	says("add alias \"o d d\"@example.org bob@example.org", EX_OK, "");
	says("delete address \"o d d\"@example.org", EX_OK, "");
}

/* Not a member any more, though the table says so. */
static void
members(void)
{
	struct resolve_ask	 ask;

	play_question(&ask, "l@example.org");
	(void)strlcpy(ask.login, "bob", sizeof(ask.login));
	play_address(&ask.sender, "bob@example.org");
	CHECK(play_resolve_ask(&ask) == RESOLVE_FOUND, "bob is a member");
	play_address(&ask.sender, "ann@example.org");
	CHECK(play_resolve_ask(&ask) == RESOLVE_SENDERS, "ann is none");
}

static const char	 lines[] =
    "add account CAROL addresses=c2@example.org login=c\n"
    "add account dave addresses=carol@example.org login=carol\n"
    "delete address ann2@example.org\n"
    "add list l@example.org members=bob senders=members\n"
    "delete account ann\n"
    "delete domain new.test\n"
    "delete account eve\n"
    "delete domain empty.test\n"
    "delete address \"o d d\"@example.org\n";

static const char	 records[] =
    "domain catch.test\n"
    "domain example.net alias-of=example.org\n"
    "domain example.org\n"
    "account bob addresses=bob@example.org,bob2@example.org,@catch.test "
	"login=robert\n"
    "account CAROL addresses=c2@example.org login=c\n"
    "account dave addresses=carol@example.org login=carol\n"
    "alias a@example.org ann@example.org,a@out.test\n"
    "list l@example.org members=bob senders=members\n";

static void
shown(void)
{
	CHECK(play_command(DIRECTORY_CHANGES, "") == EX_OK &&
	    strcmp(play_rows, lines) == 0 && play_directory.next[0] == '\0',
	    "changes: %s", play_rows);
	CHECK(play_command(DIRECTORY_EXPORT, "") == EX_OK &&
	    strcmp(play_rows, records) == 0 && play_directory.next[0] == '\0',
	    "export: %s", play_rows);
	CHECK(play_command(DIRECTORY_GET, "C2@example.ORG") == EX_OK &&
	    strcmp(play_rows, "account CAROL addresses=c2@example.org "
	    "login=c\n") == 0, "get: %s", play_rows);
	CHECK(play_command(DIRECTORY_GET, "carol") == EX_OK &&
	    strncmp(play_rows, "account CAROL", 13) == 0, "get: %s",
	    play_rows);
	CHECK(play_command(DIRECTORY_GET, "Example.NET") == EX_OK &&
	    strncmp(play_rows, "domain example.net", 18) == 0, "get: %s",
	    play_rows);
	CHECK(play_command(DIRECTORY_GET, "l@example.net") == EX_OK &&
	    strncmp(play_rows, "list l@example.org", 18) == 0, "get: %s",
	    play_rows);
	CHECK(play_command(DIRECTORY_GET, "ann") == EX_NOINPUT, "get ann");
	CHECK(play_command(DIRECTORY_GET, "\t7:l@example.org") == EX_OK,
	    "a list that became shorter");
	CHECK(play_command(DIRECTORY_EXPORT, "zz") == EX_TEMPFAIL,
	    "a cursor of nobody");
}

static void
first_life(void)
{
	play_begin(0);
	refusals();
	changes();
	members();
	shown();
}

/* All of it is there again; then some are folded. */
static void
second_life(void)
{
	play_begin(0);
	shown();
	members();
	is("carol@example.org", RESOLVE_FOUND, "carol@example.org");
	is("ann@example.org", RESOLVE_NONE, NULL);
	says("add account late addresses=late@example.org", EX_OK, "");
	/* as import does: with the serial from before the last one */
	play_text("domain example.org\n"
	    "account dave addresses=dave@example.org\n"
	    "account bob addresses=bob@example.org\n",
	    play_conf.directories[0].path);
	CHECK(play_command(DIRECTORY_STATUS, "") == EX_OK &&
	    strstr(play_rows, "generation=1\n") != NULL, "%s", play_rows);
	CHECK(play_command(DIRECTORY_REOPEN, "x") == EX_DATAERR, "serial x");
	CHECK(play_command(DIRECTORY_REOPEN, "-1") == EX_DATAERR &&
	    play_command(DIRECTORY_REOPEN, " 1") == EX_DATAERR,
	    "a serial that is not one drops all changes");
	CHECK(play_command(DIRECTORY_REOPEN, "16") == EX_OK, "reopen: %s",
	    play_directory.text);
	is("carol@example.org", RESOLVE_NONE, NULL);
	is("dave@example.org", RESOLVE_FOUND, "dave@example.org");
	is("late@example.org", RESOLVE_FOUND, "late@example.org");
	CHECK(play_command(DIRECTORY_CHANGES, "") == EX_OK &&
	    strcmp(play_rows, "add account late "
	    "addresses=late@example.org\n") == 0, "changes: %s", play_rows);
}

static void
third_life(void)
{
	play_begin(0);
	is("late@example.org", RESOLVE_FOUND, "late@example.org");
	is("carol@example.org", RESOLVE_NONE, NULL);
	CHECK(play_command(DIRECTORY_STATUS, "") == EX_OK &&
	    strstr(play_rows, "changes=1\nserial=17\n") != NULL, "%s",
	    play_rows);
	/* a table that cannot be opened changes nothing */
	CHECK(truncate(play_conf.directories[0].path, 100) == 0, "truncate");
	CHECK(play_command(DIRECTORY_REOPEN, "1000") == EX_DATAERR &&
	    play_directory.text[0] != '\0', "a broken table was opened");
	CHECK(play_reload()[0] != '\0', "and by reload");
	is("late@example.org", RESOLVE_FOUND, "late@example.org");
	CHECK(unlink(play_conf.directories[0].path) == 0, "unlink");
	CHECK(strstr(play_reload(), "smtpctl directory import") != NULL,
	    "reload without a table: %s", play_tables);
	is("dave@example.org", RESOLVE_FOUND, "dave@example.org");
	play_text("domain example.org\n", play_conf.directories[0].path);
	CHECK(play_command(DIRECTORY_REOPEN, "1000") == EX_OK, "reopen");
	is("late@example.org", RESOLVE_NONE, NULL);
	CHECK(play_command(DIRECTORY_STATUS, "") == EX_OK &&
	    strstr(play_rows, "generation=2\n") != NULL &&
	    strstr(play_rows, "changes=0\nserial=17\n") != NULL, "%s",
	    play_rows);
}

int
main(void)
{
	play_open();
	(void)play_directory_add("accounts", text);
	play_life(first_life);
	play_life(second_life);
	play_life(third_life);
	play_close();
	return (check_done("lookup_changes"));
}
