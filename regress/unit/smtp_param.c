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
 * Unit test of smtpd/smtp/param.c, xtext.c and ext.c: every row of
 * conformance table 2, and the same for MAIL.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/smtp/address.h"
#include "smtpd/smtp/ext.h"
#include "smtpd/smtp/param.h"
#include "smtpd/smtp/xtext.h"

#define ALL		((1U << SMTP_EXT_COUNT) - 1)
#define ASCII		(ALL & ~(unsigned int)SMTP_EXT_SMTPUTF8)
#define SFD		(NOTIFY_SUCCESS | NOTIFY_FAILURE | NOTIFY_DELAY)
#define X10		"xxxxxxxxxx"
#define X100		X10 X10 X10 X10 X10 X10 X10 X10 X10 X10

static const struct {
	const char		*id;
	const char		*text;
	unsigned int		 offered;
	enum param_error	 error;
	unsigned int		 notify;
	const char		*orcpt;
} rcpts[] = {
	{ "q-01", " NOTIFY=SUCCESS,FAILURE,DELAY", ASCII, PARAM_OK, SFD, "" },
	{ "q-02", " notify=never", ASCII, PARAM_OK, NOTIFY_NEVER, "" },
	{ "q-03", " ORCPT=rfc822;Bob@Example.COM", ASCII, PARAM_OK, 0,
	    "rfc822;Bob@Example.COM" },
	{ "q-04", " ORCPT=rfc822;a+2Bb+20c NOTIFY=DELAY", ASCII, PARAM_OK,
	    NOTIFY_DELAY, "rfc822;a+2Bb+20c" },
	{ "q-05", " NOTIFY=", ASCII, PARAM_SYNTAX, 0, NULL },
	{ "q-06", " NOTIFY", ASCII, PARAM_SYNTAX, 0, NULL },
	{ "q-07", " NOTIFY=FAILURE,NEVER", ASCII, PARAM_SYNTAX, 0, NULL },
	{ "q-08", " NOTIFY=NEVER,SUCCESS", ASCII, PARAM_SYNTAX, 0, NULL },
	{ "q-09", " NOTIFY=SUCCESS,", ASCII, PARAM_SYNTAX, 0, NULL },
	{ "q-10", " NOTIFY=SOMETIMES", ASCII, PARAM_SYNTAX, 0, NULL },
	{ "q-11", " NOTIFY=SUCCESS NOTIFY=SUCCESS", ASCII, PARAM_SYNTAX, 0,
	    NULL },
	{ "q-12", " ORCPT=", ASCII, PARAM_SYNTAX, 0, NULL },
	{ "q-13", " ORCPT=rfc822;", ASCII, PARAM_SYNTAX, 0, NULL },
	{ "q-14", " ORCPT=;bob@example.org", ASCII, PARAM_SYNTAX, 0, NULL },
	{ "q-15", " ORCPT=bob@example.org", ASCII, PARAM_SYNTAX, 0, NULL },
	{ "q-16", " ORCPT=rfc822;a+0Ab", ASCII, PARAM_SYNTAX, 0, NULL },
	{ "q-17", " ORCPT=rfc822;a+0Db", ASCII, PARAM_SYNTAX, 0, NULL },
	{ "q-18", " ORCPT=rfc822;a+00b", ASCII, PARAM_SYNTAX, 0, NULL },
	{ "q-19", " ORCPT=rfc822;a+2", ASCII, PARAM_SYNTAX, 0, NULL },
	{ "q-20", " ORCPT=rfc822;a+XYb", ASCII, PARAM_SYNTAX, 0, NULL },
	{ "q-21", " FOO=1", ASCII, PARAM_UNKNOWN, 0, NULL },
	{ "q-22", " HELLO=WORLD", ASCII, PARAM_UNKNOWN, 0, NULL },
	{ "q-23", " FOO", ASCII, PARAM_UNKNOWN, 0, NULL },
	{ "q-24", " SIZE=1", ASCII, PARAM_UNKNOWN, 0, NULL },
	{ "q-25", " RRVS=2014-04-03T23:01:00Z", ASCII, PARAM_UNKNOWN, 0,
	    NULL },
	{ "q-26", " CONNEG", ASCII, PARAM_UNKNOWN, 0, NULL },
	{ "q-27", " NOTIFY=SUCCESS FOO=1", ASCII, PARAM_UNKNOWN, 0, NULL },
	{ "p-49", "x", ASCII, PARAM_SYNTAX, 0, NULL },
	{ "p-52", " ", ASCII, PARAM_OK, 0, "" },

	{ "nothing", "", ASCII, PARAM_OK, 0, "" },
	{ "no DSN", " NOTIFY=NEVER", ALL & ~(unsigned int)SMTP_EXT_DSN,
	    PARAM_UNKNOWN, 0, NULL },
	{ "no DSN", " ORCPT=rfc822;a@b.test", 0, PARAM_UNKNOWN, 0, NULL },
	{ "malformed first", " NOTIFY= FOO=1", ASCII, PARAM_SYNTAX, 0, NULL },
	{ "unknown first", " FOO=1 NOTIFY=", ASCII, PARAM_UNKNOWN, 0, NULL },
	{ "unknown and empty", " FOO=", ASCII, PARAM_SYNTAX, 0, NULL },
	{ "more blanks", "   NOTIFY=NEVER   ORCPT=x;y \t", ASCII, PARAM_OK,
	    NOTIFY_NEVER, "x;y" },
	{ "tab between", " NOTIFY=NEVER\tORCPT=x;y", ASCII, PARAM_SYNTAX, 0,
	    NULL },
	{ "tab before", "\tNOTIFY=NEVER", ASCII, PARAM_SYNTAX, 0, NULL },
	{ "no blank", "NOTIFY=NEVER", ASCII, PARAM_SYNTAX, 0, NULL },
	{ "two equal signs", " NOTIFY==NEVER", ASCII, PARAM_SYNTAX, 0, NULL },
	{ "hyphen first", " -NOTIFY=NEVER", ASCII, PARAM_SYNTAX, 0, NULL },
	{ "hyphen inside", " X-FOO=1", ASCII, PARAM_UNKNOWN, 0, NULL },
	{ "underscore", " X_FOO=1", ASCII, PARAM_SYNTAX, 0, NULL },
	{ "DEL", " NOTIFY=NEVER\x7f", ASCII, PARAM_SYNTAX, 0, NULL },
	{ "empty word", " NOTIFY=,SUCCESS", ASCII, PARAM_SYNTAX, 0, NULL },
	{ "word twice", " NOTIFY=DELAY,delay", ASCII, PARAM_OK, NOTIFY_DELAY,
	    "" },
	{ "prefix", " NOTIFY=SUCC", ASCII, PARAM_SYNTAX, 0, NULL },
	{ "ORCPT twice", " ORCPT=x;y ORCPT=x;y", ASCII, PARAM_SYNTAX, 0,
	    NULL },
	{ "ORCPT alone", " ORCPT", ASCII, PARAM_SYNTAX, 0, NULL },
	{ "bad type", " ORCPT=rfc@822;y", ASCII, PARAM_SYNTAX, 0, NULL },
	{ "lower hex", " ORCPT=rfc822;a+2bb", ASCII, PARAM_SYNTAX, 0, NULL },
	{ "not ASCII", " ORCPT=rfc822;a+80", ASCII, PARAM_SYNTAX, 0, NULL },
	{ "raw UTF-8", " ORCPT=utf-8;\xc3\xa1@b.test", ASCII, PARAM_SYNTAX, 0,
	    NULL },
	{ "raw UTF-8", " ORCPT=utf-8;\xc3\xa1@b.test\xc3\xa1", ALL, PARAM_OK,
	    0, "utf-8;\xc3\xa1@b.test\xc3\xa1" },
	{ "UTF-8 in rfc822", " ORCPT=rfc822;\xc3\xa1@b.test", ALL,
	    PARAM_SYNTAX, 0, NULL },
	{ "bad UTF-8", " ORCPT=utf-8;\xc3@b.test", ALL, PARAM_SYNTAX, 0,
	    NULL },
	{ "bad xtext in UTF-8", " ORCPT=utf-8;\xc3\xa1+0A", ALL, PARAM_SYNTAX,
	    0, NULL },
	{ "escaped UTF-8", " ORCPT=utf-8;\\x{E1}@b.test", ALL, PARAM_OK, 0,
	    "utf-8;\\x{E1}@b.test" },
	{ "500", " ORCPT=x;" X100 X100 X100 X100 X10 X10 X10 X10 X10 X10 X10
	    X10 X10 "xxxxxxxx", ASCII, PARAM_OK, 0, NULL },
	{ "501", " ORCPT=x;" X100 X100 X100 X100 X10 X10 X10 X10 X10 X10 X10
	    X10 X10 "xxxxxxxxx", ASCII, PARAM_SYNTAX, 0, NULL },
};

