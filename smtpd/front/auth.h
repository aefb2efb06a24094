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
 * One AUTH under way, RFC 4954 4, shared by its two files.
 */

#ifndef AUTH_H
#define AUTH_H

#include <stddef.h>
#include <stdint.h>

#include "smtpd/msg/msg_auth.h"
#include "smtpd/smtp/reply.h"
#include "smtpd/smtp/sasl.h"

struct session;

/* What the client's next message is. */
enum auth_state {
	AUTH_STATE_PLAIN,
	AUTH_STATE_NAME,	/* of LOGIN */
	AUTH_STATE_PASSWORD,
	AUTH_STATE_FIRST,	/* of SCRAM */
	AUTH_STATE_FINAL,
	AUTH_STATE_LAST		/* nothing more: RFC 5802 5, "v=" was said */
};

/* What is to be said when the turn ends. */
enum auth_say {
	AUTH_SAY_NOTHING,	/* policy was asked, or the client is */
	AUTH_SAY_CHALLENGE,	/* 334 with text */
	AUTH_SAY_REPLY		/* and it is over */
};

struct auth {
	enum sasl_mech	 mech;
	enum auth_state	 state;
	enum auth_say	 say;
	enum reply	 reply;
	uint8_t		 last;		/* 421 behind reply */
	uint8_t		 counted;	/* by policy, as an error */
	uint64_t	 due;		/* clock_mono: not before; 0: at once */
	char		 challenge[SASL_FIRST_MAX + 1];
	char		 name[SASL_NAME_MAX + 1];
	/* of SCRAM */
	char		 header[SASL_SCRAM_MAX + 1];	/* gs2-header */
	char		 bare[SASL_SCRAM_MAX + 1];
	char		 nonce[SASL_NONCE_MAX + 1];	/* both */
};

/* Say this, when the turn ends. */
void	 auth_reply(struct session *, enum reply);
void	 auth_challenge(struct session *, const char *text);

/* Ask policy; wipes the question.  Goes on in auth_scram_answer or ends. */
void	 auth_ask(struct session *, struct auth_question *);

/*
 * auth_scram.c: the client's messages, decoded, and what came back on them.
 */
void	 auth_scram_first(struct session *, const char *, size_t);
void	 auth_scram_final(struct session *, const char *, size_t);
void	 auth_scram_answer(struct session *, const struct auth_answer *);

#endif
