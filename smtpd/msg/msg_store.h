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
 * Questions to the stores of the lookup process: keys and counters.  They
 * are answered with MSG_LOOKUP_VALUE_ANSWER.
 */

#ifndef MSG_STORE_H
#define MSG_STORE_H

#include <stddef.h>
#include <stdint.h>

struct rbuf;
struct wbuf;

#define STORE_NAME_MAX	63
#define STORE_KEY_MAX	65536		/* any octets; may be empty */
#define STORE_VALUE_MAX	16384

enum store_op {
	STORE_KEY_GET,		/* a string, or none */
	STORE_KEY_EXISTS,	/* 1 or 0 */
	STORE_KEY_SET,		/* 1 */
	STORE_COUNTER_GET,	/* a number, 0 at first */
	STORE_COUNTER_INCR,	/* the number after that */
	STORE_OP_COUNT
};

/* MSG_POLICY_STORE_ASK; what is got points into the body. */
struct store_ask {
	enum store_op	 op;
	char		 store[STORE_NAME_MAX + 1];	/* "": the default */
	const void	*key;
	size_t		 keylen;
	const void	*value;		/* of KEY_SET */
	size_t		 len;
	int64_t		 by;		/* of COUNTER_INCR */
	uint64_t	 expiry;	/* ms from now, of what is made by it;
					   0: never */
};

void	 msg_put_store_ask(struct wbuf *, const struct store_ask *);
int	 msg_get_store_ask(struct rbuf *, struct store_ask *);

#endif
