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
 * Where the answers of the stages go: to front, or to the explanation that
 * asked in a client's place.  Nothing else leaves here.
 */

#ifndef ANSWER_H
#define ANSWER_H

#include <stdint.h>

#include "smtpd/base/proc.h"
#include "smtpd/msg/msg_session.h"

/* The "front" of explanations: no process has this number. */
#define ANSWER_EXPLAIN	PROC_INST_MAX

void	 answer_helo(unsigned int inst, uint64_t number,
	    const struct helo_answer *);
void	 answer_mail(unsigned int inst, uint64_t number,
	    const struct mail_answer *);
void	 answer_rcpt(unsigned int inst, uint64_t number,
	    const struct rcpt_answer *);

#endif
