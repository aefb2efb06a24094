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
 * Queue and deliver: one message into one mailbox.
 */

#ifndef MSG_DELIVER_H
#define MSG_DELIVER_H

#include <stdint.h>

#include "smtpd/msg/msg_resolve.h"

struct rbuf;
struct wbuf;

#define DELIVER_TEXT_MAX	255

/*
 * MSG_QUEUE_DELIVER_ASK, with the file that holds the text, open for
 * reading only.  The text is length octets from offset on.
 */
struct deliver_ask {
	uint64_t	 id;		/* of the message */
	uint32_t	 rcpt;		/* which recipient of it */
	uint32_t	 item;		/* which mailbox of that recipient */
	uint64_t	 offset, length;
	int64_t		 created;	/* when it was committed, Epoch s */
	struct address	 sender;	/* Return-Path */
	struct address	 stored;	/* X-Original-To */
	char		 directory[SESSION_DIRECTORY_MAX + 1];
	char		 account[RESOLVE_NAME_MAX + 1];
	char		 address[ADDRESS_STR_SIZE];	/* Delivered-To */
	uint64_t	 quota;		/* octets; 0 is none */
};

enum deliver_status {
	DELIVER_OK,
	DELIVER_TEMPFAIL,	/* try again */
	DELIVER_QUOTA,		/* try again: mailbox full */
	DELIVER_REFUSED,	/* never: the name is not usable as a path */
	DELIVER_STATUS_COUNT
};

/* MSG_DELIVER_DONE_ANSWER */
struct deliver_answer {
	enum deliver_status status;
	char		 text[DELIVER_TEXT_MAX + 1];	/* why, for the log */
};

void	 msg_put_deliver_ask(struct wbuf *, const struct deliver_ask *);
int	 msg_get_deliver_ask(struct rbuf *, struct deliver_ask *);
void	 msg_put_deliver_answer(struct wbuf *, const struct deliver_answer *);
int	 msg_get_deliver_answer(struct rbuf *, struct deliver_answer *);

#endif
