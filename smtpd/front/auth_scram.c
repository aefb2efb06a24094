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
 * The server's side of SCRAM-SHA-256, RFC 5802 3: the dialogue.  The keys
 * are lookup's, and stay there.
 */

#include <sys/types.h>
#include <bsd/stdlib.h>
#include <bsd/string.h>

#include <stdio.h>
#include <string.h>

#include "smtpd/front/auth.h"
#include "smtpd/front/session.h"
#include "smtpd/smtp/base64.h"

#define NONCE_RAW	18		/* octets of ours, before base64 */

/* The client's nonce and ours; -1 when the client's is too long. */
static int
scram_nonce(struct auth *a, const char *nonce, size_t len)
{
	unsigned char	 raw[NONCE_RAW];
	size_t		 ours = BASE64_LEN(sizeof(raw));

	if (len + ours > SASL_NONCE_MAX)
		return (-1);
	memcpy(a->nonce, nonce, len);
	arc4random_buf(raw, sizeof(raw));
	return (base64_encode(raw, sizeof(raw), a->nonce + len,
	    sizeof(a->nonce) - len) == -1 ? -1 : 0);
}

void
auth_scram_first(struct session *s, const char *text, size_t len)
{
	struct auth		*a = s->auth;
	struct auth_question	 q;
	struct sasl_first	 f;

	if (sasl_first(text, len, &f) == -1 ||
	    scram_nonce(a, f.nonce, f.noncelen) == -1) {
		auth_reply(s, REPLY_AUTH_SYNTAX);
		return;
	}
	/* nobody acts for somebody else here */
	if (f.authzid[0] != '\0' && strcmp(f.authzid, f.name) != 0) {
		auth_reply(s, REPLY_AUTH_NO);
		return;
	}
	memcpy(a->header, f.header, f.headerlen);
	memcpy(a->bare, f.bare, f.barelen);
	(void)strlcpy(a->name, f.name, sizeof(a->name));
	memset(&q, 0, sizeof(q));
	q.step = AUTH_SALT;
	auth_ask(s, &q);
}

/* Is it the gs2-header, and are the nonces ours? */
static int
scram_goes_on(const struct auth *a, const struct sasl_final *f)
{
	char	 header[BASE64_LEN(SASL_SCRAM_MAX) + 1];
	int	 n;

	n = base64_encode(a->header, strlen(a->header), header,
	    sizeof(header));
	return (n >= 0 && f->bindinglen == (size_t)n &&
	    memcmp(f->binding, header, (size_t)n) == 0 &&
	    f->noncelen == strlen(a->nonce) &&
	    memcmp(f->nonce, a->nonce, f->noncelen) == 0);
}

void
auth_scram_final(struct session *s, const char *text, size_t len)
{
	struct auth		*a = s->auth;
	struct auth_question	 q;
	struct sasl_final	 f;

	if (sasl_final(text, len, &f) == -1 || !scram_goes_on(a, &f)) {
		auth_reply(s, REPLY_AUTH_SYNTAX);
		return;
	}
	memset(&q, 0, sizeof(q));
	q.step = AUTH_PROOF;
	/* AuthMessage: the server's first one is still in challenge */
	(void)snprintf(q.message, sizeof(q.message), "%s,%s,%.*s", a->bare,
	    a->challenge, (int)f.baselen, text);
	memcpy(q.proof, f.proof, sizeof(q.proof));
	auth_ask(s, &q);
}

void
auth_scram_answer(struct session *s, const struct auth_answer *ans)
{
	struct auth	*a = s->auth;
	char		 text[BASE64_LEN(SCRAM_SALT_MAX) + 1];
	char		 line[SASL_FIRST_MAX + 1];

	if (a->state == AUTH_STATE_FIRST) {
		(void)base64_encode(ans->scram.salt, ans->scram.saltlen,
		    text, sizeof(text));
		(void)snprintf(line, sizeof(line), "r=%s,s=%s,i=%u",
		    a->nonce, text, ans->scram.iterations);
		a->state = AUTH_STATE_FINAL;
	} else {
		(void)base64_encode(ans->scram.signature, SCRAM_SIZE, text,
		    sizeof(text));
		(void)snprintf(line, sizeof(line), "v=%s", text);
		a->state = AUTH_STATE_LAST;
	}
	auth_challenge(s, line);
}
