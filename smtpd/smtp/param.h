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
 * ESMTP parameters of MAIL and RCPT: RFC 5321 4.1.2 "esmtp-param".
 * The cursor only goes forward; nothing is read twice.
 */

#ifndef PARAM_H
#define PARAM_H

#include <stddef.h>
#include <stdint.h>

#define PARAM_ENVID_MAX		100	/* RFC 3461 4.4 */
#define PARAM_ORCPT_MAX		500	/* RFC 3461 4.2 */
#define PARAM_AUTH_MAX		500	/* RFC 4954 5 */

/* Bits of NOTIFY=, RFC 3461 4.1; 0 is not given. */
#define NOTIFY_NEVER		0x01
#define NOTIFY_SUCCESS		0x02
#define NOTIFY_FAILURE		0x04
#define NOTIFY_DELAY		0x08
#define NOTIFY_ALL		0x0f

enum param_error {
	PARAM_OK,
	PARAM_UNKNOWN,		/* or not offered: 555 5.5.4 */
	PARAM_SYNTAX,		/* or given twice: 501 5.5.4 */
	PARAM_TOO_BIG		/* SIZE is no 64-bit number: 552 5.3.4 */
};

/* One parameter; the pointers lead into the text that is read. */
struct param {
	const char	*key;
	size_t		 keylen;
	const char	*value;		/* NULL: there was no '=' */
	size_t		 valuelen;	/* never 0 when there was */
};

struct param_cursor {
	const char	*p;
	const char	*end;
};

enum param_step {
	PARAM_END,		/* nothing is left */
	PARAM_NEXT,		/* one was read */
	PARAM_BAD		/* malformed; the cursor stays there */
};

enum mail_body {
	MAIL_BODY_NONE,		/* not given */
	MAIL_BODY_7BIT,
	MAIL_BODY_8BITMIME,
	MAIL_BODY_COUNT
};

enum mail_ret {
	MAIL_RET_NONE,		/* not given */
	MAIL_RET_FULL,
	MAIL_RET_HDRS,
	MAIL_RET_COUNT
};

struct mail_params {
	uint64_t	 size;		/* octets, valid with has_size */
	int		 has_size;
	int		 smtputf8;
	enum mail_body	 body;
	enum mail_ret	 ret;
	char		 envid[PARAM_ENVID_MAX + 1];	/* xtext, "" none */
	char		 auth[PARAM_AUTH_MAX + 1];	/* xtext or "<>" */
};

struct rcpt_params {
	uint8_t		 notify;			/* NOTIFY_* */
	char		 orcpt[PARAM_ORCPT_MAX + 1];	/* type;xtext, "" */
};

/*
 * text is what stands behind the '>' of the path: nothing, or SP and the
 * parameters with SP between them.  Blanks at the end do not matter.
 */
void	 param_init(struct param_cursor *, const char *text, size_t len);
enum param_step
	 param_next(struct param_cursor *, struct param *);

/* Is the keyword key, in any case? */
int	 param_is(const struct param *, const char *key);

/*
 * Read all parameters of MAIL or RCPT; offered is a set of SMTP_EXT_*.
 * The first that is wrong decides the error.  *out is filled in full on
 * PARAM_OK and else worth nothing.  SIZE is any 64-bit number: the limit is
 * the caller's.  For RCPT, SMTP_EXT_SMTPUTF8 admits UTF-8 in
 * "ORCPT=utf-8;..." (RFC 6533 3).
 */
enum param_error
	 params_mail(const char *text, size_t len, unsigned int offered,
	    struct mail_params *out);
enum param_error
	 params_rcpt(const char *text, size_t len, unsigned int offered,
	    struct rcpt_params *out);

#endif
