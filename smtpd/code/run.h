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
 * The machine: runs a program, one instruction after the other, within a
 * budget.  Where something must be looked up the run stops, its owner asks
 * and gives it the answer, and it goes on; nobody waits meanwhile.
 *
 * A run that cannot go on has a fault: no value, and nothing after it is
 * tried.  "Could not find out" is never "no".
 */

#ifndef RUN_H
#define RUN_H

#include <stddef.h>
#include <stdint.h>

#include "smtpd/code/code.h"
#include "smtpd/code/name.h"

struct run;

/* Of an expression or rules of a setting. */
#define RUN_STEPS	100000
#define RUN_MEMORY	(256 * 1024)
#define RUN_ASKS	16
#define RUN_WAIT	15000
#define RUN_STRING_MAX	65536		/* octets of any string */

enum run_status {
	RUN_DONE,		/* run_value */
	RUN_ASKS_NOW,		/* run_question, then run_give or run_fail */
	RUN_FAULT		/* run_fault */
};

enum run_fault {
	FAULT_NONE,
	FAULT_STEPS,
	FAULT_MEMORY,		/* of the budget, or of the machine */
	FAULT_ASKS,
	FAULT_WAIT,
	FAULT_PATTERN,		/* a regular expression at its limit */
	FAULT_SUBJECT,		/* too long for a regular expression */
	FAULT_ARRAY,		/* an array in an array */
	FAULT_ANSWER,		/* it could not be looked up */
	FAULT_TWICE,		/* a second reject, or one beside a keep */
	FAULT_LACKS,		/* an extension that ihave did not find */
	FAULT_SCRIPT,		/* the script says so: run_words */
	FAULT_COUNT
};

/*
 * The value of a variable.  A string may go away after the call; an array,
 * with its strings, must stay as it is until the run is freed.
 */
typedef void (*run_var)(void *arg, enum code_var, struct datum *);

/* Begin a run of code, which must outlive it; NULL without memory. */
struct run *run_new(const struct code *, const struct run_budget *,
	    run_var, void *arg);

/* What it passes over is not logged: for somebody who only wants to know. */
void	 run_quiet(struct run *);

/* Go on, from the start or from an answer. */
enum run_status
	 run_go(struct run *);

/* RUN_DONE: the value, until the run is freed. */
const struct datum *run_value(const struct run *);

/*
 * RUN_DONE: what group n of the last regular expression has caught, until
 * the run is freed; -1 when there is none.
 */
int	 run_capture(const struct run *, unsigned int n, struct datum *);


/* What a script wants to become of a recipient or a sender. */
enum run_verdict {
	RUN_KEEP,
	RUN_DISCARD,
	RUN_REJECT		/* text */
};

struct run_end {
	enum run_verdict	 verdict;
	struct datum		 text;
	/* new addresses, as it wrote them; not set: DATUM_INTEGER */
	struct datum		 to, from;
};

/* RUN_DONE of a script: valid until the run is freed. */
void	 run_end(const struct run *, struct run_end *);

/* RUN_ASKS_NOW: which function, and its arguments, args of them. */
enum code_func
	 run_question(const struct run *, const struct datum **args,
	    unsigned int *nargs);

/* The answer, which is copied; run_go goes on with it. */
void	 run_give(struct run *, const struct datum *);

/* There is none: the run ends with this fault. */
void	 run_fail(struct run *, enum run_fault);

/* RUN_FAULT: why, and where: "file:line:column" for size octets of buf. */
enum run_fault
	 run_fault(const struct run *, char *buf, size_t size);

/* The rule that was tried last, as "file:line:column"; returns buf. */
const char *run_rule(const struct run *, char *buf, size_t size);

/* FAULT_SCRIPT: the words of the script, cut to size; returns buf. */
const char *run_words(const struct run *, char *buf, size_t size);

/* A fault in words: "too many steps", "regular expression at its limit". */
const char *run_fault_text(enum run_fault);

/* Steps of its budget that are left. */
uint32_t run_steps(const struct run *);

/* NULL is accepted. */
void	 run_free(struct run *);

#endif