struct mail_row {
	const char		*text;
	unsigned int		 offered;
	enum param_error	 error;
	struct mail_params	 want;
};

static const struct mail_row	 mails[] = {
	{ "", ALL, PARAM_OK, { .size = 0 } },
	{ " SIZE=0", ALL, PARAM_OK, { .has_size = 1 } },
	{ " size=1000", ALL, PARAM_OK, { .size = 1000, .has_size = 1 } },
	{ " SIZE=99999999999", ALL, PARAM_OK,
	    { .size = 99999999999ULL, .has_size = 1 } },
	{ " SIZE=18446744073709551615", ALL, PARAM_OK,
	    { .size = UINT64_MAX, .has_size = 1 } },
	{ " SIZE=18446744073709551616", ALL, PARAM_TOO_BIG, { .size = 0 } },
	{ " SIZE=99999999999999999999", ALL, PARAM_TOO_BIG, { .size = 0 } },
	{ " SIZE=184467440737095516150", ALL, PARAM_TOO_BIG, { .size = 0 } },
	{ " SIZE=99999999999999999999x", ALL, PARAM_SYNTAX, { .size = 0 } },
	{ " SIZE=", ALL, PARAM_SYNTAX, { .size = 0 } },
	{ " SIZE", ALL, PARAM_SYNTAX, { .size = 0 } },
	{ " SIZE=-1", ALL, PARAM_SYNTAX, { .size = 0 } },
	{ " SIZE=1k", ALL, PARAM_SYNTAX, { .size = 0 } },
	{ " SIZE=1 SIZE=1", ALL, PARAM_SYNTAX, { .size = 0 } },
	{ " SIZE=1", ALL & ~(unsigned int)SMTP_EXT_SIZE, PARAM_UNKNOWN,
	    { .size = 0 } },
	{ " BODY=7bit", ALL, PARAM_OK, { .body = MAIL_BODY_7BIT } },
	{ " BODY=8BITMIME", ALL, PARAM_OK, { .body = MAIL_BODY_8BITMIME } },
	{ " BODY=BINARYMIME", ALL, PARAM_UNKNOWN, { .size = 0 } },
	{ " BODY=9BIT", ALL, PARAM_SYNTAX, { .size = 0 } },
	{ " BODY", ALL, PARAM_SYNTAX, { .size = 0 } },
	{ " BODY=7BIT", ALL & ~(unsigned int)SMTP_EXT_8BITMIME,
	    PARAM_UNKNOWN, { .size = 0 } },
	{ " SMTPUTF8", ALL, PARAM_OK, { .smtputf8 = 1 } },
	{ " SMTPUTF8=1", ALL, PARAM_SYNTAX, { .size = 0 } },
	{ " SMTPUTF8", ASCII, PARAM_UNKNOWN, { .size = 0 } },
	{ " RET=full", ALL, PARAM_OK, { .ret = MAIL_RET_FULL } },
	{ " RET=HDRS", ALL, PARAM_OK, { .ret = MAIL_RET_HDRS } },
	{ " RET=ALL", ALL, PARAM_SYNTAX, { .size = 0 } },
	{ " RET=HDRS RET=HDRS", ALL, PARAM_SYNTAX, { .size = 0 } },
	{ " RET=HDRS", ALL & ~(unsigned int)SMTP_EXT_DSN, PARAM_UNKNOWN,
	    { .size = 0 } },
	{ " ENVID=QQ+2B314159", ALL, PARAM_OK, { .envid = "QQ+2B314159" } },
	{ " ENVID=a+0Ab", ALL, PARAM_SYNTAX, { .size = 0 } },
	{ " ENVID", ALL, PARAM_SYNTAX, { .size = 0 } },
	{ " ENVID=" X100, ALL, PARAM_OK, { .envid = X100 } },
	{ " ENVID=" X100 "x", ALL, PARAM_SYNTAX, { .size = 0 } },
	{ " AUTH=<>", ALL, PARAM_OK, { .auth = "<>" } },
	{ " AUTH=e+3Dmc2@example.com", ALL, PARAM_OK,
	    { .auth = "e+3Dmc2@example.com" } },
	{ " AUTH=nobody", ALL, PARAM_SYNTAX, { .size = 0 } },
	{ " AUTH=a+0A@b.test", ALL, PARAM_SYNTAX, { .size = 0 } },
	{ " AUTH", ALL, PARAM_SYNTAX, { .size = 0 } },
	{ " AUTH=<>", ALL & ~(unsigned int)SMTP_EXT_AUTH, PARAM_UNKNOWN,
	    { .size = 0 } },
	{ " FOO=1", ALL, PARAM_UNKNOWN, { .size = 0 } },
	{ " NOTIFY=NEVER", ALL, PARAM_UNKNOWN, { .size = 0 } },
	{ " FOO=1 SIZE=", ALL, PARAM_UNKNOWN, { .size = 0 } },
	{ " SIZE= FOO=1", ALL, PARAM_SYNTAX, { .size = 0 } },
	{ " BODY=8BITMIME SIZE=77 SMTPUTF8 RET=HDRS ENVID=x AUTH=<>", ALL,
	    PARAM_OK, { 77, 1, 1, MAIL_BODY_8BITMIME, MAIL_RET_HDRS, "x",
	    "<>" } },
};

