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
 * Greylisting: lookup remembers who has come before, policy asks.
 */

#ifndef MSG_GREYLIST_H
#define MSG_GREYLIST_H

#include <stddef.h>
#include <stdint.h>

#include "smtpd/base/network.h"
#include "smtpd/smtp/address.h"

struct rbuf;
struct wbuf;

#define GREYLIST_KEY_MAX	512	/* octets of a cursor */

/*
 * MSG_POLICY_GREYLIST_ASK: may this mail come now?  Answered with
 * MSG_LOOKUP_VALUE_ANSWER: the ms that it has to wait, 0 when it may.
 */
struct greylist_ask {
	uint8_t		 dry;		/* only say what would be */
	struct network	 network;	/* of the client; not none */
	char		 sender[ADDRESS_STR_SIZE];	/* folded, "" for <> */
	char		 rcpt[ADDRESS_STR_SIZE];	/* folded, not "" */
};

enum greylist_what {
	GREYLIST_SHOW,
	GREYLIST_PASS,		/* let that network in from now on */
	GREYLIST_FORGET,	/* all of that network, or of all */
	GREYLIST_WHAT_COUNT
};

/* A record to go on behind; len 0 is the start, and the end. */
struct greylist_cursor {
	uint16_t	 len;
	uint8_t		 key[GREYLIST_KEY_MAX];
};

/* MSG_CONTROL_GREYLIST_ASK */
struct greylist_list_ask {
	enum greylist_what what;
	struct network	 network;	/* family 0: all; not for PASS */
	struct greylist_cursor after;
};

/* MSG_LOOKUP_GREYLIST_ANSWER, and rows behind it. */
struct greylist_list_answer {
	uint8_t		 failed;	/* the state could not be changed */
	uint32_t	 changed;
	struct greylist_cursor next;	/* len 0: there are no more */
};

void	 msg_put_greylist_ask(struct wbuf *, const struct greylist_ask *);
int	 msg_get_greylist_ask(struct rbuf *, struct greylist_ask *);
void	 msg_put_greylist_list(struct wbuf *,
	    const struct greylist_list_ask *);
int	 msg_get_greylist_list(struct rbuf *, struct greylist_list_ask *);
void	 msg_put_greylist_answer(struct wbuf *,
	    const struct greylist_list_answer *);
int	 msg_get_greylist_answer(struct rbuf *,
	    struct greylist_list_answer *);

#endif
