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
 * Unit test of the client's dialogue: scripts of what the server says (S:)
 * and what the client must say (C:), however what comes is cut; '!' is the
 * event that must come, '=' the outcomes at the end.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/smtp/ext.h"
#include "smtpd/smtp/talk.h"

#define RCPTS	3

static const char *const	 events[] = { "wait", "starttls", "ready",
    "text", "done", "ended" };
static const char	 outcomes[] = "?ok5";

static struct talk		 talk;
static struct talk_tx		 tx;
static struct talk_rcpt		 rcpts[RCPTS];
static const char		*script;
static size_t			 step;

static void
fresh(const struct talk_conf *conf, size_t n, const char *text)
{
	size_t	 i;

	script = text;
	talk_init(&talk, conf);
	memset(&tx, 0, sizeof(tx));
	memset(rcpts, 0, sizeof(rcpts));
	tx.rcpts = rcpts;
	tx.nrcpts = n;
	tx.size = 6;
	(void)snprintf(tx.sender.local, sizeof(tx.sender.local), "from");
	(void)snprintf(tx.sender.domain, sizeof(tx.sender.domain), "a.test");
	for (i = 0; i < n; i++) {
		(void)snprintf(rcpts[i].rcpt.local,
		    sizeof(rcpts[i].rcpt.local), "r%zu", i);
		(void)snprintf(rcpts[i].rcpt.domain,
		    sizeof(rcpts[i].rcpt.domain), "b.test");
	}
}

/* What the client says now must begin with line and its CRLF. */
static void
expect_said(const char *line, size_t len)
{
	const char	*out;
	char		 said[2048] = "";
	size_t		 n, have = 0;

	/* takes one octet at a time */
	while (have < len + 2 && have < sizeof(said) - 1) {
		out = talk_out(&talk, &n);
		if (n == 0)
			break;
		said[have++] = *out;
		talk_sent(&talk, 1);
	}
	said[have] = '\0';
	CHECK(have == len + 2 && memcmp(said, line, len) == 0 &&
	    memcmp(said + len, "\r\n", 2) == 0, "[%s] wants C:%.*s, has %s",
	    script, (int)len, line, said);
}

static enum talk_event
server_says(const char *text, size_t len)
{
	enum talk_event	 e = TALK_WAIT;
	char		*piece;
	size_t		 n, used, at;

	for (at = 0; at < len && e == TALK_WAIT; at += used) {
		n = step < len - at ? step : len - at;
		if ((piece = malloc(n)) == NULL)
			abort();
		memcpy(piece, text + at, n);
		e = talk_read(&talk, piece, n, &used);
		free(piece);
		CHECK(used <= n && (used > 0 || e == TALK_ENDED),
		    "[%s] used %zu of %zu", script, used, n);
		if (used == 0)
			break;
	}
	return (e);
}

static void
expect_outcomes(const char *want, size_t len)
{
	size_t	 i;

	for (i = 0; i < len; i++)
		CHECK(outcomes[rcpts[i].outcome] == want[i],
		    "[%s] recipient %zu is %c, wants %c", script, i,
		    outcomes[rcpts[i].outcome], want[i]);
}

/* Send "hello." with a dot in front. */
static void
send_text(void)
{
	char	 out[64];
	size_t	 n;

	CHECK(talk_text(&talk, ".hi\r\n", 5, out, &n) == 0 && n == 6 &&
	    memcmp(out, "..hi\r\n", 6) == 0, "[%s] text", script);
	CHECK(talk_text_end(&talk) == 0, "[%s] end of text", script);
}

static void
play(void)
{
	enum talk_event	 e = TALK_WAIT;
	const char	*p, *eol;
	char		 line[2048];
	size_t		 len;
	int		 n;

	for (p = script; *p != '\0'; p = eol + (*eol == '\n')) {
		eol = p + strcspn(p, "\n");
		len = (size_t)(eol - p) - 1;
		switch (*p) {
		case 'S':
			n = snprintf(line, sizeof(line), "%.*s\r\n",
			    (int)len, p + 1);
			e = server_says(line, (size_t)n);
			break;
		case 'C':
			expect_said(p + 1, len);
			break;
		case '!':
			CHECK(strlen(events[e]) == len &&
			    strncmp(events[e], p + 1, len) == 0,
			    "[%s] is %s, wants %.*s", script, events[e],
			    (int)len, p + 1);
			break;
		case '=':
			expect_outcomes(p + 1, len);
			break;
		case 'B':
			e = talk_begin(&talk, &tx);
			break;
		case 'T':
			send_text();
			break;
		case 'X':
			talk_secured(&talk);
			break;
		case 'L':
			talk_lost(&talk, TALK_LOST, "lost");
			break;
		default:
			abort();
		}
	}
}

