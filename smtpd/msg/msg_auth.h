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
 * Who a client is: from front over policy and lookup to the process that
 * hashes passwords, and back.  All that carries a password is wiped.
 */

#ifndef MSG_AUTH_H
#define MSG_AUTH_H

#include <stddef.h>
#include <stdint.h>

#include "smtpd/msg/msg_resolve.h"
#include "smtpd/msg/msg_session.h"
#include "smtpd/smtp/sasl.h"

struct rbuf;
struct wbuf;

#define AUTH_SECRET_MAX		511	/* of secret= in a directory */

enum auth_step {
	AUTH_PASSWORD,		/* is this the password? */
	AUTH_SALT,		/* SCRAM: with what is it salted? */
	AUTH_PROOF,		/* SCRAM: does the client know it? */
	AUTH_STEP_COUNT
};

/* The question itself; strings are "" where the step has none. */
struct auth_question {
	enum auth_step	 step;
	char		 name[SASL_NAME_MAX + 1];
	char		 password[SASL_PASSWORD_MAX + 1];
	char		 message[SASL_MESSAGE_MAX + 1];	/* AuthMessage */
	uint8_t		 proof[SCRAM_SIZE];
};

/* MSG_FRONT_AUTH_ASK */
struct auth_ask {
	uint64_t	 session;
	struct auth_question q;
};

enum auth_result {
	AUTH_OK,		/* it is; or the salt is there */
	AUTH_NO,		/* no such name, or not its password */
	AUTH_TEMPFAIL,		/* could not find out */
	AUTH_RESULT_COUNT
};

/* What a SCRAM dialogue needs of the server, by its step. */
struct auth_scram {
	uint32_t	 iterations;		/* AUTH_SALT, else 0 */
	size_t		 saltlen;
	uint8_t		 salt[SCRAM_SALT_MAX];
	uint8_t		 signature[SCRAM_SIZE];	/* AUTH_PROOF, else zeros */
};

/* MSG_POLICY_AUTH_ANSWER */
struct auth_answer {
	enum auth_result result;
	uint32_t	 wait;		/* ms before the reply */
	uint8_t		 last;		/* 421 follows: too many errors */
	uint8_t		 error;		/* counted as an error */
	struct auth_scram scram;
};

/* MSG_POLICY_LOGIN_ASK */
struct login_ask {
	char		 directory[SESSION_DIRECTORY_MAX + 1];
	struct auth_question q;
};

/* MSG_LOOKUP_LOGIN_ANSWER */
struct login_answer {
	enum auth_result result;
	struct auth_scram scram;
};

/*
 * MSG_POLICY_OWNER_ASK: does what stands behind ask.rcpt lead to the
 * account whose login is ask.login?
 */
/* MSG_LOOKUP_OWNER_ANSWER */
struct owner_answer {
	enum auth_result result;
};

/*
 * MSG_LOOKUP_HASH_ASK: is it the password of which secret is the hash?
 * With never set it takes as long, and is not.
 */
struct hash_ask {
	uint8_t		 never;
	char		 password[SASL_PASSWORD_MAX + 1];
	char		 secret[AUTH_SECRET_MAX + 1];
};

/* MSG_HASH_DONE_ANSWER: TEMPFAIL for a secret that is no hash. */
struct hash_answer {
	enum auth_result result;
};

/* As in msg_session.h; put makes the body of a question a secret. */
void	 msg_put_auth_ask(struct wbuf *, const struct auth_ask *);
int	 msg_get_auth_ask(struct rbuf *, struct auth_ask *);
void	 msg_put_auth_answer(struct wbuf *, const struct auth_answer *);
int	 msg_get_auth_answer(struct rbuf *, struct auth_answer *);
void	 msg_put_login_ask(struct wbuf *, const struct login_ask *);
int	 msg_get_login_ask(struct rbuf *, struct login_ask *);
void	 msg_put_login_answer(struct wbuf *, const struct login_answer *);
int	 msg_get_login_answer(struct rbuf *, struct login_answer *);
void	 msg_put_owner_answer(struct wbuf *, const struct owner_answer *);
int	 msg_get_owner_answer(struct rbuf *, struct owner_answer *);
void	 msg_put_hash_ask(struct wbuf *, const struct hash_ask *);
int	 msg_get_hash_ask(struct rbuf *, struct hash_ask *);
void	 msg_put_hash_answer(struct wbuf *, const struct hash_answer *);
int	 msg_get_hash_answer(struct rbuf *, struct hash_answer *);

#endif
