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
 * The recipients that were refused lately: enough of each to say later what
 * it was, and to decide about it once more.  Accepted ones cost nothing.
 */

#ifndef RECENT_H
#define RECENT_H

#include <stdint.h>

#include "smtpd/msg/msg_explain.h"

#define RECENT_MAX	1024		/* of this process; the oldest go */
#define RECENT_REPLY_MAX 255		/* octets of a reply, cut behind */

struct rcpt;
struct rcpt_answer;

struct recent {
	uint64_t		 number;	/* front's, of its question */
	uint64_t		 session;
	uint64_t		 when;		/* monotonic ms */
	uint32_t		 generation;	/* of the table, or 0 */
	uint32_t		 wait;		/* ms before the reply */
	const char		*verdict, *step;	/* their names */
	char			 reply[RECENT_REPLY_MAX + 1];
	struct explain_ask	 ask;		/* the same once more */
};

/* Remember one of a client; without memory it is not remembered. */
void	 recent_note(const struct rcpt *, const struct rcpt_answer *);

/* NULL: not refused, or too long ago.  Good until the next note. */
const struct recent *recent_find(uint64_t number);

#endif