static const char	 hello[] = "S220 mx.test hi\nCEHLO us.test\n";

#define PIPE	"S250-mx.test\nS250-PIPELINING\nS250-SIZE 100\n" \
		"S250-8BITMIME\nS250-DSN\nS250-SMTPUTF8\nS250 HELP\n!ready\n"
#define OLD	"S250 mx.test\n!ready\n"
#define MAIL	"CMAIL FROM:<from@a.test>\n"
#define PMAIL	"CMAIL FROM:<from@a.test> SIZE=6\n"
#define R(i)	"CRCPT TO:<r" #i "@b.test>\n"

static const struct {
	size_t		 nrcpts;
	int		 lmtp;
	const char	*script;
} scripts[] = {
	/* one after the other */
	{ 2, 0, OLD "B\n" MAIL "S250 ok\n" R(0) "S250 ok\n" R(1)
	    "S550 5.1.1 no\nCDATA\nS354 go\n!text\nT\nC.\nS250 taken\n"
	    "!done\n=o5\n" },
	/* nobody accepted: no DATA, and RSET before the next */
	{ 1, 0, OLD "B\n" MAIL "S250 ok\n" R(0) "S450 later\n!done\n=k\n" },
	{ 1, 0, OLD "B\n" MAIL "S550 no\n!done\n=5\n" },
	{ 1, 0, OLD "B\n" MAIL "S451 no\n!done\n=k\n" },
	{ 1, 0, OLD "B\n" MAIL "S354 what\n!ended\n=k\n" },
	{ 1, 0, OLD "B\n" MAIL "S250 ok\n" R(0) "S250 ok\nCDATA\n"
	    "S250 what\n!ended\n=k\n" },
	{ 1, 0, OLD "B\n" MAIL "S250 ok\n" R(0) "S250 ok\nCDATA\n"
	    "S554 no\n!done\n=5\n" },
	{ 1, 0, OLD "B\n" MAIL "S250 ok\n" R(0) "S250 ok\nCDATA\nS354 go\n"
	    "T\nC.\nS354 what\n!ended\n=k\n" },
	{ 1, 0, OLD "B\n" MAIL "S250 ok\n" R(0) "S250 ok\nCDATA\nS354 go\n"
	    "T\nC.\nS552 5.2.2 full\n!done\n=5\n" },
	{ 1, 0, OLD "B\n" MAIL "S250 ok\n" R(0) "S250 ok\nCDATA\nS354 go\n"
	    "T\nC.\nL\n=k\n" },
	{ 1, 0, OLD "B\n" MAIL "S250 ok\n" R(0) "S421 bye\n!ended\n=k\n" },
	{ 1, 0, OLD "S250 hello?\n!ended\n" },
	/* as one group */
	{ 3, 0, PIPE "B\n" PMAIL R(0) R(1) R(2) "CDATA\nS250 ok\nS250 ok\n"
	    "S450 4.2.1 later\nS550 5.1.1 no\nS354 go\n!text\nT\nC.\n"
	    "S250 taken\n!done\n=ok5\n" },
	{ 1, 0, PIPE "B\n" PMAIL R(0) "CDATA\nS250 ok\nS550 no\nS354 go\n"
	    "C.\nS250 taken\n!done\n=5\n" },
	{ 1, 0, PIPE "B\n" PMAIL R(0) "CDATA\nS250 ok\nS550 no\nS554 no\n"
	    "!done\n=5\n" },
	{ 2, 0, PIPE "B\n" PMAIL R(0) R(1) "CDATA\nS452 no\nS503 no\n"
	    "S503 no\nS503 no\n!done\n=kk\n" },
	{ 1, 0, PIPE "B\n" PMAIL R(0) "CDATA\nS250 a\nS250 b\nS250 c\n"
	    "!ended\n=k\n" },
	/* RFC 5321 4.5.3.1.10 */
	{ 2, 0, PIPE "B\n" PMAIL R(0) R(1) "CDATA\nS250 a\nS250 b\n"
	    "S452 4.5.3 enough\nS354 c\nT\nC.\nS250 d\n!done\n=o?\nB\n"
	    PMAIL R(1) "CDATA\nS250 a\nS250 b\nS354 c\nT\nC.\nS250 d\n"
	    "!done\n=oo\n" },
	{ 1, 0, PIPE "B\n" PMAIL R(0) "CDATA\nS250 a\nS552 enough\nS554 c\n"
	    "!done\n=k\n" },
	/* a limit that was announced */
	{ 3, 0, "S250-mx.test\nS250 LIMITS MAILMAX=9 RCPTMAX=2\n!ready\n"
	    "B\n" MAIL "S250 a\n" R(0) "S250 b\n" R(1) "S250 b\nCDATA\n"
	    "S354 c\nT\nC.\nS250 d\n!done\n=oo?\nB\n" MAIL "S250 a\n" R(2)
	    "S250 b\nCDATA\nS554 d\n!done\n=oo5\n" },
	/* the next message of the same connection */
	{ 1, 0, OLD "B\n" MAIL "S250 ok\n" R(0) "S450 later\n!done\n=k\n"
	    "B\n!done\n" },
	/* LMTP has a reply for each that was accepted */
	{ 3, 1, PIPE "B\n" PMAIL R(0) R(1) R(2) "CDATA\nS250 ok\nS250 ok\n"
	    "S550 5.1.1 no\nS250 ok\nS354 go\n!text\nT\nC.\nS250 taken\n"
	    "!wait\nS452 4.2.2 full\n!done\n=o5k\n" },
	{ 2, 1, PIPE "B\n" PMAIL R(0) R(1) "CDATA\nS250 ok\nS250 ok\n"
	    "S250 ok\nS354 go\n!text\nT\nC.\nS250 taken\n!wait\nL\n=ok\n" },
	{ 1, 1, PIPE "B\n" PMAIL R(0) "CDATA\nS250 ok\nS550 ok\nS354 go\n"
	    "!ended\n=5\n" },
};

