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
 * The one file that knows PCRE2.
 */

#define PCRE2_CODE_UNIT_WIDTH	8

#include <bsd/string.h>

#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/log.h"
#include "smtpd/base/xmem.h"
#include "smtpd/code/pattern.h"

/*
 * The defaults of PCRE2 let one address cost 0.2 s; with these the worst
 * patterns known end after a fraction of a millisecond.
 */
#define PATTERN_STEPS	10000
#define PATTERN_DEPTH	500
#define PATTERN_HEAP	64		/* KiB */
#define PATTERN_STACK	(64 * 1024)	/* octets, of machine code */

#define PATTERN_OPTIONS							\
	(PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C | \
	PCRE2_DOLLAR_ENDONLY)

struct pattern {
	pcre2_code	*code;
};

/* One match at a time: a process has one of each. */
static pcre2_match_context	*context;
static pcre2_match_data		*data;

static void
pattern_init(void)
{
	pcre2_jit_stack	*stack;

	if (context != NULL)
		return;
	context = pcre2_match_context_create(NULL);
	data = pcre2_match_data_create(PATTERN_PAIRS, NULL);
	stack = pcre2_jit_stack_create(PATTERN_STACK / 2, PATTERN_STACK,
	    NULL);
	if (context == NULL || data == NULL)
		fatalx("pattern: no memory");
	pcre2_set_match_limit(context, PATTERN_STEPS);
	pcre2_set_depth_limit(context, PATTERN_DEPTH);
	pcre2_set_heap_limit(context, PATTERN_HEAP);
	/* without one it has a smaller one of its own */
	if (stack != NULL)
		pcre2_jit_stack_assign(context, NULL, stack);
}

struct pattern *
pattern_new(const char *source, int fast, char *why, size_t whysize,
    size_t *at)
{
	struct pattern	*p;
	pcre2_code	*code;
	PCRE2_UCHAR	 text[128];
	int		 error;

	pattern_init();
	code = pcre2_compile((PCRE2_SPTR)source, strlen(source),
	    PATTERN_OPTIONS, &error, at, NULL);
	if (code == NULL) {
		(void)pcre2_get_error_message(error, text, sizeof(text));
		(void)strlcpy(why, (const char *)text, whysize);
		return (NULL);
	}
	/* where there is no machine code it is slower, no more */
	if (fast)
		(void)pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
	p = xcalloc(1, sizeof(*p));
	p->code = code;
	return (p);
}

void
pattern_free(struct pattern *p)
{
	if (p == NULL)
		return;
	pcre2_code_free(p->code);
	free(p);
}

static void
pattern_groups(struct pattern_groups *g, int rc)
{
	const PCRE2_SIZE	*ov = pcre2_get_ovector_pointer(data);
	unsigned int		 i;

	/* 0: there are more groups than are kept */
	g->n = rc == 0 ? PATTERN_PAIRS : (unsigned int)rc;
	for (i = 0; i < g->n; i++, ov += 2) {
		/* \K may put the start behind the end */
		if (ov[0] == PCRE2_UNSET || ov[0] > ov[1]) {
			g->from[i] = g->to[i] = PATTERN_UNSET;
			continue;
		}
		g->from[i] = (uint16_t)ov[0];
		g->to[i] = (uint16_t)ov[1];
	}
}

enum pattern_result
pattern_match(const struct pattern *p, const char *subject, size_t len,
    struct pattern_groups *groups)
{
	int	 rc;

	if (len > PATTERN_SUBJECT_MAX)
		return (PATTERN_LONG);
	rc = pcre2_match(p->code, (PCRE2_SPTR)subject, len, 0, 0, data,
	    context);
	if (rc == PCRE2_ERROR_NOMATCH)
		return (PATTERN_NONE);
	if (rc < 0)
		return (PATTERN_LIMIT);
	pattern_groups(groups, rc);
	return (PATTERN_MATCHES);
}
