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
 * Step 12 of RCPT.md 1: the throttles that a recipient comes under.
 */

#ifndef THROTTLE_H
#define THROTTLE_H

#include <stdint.h>

struct rcpt;

enum throttled {
	THROTTLED_NO,
	THROTTLED_WAIT,		/* ask again when the recipient is run */
	THROTTLED_YES,
	THROTTLED_FAULT,	/* a setting has no value: logged */
	THROTTLED_TEMPFAIL	/* it cannot be known: logged */
};

/* Ask until it does not say WAIT; once it has said NO, all have counted. */
enum throttled
	 rcpt_throttle(struct rcpt *);

/* No answer is waited for any more; more than once is fine. */
void	 rcpt_throttle_end(struct rcpt *);

#endif
