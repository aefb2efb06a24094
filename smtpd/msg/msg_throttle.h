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
 * Throttles: how often something may come.  A bucket has room for as many
 * as its rate allows, and they flow out evenly over its time.
 */

#ifndef MSG_THROTTLE_H
#define MSG_THROTTLE_H

#include <stdint.h>

#include "smtpd/msg/msg_conf.h"

#define THROTTLE_DIGEST	32		/* octets: SHA-256 of a key */

/* One more for a bucket. */
struct throttle_take {
	uint64_t	 id;		/* of the throttle */
	uint8_t		 key[THROTTLE_DIGEST];
	struct rate_conf rate;
};

/* MSG_POLICY_THROTTLE_ASK: for all of them or for none. */
struct throttle_ask {
	uint8_t		 dry;		/* only say what would be */
	uint8_t		 n;
	struct throttle_take takes[CONF_THROTTLES_MAX];
};

enum throttle_status {
	THROTTLE_TAKEN,
	THROTTLE_FULL,		/* one has no room: none has taken it */
	THROTTLE_BROKEN,	/* cannot be known, and none has */
	THROTTLE_STATUS_COUNT
};

/* MSG_LOOKUP_THROTTLE_ANSWER */
struct throttle_answer {
	enum throttle_status status;
	uint8_t		 which;		/* is full: index in takes */
	uint32_t	 wait;		/* ms until it has room */
};

void	 msg_put_throttle_ask(struct wbuf *, const struct throttle_ask *);
int	 msg_get_throttle_ask(struct rbuf *, struct throttle_ask *);
void	 msg_put_throttle_answer(struct wbuf *,
	    const struct throttle_answer *);
int	 msg_get_throttle_answer(struct rbuf *, struct throttle_answer *);

#endif
