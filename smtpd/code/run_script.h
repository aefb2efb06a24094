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
 * The instructions of scripts: script_op.h says what their arguments are.
 */

#ifndef RUN_SCRIPT_H
#define RUN_SCRIPT_H

#include "smtpd/code/run_inside.h"

#define SCRIPT_VALUE_MAX	4096	/* octets of a variable's value */

#define SCRIPT_FORM(name)						\
	enum next name(struct run *, const struct code_insn *)

/* run_script.c: variables and actions */
SCRIPT_FORM(script_local);
SCRIPT_FORM(script_set);
SCRIPT_FORM(script_group);
SCRIPT_FORM(script_pop);
SCRIPT_FORM(script_need);
SCRIPT_FORM(script_fail);
SCRIPT_FORM(script_act);
SCRIPT_FORM(script_reject);
SCRIPT_FORM(script_rewrite);

/* run_value.c: what tests look at, and strings */
SCRIPT_FORM(script_join);
SCRIPT_FORM(script_merge);
SCRIPT_FORM(script_modify);
SCRIPT_FORM(script_envelope);
SCRIPT_FORM(script_part);
SCRIPT_FORM(script_environment);
SCRIPT_FORM(script_date);

/* run_test.c */
SCRIPT_FORM(script_test);

/* The nth of a string or an array, as a string; n is below the count. */
int	 script_element(struct run *, const struct datum *, uint32_t n,
	    struct datum *);
uint32_t script_count(const struct datum *);

#endif
