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
 * Date and Message-ID are added exactly where the header has none, however
 * the text is cut.
 */

#include <stdio.h>
#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/smtp/submit.h"

#define D	"Date: Tue, 24 Nov 2026 "	/* what is added begins so */
#define I	"Message-ID: <00000000000000ab@mx.test>\r\n"
#define WHEN	1795530945
#define LONG	"X23456789012345678901234567890123456789012345678901234567890" \
		"1234"

/* + stands where fields are added: d, i or both; b ends the header too. */
static const struct {
	const char	*head, *add, *rest;
} cases[] = {
	{ "Subject: x\r\n", "di", "\r\nDate: y\r\nMessage-ID: z\r\n" },
	{ "Subject: x\r\nDate: y\r\n", "i", "\r\ntext\r\n" },
	{ "message-id:\r\nSubject: x\r\n", "d", "\r\ntext\r\n" },
	{ "MESSAGE-ID \t: a\r\nSubject: x\r\n", "d", "\r\n" },
	{ "DATE:x\r\nMessage-Id: y\r\nSubject: z\r\n\r\ntext\r\n", "", "" },
	{ "Message-ID: y\r\nA: b\r\nDate: x\r\nno field\r\n", "", "" },
	{ "Resent-Date: y\r\nResent-Message-ID: y\r\nDates: x\r\n", "di",
	    "\r\n" },
	{ "Subject: x\r\n Date: y\r\n\tMessage-ID: y\r\n", "di", "\r\n" },
	{ "Dat: x\r\nMessage-I: y\r\n", "di", "\r\n" },
	{ "", "di", "" },
	{ "", "di", "\r\nDate: x\r\n" },
	{ "Subject: x\r\n", "di", "" },
	{ "", "dib", "hello world\r\n" },
	{ "", "dib", " Date: x\r\n" },
	{ "", "dib", ": x\r\n" },
	{ "Subject: x\r\n", "dib", "no field\r\nDate: y\r\n" },
	{ "Subject: x\r\nDate: y\r\n", "ib", "Da te: y\r\n" },
	{ "Subject: x\r\n", "dib", "hello\r\n" },
	{ "Subject: x\r\n", "dib", "D\xc3\xa4te: x\r\n" },
	{ "Subject: x\r\n", "dib", ":\r\n" },
	{ LONG LONG LONG LONG ": x\r\n", "di", "\r\n" },
	{ "", "dib", LONG LONG LONG LONG "5: x\r\n\r\n" },
};

static char	 got[8192];
static size_t	 ngot;

static void
put(const char *text, size_t len)
{
	if (len > 0)
		memcpy(got + ngot, text, len);
	ngot += len;
	got[ngot] = '\0';
}

static void
put_parts(const struct submit *m, const char *text, size_t len,
    const struct submit_parts *p)
{
	char	 fields[SUBMIT_SIZE];
	int	 n;

	CHECK(p->head <= len, "head of %zu in %zu", p->head, len);
	if (!p->behind)
		put(p->held, p->nheld);
	put(text, p->head);
	if (!p->end)
		return;
	n = submit_fields(m, WHEN, "00000000000000ab", "mx.test", fields,
	    sizeof(fields));
	CHECK(n > 0, "fields");
	put(fields, (size_t)n);
	if (p->behind)
		put(p->held, p->nheld);
	put(text + p->head, len - p->head);
}

/* In pieces of step octets, the first of first. */
static void
run(const char *text, size_t first, size_t step)
{
	struct submit		 m;
	struct submit_parts	 p;
	size_t			 n, len = strlen(text);

	ngot = 0;
	submit_init(&m);
	for (n = first; len > 0; text += n, len -= n, n = step) {
		if (n > len)
			n = len;
		submit_read(&m, text, n, &p);
		put_parts(&m, text, n, &p);
	}
	submit_end(&m, &p);
	put_parts(&m, NULL, 0, &p);
}

static void
test_cases(void)
{
	char	 text[2048], want[4096], date[64];
	size_t	 i, n, step;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)snprintf(text, sizeof(text), "%s%s", cases[i].head,
		    cases[i].rest);
		for (step = 1; step < 40; step += 3)
			for (n = 0; n <= strlen(text); n++) {
				run(text, n, step);
				(void)snprintf(date, sizeof(date), "%.*s",
				    strncmp(got + strlen(cases[i].head), D,
				    strlen(D)) == 0 ? 39 : 0,
				    got + strlen(cases[i].head));
				(void)snprintf(want, sizeof(want),
				    "%s%s%s%s%s", cases[i].head,
				    strchr(cases[i].add, 'd') ? date : "",
				    strchr(cases[i].add, 'i') ? I : "",
				    strchr(cases[i].add, 'b') ? "\r\n" : "",
				    cases[i].rest);
				CHECK(strcmp(got, want) == 0 &&
				    (strchr(cases[i].add, 'd') != NULL) ==
				    (date[0] != '\0'),
				    "case %zu, %zu and %zu: %s", i, n, step,
				    got);
			}
	}
}

static void
test_fields(void)
{
	struct submit	 m;
	char		 buf[SUBMIT_SIZE], host[256];
	int		 n, size;

	submit_init(&m);
	memset(host, 'a', sizeof(host) - 1);
	host[sizeof(host) - 1] = '\0';
	n = submit_fields(&m, WHEN, "00000000000000ab", host, buf,
	    sizeof(buf));
	CHECK(n > 0 && strlen(buf) == (size_t)n, "the longest: %d", n);
	for (size = 0; size <= n; size++)
		CHECK(submit_fields(&m, WHEN, "00000000000000ab", host, buf,
		    (size_t)size) == -1, "fits into %d", size);
}

int
main(void)
{
	test_cases();
	test_fields();
	return (check_done("smtp_submit"));
}
