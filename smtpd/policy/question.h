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
 * What the directory is asked about an address, RCPT.md 2: which directory,
 * and what is tried beside the address itself.
 */

#ifndef QUESTION_H
#define QUESTION_H

#include "smtpd/msg/msg_resolve.h"
#include "smtpd/policy/eval.h"

struct address;
struct session;

enum question_status {
	QUESTION_READY,
	QUESTION_WAIT,		/* a setting is being evaluated */
	QUESTION_NOBODY,	/* there is no directory for this session */
	QUESTION_FAULT,		/* a setting has no value; logged */
	QUESTION_TEMPFAIL	/* one could not be found out; logged */
};

struct question_candidate {
	enum candidate	 kind;
	char		*given;		/* CANDIDATE_GIVEN, else NULL */
};

struct question {
	struct eval	 eval;		/* also for what comes before */
	const struct address *sender;	/* NULL: the transaction's */
	unsigned int	 step;		/* settings that are known */
	char		 directory[SESSION_DIRECTORY_MAX + 1];
	struct question_candidate sub, catchall;
};

/*
 * An address of the server itself in the form that the directory knows:
 * "postmaster" gets the host's name as its domain (RFC 5321 4.5.1), and so
 * does a literal of the address the client is connected to.
 */
void	 question_own(const struct session *, struct address *);

/* Begin: see eval_begin.  The eval's sender and rcpt are the caller's. */
void	 question_begin(struct question *, const struct session *,
	    uint64_t begin, void (*wake)(void *), void *arg);

/* Once more, about another address. */
void	 question_again(struct question *);

void	 question_end(struct question *);	/* more than once is fine */

/* Find out all that is asked; the eval wakes the owner, who asks again. */
enum question_status
	 question_make(struct question *);

/* QUESTION_READY: the question about this address. */
void	 question_fill(const struct question *, const struct address *,
	    struct resolve_ask *);

#endif
