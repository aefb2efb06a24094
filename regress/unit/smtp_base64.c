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
 * Base64: the vectors of RFC 4648 10, and everything that is not quite one.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/smtp/base64.h"

static const struct {
	const char	*raw, *text;
} vectors[] = {
	{ "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" },
	{ "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" },
	{ "foobar", "Zm9vYmFy" },
};

static void
test_vectors(void)
{
	char	 buf[32];
	size_t	 i, raw, text;

	for (i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		raw = strlen(vectors[i].raw);
		text = strlen(vectors[i].text);
		CHECK(base64_encode(vectors[i].raw, raw, buf, text + 1) ==
		    (int)text && strcmp(buf, vectors[i].text) == 0, "%s",
		    vectors[i].raw);
		CHECK(base64_encode(vectors[i].raw, raw, buf, text) == -1,
		    "%s fits without its terminator", vectors[i].raw);
		CHECK(base64_decode(vectors[i].text, text, buf, raw) ==
		    (int)raw && memcmp(buf, vectors[i].raw, raw) == 0, "%s",
		    vectors[i].text);
		CHECK(raw == 0 || base64_decode(vectors[i].text, text, buf,
		    raw - 1) == -1, "%s fits where it does not",
		    vectors[i].text);
	}
}

static void
test_refused(void)
{
	static const char *const	 bad[] = { "Z", "Zg", "Zg=", "Zg===",
	    "Z===", "====", "=", "==", "Zh==", "Zm9=", "Zg==Zg==", "Zm=v",
	    "=m9v", "Zm9v\n", "Zm9v ", "Zm 9", "Zm9v=", "Zm9v====", "Z-_v",
	    "\xffm9v", "Zm9vYg=", "Zm9vYmE" };
	char				 buf[64];
	size_t				 i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(base64_decode(bad[i], strlen(bad[i]), buf,
		    sizeof(buf)) == -1, "takes '%s'", bad[i]);
	CHECK(base64_decode("Zm9v\0m9v", 8, buf, sizeof(buf)) == -1,
	    "takes a NUL");
}

/* All lengths, from memory of their own size, so that overruns are seen. */
static void
test_again(void)
{
	unsigned char	*raw, *back;
	char		*text;
	size_t		 n, i, len;

	for (n = 0; n < 300; n++) {
		len = BASE64_LEN(n);
		raw = malloc(n + 1);
		back = malloc(n + 1);
		text = malloc(len + 1);
		if (raw == NULL || back == NULL || text == NULL)
			abort();
		for (i = 0; i < n; i++)
			raw[i] = (unsigned char)rand();
		CHECK(base64_encode(raw, n, text, len + 1) == (int)len,
		    "%zu octets", n);
		CHECK(base64_decode(text, len, back, n) == (int)n &&
		    memcmp(raw, back, n) == 0, "%zu octets", n);
		/* 4n + 1 to 4n + 3 characters: CVE-2018-6789 */
		for (i = 1; i < 4 && i <= len; i++)
			CHECK(base64_decode(text, len - i, back, n) == -1,
			    "%zu octets, %zu short", n, i);
		free(raw);
		free(back);
		free(text);
	}
}

/* Each text of four characters has one meaning or none. */
static void
test_one_form(void)
{
	static const char	 all[] = "AQgwZ+/=9";
	char			 text[5] = "", again[5];
	unsigned char		 out[3];
	size_t			 i, n = sizeof(all) - 1;
	int			 len;

	for (i = 0; i < n * n * n * n; i++) {
		text[0] = all[i % n];
		text[1] = all[i / n % n];
		text[2] = all[i / n / n % n];
		text[3] = all[i / n / n / n];
		if ((len = base64_decode(text, 4, out, sizeof(out))) == -1)
			continue;
		CHECK(base64_encode(out, (size_t)len, again, sizeof(again)) ==
		    4 && strcmp(text, again) == 0, "%s is %s", text, again);
	}
}

int
main(void)
{
	test_vectors();
	test_refused();
	test_again();
	test_one_form();
	return (check_done("base64"));
}
