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
 * Control has sessions watched by front and policy (base/watch.h), and is
 * told what happens in them.
 *
 * The steps of policy go through front, in front of the answers that they
 * lead to, so all of a session comes in the order in which it happened.
 * Policy hears from control whom it watches: front cannot have it listen.
 */

#ifndef MSG_TRACE_H
#define MSG_TRACE_H

#include <stddef.h>
#include <stdint.h>

#include "smtpd/base/ip.h"

struct rbuf;
struct wbuf;

/* Octets that may wait for a process: then steps are lost, and counted. */
#define TRACE_BACKLOG	(256 * 1024)

/* MSG_CONTROL_TRACE_ASK, to front and policy: watch from now on. */
struct trace_ask {
	uint64_t	 number;	/* of the trace, not 0 */
	uint64_t	 session;	/* this one, or 0: those of net */
	struct ip_net	 net;		/* family 4 or 6 */
};

/* MSG_CHILD_TRACE_ANSWER */
struct trace_answer {
	uint32_t	 sessions;	/* that are watched already */
};

/* MSG_CONTROL_TRACE_NOTE, to both. */
enum trace_change {
	TRACE_PAUSE,		/* nobody reads: count what is lost */
	TRACE_GO_ON,
	TRACE_END,
	TRACE_CHANGE_COUNT
};

struct trace_note {
	uint64_t		 number;
	enum trace_change	 change;
};

/*
 * MSG_FRONT_TRACE_NOTE, to control: the frame's id is the number of the
 * trace; this, then rows of trace.h, each with "session" and "ms", since
 * the session's start, in front.
 */
struct trace_told {
	uint32_t	 lost;		/* rows that could not be told before */
	uint8_t		 over;		/* it was of one session, which ended */
};

/* MSG_POLICY_STEPS_NOTE, to front: this, then rows of trace.h. */
struct steps_note {
	uint64_t	 session;
	uint32_t	 lost;
};

void	 msg_put_trace_ask(struct wbuf *, const struct trace_ask *);
int	 msg_get_trace_ask(struct rbuf *, struct trace_ask *);
void	 msg_put_trace_answer(struct wbuf *, const struct trace_answer *);
int	 msg_get_trace_answer(struct rbuf *, struct trace_answer *);
void	 msg_put_trace_note(struct wbuf *, const struct trace_note *);
int	 msg_get_trace_note(struct rbuf *, struct trace_note *);

/* Rows follow: the body is not read to its end. */
void	 msg_put_trace_told(struct wbuf *, const struct trace_told *);
int	 msg_get_trace_told(struct rbuf *, struct trace_told *);
void	 msg_put_steps(struct wbuf *, const struct steps_note *);
int	 msg_get_steps(struct rbuf *, struct steps_note *);

/* What front and policy do with the two of control; -1: malformed. */
int	 msg_take_trace_ask(struct rbuf *);
int	 msg_take_trace_note(struct rbuf *);

#endif
