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
 * One RCPT on its way through the steps of RCPT.md 1.  Those of a session
 * are decided strictly in order; the directory may be asked about a later
 * one while an earlier one waits.
 */

#ifndef RCPT_H
#define RCPT_H

#include <bsd/sys/queue.h>

#include <stddef.h>
#include <stdint.h>

#include "smtpd/msg/msg_resolve.h"
#include "smtpd/msg/msg_session.h"
#include "smtpd/policy/draw.h"
#include "smtpd/policy/grey.h"
#include "smtpd/policy/question.h"

struct session;
struct throttle_run;

/* How far it is known what the directory says: rcpt_prepare.c. */
enum rcpt_prep {
	PREP_REWRITE,		/* the target may become another one */
	PREP_QUESTION,		/* the target is known */
	PREP_ASK,		/* and what is asked about it */
	PREP_ASKED,		/* lookup has the question */
	PREP_FOUND,		/* found has its answer */
	PREP_NOBODY		/* there is no directory to ask */
};

struct rcpt {
	TAILQ_ENTRY(rcpt)	 entry;
	struct session		*session;
	uint64_t		 number;	/* front's, of its question */
	uint64_t		 begin;		/* monotonic ms */
	unsigned int		 step;		/* index of the next one */
	struct address		 target;	/* who it is for, by now */
	char			*key;		/* target, folded */
	char			*said;		/* the same of what the client
						   said; NULL: it is key */
	uint8_t			 postmaster;	/* ours: may go elsewhere */
	uint8_t			 forwarded;	/* and did */
	struct script		*script;	/* NULL: none is to run */
	/* the sender that it made, for all of the message if accepted */
	struct address		 sender;
	char			*sender_key;	/* folded; NULL: as it was */
	/* the question to the directory */
	enum rcpt_prep		 prep, goal;
	enum verdict		 refusal;	/* of prep, or ACCEPT */
	struct question		 q;
	struct throttle_run	*throttle;	/* throttle.h, or NULL */
	/* the decision */
	uint8_t			 decided;	/* but for what it costs */
	enum verdict		 verdict;
	struct draw		 draw;
	struct grey		 grey;
	enum route_kind		 route;
	struct resolve_answer	 found;		/* valid at PREP_FOUND */
};

/* Counters, since the start. */
struct rcpt_counts {
	uint64_t	 verdicts[VERDICT_COUNT];
	uint64_t	 ahead;		/* questions asked before their turn */
	uint64_t	 rewritten;
};

/* Decide about a recipient; answers front at once or later. */
void	 policy_rcpt_new(struct session *, uint64_t number,
	    const struct rcpt_ask *);

/* The steps of a trace that follow are about this one. */
void	 rcpt_tell(const struct rcpt *);

/* Answer without looking: policy does not know the session. */
void	 policy_rcpt_refuse(unsigned int inst, uint64_t number, enum verdict);

/* Go on with the first of the queue, and then the next. */
void	 policy_rcpt_run(struct session *);

/* The transaction ends: answer all that are left with VERDICT_SEQUENCE. */
void	 policy_rcpt_drop(struct session *);

/* The session has ended: answer nothing. */
void	 policy_rcpt_forget(struct session *);

const struct rcpt_counts *policy_rcpt_counts(void);
void	 policy_rcpt_count_rewritten(void);

/*
 * rcpt_prepare.c: find out what is asked about a recipient, and ask.  At
 * its turn by the steps, or before where that makes no difference.
 */
void	 rcpt_prepare_begin(struct rcpt *);
void	 rcpt_prepare_ahead(struct rcpt *);
void	 rcpt_prepare_end(struct rcpt *);	/* more than once is fine */

/*
 * The target, or the sender, becomes another one: all begins anew; -1
 * without memory.
 */
int	 rcpt_prepare_sender(struct rcpt *, const struct address *);
int	 rcpt_prepare_retarget(struct rcpt *, const struct address *);

/* For the steps: 0 when known, or refusal says why it cannot be; else 1. */
int	 rcpt_prepare_target(struct rcpt *);
int	 rcpt_prepare_found(struct rcpt *);

/* Is there an answer, and is it this one? */
int	 rcpt_is_found(const struct rcpt *, enum resolve_status);

/* stage_rcpt.c: 1 when decided, 0 when it waits for somebody. */
int	 stage_rcpt(struct rcpt *);

/* The name of the step a recipient is at. */
const char *stage_rcpt_name(const struct rcpt *);

#endif
