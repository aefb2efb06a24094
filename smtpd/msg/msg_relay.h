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
 * Queue and relay: one message to one next hop, for some of its recipients;
 * and what the relay process is told at its start.
 */

#ifndef MSG_RELAY_H
#define MSG_RELAY_H

#include <stdint.h>

#include "smtpd/msg/msg_conf.h"
#include "smtpd/msg/msg_tx.h"
#include "smtpd/smtp/nexthop.h"
#include "smtpd/smtp/param.h"
#include "smtpd/smtp/reply.h"

struct rbuf;
struct wbuf;

#define RELAY_RCPTS_MAX		100	/* RFC 5321 4.5.3.1.8 */
#define RELAY_TEXT_MAX		255
#define RELAY_MTA_MAX		255

/*
 * How long an answer may take: a job ends by itself before that.  ms, for a
 * text of so many octets.
 */
#define RELAY_JOB_MS(length)	(1500000 + (length) / 20)
#define RELAY_WAIT_MS(length)	(RELAY_JOB_MS(length) + 60000)

struct relay_rcpt {
	struct address	 rcpt;
	uint8_t		 notify;
	char		 orcpt[SESSION_ORCPT_MAX + 1];
};

/*
 * MSG_QUEUE_RELAY_ASK, with the file that holds the text, open for reading
 * only.  The text is length octets from offset on.
 */
struct relay_ask {
	uint64_t	 id;		/* of the message */
	uint64_t	 offset, length;
	char		 nexthop[NEXTHOP_STR_SIZE];
	struct address	 sender;
	uint8_t		 smtputf8, body8, ret;
	char		 envid[SESSION_ENVID_MAX + 1];
	uint32_t	 nrcpts;	/* 1 to RELAY_RCPTS_MAX */
	struct relay_rcpt *rcpts;	/* from the heap */
};

enum relay_outcome {
	RELAY_OK,
	RELAY_LATER,
	RELAY_NEVER,
	RELAY_OUTCOME_COUNT
};

struct relay_result {
	enum relay_outcome outcome;
	uint16_t	 code;		/* of the server, or 0 */
	char		 enhanced[REPLY_ENHANCED_SIZE];
	char		 text[RELAY_TEXT_MAX + 1];
};

/* MSG_RELAY_DONE_ANSWER: a result for each recipient, in order. */
struct relay_answer {
	uint8_t		 down;		/* no server could be talked to */
	uint8_t		 dsn;		/* NOTIFY was passed on */
	char		 mta[RELAY_MTA_MAX + 1];	/* who said it, or "" */
	uint32_t	 nrcpts;
	struct relay_result *results;	/* from the heap */
};

#define RELAY_SECRETS_MAX	32
#define RELAY_SECRET_MAX	255
#define RELAY_RESOLVER_MAX	255

/* PROC_RELAY */
struct relay_conf {
	char		 hostname[CONF_HOST_MAX + 1];
	char		 resolver[RELAY_RESOLVER_MAX + 1]; /* "192.0.2.1:53",
					several with commas; "": the system's */
	size_t		 nown;
	struct {			/* where this server listens */
		struct ip	 ip;
		uint16_t	 port;
	} own[CONF_LISTENERS_MAX];
	size_t		 nsecrets;
	struct relay_secret {
		char	 where[NEXTHOP_USER_MAX + NEXTHOP_HOST_MAX + 2];
		char	 secret[RELAY_SECRET_MAX + 1];	/* of user@host */
	} secrets[RELAY_SECRETS_MAX];
};

void	 msg_put_relay_conf(struct wbuf *, const struct relay_conf *);
int	 msg_get_relay_conf(struct rbuf *, struct relay_conf *);

/* The pointers in what was got are to be freed; after -1 there are none. */
void	 msg_put_relay_ask(struct wbuf *, const struct relay_ask *);
int	 msg_get_relay_ask(struct rbuf *, struct relay_ask *);
void	 msg_put_relay_answer(struct wbuf *, const struct relay_answer *);
int	 msg_get_relay_answer(struct rbuf *, struct relay_answer *);

#endif
