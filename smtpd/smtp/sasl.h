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
 * What clients say inside AUTH, RFC 4954: the messages of PLAIN (RFC 4616)
 * and of SCRAM (RFC 5802), decoded from their base64.  Input is hostile.
 */

#ifndef SASL_H
#define SASL_H

#include <stddef.h>
#include <stdint.h>

#include "smtpd/smtp/scram.h"

#define SASL_LINE_MAX		12288	/* RFC 4954 4: octets without CRLF */
#define SASL_NAME_MAX		255
#define SASL_PASSWORD_MAX	511	/* crypt(3) takes no more */
#define SASL_SCRAM_MAX		1024	/* of one message of a client */
#define SASL_NONCE_MAX		255	/* of both sides together */
#define SASL_FIRST_MAX		512	/* of the server's first message */
#define SASL_MESSAGE_MAX	2600	/* of AuthMessage: all three */

enum sasl_mech {
	SASL_PLAIN,
	SASL_LOGIN,
	SASL_SCRAM_SHA_256,
	SASL_MECH_COUNT
};

#define SASL_BIT(mech)	(1U << (mech))
#define SASL_ALL	(SASL_BIT(SASL_MECH_COUNT) - 1)
#define SASL_LIST_SIZE	32	/* of all names */

const char *sasl_name(enum sasl_mech);

/* In any case; SASL_MECH_COUNT for one that is not ours. */
enum sasl_mech sasl_find(const char *text, size_t len);

/* "PLAIN LOGIN", any blanks between: bits, or -1 when one is unknown. */
int	 sasl_parse_list(const char *text);
const char *sasl_format_list(unsigned int bits, char buf[SASL_LIST_SIZE]);

/*
 * May it be the name of somebody, or a password?  UTF-8 without controls,
 * not empty, and not longer than max.
 */
int	 sasl_is_text(const char *text, size_t len, size_t max);

struct sasl_plain {
	char	 authzid[SASL_NAME_MAX + 1];	/* "" mostly */
	char	 name[SASL_NAME_MAX + 1];
	char	 password[SASL_PASSWORD_MAX + 1];
};

/* [authzid] NUL name NUL password: 0, or -1 when it is not that. */
int	 sasl_plain(const char *text, size_t len, struct sasl_plain *);

/* The client's first message; pointers go into it. */
struct sasl_first {
	char		 authzid[SASL_NAME_MAX + 1];
	char		 name[SASL_NAME_MAX + 1];
	const char	*header;	/* gs2-header, with both commas */
	size_t		 headerlen;
	const char	*bare;		/* client-first-message-bare */
	size_t		 barelen;
	const char	*nonce;
	size_t		 noncelen;
};

/* 0, or -1; channel binding is not offered, so it is an error. */
int	 sasl_first(const char *text, size_t len, struct sasl_first *);

/* The client's last message. */
struct sasl_final {
	size_t		 baselen;	/* of the message without its proof */
	const char	*binding;	/* of "c=", base64 */
	size_t		 bindinglen;
	const char	*nonce;
	size_t		 noncelen;
	uint8_t		 proof[SCRAM_SIZE];
};

int	 sasl_final(const char *text, size_t len, struct sasl_final *);

#endif
