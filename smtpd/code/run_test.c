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
 * Values compared with keys: RFC 5228 2.7, RFC 5231, RFC 5229 3.2.
 */

#include <string.h>

#include "smtpd/base/log.h"
#include "smtpd/code/run_script.h"
#include "smtpd/code/script_op.h"
#include "smtpd/sieve/match.h"

#define STEP_OCTETS	16		/* of work that cost one step */
#define ERE_OCTETS	4096		/* what compiling costs at least */

struct pair {
	struct datum	 value, key;
	struct match	 match;
	unsigned int	 set;
};

static int
captured(struct run *r, const struct pair *p, const struct captures *c)
{
	struct run_set	*set;
	unsigned int	 i;

	if (r->sets == NULL) {
		if ((r->sets = run_alloc(r, CODE_SETS_MAX *
		    sizeof(*r->sets))) == NULL)
			return (-1);
		memset(r->sets, 0, CODE_SETS_MAX * sizeof(*r->sets));
	}
	if (r->sets[p->set] == NULL && (r->sets[p->set] = run_alloc(r,
	    sizeof(*set))) == NULL)
		return (-1);
	set = r->sets[p->set];
	for (i = 0; i < CODE_CAPTURES; i++)
		set->parts[i] = i < c->n && c->to[i] > c->from[i] ?
		    datum_string(p->value.string + c->from[i],
		    c->to[i] - c->from[i]) : datum_string("", 0);
	return (0);
}

/* An expression that is none matches nothing: it is logged. */
static void
log_bad(const struct run *r)
{
	char	 where[CODE_WHERE_SIZE];

	if (!r->quiet)
		log_warnx("event=script at=%s error=\"not a regular "
		    "expression\"", code_where(r->code, r->pc - 1, where,
		    sizeof(where)));
}

/* 1, 0, or -1 with the fault noted. */
static int
test_pair(struct run *r, const struct pair *p)
{
	struct captures		 c = { .n = 0 };
	struct effort		 e = { (uint64_t)r->steps * STEP_OCTETS };
	enum match_result	 result = MATCH_SPENT;

	if (effort_take(&e, p->key.len + (p->match.type == MATCH_REGEX ?
	    ERE_OCTETS : STEP_OCTETS)) == 0)
		result = match_key(&p->match, p->value.string, p->value.len,
		    p->key.string, p->key.len, &c, &e);
	r->steps = (uint32_t)(e.left / STEP_OCTETS);
	if (result == MATCH_SPENT)
		return (run_noted(r, FAULT_STEPS));
	if (result == MATCH_BAD)
		log_bad(r);
	if (result == MATCH_YES && c.n > 0 && captured(r, p, &c) == -1)
		return (-1);
	return (result == MATCH_YES);
}

/* How many values there are that are not empty; -1 with the fault noted. */
static int
count_values(struct run *r, const struct datum *values, unsigned long *n)
{
	struct datum	 d;
	uint32_t	 i;

	*n = 0;
	for (i = 0; i < script_count(values); i++) {
		if (script_element(r, values, i, &d) == -1)
			return (-1);
		*n += d.len > 0;
	}
	return (run_charge(r, script_count(values)));
}

/* One value, or how many of them there are, against all keys. */
static int
test_keys(struct run *r, struct pair *p, const struct datum *keys,
    const unsigned long *n)
{
	uint32_t	 i;
	int		 is = 0;

	for (i = 0; is == 0 && i < script_count(keys); i++) {
		if (script_element(r, keys, i, &p->key) == -1)
			return (-1);
		if (n == NULL)
			is = test_pair(r, p);
		else if (run_charge(r, STEP_OCTETS + p->key.len) == -1)
			is = -1;
		else
			is = match_count(&p->match, *n, p->key.string,
			    p->key.len);
	}
	return (is);
}

/* True when any value goes with any key. */
enum next
script_test(struct run *r, const struct code_insn *in)
{
	const struct datum	*values = &r->top[-2], *keys = &r->top[-1];
	struct pair		 p = { .set = in->n };
	unsigned long		 n;
	uint32_t		 i;
	int			 is = 0;

	p.match.type = (enum match_type)CODE_TEST_MATCH(in->arg);
	p.match.comparator = (enum comparator)CODE_TEST_COMPARATOR(in->arg);
	p.match.relation = (enum relation)CODE_TEST_RELATION(in->arg);
	if (p.match.type == MATCH_COUNT)
		is = count_values(r, values, &n) == -1 ? -1 :
		    test_keys(r, &p, keys, &n);
	else
		for (i = 0; is == 0 && i < script_count(values); i++)
			is = script_element(r, values, i, &p.value) == -1 ?
			    -1 : test_keys(r, &p, keys, NULL);
	if (is == -1)
		return (NEXT_FAULT);
	r->top--;
	r->top[-1] = datum_integer(is);
	return (NEXT_GO);
}
