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
 * Live changes folded into an import: they win over the file.
 */

#include "regress/unit/directory_play.h"

#define HEAD	"domain a.example\ndomain b.example\n"
#define FILE_TEXT \
	HEAD "account x addresses=x@a.example,y@a.example\n" \
	"alias s@a.example x@a.example\n" \
	"list l@a.example members=x\n"

static void
folds(const char *changes, const char *out)
{
	int	 status;

	status = play_import(DIRCTL_TEXT, FILE_TEXT, NULL, changes);
	CHECK(status == EX_OK && play_said[0] == '\0', "%s: %d: %s", changes,
	    status, play_said);
	play_expect(changes, out);
}

static void
refuses(const char *changes, const char *said)
{
	CHECK(play_import(DIRCTL_TEXT, FILE_TEXT, NULL, changes) ==
	    EX_DATAERR, "%s: taken", changes);
	CHECK(strcmp(play_said, said) == 0, "%s:\n%sbut expected:\n%s",
	    changes, play_said, said);
}

static void
test_folded(void)
{
	folds("", FILE_TEXT);
	folds("add account z addresses=z@a.example\n"
	    "add domain C.example\n",
	    HEAD "domain C.example\n"
	    "account x addresses=x@a.example,y@a.example\n"
	    "account z addresses=z@a.example\n"
	    "alias s@a.example x@a.example\n"
	    "list l@a.example members=x\n");
	/* in the place of what has the name, of whatever kind */
	folds("add account X addresses=v@a.example\n"
	    "add alias L@a.example v@a.example\n"
	    "delete address S@a.example\n"
	    "delete domain b.example\n",
	    "domain a.example\n"
	    "account X addresses=v@a.example\n"
	    "alias L@a.example v@a.example\n");
	/* the last one counts */
	folds("add alias t@a.example x@a.example\n"
	    "delete address t@a.example\n"
	    "delete address s@a.example\n"
	    "add alias s@a.example y@a.example\n"
	    "add account n addresses=n@a.example\n"
	    "add account n addresses=m@a.example",
	    HEAD "account n addresses=m@a.example\n"
	    "account x addresses=x@a.example,y@a.example\n"
	    "alias s@a.example y@a.example\n"
	    "list l@a.example members=x\n");
	/* what is not there is no matter */
	folds("delete account none\ndelete address none@none.example\n",
	    FILE_TEXT);
	/* an account's address is no entry of its own */
	folds("delete address x@a.example\n", FILE_TEXT);
}

/* Addresses that a change took from what is in the file, or from others. */
static void
test_taken(void)
{
	folds("add alias X@a.example out@away.example\n",
	    HEAD "account x addresses=y@a.example\n"
	    "alias s@a.example x@a.example\n"
	    "alias X@a.example out@away.example\n"
	    "list l@a.example members=x\n");
	folds("add account z addresses=s@a.example,l@a.example\n"
	    "add account w addresses=w@a.example,l@a.example\n",
	    HEAD "account w addresses=w@a.example,l@a.example\n"
	    "account x addresses=x@a.example,y@a.example\n"
	    "account z addresses=s@a.example\n");
	/* of a change that is gone nothing is taken */
	folds("add account z addresses=s@a.example\ndelete account z\n",
	    FILE_TEXT);
	refuses("add account z addresses=x@a.example,y@a.example\n",
	    "in:3:9: a live change took the addresses of account 'x', "
	    "expected it to have one\n");
}

static void
test_refused(void)
{
	refuses("add nonsense\nremove x\ndelete x\n\ndelete account\n",
	    "live changes:1:1: 'nonsense' is unknown, expected domain, "
	    "account, alias or list\n"
	    "live changes:2:1: no change, expected add or delete\n"
	    "live changes:3:8: nothing to delete, expected address, account "
	    "or domain and its name\n"
	    "live changes:5:8: nothing to delete, expected address, account "
	    "or domain and its name\n");
	refuses("add account z addresses=z@a.example login=x\n"
	    "add alias q@c.example x@a.example\n",
	    "live changes:1:9: login 'x' stands in line 3 already, expected "
	    "it once\n"
	    "live changes:2:7: domain 'c.example' is not one of this "
	    "directory, expected a record: domain c.example\n");
	refuses("delete domain a.example\n",
	    "in:3:21: domain 'a.example' is not one of this directory, "
	    "expected a record: domain a.example\n");
}

int
main(void)
{
	play_begin();
	test_folded();
	test_taken();
	test_refused();
	play_end();
	return (check_done("directory_change"));
}