static void
test_scripts(void)
{
	struct talk_conf	 conf = { .helo = "us.test" };
	char			 text[4096];
	size_t			 i;

	for (i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++)
		for (step = 1; step < 40; step++) {
			conf.lmtp = scripts[i].lmtp;
			(void)snprintf(text, sizeof(text), "%s%s",
			    conf.lmtp ? "S220 x\nCLHLO us.test\n" : hello,
			    scripts[i].script);
			fresh(&conf, scripts[i].nrcpts, text);
			play();
		}
}

static const struct {
	enum nexthop_tls tls;
	int		 secure, plain, user;
	enum talk_fault	 fault;
	const char	*script;
} sessions[] = {
	{ 0, 0, 0, 0, TALK_REFUSED, "S554 go away\n!ended\n=k\n" },
	{ 0, 0, 0, 0, TALK_REFUSED, "S421 busy\n!ended\n=k\n" },
	{ 0, 0, 0, 0, TALK_UNWANTED, "S521 no mail\n!ended\n" },
	{ 0, 0, 0, 0, TALK_REFUSED, "S354 what\n!ended\n" },
	{ 0, 0, 0, 0, TALK_NONSENSE, "SSSH-2.0-x\n!ended\n" },
	{ 0, 0, 0, 0, TALK_LOOP, "S220 us.test hi\n!ended\n" },
	{ 0, 0, 0, 0, TALK_LOOP, "S220 x\nCEHLO us.test\nS250-US.test\n"
	    "!ended\n" },
	{ 0, 0, 0, 0, TALK_FINE, "S220 us.test.example\nCEHLO us.test\n"
	    "S500 what\nCHELO us.test\nS250 x\n!ready\n" },
	{ 0, 0, 0, 0, TALK_REFUSED, "S220 x\nCEHLO us.test\nS451 no\n"
	    "!ended\n" },
	{ 0, 0, 0, 0, TALK_FINE, "S220 x\nCEHLO us.test\nS250-x\n"
	    "S250 STARTTLS\nCSTARTTLS\nS220 go\n!starttls\nX\n"
	    "CEHLO us.test\nS250 x\n!ready\n" },
	{ 0, 0, 0, 0, TALK_FINE, "S220 x\nCEHLO us.test\nS250-x\n"
	    "S250 STARTTLS\nCSTARTTLS\nS454 no\n!ready\n" },
	{ 0, 0, 1, 0, TALK_FINE, "S220 x\nCEHLO us.test\nS250-x\n"
	    "S250 STARTTLS\n!ready\n" },
	{ NEXTHOP_TLS_NEVER, 0, 0, 0, TALK_FINE, "S220 x\nCEHLO us.test\n"
	    "S250-x\nS250 STARTTLS\n!ready\n" },
	{ NEXTHOP_TLS_REQUIRE, 0, 0, 0, TALK_NO_TLS, "S220 x\n"
	    "CEHLO us.test\nS250-x\nS250 STARTTLS\nCSTARTTLS\nS454 no\n"
	    "!ended\n=k\n" },
	{ NEXTHOP_TLS_REQUIRE, 0, 0, 0, TALK_NO_TLS, "S220 x\n"
	    "CEHLO us.test\nS250 x\n!ended\n" },
	{ NEXTHOP_TLS_VERIFY, 0, 0, 0, TALK_NO_TLS, "S220 x\n"
	    "CEHLO us.test\nS500 what\nCHELO us.test\nS250 x\n!ended\n" },
	{ 0, 0, 0, 1, TALK_NO_AUTH, "S220 x\nCEHLO us.test\nS250-x\n"
	    "S250 AUTH PLAIN\n!ended\n" },
	{ 0, 1, 0, 1, TALK_NO_AUTH, "S220 x\nCEHLO us.test\nS250 x\n"
	    "!ended\n" },
	{ 0, 1, 0, 1, TALK_FINE, "S220 x\nCEHLO us.test\nS250-x\n"
	    "S250 AUTH=LOGIN  PLAIN\nCAUTH PLAIN AHUAcGFzcw==\nS235 ok\n"
	    "!ready\n" },
	{ 0, 1, 0, 1, TALK_NO_AUTH, "S220 x\nCEHLO us.test\nS250-x\n"
	    "S250 AUTH PLAIN\nCAUTH PLAIN AHUAcGFzcw==\nS535 no\n!ended\n" },
	{ 0, 1, 0, 1, TALK_FINE, "S220 x\nCEHLO us.test\nS250-x\n"
	    "S250 AUTH LOGIN\nCAUTH LOGIN\nS334 x\nCdQ==\nS334 x\n"
	    "CcGFzcw==\nS235 ok\n!ready\n" },
	{ 0, 1, 0, 1, TALK_NO_AUTH, "S220 x\nCEHLO us.test\nS250-x\n"
	    "S250 AUTH LOGIN\nCAUTH LOGIN\nS235 ok\n!ended\n" },
};

