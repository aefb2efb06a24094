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
 * Why a recipient has not got a message, as one line that people read in
 * smtpctl and that notices are made of:
 *
 *	mx.example.org said: 550 5.1.1 no such user
 *	5.1.2 there is no such domain
 *
 * Pure.
 */

#ifndef REASON_H
#define REASON_H

#include <stddef.h>

#include "smtpd/msg/msg_relay.h"
#include "smtpd/queue/spool_record.h"

struct reason {
	char		 mta[RELAY_MTA_MAX + 1];	/* "": it was us */
	unsigned int	 code;
	char		 status[REPLY_ENHANCED_SIZE];	/* or "" */
	const char	*text;		/* into the line */
};

/* The line, cut to RECORD_TEXT_MAX, of what a relay process answered. */
void	 reason_write(const char *mta, const struct relay_result *,
	    char line[RECORD_TEXT_MAX + 1]);

/* Whatever line is: what is not understood is text. */
void	 reason_read(const char *line, struct reason *);

#endif
