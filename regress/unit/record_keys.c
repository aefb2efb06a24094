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
 * Keys of records and how names are folded to them.
 */

#include <string.h>

#include "lookup/record.h"
#include "regress/unit/check.h"

static void
folds(const char *text, const char *want)
{
	char	 buf[ADDRESS_STR_SIZE];

	if (want == NULL) {
		CHECK(record_fold(text, buf, sizeof(buf)) == -1,
		    "%s is no address", text);
		return;
	}
	CHECK(record_fold(text, buf, sizeof(buf)) == 0 &&
	    strcmp(buf, want) == 0, "%s folds to %s", text, buf);
	CHECK(record_fold(text, buf, strlen(want)) == -1,
	    "%s fits where it does not", text);
}

static void
test_fold(void)
{
	folds("John@Example.ORG", "john@example.org");
	folds("\"john\"@example.org", "john@example.org");
	folds("\"John Doe\"@example.org", "john doe@example.org");
	folds("\"a\\\"@b\"@example.org", "a\"@b@example.org");
	folds("eva@b\xc3\xbc" "cher.example", "eva@xn--bcher-kva.example");
	folds("eva@XN--BCHER-KVA.example", "eva@xn--bcher-kva.example");
	folds("J\xc3\x9cRGEN@example.org", "j\xc3\x9crgen@example.org");
	folds("@Example.ORG", "@example.org");
	folds("@B\xc3\x9c" "CHER.example", "@xn--bcher-kva.example");
	folds("x@[127.0.0.1]", "x@[127.0.0.1]");
	folds("", NULL);
	folds("@", NULL);
	folds("postmaster", NULL);
	folds("john@", NULL);
	folds("\"\"@example.org", NULL);
	folds("a@b@example.org", NULL);
	folds("@@example.org", NULL);
	folds("x@\xc3\xbc-.example", NULL);
	folds("x@\xff.example", NULL);
	/* wide forms of @ [ ] / ! map to ASCII, which is no name then */
	folds("ann@evil\xef\xbc\xa0" "mail.example", NULL);
	folds("@\xef\xbc\xbb" "127.0.0.1\xef\xbc\xbd", NULL);
	folds("x@a\xef\xbc\x8f" "b.example", NULL);
	folds("x@\xef\xbc\x81.example", NULL);
	folds("x@a\xe3\x80\x82" "example", "x@a.example");
}

static void
test_key(void)
{
	uint8_t		 key[RECORD_KEY_SIZE];
	char		 name[RECORD_KEY_SIZE], longest[RECORD_KEY_SIZE];
	uint32_t	 number = 7;
	size_t		 n;

	n = record_key(RECORD_ACCOUNT, "John", key);
	CHECK(n == 5 && memcmp(key, "pjohn", 5) == 0, "account");
	n = record_key(RECORD_LOGIN, "John", key);
	CHECK(n == 5 && memcmp(key, "lJohn", 5) == 0, "login keeps its case");
	CHECK(record_key(RECORD_INFO, "", key) == 1 && key[0] == 'i', "info");
	CHECK(record_key(RECORD_INFO, "x", key) == 0, "info with a name");
	CHECK(record_key(RECORD_ADDRESS, "", key) == 0, "address without name");
	CHECK(record_key_member("", 1, key) == 0, "member of nothing");
	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	CHECK(record_key(RECORD_LOGIN, longest, key) == 0, "too long");
	longest[RECORD_KEY_SIZE - 6] = '\0';
	CHECK(record_key_member(longest, 1, key) == RECORD_KEY_SIZE,
	    "the longest");

	n = record_key_member("all@example.org", 0x01020304, key);
	CHECK(n == 21 && memcmp(key + 16, "\0\1\2\3\4", 5) == 0, "member");
	CHECK(record_key_name(key, n, name, sizeof(name), &number) == 0 &&
	    strcmp(name, "all@example.org") == 0 && number == 0x01020304,
	    "name of a member: %s %u", name, number);
	CHECK(record_key_name(key, n - 1, name, sizeof(name), &number) == -1,
	    "a member's key cut off");
	CHECK(record_key_name(key, 6, name, sizeof(name), &number) == -1,
	    "a member's key without list");
	CHECK(record_key_name(key, n, name, 15, &number) == -1,
	    "a name that does not fit");
	CHECK(record_key_name("dx\0y", 4, name, sizeof(name), &number) == -1,
	    "NUL in a name");
	CHECK(record_key_name("d", 1, name, sizeof(name), &number) == -1 &&
	    record_key_name("", 0, name, sizeof(name), &number) == -1,
	    "no name");
	CHECK(record_key_name("i", 1, name, sizeof(name), &number) == 0 &&
	    name[0] == '\0', "name of info");
}

int
main(void)
{
	test_fold();
	test_key();
	return (check_done("record_keys"));
}
