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
 * Answers that are values: to what expressions and scripts ask.  A new kind
 * of question needs a message of its own, and is answered with this.
 */

#ifndef MSG_VALUE_H
#define MSG_VALUE_H

#include "smtpd/code/datum.h"

struct rbuf;
struct wbuf;

#define VALUE_ELEMENTS_MAX	1024	/* of an array */
#define VALUE_OCTETS_MAX	65536	/* of all its strings */

enum value_status {
	VALUE_FOUND,
	VALUE_NONE,		/* there is no such thing: no value */
	VALUE_BROKEN,		/* it could not be found out: no value */
	VALUE_STATUS_COUNT
};

/* MSG_LOOKUP_VALUE_ANSWER, MSG_RELAY_DNS_ANSWER */
struct value_answer {
	enum value_status status;
	struct datum	 value;		/* VALUE_FOUND */
	struct datum	 elements[VALUE_ELEMENTS_MAX]; /* of it, got */
};

/* w is bad when the value is larger than the limits above. */
void	 msg_put_value(struct wbuf *, enum value_status,
	    const struct datum *);		/* NULL but for FOUND */

/* What was got points into the body and into the structure. */
int	 msg_get_value(struct rbuf *, struct value_answer *);

#endif
