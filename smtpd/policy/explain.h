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
 * What would become of a recipient: a client is played that says EHLO, MAIL
 * and RCPT, through the very stages that real ones go through, in a session
 * that is dry (session.h) and traced.
 */

#ifndef EXPLAIN_H
#define EXPLAIN_H

#include <stdint.h>

#include "smtpd/base/proc.h"
#include "smtpd/msg/msg_explain.h"
#include "smtpd/msg/msg_session.h"

struct trace;

/* What became of one: valid while the callback runs. */
struct explained {
	const struct trace *trace;
	const char	*verb;		/* that was answered */
	unsigned int	 code;
	uint32_t	 wait;		/* ms before the reply */
	const char	*reply;		/* its octets */
};

/*
 * Begin one of a client to whom nothing is remembered (session.h, "fresh").
 * done is called once, later.  0, or -1 without memory.
 */
typedef void (*explain_done)(void *arg, const struct explained *);
int	 explain_begin(const struct explain_ask *, explain_done, void *arg);

/* The taker of MSG_CONTROL_EXPLAIN_ASK; the answer comes later. */
int	 explain_take(struct proc_msg *);

/*
 * The taker of MSG_CONTROL_WHY_ASK: a recipient that was refused, and what
 * would become of it now; the answer comes later.
 */
int	 explain_take_why(struct proc_msg *);

/* For answer.h: what became of the client's commands. */
void	 explain_helo(uint64_t number, const struct helo_answer *);
void	 explain_mail(uint64_t number, const struct mail_answer *);
void	 explain_rcpt(uint64_t number, const struct rcpt_answer *);

#endif