static void
test_sessions(void)
{
	struct talk_conf	 conf = { .helo = "us.test" };
	size_t			 i;

	for (i = 0; i < sizeof(sessions) / sizeof(sessions[0]); i++)
		for (step = 1; step < 30; step++) {
			conf.tls = sessions[i].tls;
			conf.secure = sessions[i].secure;
			conf.plain = sessions[i].plain;
			conf.user = sessions[i].user ? "u" : NULL;
			conf.secret = "pass";
			fresh(&conf, 1, sessions[i].script);
			talk.tx = &tx;
			play();
			CHECK(talk.fault == sessions[i].fault, "[%s] fault %d",
			    script, talk.fault);
		}
}

/* Parameters, and what a server that lacks them does not get. */
static void
test_parameters(void)
{
	struct talk_conf	 conf = { .helo = "us.test" };
	char			 text[1024];

	step = 1000;
	(void)snprintf(text, sizeof(text), "%s%s", hello, PIPE "B\n"
	    "CMAIL FROM:<from@a.test> SIZE=6 BODY=8BITMIME RET=HDRS "
	    "ENVID=e+2Bx\nCRCPT TO:<r0@b.test> NOTIFY=SUCCESS,DELAY "
	    "ORCPT=rfc822;x@y\nCDATA\n");
	fresh(&conf, 1, text);
	tx.eight = 1;
	tx.ret = MAIL_RET_HDRS;
	memcpy(tx.envid, "e+2Bx", 6);
	rcpts[0].notify = NOTIFY_SUCCESS | NOTIFY_DELAY;
	memcpy(rcpts[0].orcpt, "rfc822;x@y", 11);
	play();
	CHECK(tx.dsn, "DSN was passed on");

	(void)snprintf(text, sizeof(text), "%s%s", hello, OLD "B\n" MAIL);
	fresh(&conf, 1, text);
	memcpy(tx.envid, "e", 2);
	rcpts[0].notify = NOTIFY_NEVER;
	play();
	CHECK(!tx.dsn, "DSN was not passed on");

	/* nothing in an envelope becomes a parameter or a line */
	(void)snprintf(text, sizeof(text), "%s%s", hello, PIPE "B\n" PMAIL
	    R(0) "CDATA\n");
	fresh(&conf, 1, text);
	memcpy(tx.envid, "e\r\nQUIT", 8);
	memcpy(rcpts[0].orcpt, "rfc822;x NOTIFY=NEVER", 22);
	play();
	/* RFC 6531 3.4: also when only a recipient is beyond ASCII */
	(void)snprintf(text, sizeof(text), "%s%s", hello, PIPE "B\nCMAIL "
	    "FROM:<from@a.test> SIZE=6 SMTPUTF8\nCRCPT TO:<\xc3\xbc@b.test>"
	    "\nCDATA\n");
	fresh(&conf, 1, text);
	memcpy(rcpts[0].rcpt.local, "\xc3\xbc", 3);
	play();
}

