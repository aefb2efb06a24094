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
 * The dialogue of an SMTP or LMTP client as a machine: octets of the server
 * in, octets for the server out, no socket in sight.  RFC 5321, RFC 2033,
 * with RFC 2920 (pipelining), 1870 (size), 6152 (8BITMIME), 6531 (SMTPUTF8),
 * 3461 (DSN), 3207 (STARTTLS), 4954 (AUTH).
 *
 * The server is taken for hostile: nothing that it says makes the machine
 * use more memory, wait for more replies than were asked for, or count a
 * recipient as delivered without a 2yz at the end of data.
 */

#ifndef TALK_H
#define TALK_H

#include <stddef.h>
#include <stdint.h>

#include "smtpd/smtp/address.h"
#include "smtpd/smtp/dot.h"
#include "smtpd/smtp/nexthop.h"
#include "smtpd/smtp/param.h"
#include "smtpd/smtp/response.h"

#define TALK_OUT_SIZE		4096
#define TALK_SECRET_MAX	255

/* What became of a recipient. */
enum talk_outcome {
	TALK_OPEN,		/* not known yet */
	TALK_OK,
	TALK_LATER,		/* 4yz, or the connection was lost */
	TALK_NEVER,		/* 5yz */
	TALK_OUTCOME_COUNT
};

struct talk_rcpt {
	struct address	 rcpt;
	uint8_t		 notify;	/* NOTIFY_*, 0: not given */
	char		 orcpt[PARAM_ORCPT_MAX + 1];	/* or "" */
	/* the answer */
	enum talk_outcome outcome;
	unsigned int	 code;		/* of the server; 0: ours */
	char		 enhanced[REPLY_ENHANCED_SIZE];
	char		 text[RESPONSE_TEXT_MAX + 1];
	/* the machine's */
	uint8_t		 skip;		/* was never sent */
	uint8_t		 accepted;	/* 2yz to RCPT */
};

/* One message.  The machine keeps a pointer to it until it is over. */
struct talk_tx {
	struct address	 sender;
	uint64_t	 size;		/* octets of the text */
	uint8_t		 eight;		/* was declared 8BITMIME, and is */
	uint8_t		 utf8;		/* was declared SMTPUTF8 */
	uint8_t		 utf8_head;	/* and its header is not ASCII */
	enum mail_ret	 ret;
	char		 envid[PARAM_ENVID_MAX + 1];	/* xtext, or "" */
	size_t		 nrcpts;
	struct talk_rcpt *rcpts;
	uint8_t		 dsn;		/* answer: NOTIFY was passed on */
};

struct talk_conf {
	const char	*helo;		/* our name */
	enum nexthop_tls tls;
	int		 lmtp;
	int		 secure;	/* TLS runs already */
	int		 plain;		/* STARTTLS failed here before */
	const char	*user;		/* NULL: no AUTH */
	const char	*secret;
};

/* What the owner of the connection is to do next. */
enum talk_event {
	TALK_WAIT,		/* send what is to send, wait for input */
	TALK_STARTTLS,	/* do the handshake, then talk_secured */
	TALK_READY,		/* a message may begin */
	TALK_TEXT,		/* send the text by talk_text */
	TALK_DONE,		/* of the message: outcomes are known; the next
				   may begin */
	TALK_ENDED		/* close; outcomes are known */
};

/* Why a connection ended before its message did. */
enum talk_fault {
	TALK_FINE,
	TALK_REFUSED,		/* greeting, EHLO: this server does not want */
	TALK_UNWANTED,	/* 521, 556: never will, RFC 7504 */
	TALK_NO_TLS,		/* is required and cannot be had */
	TALK_NO_AUTH,		/* the same; also when it is refused */
	TALK_LOOP,		/* the server has our own name */
	TALK_NONSENSE,	/* not the protocol */
	TALK_LOST		/* closed, timed out, 421 */
};

enum talk_state {
	TALK_IN_GREETING,
	TALK_IN_EHLO,
	TALK_IN_HELO,
	TALK_IN_STARTTLS,
	TALK_IN_HANDSHAKE,
	TALK_IN_AUTH,
	TALK_IN_IDLE,		/* ready, or done */
	TALK_IN_GROUP,	/* MAIL, RCPT, DATA */
	TALK_IN_TEXT,
	TALK_IN_FINAL,
	TALK_IN_QUIT,
	TALK_IN_END
};

struct talk {
	struct talk_conf conf;
	enum talk_state state;
	enum talk_fault fault;
	char		 why[RESPONSE_TEXT_MAX + 64];	/* of the fault */
	unsigned int	 ext;		/* SMTP_EXT_* offered */
	unsigned int	 auth;		/* mechanisms offered */
	uint64_t	 max_size;	/* 0: no limit known */
	uint32_t	 max_rcpts;	/* RFC 9422; 0: not said */
	unsigned int	 step;		/* of AUTH */
	unsigned int	 nlines;	/* of this reply */
	int		 dirty;		/* RSET before the next MAIL */
	int		 data_ok;	/* 354 was said */
	int		 mail_ok;
	int		 utf8;		/* MAIL says SMTPUTF8 */
	struct talk_tx *tx;
	size_t		 sent, heard;	/* commands of the group */
	size_t		 stop;		/* that many at most */
	size_t		 naccepted;
	size_t		 final;		/* LMTP: next recipient to hear of */
	int		 ended;		/* the dot was sent */
	struct dot_writer dot;
	struct response	 reply;
	char		 out[TALK_OUT_SIZE];
	size_t		 outlen, outpos;
};

/* Before the first octet; conf's strings must stay. */
void	 talk_init(struct talk *, const struct talk_conf *);

/*
 * What the server said.  *used is how much of it was read: call again with
 * the rest as long as TALK_WAIT comes with octets left.  In any other
 * event the rest belongs to what follows; behind STARTTLS it must not be
 * there.
 */
enum talk_event
	 talk_read(struct talk *, const char *in, size_t len,
	    size_t *used);

/* What is to be sent; len 0 when nothing is.  talk_sent says what went. */
const char *talk_out(struct talk *, size_t *len);
void	 talk_sent(struct talk *, size_t);

/* The handshake succeeded: EHLO is said again. */
void	 talk_secured(struct talk *);

/*
 * Begin a message, after READY or DONE, for its recipients without outcome.
 * DONE at once when the server cannot take it for any of them, else WAIT.
 * When recipients are still open after DONE, because the server takes so
 * many and no more, begin again: each time one at least gets its outcome.
 */
enum talk_event
	 talk_begin(struct talk *, struct talk_tx *);

/*
 * The next part of the text, made fit for the wire: out holds
 * DOT_STUFF_MAX(len).  -1 when the text may not be sent: close the
 * connection, talk_lost gives the outcomes.
 */
int	 talk_text(struct talk *, const char *in, size_t len,
	    char *out, size_t *outlen);

/* All of the text was sent; what ends it is in out.  -1 as above. */
int	 talk_text_end(struct talk *);

/* Say QUIT; ENDED comes when the server has answered. */
void	 talk_quit(struct talk *);

/*
 * The connection is gone, or will be closed: every recipient without an
 * outcome gets LATER and why, with the fault unless one stands already.
 */
void	 talk_lost(struct talk *, enum talk_fault,
	    const char *why);

/*
 * May the same message be tried at another host now?  Not when its end was
 * sent and no reply came, for then it may have been taken.
 */
int	 talk_may_repeat(const struct talk *);

/* Give each recipient without one this outcome.  text is cleaned. */
void	 talk_settle(struct talk_tx *, enum talk_outcome,
	    unsigned int code, const char *enhanced, const char *text);

#endif