/* A copy without terminator, so that a read too far is seen. */
static char *
copy(const char *text, size_t len)
{
	char	*p = malloc(len == 0 ? 1 : len);

	if (p == NULL)
		abort();
	memcpy(p, text, len);
	return (p);
}

static void
test_rcpt(void)
{
	struct rcpt_params	 r;
	enum param_error	 error;
	size_t			 i, len;
	char			*text;

	for (i = 0; i < sizeof(rcpts) / sizeof(rcpts[0]); i++) {
		len = strlen(rcpts[i].text);
		text = copy(rcpts[i].text, len);
		error = params_rcpt(text, len, rcpts[i].offered, &r);
		CHECK(error == rcpts[i].error, "%s:%s: %d", rcpts[i].id,
		    rcpts[i].text, (int)error);
		if (error == PARAM_OK && rcpts[i].orcpt != NULL)
			CHECK(r.notify == rcpts[i].notify &&
			    strcmp(r.orcpt, rcpts[i].orcpt) == 0,
			    "%s: %x %s", rcpts[i].id, (unsigned int)r.notify,
			    r.orcpt);
		free(text);
	}
	CHECK(params_rcpt(" NOTIFY=NEVER\0", 14, ALL, &r) == PARAM_SYNTAX,
	    "NUL");
}

