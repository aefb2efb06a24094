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
 * One transaction, MAIL to the final reply of DATA: RFC 5321 3.3.
 * What a client may say next follows from this object alone.
 */

#ifndef TX_H
#define TX_H

#include <bsd/sys/queue.h>

#include <stddef.h>
#include <stdint.h>

#include "smtpd/front/hops.h"
#include "smtpd/msg/msg_session.h"
#include "smtpd/smtp/address.h"
#include "smtpd/smtp/dot.h"
#include "smtpd/smtp/param.h"
#include "smtpd/smtp/reply.h"

struct session;

#define TX_RCPTS_MAX	100000	/* whatever policy says */
#define TX_HOPS_MAX	100	/* Received headers: RFC 5321 6.3 */

/* An accepted recipient; the strings follow it in memory. */
struct tx_rcpt {
	TAILQ_ENTRY(tx_rcpt)	 entry;
	enum route_kind		 route;
	uint8_t			 notify;	/* NOTIFY_* */
	const char		*local, *domain;	/* as stored */
	const char		*directory, *via, *url;
	const char		*orcpt;
};

struct submission;	/* submission.h */
struct opening;		/* a DATA that queue was asked for: front_data.c */
struct rcpt;		/* a RCPT that owes its reply: front_rcpt.c */

TAILQ_HEAD(tx_rcpts, tx_rcpt);
TAILQ_HEAD(tx_asked, rcpt);

enum tx_stage {
	TX_RCPTS,		/* recipients are being named */
	TX_TEXT,		/* 354 was said */
	TX_COMMIT		/* asked for: from now on it is queue's */
};

struct tx {
	enum tx_stage		 stage;
	uint32_t		 policy;	/* generation that took MAIL */
	uint32_t		 queue;		/* generation that opened it */
	struct address		 sender;
	struct mail_params	 params;
	uint32_t		 extensions;	/* SMTP_EXT_* for RCPT */
	uint64_t		 max_size;	/* octets; 0 is no limit */

	struct tx_asked		 asked;		/* in the order of replies */
	unsigned int		 nasked;
	struct tx_rcpts		 rcpts;
	unsigned int		 nrcpts;	/* in rcpts */
	unsigned int		 ndiscarded;	/* accepted to be dropped */
	struct address		 given;		/* the first, as written */

	struct opening		*opening;	/* DATA in flight, or NULL */
	uint64_t		 id;		/* at queue; 0: none there */
	uint64_t		 number;	/* the same, to be shown */
	int			 fd;		/* of its text, or -1 */
	uint64_t		 size;		/* octets of text */
	uint64_t		 written;	/* and with our header */
	enum reply		 refused;	/* REPLY_NONE: text is stored */
	struct dot_reader	 dot;
	struct hops		 hops;
	struct submission	*submission;	/* or NULL: not of ours */
};

/* A transaction for the session, which has none; NULL without memory. */
struct tx *tx_new(struct session *, const struct address *sender,
	    const struct mail_params *);

/*
 * The only way out, also when there is none: forgets questions, gives up
 * an unfinished message, tells policy.
 */
void	 tx_reset(struct session *);

/* No more text is written; -1 when some may not have reached the file. */
int	 tx_close(struct tx *);

/* What was written of a message goes; the transaction stays. */
void	 tx_drop(struct tx *);

/* Pack what policy said about a recipient; NULL without memory. */
struct tx_rcpt *tx_rcpt_new(const struct rcpt_answer *, uint8_t notify,
	    const char *orcpt);

/* Accept it (NULL: it is to be dropped); given is what the client wrote. */
void	 tx_rcpt_add(struct tx *, struct tx_rcpt *,
	    const struct address *given);

/* Recipients that were answered 250, twins aside. */
unsigned int tx_accepted(const struct tx *);

/* RCPTs that still owe a reply; 0 for NULL. */
unsigned int tx_asked(const struct tx *);

#endif
