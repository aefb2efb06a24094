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
 * Control asks policy how it would decide about a recipient.
 */

#ifndef MSG_EXPLAIN_H
#define MSG_EXPLAIN_H

#include <stdint.h>

#include "smtpd/base/ip.h"
#include "smtpd/msg/msg_session.h"

struct rbuf;
struct wbuf;

#define EXPLAIN_PATH_MAX	1000	/* octets of a path with parameters */

/* MSG_CONTROL_EXPLAIN_ASK: the client that is played, and what it says. */
struct explain_ask {
	struct ip	 remote, local;
	uint16_t	 local_port;
	char		 listener[SESSION_LISTENER_MAX + 1];
	uint8_t		 tls;
	char		 login[SESSION_LOGIN_MAX + 1];	/* "": none */
	char		 helo[EXPLAIN_PATH_MAX + 1];
	/* behind "FROM:" and "TO:" */
	char		 from[EXPLAIN_PATH_MAX + 1];
	char		 rcpt[EXPLAIN_PATH_MAX + 1];
};

/*
 * MSG_CONTROL_WHY_ASK: the number of front's RCPT_ASK, as msg_session.h puts
 * that of a session.
 *
 * MSG_POLICY_EXPLAIN_ANSWER, to both: this, then rows of trace.h.  The last
 * is the "reply", with the very octets in "text".
 */
struct explain_head {
	int		 status;	/* of sysexits(3) */
	char		 text[128];	/* why there are no rows, or "" */
};

/*
 * MSG_CONTROL_ANSWERS_ASK: the replies to many recipients, each of a client
 * of its own who is else the same, and to whom nothing is remembered: throttles
 * are unused, stores empty, uses=N not begun, mailboxes have room.
 */
#define ANSWERS_MAX		32	/* in one question */
#define ANSWERS_TARGETS_SIZE	1024	/* of the text of targets */

struct answers_ask {
	struct explain_ask client;	/* its rcpt is "" */
	uint8_t		 n;		/* 1 or more */
	char		 rcpts[ANSWERS_MAX][EXPLAIN_PATH_MAX + 1];
};

/*
 * MSG_POLICY_ANSWERS_ANSWER: an explain_head, then a row for each, in their
 * order: "code" and "reply", its first line; "targets", where mail goes, in
 * an order that says nothing.
 */

void	 msg_put_answers_ask(struct wbuf *, const struct answers_ask *);
int	 msg_get_answers_ask(struct rbuf *, struct answers_ask *);

void	 msg_put_explain_ask(struct wbuf *, const struct explain_ask *);
int	 msg_get_explain_ask(struct rbuf *, struct explain_ask *);

/* Rows follow: the body is not read to its end. */
void	 msg_put_explain_head(struct wbuf *, const struct explain_head *);
int	 msg_get_explain_head(struct rbuf *, struct explain_head *);

#endif