static void
test_mail(void)
{
	const struct mail_params	*w;
	struct mail_params		 m;
	enum param_error		 error;
	size_t				 i, len;
	char				*text;

	for (i = 0; i < sizeof(mails) / sizeof(mails[0]); i++) {
		len = strlen(mails[i].text);
		text = copy(mails[i].text, len);
		error = params_mail(text, len, mails[i].offered, &m);
		CHECK(error == mails[i].error, "MAIL%s: %d", mails[i].text,
		    (int)error);
		free(text);
		if (error != PARAM_OK)
			continue;
		w = &mails[i].want;
		CHECK(m.size == w->size && m.has_size == w->has_size &&
		    m.smtputf8 == w->smtputf8 && m.body == w->body &&
		    m.ret == w->ret && strcmp(m.envid, w->envid) == 0 &&
		    strcmp(m.auth, w->auth) == 0, "MAIL%s: other values",
		    mails[i].text);
	}
}

static void
test_cursor(void)
{
	struct param_cursor	 c;
	struct param		 p;
	const char		*text = " A=b  Cc-d ";

	param_init(&c, text, strlen(text));
	CHECK(param_next(&c, &p) == PARAM_NEXT && param_is(&p, "a") &&
	    p.valuelen == 1 && *p.value == 'b', "first");
	CHECK(param_next(&c, &p) == PARAM_NEXT && param_is(&p, "CC-D") &&
	    p.value == NULL && !param_is(&p, "CC"), "second");
	CHECK(param_next(&c, &p) == PARAM_END, "end");
	CHECK(param_next(&c, &p) == PARAM_END, "still the end");
	param_init(&c, " =", 2);
	CHECK(param_next(&c, &p) == PARAM_BAD &&
	    param_next(&c, &p) == PARAM_BAD, "stays bad");
}

