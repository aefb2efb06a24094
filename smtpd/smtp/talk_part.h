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
 * Inside the client's dialogue: what its files do for each other.
 */

#ifndef TALK_PART_H
#define TALK_PART_H

#include "smtpd/smtp/talk.h"

/*
 * talk.c.  Put a line into out; -1 when there is no room, or when it is not
 * one line.  End the session, with outcomes.
 */
int	 talk_say(struct talk *, const char *line, size_t len);
enum talk_event
	 talk_end(struct talk *, enum talk_fault, const char *why);
void	 talk_settle_rcpt(struct talk_rcpt *, enum talk_outcome,
	    unsigned int code, const char *enhanced, const char *text);

/*
 * talk_auth.c.  The mechanisms in a line of EHLO, as bits.  Begin; the next
 * step after a reply: READY when it is over, ENDED when it was refused.
 */
unsigned int
	 auth_offered(const char *words);
enum talk_event
	 auth_begin(struct talk *);
enum talk_event
	 auth_step(struct talk *);

/*
 * talk_tx.c.  Put into out what of the group may be sent now.  Take a reply
 * within the group, before the text was sent in full, to the end of data.
 * The server closes: what is known of the message by that.
 */
void	 tx_fill(struct talk *);
enum talk_event
	 tx_group(struct talk *);
enum talk_event
	 tx_early(struct talk *);
enum talk_event
	 tx_final(struct talk *);
void	 tx_closing(struct talk *);

#endif
