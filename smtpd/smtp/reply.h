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
 * Every reply that the server gives, and how replies are written.
 * RFC 5321 4.2, enhanced codes of RFC 3463 and RFC 5248.
 */

#ifndef REPLY_H
#define REPLY_H

#include <stddef.h>

#define REPLY_LINE_MAX		512	/* RFC 5321 4.5.3.1.5, with CRLF */
#define REPLY_LINE_SIZE		(REPLY_LINE_MAX + 1)
#define REPLY_LINES_MAX		8	/* of one text by an administrator */
#define REPLY_SIZE		(REPLY_LINES_MAX * REPLY_LINE_MAX + 1)
#define REPLY_ENHANCED_SIZE	10	/* "5.999.999" */

enum reply {
	REPLY_NONE,		/* nothing to say now */

	REPLY_OK,		/* 250 2.0.0 */
	REPLY_QUIT,		/* 221 2.0.0 */
	REPLY_HELP,		/* 214 2.0.0 */
	REPLY_STARTTLS,		/* 220 2.0.0 */
	REPLY_STARTTLS_TEMPFAIL, /* 454 4.7.0 */
	REPLY_NEED_TLS,		/* 530 5.7.0 */

	REPLY_AUTH_OK,		/* 235 2.7.0 */
	REPLY_AUTH_NO,		/* 535 5.7.8 */
	REPLY_AUTH_TEMPFAIL,	/* 454 4.7.0 */
	REPLY_AUTH_REQUIRED,	/* 530 5.7.0 */
	REPLY_AUTH_NEED_TLS,	/* 538 5.7.11 */
	REPLY_AUTH_MECHANISM,	/* 504 5.5.4 */
	REPLY_AUTH_SYNTAX,	/* 501 5.5.2 */
	REPLY_AUTH_CANCELLED,	/* 501 5.7.0 */
	REPLY_AUTH_TOO_LONG,	/* 500 5.5.6 */

	REPLY_MAIL_OK,		/* 250 2.1.0 */
	REPLY_MAIL_BAD_SENDER,	/* 501 5.1.7 */
	REPLY_MAIL_BAD_SYNTAX,	/* 501 5.5.2 no FROM:<...> */
	REPLY_MAIL_NESTED,	/* 503 5.5.1 */
	REPLY_MAIL_DENIED,	/* 550 5.7.1 */
	REPLY_MAIL_OWNER,	/* 553 5.7.1 */

	REPLY_RCPT_OK,		/* 250 2.1.5 */
	REPLY_RCPT_UNKNOWN,	/* 550 5.1.1 */
	REPLY_RCPT_DISABLED,	/* 550 5.2.1 */
	REPLY_RCPT_DEFERRED,	/* 450 4.2.1 */
	REPLY_RCPT_QUOTA,	/* 452 4.2.2 */
	REPLY_RCPT_SENDERS,	/* 550 5.7.2 */
	REPLY_RCPT_RELAY,	/* 550 5.7.1 */
	REPLY_RCPT_TEMPFAIL,	/* 451 4.4.3 */
	REPLY_RCPT_CONFIG,	/* 451 4.3.0 */
	REPLY_RCPT_TOO_MANY,	/* 452 4.5.3 */
	REPLY_RCPT_THROTTLE,	/* 451 4.7.1 */
	REPLY_RCPT_HARVEST,	/* 450 4.7.1 */
	REPLY_RCPT_GREYLIST,	/* 450 4.7.1 */
	REPLY_RCPT_BAD_PATH,	/* 501 5.1.3 */
	REPLY_RCPT_BAD_SYNTAX,	/* 501 5.5.2 no TO:<...> */

	REPLY_PARAM_UNKNOWN,	/* 555 5.5.4 */
	REPLY_PARAM_SYNTAX,	/* 501 5.5.4 */
	REPLY_SIZE_TOO_BIG,	/* 552 5.3.4 */

	REPLY_DATA,		/* 354 */
	REPLY_DATA_OK,		/* 250 2.0.0 */
	REPLY_DATA_BAD,		/* 554 5.6.0 NUL, bare CR, bare LF */
	REPLY_DATA_TOO_BIG,	/* 552 5.3.4 */
	REPLY_DATA_LOOP,	/* 554 5.4.6 too many Received */
	REPLY_NO_VALID_RCPT,	/* 503 5.5.1 */
	REPLY_SPOOL_FULL,	/* 452 4.3.1 */
	REPLY_TEMPFAIL,		/* 451 4.3.0 */

