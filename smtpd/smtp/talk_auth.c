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
 * AUTH of a client: PLAIN (RFC 4616) and LOGIN, over TLS only.
 */

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "smtpd/smtp/base64.h"
#include "smtpd/smtp/ext.h"
#include "smtpd/smtp/talk.h"
#include "smtpd/smtp/talk_part.h"

#define AUTH_PLAIN	0x1
#define AUTH_LOGIN	0x2

/* "authorization NUL user NUL secret" in base64, and its terminator */
#define AUTH_RAW_MAX	(NEXTHOP_USER_MAX + TALK_SECRET_MAX + 2)
#define AUTH_B64_SIZE	(BASE64_LEN(AUTH_RAW_MAX) + 1)

unsigned int
auth_offered(const char *words)
{
	unsigned int	 set = 0;
	size_t		 n;

	for (; *words != '\0'; words += n + strspn(words + n, " =")) {
		n = strcspn(words, " =");
		if (n == 5 && strncasecmp(words, "PLAIN", 5) == 0)
			set |= AUTH_PLAIN;
		else if (n == 5 && strncasecmp(words, "LOGIN", 5) == 0)
			set |= AUTH_LOGIN;
		if (n == 0 && strspn(words, " =") == 0)
			break;
	}
	return (set);
}

static enum talk_event
say_base64(struct talk *t, const char *verb, const void *raw, size_t len)
{
	char	 b64[AUTH_B64_SIZE], line[AUTH_B64_SIZE + 16];
	int	 n;

	if (base64_encode(raw, len, b64, sizeof(b64)) == -1)
		return (talk_end(t, TALK_NO_AUTH, "the secret is too long"));
	n = snprintf(line, sizeof(line), "%s%s", verb, b64);
	if (n < 0 || (size_t)n >= sizeof(line) || talk_say(t, line,
	    (size_t)n) == -1)
		return (talk_end(t, TALK_NO_AUTH, "the secret is too long"));
	return (TALK_WAIT);
}

enum talk_event
auth_begin(struct talk *t)
{
	unsigned char	 raw[AUTH_RAW_MAX];
	size_t		 ulen = strlen(t->conf.user);
	size_t		 slen = strlen(t->conf.secret);

	if (!t->conf.secure)
		return (talk_end(t, TALK_NO_AUTH,
		    "no TLS: the secret is not sent in clear"));
	t->state = TALK_IN_AUTH;
	t->step = 1;
	if (t->auth & AUTH_PLAIN && ulen + slen + 2 <= sizeof(raw)) {
		t->step = 3;
		raw[0] = '\0';
		memcpy(raw + 1, t->conf.user, ulen);
		raw[1 + ulen] = '\0';
		memcpy(raw + 2 + ulen, t->conf.secret, slen);
		return (say_base64(t, "AUTH PLAIN ", raw, ulen + slen + 2));
	}
	if (!(t->auth & AUTH_LOGIN))
		return (talk_end(t, TALK_NO_AUTH,
		    "the server offers neither AUTH PLAIN nor LOGIN"));
	(void)talk_say(t, "AUTH LOGIN", 10);
	return (TALK_WAIT);
}

/* step: 1 the user is asked for, 2 the secret, 3 it is the last reply. */
enum talk_event
auth_step(struct talk *t)
{
	const char	*answer;

	if (t->step == 3)
		return (t->reply.code / 100 == 2 ? TALK_READY : TALK_ENDED);
	if (t->reply.code != 334)
		return (TALK_ENDED);
	answer = t->step++ == 1 ? t->conf.user : t->conf.secret;
	if (strlen(answer) > AUTH_RAW_MAX)
		return (talk_end(t, TALK_NO_AUTH, "the secret is too long"));
	return (say_base64(t, "", answer, strlen(answer)));
}
