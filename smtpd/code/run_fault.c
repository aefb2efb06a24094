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
 * Why a run could not go on, and where.
 */

#include "smtpd/code/run_inside.h"

enum run_fault
run_fault(const struct run *r, char *buf, size_t size)
{
	(void)code_where(r->code, r->pc - 1, buf, size);
	return (r->fault);
}

const char *
run_rule(const struct run *r, char *buf, size_t size)
{
	return (code_where(r->code, r->rule, buf, size));
}

const char *
run_fault_text(enum run_fault fault)
{
	static const char *const	 texts[FAULT_COUNT] = {
		[FAULT_NONE]	= "none",
		[FAULT_STEPS]	= "too many steps",
		[FAULT_MEMORY]	= "too much memory",
		[FAULT_ASKS]	= "too many look-ups",
		[FAULT_WAIT]	= "look-ups took too long",
		[FAULT_PATTERN]	= "regular expression at its limit",
		[FAULT_SUBJECT]	= "too long for a regular expression",
		[FAULT_ARRAY]	= "an array in an array",
		[FAULT_ANSWER]	= "could not be looked up",
		[FAULT_TWICE]	= "a second reject, or one beside keep",
		[FAULT_LACKS]	= "an extension that was not found by ihave",
		[FAULT_SCRIPT]	= "an error that the script raises",
	};

	return (texts[fault]);
}