	REPLY_VRFY_NO,		/* 252 2.5.2 not allowed */
	REPLY_VRFY_NONE,	/* 550 5.1.1 */
	REPLY_VRFY_MORE,	/* 252 2.1.5 there are more */
	REPLY_VRFY_TEMPFAIL,	/* 451 4.4.3 */

	REPLY_HELO_BAD,		/* 501 5.5.2 argument missing */
	REPLY_BAD_SEQUENCE,	/* 503 5.5.1 */
	REPLY_BAD_COMMAND,	/* 500 5.5.2 */
	REPLY_NOT_IMPLEMENTED,	/* 502 5.5.1 */
	REPLY_BAD_ARGUMENT,	/* 501 5.5.4 */
	REPLY_LINE_TOO_LONG,	/* 500 5.5.2 */
	REPLY_BAD_OCTETS,	/* 500 5.5.2 and close */

	/* after these the connection is closed */
	REPLY_TIMEOUT,		/* 421 4.4.2 */
	REPLY_DURATION,		/* 421 4.4.2 */
	REPLY_SHUTDOWN,		/* 421 4.3.2 */
	REPLY_TOO_MANY_SESSIONS,	/* 421 4.7.0 */
	REPLY_TOO_MANY_CLIENT,	/* 421 4.7.0 of this client */
	REPLY_TOO_MANY_ERRORS,	/* 421 4.7.0 */
	REPLY_BANNED,		/* 421 4.7.0 harvest memory */
	REPLY_SYNC,		/* 421 4.5.0 input behind STARTTLS, AUTH */
	REPLY_EARLY_TALKER,	/* 554 5.5.0 */
	REPLY_NOT_SMTP,		/* 554 5.5.0 */
	REPLY_NOT_BALANCER,	/* 554 5.7.1 */
	REPLY_PROXY_BAD,	/* 554 5.5.0 */

	REPLY_COUNT
};

struct reply_entry {
	unsigned int	 code;
	const char	*enhanced;	/* "" for 3yz, which have none */
	const char	*text;
};

/* The words of a reply; must not be REPLY_NONE. */
const struct reply_entry *reply_get(enum reply);

/*
 * Write one line with its CRLF, terminated; REPLY_LINE_SIZE suffices.
 * detail, when not NULL, follows the text behind ": ".  It may be anything
 * and is cleaned as in reply_lines.  Returns the length, or -1 when it
 * does not fit.
 */
int	 reply_format(enum reply, const char *detail, char *buf, size_t size);

#define REPLY_UTF8	0x01	/* the transaction has SMTPUTF8 */
#define REPLY_MORE	0x02	/* more lines follow: "250-" */

/*
 * Write one line of any reply, terminated: the greeting, EHLO, VRFY, EXPN.
 * enhanced is "" for none.  What is longer than REPLY_LINE_MAX is cut, and
 * octets that are not printable (without REPLY_UTF8 also the non-ASCII
 * ones) become '?'.  Returns the length, or -1 when it does not fit, when
 * code is not 200 to 559, or when the class of enhanced is not that of code
 * or it is no enhanced code.
 */
int	 reply_line(unsigned int code, const char *enhanced, const char *text,
	    size_t len, unsigned int flags, char *buf, size_t size);

/*
 * The same for a text with LF (or CRLF) in it: one line for each, at most
 * REPLY_LINES_MAX, the rest is dropped; REPLY_SIZE always suffices.
 */
int	 reply_lines(unsigned int code, const char *enhanced, const char *text,
	    size_t len, unsigned int flags, char *buf, size_t size);

/*
 * Split a script's text "450 4.7.1 words": *code, enhanced and the offset
 * of the words.  Without an enhanced code of the class of the code it is
 * x.7.1; a text that does not begin with 4yz or 5yz is 550 5.7.1 as a
 * whole.
 */
size_t	 reply_split(const char *text, size_t len, unsigned int *code,
	    char enhanced[REPLY_ENHANCED_SIZE]);

#endif
