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
 * A HELO or MAIL on its way through its steps.
 */

#ifndef JOB_H
#define JOB_H

#include <stdint.h>

#include "smtpd/policy/eval.h"
#include "smtpd/policy/stage_auth.h"
#include "smtpd/policy/txlimits.h"
#include "smtpd/smtp/address.h"

struct script;
struct session;

/* Whether the sender is the login's. */
enum job_asked {
	JOB_ASKED_NOT,
	JOB_ASKED_NOW,
	JOB_ASKED_KNOWN		/* in owner */
};

struct job {
	struct session		*session;
	unsigned int		 inst;		/* of the front */
	uint64_t		 question;	/* front's number */
	int			 helo;		/* else MAIL */
	const struct job_step	*step;
	unsigned int		 part;		/* of a step of several */
	enum job_asked		 asked;		/* lookup, about the sender */
	struct eval		 eval;
	uint32_t		 extensions;
	unsigned int		 mechanisms;	/* SASL_BIT */
	struct txlimits		 limits;
	int			 has_limits;
	/* of a MAIL */
	enum verdict		 verdict;
	uint64_t		 size;
	struct address		 sender;
	char			*key;		/* of sender, folded */
	enum auth_result	 owner;
	char			*envid;		/* NULL: none */
	struct script		*script;	/* NULL: none is to run */
	int			 discard;
};

enum job_status {
	JOB_NEXT,
	JOB_WAIT,		/* for an evaluation: run this one again */
	JOB_DONE		/* the verdict is there */
};

struct job_step {
	enum job_status	(*run)(struct job *);
};

/* Always JOB_DONE. */
enum job_status
	 job_done(struct job *, enum verdict);

/* The sender becomes another one. */
enum job_status
	 job_set_sender(struct job *, const struct address *);

/* The script of this stage, RCPT.md 6. */
enum job_status
	 job_script(struct job *);

#endif
