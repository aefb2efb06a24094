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
 * Front and policy: what a client said, and what may be answered.
 *
 * Policy keeps the state of the session, so a RCPT carries little more
 * than its address.  Answers are verdicts; the words are front's.
 */

#ifndef MSG_SESSION_H
#define MSG_SESSION_H

#include <stdint.h>

#include "smtpd/base/ip.h"
#include "smtpd/smtp/address.h"
#include "smtpd/smtp/mailcmd.h"

struct rbuf;
struct wbuf;

#define SESSION_HELO_MAX	MAILCMD_HELO_MAX
#define SESSION_LISTENER_MAX	63
#define SESSION_LOGIN_MAX	255
#define SESSION_ENVID_MAX	100	/* RFC 3461 4.4 */
#define SESSION_ORCPT_MAX	500	/* RFC 3461 4.2 */
#define SESSION_TEXT_MAX	4096	/* of a reply, may have line feeds */
#define SESSION_ROUTE_MAX	255
#define SESSION_DIRECTORY_MAX	63
#define SESSION_TLS_MAX		63	/* names of versions and ciphers */
#define SESSION_NAMES_MAX	50	/* RCPT.md 5: lines of an EXPN */

/* MSG_FRONT_SESSION_NOTE: said before the first question of a session. */
struct session_note {
	uint64_t	 session;	/* unique in this front */
	struct ip	 remote, local;
	uint16_t	 remote_port, local_port;
	char		 listener[SESSION_LISTENER_MAX + 1];
	char		 login[SESSION_LOGIN_MAX + 1];	/* "" until AUTH */
	char		 logins[SESSION_DIRECTORY_MAX + 1]; /* the listener's
						directory; "" is no AUTH */
	char		 helo[SESSION_HELO_MAX + 1];	/* "" until HELO */
	uint8_t		 tls;
	char		 tls_version[SESSION_TLS_MAX + 1]; /* "" without */
	char		 tls_cipher[SESSION_TLS_MAX + 1];
	uint32_t	 errors;	/* so far, if policy was restarted */
	uint32_t	 auth_errors;	/* the same, of AUTH */
};

/* MSG_FRONT_HELO_ASK */
struct helo_ask {
	uint64_t	 session;
	char		 helo[SESSION_HELO_MAX + 1];
	uint8_t		 esmtp;		/* EHLO */
};

/* MSG_POLICY_HELO_ANSWER */
struct helo_answer {
	uint32_t	 extensions;	/* SMTP_EXT_* bits of smtp/ext.h */
	uint32_t	 max_recipients;
	uint64_t	 max_size;	/* octets; 0 is no limit */
	uint8_t		 mechanisms;	/* SASL_BIT of smtp/sasl.h */
};

/* What became of a MAIL, RCPT, VRFY or EXPN. */
enum verdict {
	VERDICT_ACCEPT,
	VERDICT_DUPLICATE,	/* 250, is one of the recipients already */
	VERDICT_DISCARD,	/* 250, and dropped */
	VERDICT_UNKNOWN,	/* 550 5.1.1 */
	VERDICT_DISABLED,	/* 550 5.2.1, text of the directory */
	VERDICT_DEFERRED,	/* 450 4.2.1, text of the directory */
	VERDICT_QUOTA,		/* 452 4.2.2 */
	VERDICT_SENDERS,	/* 550 5.7.2 */
	VERDICT_RELAY,		/* 550 5.7.1, not local and not relayed */
	VERDICT_TOO_MANY,	/* 452 4.5.3 */
	VERDICT_TEMPFAIL,	/* 451 4.4.3, could not find out */
	VERDICT_CONFIG,		/* 451 4.3.0, a fault of the settings */
	VERDICT_THROTTLED,	/* 451 4.7.1 */
	VERDICT_HARVEST,	/* 450 4.7.1 */
	VERDICT_GREYLIST,	/* 450 4.7.1, text says for how long */
	VERDICT_TEXT,		/* a script's reply, text begins with code */
	VERDICT_SIZE,		/* 552 5.3.4 */
	VERDICT_DENIED,		/* 550 5.7.1 for MAIL; 252 2.5.2 for VRFY */
	VERDICT_MORE,		/* 252 2.1.5: there are more names */
	VERDICT_SEQUENCE,	/* 503 5.5.1: policy knows of no MAIL */
	VERDICT_AUTH,		/* 530 5.7.0: a login is required */
	VERDICT_OWNER,		/* 553 5.7.1: the sender is not the login's */
	VERDICT_COUNT
};