static void
test_xtext(void)
{
	char	 in[256], out[800], back[256];
	int	 i, n;

	for (i = 0; i < 256; i++)
		in[i] = (char)i;
	n = xtext_encode(in, 256, out, sizeof(out));
	CHECK(n == 256 + 2 * (256 - 92) && out[n] == '\0', "encode all: %d",
	    n);
	CHECK(!xtext_valid(out, (size_t)n), "controls are refused");
	n = xtext_encode(in + 32, 95, out, sizeof(out));
	CHECK(n > 0 && xtext_valid(out, (size_t)n), "printable");
	CHECK(xtext_decode(out, (size_t)n, back, sizeof(back)) == 95 &&
	    memcmp(in + 32, back, 95) == 0, "round trip");
	CHECK(xtext_decode(out, (size_t)n, back, 96) == 95, "exact fit");
	CHECK(xtext_decode(out, (size_t)n, back, 95) == -1, "one short");
	for (i = 0; i <= n; i++)
		CHECK(xtext_encode(in + 32, 95, back, (size_t)i) == -1,
		    "encode fits %d", i);
	CHECK(xtext_valid("", 0) && xtext_valid("+09", 3), "empty, tab");
	CHECK(!xtext_valid("+7F", 3) && !xtext_valid("a b", 3) &&
	    !xtext_valid("+", 1) && !xtext_valid("a=b", 3) &&
	    !xtext_valid("\xc3", 1) && !xtext_valid("+G0", 3) &&
	    !xtext_valid("+0G", 3), "malformed");
	CHECK(xtext_decode("", 0, back, 0) == -1, "no room for NUL");
	CHECK(xtext_encode("", 0, back, 0) == -1, "no room for NUL");
	CHECK(xtext_decode("a=", 2, back, sizeof(back)) == -1, "decode bad");
}

static void
test_ext(void)
{
	unsigned int	 i;

	for (i = 0; i < SMTP_EXT_COUNT; i++)
		CHECK(ext_keyword(1U << i) != NULL, "bit %u has no name", i);
	CHECK(ext_keyword(1U << i) == NULL && ext_keyword(0) == NULL &&
	    ext_keyword(3) == NULL, "no such bit");
	CHECK(strcmp(ext_keyword(SMTP_EXT_8BITMIME), "8BITMIME") == 0,
	    "8BITMIME");
}

int
main(void)
{
	test_rcpt();
	test_mail();
	test_cursor();
	test_xtext();
	test_ext();
	return (check_done("smtp_param"));
}
