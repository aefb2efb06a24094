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
 * Variables of scripts, and what a script does: RFC 5228, 5229, 5429.
 */

#include <stdlib.h>
#include <string.h>

#include "smtpd/base/log.h"
#include "smtpd/code/run_script.h"
#include "smtpd/code/script_op.h"
#include "smtpd/sieve/modify.h"
#include "smtpd/smtp/address.h"

static struct datum *
locals(struct run *r)
{
	uint32_t	 i;

	if (r->locals != NULL || (r->locals = run_array(r,
	    r->code->locals)) == NULL)
		return (r->locals);
	for (i = 0; i < r->code->locals; i++)
		r->locals[i] = datum_string("", 0);
	return (r->locals);
}

enum next
script_local(struct run *r, const struct code_insn *in)
{
	if (locals(r) == NULL)
		return (NEXT_FAULT);
	*r->top++ = r->locals[in->arg];
	return (NEXT_GO);
}

/* RFC 5229 3: a value that is too long is cut, between two characters. */
enum next
script_set(struct run *r, const struct code_insn *in)
{
	struct datum	 d = *--r->top;

	if (locals(r) == NULL)
		return (NEXT_FAULT);
	if (d.type == DATUM_STRING)
		d.len = (uint32_t)modify_cut(d.string, d.len,
		    SCRIPT_VALUE_MAX);
	r->locals[in->arg] = d;
	return (NEXT_GO);
}

enum next
script_group(struct run *r, const struct code_insn *in)
{
	if (r->sets == NULL || r->sets[in->n] == NULL)
		*r->top++ = datum_string("", 0);
	else
		*r->top++ = r->sets[in->n]->parts[in->arg];
	return (NEXT_GO);
}

enum next
script_pop(struct run *r, const struct code_insn *in)
{
	r->top--;
	return (NEXT_GO);
}

enum next
script_need(struct run *r, const struct code_insn *in)
{
	if (locals(r) == NULL)
		return (NEXT_FAULT);
	if (datum_truth(&r->locals[in->arg]))
		return (NEXT_GO);
	(void)run_noted(r, FAULT_LACKS);
	return (NEXT_FAULT);
}

enum next
script_fail(struct run *r, const struct code_insn *in)
{
	if (run_as_text(r, &r->top[-1], &r->words) == 0)
		(void)run_noted(r, FAULT_SCRIPT);
	return (NEXT_FAULT);
}

/* discard takes back the keep that goes without saying, and no other. */
enum next
script_act(struct run *r, const struct code_insn *in)
{
	if (in->arg == ACTION_DISCARD) {
		if (!r->kept && r->end.verdict == RUN_KEEP)
			r->end.verdict = RUN_DISCARD;
		return (NEXT_GO);
	}
	if (r->end.verdict == RUN_REJECT) {
		(void)run_noted(r, FAULT_TWICE);
		return (NEXT_FAULT);
	}
	r->kept = 1;
	r->end.verdict = RUN_KEEP;
	return (NEXT_GO);
}

enum next
script_reject(struct run *r, const struct code_insn *in)
{
	if (r->kept || r->end.verdict == RUN_REJECT) {
		(void)run_noted(r, FAULT_TWICE);
		return (NEXT_FAULT);
	}
	if (run_as_text(r, --r->top, &r->end.text) == -1)
		return (NEXT_FAULT);
	r->end.verdict = RUN_REJECT;
	return (NEXT_GO);
}

/* RCPT.md 6: what is no address changes nothing. */
enum next
script_rewrite(struct run *r, const struct code_insn *in)
{
	struct address	 a;
	struct datum	 d;
	enum code_var	 var = in->arg == REWRITE_TO ? VAR_ENVELOPE_TO :
			    VAR_ENVELOPE_FROM;
	unsigned int	 flags = ADDRESS_UTF8_OK;
	char		 where[CODE_WHERE_SIZE], text[256];

	if (in->arg == REWRITE_FROM)
		flags |= ADDRESS_ALLOW_NULL;
	if (run_as_text(r, --r->top, &d) == -1 ||
	    run_variable(r, var) == NULL)
		return (NEXT_FAULT);
	if (address_parse(d.string, d.len, flags, &a) != ADDRESS_OK) {
		if (!r->quiet)
			log_warnx("event=script at=%s ignored=\"%s\" error="
			    "\"not an address\"", code_where(r->code, r->pc -
			    1, where, sizeof(where)), log_quote(d.string,
			    d.len, text, sizeof(text)));
		return (NEXT_GO);
	}
	r->vars[var] = d;
	if (in->arg == REWRITE_TO)
		r->end.to = d;
	else
		r->end.from = d;
	return (NEXT_GO);
}

void
run_end(const struct run *r, struct run_end *end)
{
	*end = r->end;
}

const char *
run_words(const struct run *r, char *buf, size_t size)
{
	size_t	 len = r->words.len;

	(void)log_quote(r->words.string, len < size / 4 ? len : size / 4, buf,
	    size);
	return (buf);
}
