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
 * Front and queue: a message from DATA to its commit.
 *
 * ASK for a descriptor, write the text to it, NOTE each recipient, ASK for
 * the commit.  250 may be said only when the commit was answered TX_OK.
 */

#ifndef MSG_TX_H
#define MSG_TX_H

#include <stdint.h>

#include "smtpd/msg/msg_session.h"
#include "smtpd/smtp/address.h"

struct rbuf;
struct wbuf;

/* How the queue answers. */
enum tx_status {
	TX_OK,
	TX_FULL,		/* no room on the disk: 452 4.3.1 */
	TX_TEMPFAIL,		/* 451 4.3.0 */
	TX_STATUS_COUNT
};

/* Message ids are printed as 16 lower-case hex digits. */
#define TX_ID_SIZE	17

/* MSG_QUEUE_DATA_ANSWER: with a descriptor when TX_OK. */
struct data_answer {
	enum tx_status	 status;
	uint64_t	 id;		/* of the message, never used before */
};

/* MSG_FRONT_ENVELOPE_NOTE: one recipient. */
struct envelope_note {
	uint64_t	 id;
	struct address	 rcpt;		/* as stored */
	enum route_kind	 route;
	uint8_t		 notify;	/* bits of smtp/param.h */
	char		 directory[SESSION_DIRECTORY_MAX + 1];
	char		 via[ADDRESS_STR_SIZE];
	char		 url[SESSION_ROUTE_MAX + 1];
	char		 orcpt[SESSION_ORCPT_MAX + 1];	/* addr-type;xtext */
};

#define TX_RET_FULL	1		/* RFC 3461 4.3; 0: not given */
#define TX_RET_HDRS	2

/* MSG_FRONT_COMMIT_ASK: all recipients have been noted. */
struct commit_ask {
	uint64_t	 id;
	uint64_t	 size;		/* octets written to the descriptor */
	uint32_t	 rcpts;		/* noted: a lost one must show */
	struct address	 sender;	/* null for <> */
	uint8_t		 smtputf8;
	uint8_t		 body8;		/* BODY=8BITMIME */
	uint8_t		 ret;		/* TX_RET_* */
	char		 envid[SESSION_ENVID_MAX + 1];
};

/* MSG_QUEUE_COMMIT_ANSWER */
struct commit_answer {
	enum tx_status	 status;
};

void	 msg_put_data_answer(struct wbuf *, const struct data_answer *);
int	 msg_get_data_answer(struct rbuf *, struct data_answer *);
void	 msg_put_envelope(struct wbuf *, const struct envelope_note *);
int	 msg_get_envelope(struct rbuf *, struct envelope_note *);
void	 msg_put_commit_ask(struct wbuf *, const struct commit_ask *);
int	 msg_get_commit_ask(struct rbuf *, struct commit_ask *);
void	 msg_put_commit_answer(struct wbuf *, const struct commit_answer *);
int	 msg_get_commit_answer(struct rbuf *, struct commit_answer *);

/* MSG_FRONT_DATA_ASK carries the session's number (msg_put_session_id),
 * MSG_FRONT_ABORT_NOTE the message's id in the same form. */

#endif
