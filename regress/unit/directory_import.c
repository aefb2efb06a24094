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
 * Importing texts: all that is wrong is said, in order, and nothing has
 * changed then; what is right comes out again.
 */

#include "regress/unit/directory_play.h"

static void
refuses(const char *text, const char *said)
{
	char	*before = play_export("t.db"), *after;
	int	 status;

	status = play_import(DIRCTL_TEXT, text, NULL, NULL);
	CHECK(status == EX_DATAERR, "status %d for:\n%s", status, text);
	CHECK(strcmp(play_said, said) == 0, "expected:\n%sbut said:\n%s",
	    said, play_said);
	CHECK(access(play_path("t.db.new"), F_OK) == -1, "half a table is "
	    "there");
	after = play_export("t.db");
	CHECK(strcmp(before, after) == 0, "the table changed");
	free(before);
	free(after);
}

/* Comes out sorted, and the same when it goes through once more. */
static void
takes(const char *what, const char *text, const char *out)
{
	int	 status = play_import(DIRCTL_TEXT, text, NULL, NULL);

	CHECK(status == EX_OK && play_said[0] == '\0', "%s: %d: %s", what,
	    status, play_said);
	play_expect(what, out);
	status = play_import(DIRCTL_TEXT, out, NULL, NULL);
	CHECK(status == EX_OK, "%s, again: %s", what, play_said);
	play_expect(what, out);
	status = dirctl_check(&play, DIRCTL_TEXT, play_path("t.db"), NULL,
	    &play_counts);
	CHECK(status == EX_OK && play_said[0] == '\0', "%s: check: %d: %s",
	    what, status, play_said);
}

static void
test_taken(void)
{
	takes("all kinds",
	    "list sales@example.org members=john,jane,all@example.org\n"
	    "alias boss@example.org jane@example.org,ceo@away.example\n"
	    "account jane addresses=jane@example.org\n"
	    "account John addresses=john@example.org,\n\tjdoe@example.org,\n"
	    "\t@example.net name=\"John Doe\"\n"
	    "list ALL@example.org members=john\n"
	    "domain example.net alias-of=example.org\n"
	    "domain example.org\n",
	    "domain example.net alias-of=example.org\n"
	    "domain example.org\n"
	    "account jane addresses=jane@example.org\n"
	    "account John addresses=john@example.org,jdoe@example.org,"
	    "@example.net name=\"John Doe\"\n"
	    "alias boss@example.org jane@example.org,ceo@away.example\n"
	    "list ALL@example.org members=john\n"
	    "list sales@example.org members=john,jane,all@example.org\n");
	CHECK(play_counts.domains == 2 && play_counts.accounts == 2 &&
	    play_counts.addresses == 4 && play_counts.aliases == 1 &&
	    play_counts.lists == 2, "counts");
	takes("spellings", "domain B\xc3\xbc" "cher.example\n"
	    "account a addresses=\"a b\"@xn--bcher-kva.example,"
	    "\"c\"@b\xc3\xbc" "cher.example\n",
	    "domain B\xc3\xbc" "cher.example\n"
	    "account a addresses=\"a b\"@xn--bcher-kva.example,"
	    "c@b\xc3\xbc" "cher.example\n");
}

static void
test_twice(void)
{
	refuses("domain example.org\ndomain EXAMPLE.org\n",
	    "in:2:8: domain 'example.org' stands in line 1 already, expected "
	    "it once\n");
	refuses("domain a.example\n"
	    "account x addresses=x@a.example,y@a.example\n"
	    "account X addresses=z@a.example\n"
	    "alias Y@a.example x@a.example\n"
	    "list \"y\"@a.example members=x\n"
	    "account v addresses=v@a.example,\n"
	    " \"V\"@A.example login=x\n",
	    "in:3:9: account 'x' stands in line 2 already, expected it once\n"
	    "in:4:7: address 'y@a.example' stands in line 2 already, expected "
	    "it once\n"
	    "in:5:6: address 'y@a.example' stands in line 2 already, expected "
	    "it once\n"
	    "in:6:9: login 'x' stands in line 2 already, expected it once\n"
	    "in:7:2: address 'v@a.example' stands in line 6 already, expected "
	    "it once\n");
}

static void
test_references(void)
{
	refuses("domain a.example alias-of=b.example\n"
	    "domain c.example alias-of=a.example\n"
	    "account x addresses=x@a.example,y@d.example,z@d.example\n"
	    "list l@e.example members=x,nobody,y@d.example\n",
	    "in:1:8: alias-of=b.example is no domain of this directory, "
	    "expected a record: domain b.example\n"
	    "in:2:8: alias-of=a.example is itself an alias, expected "
	    "alias-of=b.example\n"
	    "in:3:33: domain 'd.example' is not one of this directory, "
	    "expected a record: domain d.example\n"
	    "in:4:6: domain 'e.example' is not one of this directory, "
	    "expected a record: domain e.example\n"
	    "in:4:28: account 'nobody' does not exist, expected an account of "
	    "this directory or an address\n");
	refuses("domain a.example alias-of=a.example\n",
	    "in:1:8: alias-of=a.example is the domain itself, expected "
	    "another one\n");
}

