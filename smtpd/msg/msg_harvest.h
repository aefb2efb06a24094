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
 * The harvest memory, RCPT.md 4: lookup keeps it; policy draws on it; all
 * who turn clients away are told who is banned.
 */

#ifndef MSG_HARVEST_H
#define MSG_HARVEST_H

#include <stdint.h>

#include "smtpd/base/network.h"

struct rbuf;
struct wbuf;

/* MSG_POLICY_HARVEST_ASK: an error of a client in that network. */
struct harvest_ask {
	struct network	 network;
};

/* MSG_LOOKUP_HARVEST_ANSWER */
enum harvest_draw {
	HARVEST_GRANTED,		/* it was within the budget */
	HARVEST_SPENT,		/* it was not: that network is banned */
	HARVEST_DRAW_COUNT
};

/*
 * MSG_LOOKUP_BAN_NOTE to policy, MSG_POLICY_BAN_NOTE to its front.  A new
 * policy is told all bans there are, behind one that forgets all others.
 */
struct ban_note {
	struct network	 network;	/* family 0: forget all */
	uint64_t	 left;		/* ms; 0: not banned any more */
};

/*
 * MSG_CONTROL_HARVEST_ASK: a list_ask of msg_control.h.  part and after are
 * family and prefix of a network: show from this one on, both 0 at first;
 * LIST_REMOVE pardons this one, with part 0 all.
 * MSG_LOOKUP_NETWORKS_ANSWER: a list_head, then rows.
 */

void	 msg_put_harvest_ask(struct wbuf *, const struct harvest_ask *);
int	 msg_get_harvest_ask(struct rbuf *, struct harvest_ask *);
void	 msg_put_harvest_answer(struct wbuf *, enum harvest_draw);
int	 msg_get_harvest_answer(struct rbuf *, enum harvest_draw *);
void	 msg_put_ban(struct wbuf *, const struct ban_note *);
int	 msg_get_ban(struct rbuf *, struct ban_note *);

/* The same, and what it says holds from now on: base/bans.h. */
int	 msg_take_ban(struct rbuf *, struct ban_note *);

#endif
