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
 * Logins of a directory with SQL: what is asked of it for a name, known or
 * not, and what stands in the record that is made of the answers.
 */

#include <bsd/string.h>

#include <string.h>

#include "lookup/fact.h"
#include "lookup/record.h"
#include "lookup/remote_record.h"
#include "regress/unit/check.h"

static char	 text[] = "SELECT";
static char	*texts[SQLDIR_COUNT] = {
	[SQLDIR_DOMAINS] = text, [SQLDIR_RECIPIENTS] = text,
	[SQLDIR_EMAILS] = text, [SQLDIR_NAMES] = text,
	[SQLDIR_SECRET] = text,
};

static unsigned int	 asked[SQLDIR_COUNT];	/* since forget */
static char		 last[64];	/* about whom */
static int		 known;		/* 1: the secret is; 2: all is */
static const char	*secret;	/* of john; NULL: broken */

static const struct fact *
says(enum sqldir what, const char *value)
{
	static struct fact	 facts[SQLDIR_COUNT];
	static char		 values[SQLDIR_COUNT][RECORD_SECRET_MAX + 2];
	static char		 column[] = "x", column2[] = "NAME";
	static char		 john[] = "john";
	static char		*rows[SQLDIR_COUNT][2];
	static char		*names[] = { column, column2 };
	struct fact		*f = &facts[what];

	memset(f, 0, sizeof(*f));
	f->known = 1;
	f->ans = value == NULL ? ANSWER_NONE : ANSWER_FOUND;
	if (value == NULL)
		return (f);
	(void)strlcpy(values[what], value, sizeof(values[what]));
	rows[what][0] = values[what];
	rows[what][1] = john;
	f->rows = rows[what];
	f->names = names;
	f->nrows = 1;
	f->ncolumns = what == SQLDIR_SECRET ? 2 : 1;
	return (f);
}

static const struct fact *
asks(unsigned int dir, enum sqldir what, const char *arg)
{
	int	 john = strcmp(arg, "john") == 0 ||
		    (what == SQLDIR_SECRET && strcmp(arg, "jd") == 0);

	asked[what]++;
	(void)strlcpy(last, arg, sizeof(last));
	if (known < (what == SQLDIR_SECRET ? 1 : 2))
		return (NULL);
	switch (what) {
	case SQLDIR_SECRET:
		return (john && secret == NULL ? NULL :
		    says(what, john ? secret : NULL));
	case SQLDIR_EMAILS:
		return (says(what, john ? "john@example.org" : NULL));
	case SQLDIR_NAMES:
		return (says(what, john ? "1" : NULL));
	default:
		return (says(what, NULL));
	}
}

static enum answer
get(char kind, const char *name, struct bdb_item *item)
{
	static uint8_t	 key[RECORD_KEY_SIZE];
	size_t		 len = record_key(kind, name, key);

	memset(asked, 0, sizeof(asked));
	return (remote_record(asks, 0, texts, key, len, item));
}

/* What a name takes: first its secret, then an account, whoever it is. */
static void
test_asked(void)
{
	static const char *const	 names[] = { "john", "jd", "nobody" };
	struct bdb_item			 item;
	size_t				 i;

	secret = "$6$salt$hash";
	for (i = 0; i < 3; i++) {
		known = 0;
		CHECK(get(RECORD_LOGIN, names[i], &item) == ANSWER_TEMPFAIL &&
		    asked[SQLDIR_SECRET] == 1 && asked[SQLDIR_EMAILS] == 0 &&
		    asked[SQLDIR_NAMES] == 0, "%s: first", names[i]);
		known = 1;
		CHECK(get(RECORD_LOGIN, names[i], &item) == ANSWER_TEMPFAIL &&
		    asked[SQLDIR_EMAILS] == 1 && asked[SQLDIR_NAMES] == 1,
		    "%s: half", names[i]);
		known = 2;
		CHECK(get(RECORD_LOGIN, names[i], &item) == (i == 2 ?
		    ANSWER_NONE : ANSWER_FOUND) && asked[SQLDIR_SECRET] == 1 &&
		    asked[SQLDIR_EMAILS] == 1 && asked[SQLDIR_NAMES] == 1,
		    "%s: then", names[i]);
		CHECK(strcmp(last, i == 2 ? "nobody" : "john") == 0,
		    "%s: asked about %s", names[i], last);
	}
}

static void
test_login(void)
{
	struct account_record	 a;
	struct bdb_item		 item;
	char			 name[RESOLVE_NAME_MAX + 1];

	CHECK(get(RECORD_LOGIN, "jd", &item) == ANSWER_FOUND &&
	    record_get_string(item.key, item.keylen, item.value, item.len,
	    name, sizeof(name)) == 0 && strcmp(name, "john") == 0, "jd");
	CHECK(get(RECORD_LOGIN, "nobody", &item) == ANSWER_NONE, "nobody");
	CHECK(get(RECORD_LOGIN, "john", &item) == ANSWER_FOUND &&
	    record_get_string(item.key, item.keylen, item.value, item.len,
	    name, sizeof(name)) == 0 && strcmp(name, "john") == 0, "john");
	CHECK(get(RECORD_ACCOUNT, "john", &item) == ANSWER_FOUND &&
	    record_get_account(item.key, item.keylen, item.value, item.len,
	    &a) == 0, "no account");
	CHECK(strcmp(a.secret, secret) == 0 && strcmp(a.login, "john") == 0,
	    "%s %s", a.login, a.secret);
	secret = NULL;
	CHECK(get(RECORD_LOGIN, "john", &item) == ANSWER_TEMPFAIL,
	    "broken is not unknown");
	texts[SQLDIR_SECRET] = NULL;
	CHECK(get(RECORD_LOGIN, "john", &item) == ANSWER_NONE,
	    "nobody has one");
	texts[SQLDIR_SECRET] = text;
}

/* One that no record could hold is broken, and not cut. */
static void
test_long(void)
{
	static char	 longest[RECORD_SECRET_MAX + 2];
	struct bdb_item	 item;

	memset(longest, 'x', RECORD_SECRET_MAX + 1);
	secret = longest;
	CHECK(get(RECORD_ACCOUNT, "john", &item) == ANSWER_TEMPFAIL,
	    "too long");
	longest[RECORD_SECRET_MAX] = '\0';
	CHECK(get(RECORD_ACCOUNT, "john", &item) == ANSWER_FOUND, "longest");
}

int
main(void)
{
	test_asked();
	test_login();
	test_long();
	return (check_done("lookup_remote"));
}