static void
test_empty(void)
{
	refuses("", "in:1:1: no record in it, expected at least a domain\n");
	refuses("\n# nothing\n", "in:1:1: no record in it, expected at least "
	    "a domain\n");
}

/* Names of what is wrong in another way count: no error makes others. */
static void
test_together(void)
{
	refuses(" x\ndomain a.example unknown=x\n"
	    "account x addresses=x@a.example quota=x\n"
	    "acount y addresses=y@a.example\n"
	    "list l@a.example members=x\n"
	    "alias a@a.example x@a.example\n"
	    "alias a@a.example x@a.example state=x\n",
	    "in:1:1: white space in front, but no record above, expected one "
	    "here\n"
	    "in:2:26: 'x' is unknown here, expected reject or "
	    "relay:lmtp://host:24 or the like\n"
	    "in:3:39: 'x' is no size, expected a number from 1, perhaps with "
	    "K, M or G behind it\n"
	    "in:4:1: 'acount' is unknown, expected domain, account, alias or "
	    "list\n"
	    "in:7:7: address 'a@a.example' stands in line 6 already, expected "
	    "it once\n"
	    "in:7:37: 'x' is unknown here, expected active, reject, defer or "
	    "discard\n");
}

/* Only the first are shown, and how many there are besides. */
static void
test_many(void)
{
	static char	 text[200000];
	const char	*p;
	size_t		 len = 0, lines = 0;
	int		 i;

	for (i = 0; i < 3000; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    "nonsense %d\n", i);
	CHECK(play_import(DIRCTL_TEXT, text, NULL, NULL) == EX_DATAERR,
	    "taken");
	for (p = play_said; (p = strchr(p, '\n')) != NULL; p++)
		lines++;
	CHECK(lines == 51, "%zu lines", lines);
	CHECK(strstr(play_said, "\nand 2950 more errors\n") != NULL &&
	    strncmp(play_said, "in:1:1: ", 8) == 0, "%s", play_said);
}

static void
test_warnings(void)
{
	int	 status;

	status = play_import(DIRCTL_TEXT, "domain a.example\n"
	    "domain b.example\ndomain c.example alias-of=a.example\n"
	    "domain d.example unknown=relay:smtp://x\n"
	    "account x addresses=x@a.example,@b.example\n"
	    "alias a@a.example gone@a.example,x@away.example,x@a.example\n"
	    "alias b@a.example any@b.example,some@d.example,x@c.example\n"
	    "alias c@a.example x+tag@a.example,a@a.example\n"
	    "list l@a.example members=X,Gone@A.example\n", NULL, NULL);
	CHECK(status == EX_OK, "status %d", status);
	CHECK(strcmp(play_said, "in:6:19: warning: address 'gone@a.example' "
	    "does not exist, mail for it goes nowhere\n"
	    "in:7:19: warning: address 'any@b.example' does not exist, mail "
	    "for it goes nowhere\n"
	    "in:8:19: warning: address 'x+tag@a.example' does not exist, "
	    "mail for it goes nowhere\n"
	    "in:9:28: warning: address 'gone@a.example' does not exist, mail "
	    "for it goes nowhere\n") == 0, "said: %s", play_said);
}

static void
test_files(void)
{
	char	 long_name[300];
	int	 status;

	play_said[0] = '\0';
	status = dirctl_import(&play, DIRCTL_TEXT, play_path("none"), NULL,
	    NULL, play_path("t.db"), &play_counts);
	CHECK(status == EX_NOINPUT && strcmp(play_said,
	    "none: No such file or directory\n") == 0, "%d %s", status,
	    play_said);
	CHECK(play_import(DIRCTL_TEXT, "domain a.example\n", NULL, NULL) ==
	    EX_OK, "%s", play_said);
	play_said[0] = '\0';
	status = dirctl_import(&play, DIRCTL_TEXT, play_path("t.db"), NULL,
	    NULL, play_path("t.db"), &play_counts);
	CHECK(status == EX_NOINPUT && strcmp(play_said,
	    "t.db: NUL octets in it, expected a text\n") == 0, "%d %s",
	    status, play_said);
	play_said[0] = '\0';
	memset(long_name, 'x', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	status = dirctl_import(&play, DIRCTL_TEXT, play_path("in"), NULL,
	    NULL, play_path(long_name), &play_counts);
	CHECK(status == EX_IOERR && strstr(play_said, "File name too long")
	    != NULL, "%d %s", status, play_said);
	play_said[0] = '\0';
	status = dirctl_import(&play, DIRCTL_TEXT, play_path("in"), NULL,
	    NULL, play_path("no/t.db"), &play_counts);
	CHECK(status == EX_IOERR && strstr(play_said, "no/t.db.new: No such "
	    "file or directory") != NULL, "%d %s", status, play_said);
	CHECK(dirctl_is_table(play_path("t.db")) &&
	    !dirctl_is_table(play_path("in")) &&
	    !dirctl_is_table(play_path("none")), "what is a table");
}

int
main(void)
{
	play_begin();
	test_taken();
	test_twice();
	test_references();
	test_empty();
	test_together();
	test_many();
	test_warnings();
	test_files();
	CHECK(play_steps > 0, "no progress");
	play_end();
	return (check_done("directory_import"));
}
