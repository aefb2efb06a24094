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
 * A run as the functions of the machine see it.
 */

#ifndef RUN_INSIDE_H
#define RUN_INSIDE_H

#include "smtpd/code/arena.h"
#include "smtpd/code/pattern.h"
#include "smtpd/code/run.h"

/* What the last match of a script found: RFC 5229 3.2. */
struct run_set {
	struct datum		 parts[CODE_CAPTURES];
};

/* What an instruction says to the loop. */
enum next {
	NEXT_GO,
	NEXT_DONE,
	NEXT_ASK,
	NEXT_FAULT
};

struct run {
	const struct code	*code;
	struct arena		 arena;
	run_var			 var;
	void			*arg;
	uint32_t		 steps, asks, wait;	/* left */
	uint32_t		 pc;		/* the next instruction */
	uint32_t		 rule;		/* that was tried last */
	uint64_t		 asked;		/* monotonic ms of the first */
	enum run_fault		 fault;
	uint64_t		 known;		/* variables in vars */
	struct datum		*vars;		/* VAR_COUNT, or NULL */
	struct pattern_groups	*groups;	/* NULL: nothing matched */
	const char		*subject;	/* of groups */
	struct datum		*locals;	/* code->locals, or NULL */
	struct run_set		**sets;		/* CODE_SETS_MAX, or NULL */
	struct run_end		 end;
	int			 kept;		/* in so many words */
	int			 quiet;		/* run_quiet */
	struct datum		 words;		/* of FAULT_SCRIPT */
	struct datum		*top;		/* one above the last value */
	struct datum		 stack[];	/* code->stack of them */
};

/*
 * A function: fills in out from its arguments, which are as many as its
 * name allows and of any type.  -1 with the fault noted.
 */
typedef int (*func_run)(struct run *, const struct datum *args,
	    unsigned int nargs, struct datum *out);

/* NULL for those that the machine does not have. */
func_run func_find(enum code_func);

/* The rest: -1 or NULL with the fault noted. */
int	 run_noted(struct run *, enum run_fault);	/* always -1 */
int	 run_charge(struct run *, size_t octets);
void	*run_alloc(struct run *, size_t);
char	*run_string(struct run *, size_t len);	/* of at most RUN_STRING_MAX */
struct datum *run_array(struct run *, size_t n);

/* The value of a variable; copied once, and the same from then on. */
const struct datum *run_variable(struct run *, enum code_var);

/* A scalar as a string, an array as "". */
int	 run_as_text(struct run *, const struct datum *, struct datum *out);

#endif