/* MSG_FRONT_MAIL_ASK */
struct mail_ask {
	uint64_t	 session;
	struct address	 sender;	/* null for <> */
	uint64_t	 size;		/* of SIZE=, or 0 */
	uint8_t		 smtputf8;
	char		 envid[SESSION_ENVID_MAX + 1];	/* xtext, or "" */
};

/* MSG_POLICY_MAIL_ANSWER */
struct mail_answer {
	enum verdict	 verdict;
	uint32_t	 extensions;	/* SMTP_EXT_* offered to RCPT */
	uint64_t	 max_size;	/* of this message; 0 is no limit */
	struct address	 sender;	/* after rewriting */
	char		 text[SESSION_TEXT_MAX + 1];
};

/* MSG_FRONT_RCPT_ASK */
struct rcpt_ask {
	uint64_t	 session;
	struct address	 rcpt;		/* domain "" for bare postmaster */
	uint8_t		 notify;	/* bits of smtp/param.h, 0: not given */
	char		 orcpt[SESSION_ORCPT_MAX + 1];	/* as sent, or "" */
};

/* Where an accepted recipient goes; part of the stored envelope. */
enum route_kind {
	ROUTE_LOCAL,		/* the directory says where */
	ROUTE_RELAY,		/* onward */
	ROUTE_COUNT
};

/* MSG_POLICY_RCPT_ANSWER */
struct rcpt_answer {
	enum verdict	 verdict;
	uint32_t	 wait;		/* ms before the reply */
	uint8_t		 last;		/* 421 4.7.0 follows: too many errors */
	uint8_t		 error;		/* counted as a recipient error */
	char		 text[SESSION_TEXT_MAX + 1];
	/*
	 * The rest when accepted.  Where the client gave no ORCPT, front
	 * makes it, "rfc822;" and xtext, of the address in its own RCPT_ASK:
	 * stored may be another one (RCPT.md 1, steps 6 and 7; postmaster).
	 */
	struct address	 stored;	/* after script and rewriting */
	uint8_t		 resent;	/* the message has another sender: */
	struct address	 sender;
	enum route_kind	 route;
	char		 directory[SESSION_DIRECTORY_MAX + 1];
	char		 via[ADDRESS_STR_SIZE];	/* key that existed, or "" */
	char		 url[SESSION_ROUTE_MAX + 1];	/* ROUTE_RELAY, or "" */
};

/* MSG_FRONT_VRFY_ASK */
struct vrfy_ask {
	uint64_t	 session;
	uint8_t		 expand;	/* EXPN */
	char		 arg[ADDRESS_STR_SIZE];
};

/* MSG_POLICY_VRFY_ANSWER: ACCEPT or MORE with names, or a refusal. */
struct vrfy_answer {
	enum verdict	 verdict;
	uint16_t	 n;
	char		 names[SESSION_NAMES_MAX][ADDRESS_STR_SIZE];
};

/*
 * Put writes, get reads to the end and returns 0, or -1 for anything that
 * put would not have written.
 */
void	 msg_put_session(struct wbuf *, const struct session_note *);
int	 msg_get_session(struct rbuf *, struct session_note *);
void	 msg_put_helo_ask(struct wbuf *, const struct helo_ask *);
int	 msg_get_helo_ask(struct rbuf *, struct helo_ask *);
void	 msg_put_helo_answer(struct wbuf *, const struct helo_answer *);
int	 msg_get_helo_answer(struct rbuf *, struct helo_answer *);
void	 msg_put_mail_ask(struct wbuf *, const struct mail_ask *);
int	 msg_get_mail_ask(struct rbuf *, struct mail_ask *);
void	 msg_put_mail_answer(struct wbuf *, const struct mail_answer *);
int	 msg_get_mail_answer(struct rbuf *, struct mail_answer *);
void	 msg_put_rcpt_ask(struct wbuf *, const struct rcpt_ask *);
int	 msg_get_rcpt_ask(struct rbuf *, struct rcpt_ask *);
void	 msg_put_rcpt_answer(struct wbuf *, const struct rcpt_answer *);
int	 msg_get_rcpt_answer(struct rbuf *, struct rcpt_answer *);
void	 msg_put_vrfy_ask(struct wbuf *, const struct vrfy_ask *);
int	 msg_get_vrfy_ask(struct rbuf *, struct vrfy_ask *);
void	 msg_put_vrfy_answer(struct wbuf *, const struct vrfy_answer *);
int	 msg_get_vrfy_answer(struct rbuf *, struct vrfy_answer *);

/* MSG_FRONT_RESET_NOTE and MSG_FRONT_END_NOTE: the session's number. */
void	 msg_put_session_id(struct wbuf *, uint64_t);
int	 msg_get_session_id(struct rbuf *, uint64_t *);

#endif
