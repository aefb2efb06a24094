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
 * Passwords beside hashes of every kind: right, wrong, and no hash at all.
 */

#include <crypt.h>
#include <stdio.h>
#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/hash/hash_check.h"
#include "smtpd/smtp/scram.h"

static enum auth_result
try(const char *secret, const char *password, int never)
{
	struct hash_ask	 ask;

	memset(&ask, 0, sizeof(ask));
	ask.never = (uint8_t)never;
	(void)snprintf(ask.password, sizeof(ask.password), "%s", password);
	(void)snprintf(ask.secret, sizeof(ask.secret), "%s", secret);
	return (hash_check(&ask));
}

static void
test_kind(const char *secret)
{
	char	 cut[AUTH_SECRET_MAX + 1], longest[SASL_PASSWORD_MAX + 1];

	CHECK(try(secret, "pencil", 0) == AUTH_OK, "%s: right", secret);
	CHECK(try(secret, "pencil", 1) == AUTH_NO, "%s: never", secret);
	CHECK(try(secret, "Pencil", 0) == AUTH_NO, "%s: case", secret);
	CHECK(try(secret, "pencil ", 0) == AUTH_NO, "%s: longer", secret);
	CHECK(try(secret, "penci", 0) == AUTH_NO, "%s: shorter", secret);
	CHECK(try(secret, "", 0) != AUTH_OK, "%s: none", secret);
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	CHECK(try(secret, longest, 0) == AUTH_NO, "%s: longest", secret);
	(void)snprintf(cut, sizeof(cut), "%.*s", (int)strlen(secret) - 1,
	    secret);
	CHECK(try(cut, "pencil", 0) != AUTH_OK, "%s: cut", secret);
	(void)snprintf(cut, sizeof(cut), "%s.", secret);
	CHECK(try(cut, "pencil", 0) != AUTH_OK, "%s: more", secret);
}

static void
test_crypt(void)
{
	static const struct {
		const char	*prefix;
		unsigned long	 count;
	} kinds[] = { { "$y$", 1 }, { "$2b$", 4 }, { "$6$", 1000 },
	    { "$5$", 1000 }, { "$gy$", 1 } };
	char			 setting[CRYPT_GENSALT_OUTPUT_SIZE];
	const char		*hash;
	size_t			 i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (crypt_gensalt_rn(kinds[i].prefix, kinds[i].count, NULL, 0,
		    setting, sizeof(setting)) == NULL ||
		    (hash = crypt("pencil", setting)) == NULL ||
		    hash[0] == '*') {
			CHECK(i > 2, "no %s", kinds[i].prefix);
			continue;
		}
		test_kind(hash);
	}
}

static void
test_scram(void)
{
	struct scram	 s;
	char		 text[SCRAM_STR_SIZE];

	memset(&s, 0, sizeof(s));
	s.iterations = SCRAM_ITERATIONS_MIN;
	s.saltlen = SCRAM_SALT_LEN;
	memset(s.salt, 0x77, s.saltlen);
	scram_make(&s, "pencil", 6);
	test_kind(scram_format(&s, text, sizeof(text)));
}

/* A password in the clear is no hash; nor does one of DES let in. */
static void
test_old(void)
{
	const char	*hash = crypt("pencil12", "ab");
	char		 des[64];

	CHECK(try("pencil", "pencil", 0) == AUTH_TEMPFAIL, "in the clear");
	CHECK(try("!", "pencil", 0) == AUTH_TEMPFAIL, "locked");
	if (hash == NULL || hash[0] == '*')
		return;
	(void)snprintf(des, sizeof(des), "%s", hash);
	CHECK(try(des, "pencil12", 0) == AUTH_TEMPFAIL, "DES");
	CHECK(try(des, "pencil12345", 0) == AUTH_TEMPFAIL, "DES, longer");
}

static void
test_none(void)
{
	static const char *const	 bad[] = { "", "$", "*0", "$x$abc",
	    "$2b$", "$2b$99$0123456789012345678901", "$y$", "$y$j9T",
	    "$6$rounds=1$", "{SCRAM-SHA-256}", "SCRAM-SHA-256$1:eA==$a:b" };
	size_t				 i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(try(bad[i], "pencil", 0) != AUTH_OK, "'%s'", bad[i]);
	CHECK(try("$x$abc", "pencil", 0) == AUTH_TEMPFAIL, "unknown method");
	CHECK(try("$x$abc", "pencil", 1) == AUTH_TEMPFAIL, "never");
}

int
main(void)
{
	test_crypt();
	test_scram();
	test_none();
	test_old();
	return (check_done("hash_check"));
}