static void
test_refusals(void)
{
	struct talk_conf	 conf = { .helo = "us.test" };
	char			 text[1024];
	char			 out[64];
	size_t			 n;

	step = 1000;
	(void)snprintf(text, sizeof(text), "%s%s", hello, OLD "B\n!done\n"
	    "=5\n");
	fresh(&conf, 1, text);
	tx.eight = 1;
	play();
	CHECK(strcmp(rcpts[0].enhanced, "5.6.3") == 0, "8BITMIME: %s",
	    rcpts[0].enhanced);
	fresh(&conf, 1, text);
	memcpy(rcpts[0].rcpt.local, "\xc3\xbc", 3);
	play();
	CHECK(strcmp(rcpts[0].enhanced, "5.6.7") == 0, "SMTPUTF8: %s",
	    rcpts[0].enhanced);
	fresh(&conf, 1, text);
	memcpy(rcpts[0].rcpt.local, "a\rb", 4);
	play();
	CHECK(strcmp(rcpts[0].enhanced, "5.1.3") == 0, "address: %s",
	    rcpts[0].enhanced);
	(void)snprintf(text, sizeof(text), "%s%s", hello, PIPE "B\n!done\n"
	    "=5\n");
	fresh(&conf, 1, text);
	tx.size = 101;
	play();
	CHECK(strcmp(rcpts[0].enhanced, "5.3.4") == 0, "SIZE: %s",
	    rcpts[0].enhanced);

	/* a text that would be another one behind the wire */
	(void)snprintf(text, sizeof(text), "%s%s", hello, PIPE "B\n" PMAIL
	    R(0) "CDATA\nS250 a\nS250 b\nS354 c\n!text\n");
	fresh(&conf, 1, text);
	play();
	CHECK(talk_text(&talk, "a\n.\r\n", 5, out, &n) == -1, "bare LF");
	talk_lost(&talk, TALK_LOST, "x");
	CHECK(rcpts[0].outcome == TALK_NEVER && talk_may_repeat(&talk),
	    "bare LF is final");
}

static void
test_repeat(void)
{
	struct talk_conf	 conf = { .helo = "us.test" };
	char			 text[1024];

	step = 1000;
	(void)snprintf(text, sizeof(text), "%s%s", hello, PIPE "B\n" PMAIL
	    R(0) "CDATA\nS250 a\nS250 b\nS354 c\n!text\n");
	fresh(&conf, 1, text);
	play();
	CHECK(talk_may_repeat(&talk), "before the end of text");
	script = "T\nL\n=k\n";
	play();
	CHECK(!talk_may_repeat(&talk), "behind the end of text");
	fresh(&conf, 1, text);
	play();
	script = "T\nC.\nS421 4.3.2 bye\n!ended\n=k\n";
	play();
	CHECK(talk_may_repeat(&talk), "421 is an answer");
	fresh(&conf, 1, text);
	play();
	script = "S552 5.3.4 enough\n!ended\n=5\n";
	play();
}

/* A thousand recipients through 4 KiB. */
static void
test_many(void)
{
	struct talk_conf	 conf = { .helo = "us.test" };
	struct talk_rcpt	*many;
	size_t			 i, n, total = 0;
	char			 text[512];

	step = 1000;
	(void)snprintf(text, sizeof(text), "%s%s", hello, PIPE);
	fresh(&conf, 1, text);
	play();
	if ((many = calloc(1000, sizeof(*many))) == NULL)
		abort();
	for (i = 0; i < 1000; i++)
		many[i].rcpt = rcpts[0].rcpt;
	tx.rcpts = many;
	tx.nrcpts = 1000;
	CHECK(talk_begin(&talk, &tx) == TALK_WAIT, "begin");
	while (talk_out(&talk, &n), n != 0) {
		CHECK(n <= TALK_OUT_SIZE, "%zu", n);
		total += n;
		talk_sent(&talk, n);
	}
	CHECK(total == 32 + 1000 * 21 + 6, "%zu octets", total);
	for (i = 0; i < 1001; i++)
		CHECK(server_says("250 ok\r\n", 8) == TALK_WAIT, "reply %zu",
		    i);
	CHECK(server_says("354 ok\r\n", 8) == TALK_TEXT, "354");
	free(many);
}

int
main(void)
{
	test_scripts();
	test_sessions();
	test_parameters();
	test_refusals();
	test_repeat();
	test_many();
	return (check_done("smtp_talk"));
}
