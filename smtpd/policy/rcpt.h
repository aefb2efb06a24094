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

struct session;

enum rcpt_asked {
	RCPT_ASKED_NOT,
	RCPT_ASKED_AHEAD,	/* before its turn */
	RCPT_ASKED_NOW		/* at its turn: the question is right */
};

struct rcpt {
	TAILQ_ENTRY(rcpt)	 entry;
	struct session		*session;
	uint64_t		 question;	/* front's number */
	uint64_t		 begin;		/* monotonic ms */
	unsigned int		 step;		/* index of the next one */
	struct address		 target;	/* who it is for, by now */
	char			*key;		/* target, folded */
	uint8_t			 postmaster;	/* ours: may go elsewhere */
	uint8_t			 forwarded;	/* and did */
	/* the question to the directory */
	enum rcpt_asked		 asked;
	uint8_t			 answered;
	uint8_t			*sent;		/* its octets */
	size_t			 sentlen;
	struct resolve_answer	 found;		/* valid when answered */
	char			 directory[SESSION_DIRECTORY_MAX + 1];
	/* the decision */
	enum verdict		 verdict;
	enum route_kind		 route;
};

/* Counters, since the start. */
struct rcpt_counts {
	uint64_t	 verdicts[VERDICT_COUNT];
	uint64_t	 ahead;		/* questions asked before their turn */
	uint64_t	 again;		/* asked once more, differently */
};

/* Decide about a recipient; answers front at once or later. */
void	 policy_rcpt_new(struct session *, uint64_t question,
	    const struct rcpt_ask *);

/* Answer without looking: policy does not know the session. */
void	 policy_rcpt_refuse(unsigned int inst, uint64_t question, enum verdict);

/* Go on with the first of the queue, and then the next. */
void	 policy_rcpt_run(struct session *);

/* The transaction ends: answer all that are left with VERDICT_SEQUENCE. */
void	 policy_rcpt_drop(struct session *);

/* The session has ended: answer nothing. */
void	 policy_rcpt_forget(struct session *);

const struct rcpt_counts *policy_rcpt_counts(void);

/* For the steps: the target changes; -1 without memory. */
int	 policy_rcpt_retarget(struct rcpt *, const struct address *);

/* For the steps: what the directory says about the target. */
enum rcpt_directory {
	RCPT_DIRECTORY_WAIT,	/* asked: the step runs again */
	RCPT_DIRECTORY_FOUND,	/* found has the answer */
	RCPT_DIRECTORY_NOBODY,	/* the session has no directory */
	RCPT_DIRECTORY_FAULT
};
enum rcpt_directory
	 policy_rcpt_directory(struct rcpt *);

/* stage_rcpt.c: 1 when decided, 0 when it waits for somebody. */
int	 stage_rcpt(struct rcpt *);

/* The name of the step a recipient is at. */
const char *stage_rcpt_name(const struct rcpt *);

#endif
