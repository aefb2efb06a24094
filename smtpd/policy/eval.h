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
 * The values of settings, for a session, a sender, a recipient.
 *
 * A stage asks for the value where it needs it and acts on the status.  A
 * constant is ready at once; a program may have to wait for a look-up, and
 * then wakes its owner, who asks again.  One evaluation at a time.
 */

#ifndef EVAL_H
#define EVAL_H

#include <stddef.h>
#include <stdint.h>

#include "smtpd/code/datum.h"
#include "smtpd/msg/msg_conf.h"
#include "smtpd/policy/turn.h"

struct run;
struct run_end;
struct script_facts;
struct session;

enum eval_status {
	EVAL_READY,
	EVAL_WAIT,		/* for a look-up or a turn: wake will be
				   called */
	EVAL_FAULT,		/* it has no such value: logged, with place */
	EVAL_TEMPFAIL		/* it could not be found out: logged */
};

enum eval_state {
	EVAL_STATE_NEW,
	EVAL_STATE_ASKED,
	EVAL_STATE_LATER,	/* a script whose turn comes */
	EVAL_STATE_ENDED,	/* status is there to be fetched */
	EVAL_STATE_FETCHED
};

struct eval {
	const struct session	*session;
	const char		*sender, *rcpt;	/* folded; NULL: none, and
						   no transaction */
	uint64_t		 begin;		/* of the client's command */
	void			(*wake)(void *);
	void			*arg;
	struct run		*run;
	enum policy_setting	 set;		/* of run, or of what chose */
	const struct policy_script *script;	/* of run, NULL: a setting */
	const struct script_facts *facts;	/* of script */
	enum eval_state		 state;
	enum eval_status	 status;
	struct turn		 turn;
};

/*
 * Begin: nothing is evaluated yet.  What the pointers point to must stay
 * until the end; begin is clock_mono() when the client was heard.
 */
void	 eval_begin(struct eval *, const struct session *, uint64_t begin,
	    void (*wake)(void *), void *arg);

/* The end, also while a look-up is under way; more than once is fine. */
void	 eval_end(struct eval *);

/*
 * The value of a setting, good until the next call.  A status but WAIT is
 * given once: a call after that evaluates anew.
 */
enum eval_status
	 eval_setting(struct eval *, enum policy_setting, struct datum *);

/* A number of at least min; less is a fault. */
enum eval_status
	 eval_number(struct eval *, enum policy_setting, int64_t min,
	    int64_t *);

enum eval_status
	 eval_truth(struct eval *, enum policy_setting, int *);

/* A string into buf; *is is 0 for false.  What does not fit is a fault. */
enum eval_status
	 eval_string(struct eval *, enum policy_setting, int *is, char *buf,
	    size_t size);

/*
 * Run a script; end is good until the next call.  FAULT: it failed, which
 * was logged.  facts are there until a status but WAIT was given.
 */
enum eval_status
	 eval_script(struct eval *, const struct policy_script *,
	    const struct script_facts *, struct run_end *end);

/* A value that is none of what the setting may be: logs, returns FAULT. */
enum eval_status
	 eval_wanted(const struct eval *, enum policy_setting,
	    const char *wanted);

/* What a variable is, for run_new; arg is the struct eval. */
void	 eval_var(void *arg, enum code_var, struct datum *);

#endif
