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
 * Where mail goes, as it is read from the steps of a decision.
 */

#include <stdio.h>
#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/msg/msg_explain.h"
#include "smtpd/msg/trace.h"
#include "smtpd/msg/verdict.h"
#include "smtpd/policy/targets.h"

static char	 text[ANSWERS_TARGETS_SIZE];

static const char *
targets(struct trace *t)
{
	targets_text(t, text, sizeof(text));
	trace_free(t);
	return (text);
}

static void
small(void)
{
	struct trace	 t;

	trace_init(&t);
	CHECK(strcmp(targets(&t), "") == 0, "of nothing: %s", text);

	trace_init(&t);
	trace_step(&t, "candidate", "literal", "address", "a@b.test", "is",
	    "alias", NULL);
	trace_step(&t, "behind", "z@b.test", "is", "account", "account",
	    "zoe", NULL);
	trace_step(&t, "behind", "ann", "is", "account", NULL);
	trace_step(&t, "behind", "y@b.test", "is", "account", "account",
	    "zoe", NULL);
	trace_step(&t, "behind", "x@b.test", "is", "not there", NULL);
	trace_step(&t, "behind", "o@far.test", "is", "outside", NULL);
	trace_step(&t, "behind", "l@b.test", "is", "list", NULL);
	trace_step(&t, "state", "full", "of", "ann", NULL);
	trace_step(&t, "state", "found", "of", "zoe", NULL);
	CHECK(strcmp(targets(&t), "ann (full), list l@b.test, o@far.test, "
	    "zoe") == 0, "of an alias: %s", text);

	trace_init(&t);
	trace_step(&t, "candidate", "catch-all", "address", "@b.test", "is",
	    "account", "account", "john", NULL);
	trace_step(&t, "postmaster", "chief@c.test", NULL);
	trace_step(&t, "candidate", "literal", "address", "l@c.test", "is",
	    "list", NULL);
	CHECK(strcmp(targets(&t), "list l@c.test") == 0, "behind the "
	    "postmaster: %s", text);

	trace_init(&t);
	trace_step(&t, "decision", verdict_name(VERDICT_ACCEPT), "stored",
	    "x@far.test", "goes", "onward", NULL);
	CHECK(strcmp(targets(&t), "x@far.test (onward)") == 0, "onward: %s",
	    text);

	trace_init(&t);
	trace_step(&t, "decision", verdict_name(VERDICT_DISCARD), NULL);
	CHECK(strcmp(targets(&t), "nobody") == 0, "dropped: %s", text);
}

/* From first up, in that direction, without the one left out. */
static void
many(char *buf, int first, int step, int n, int without)
{
	struct trace	 t;
	char		 name[64];
	int		 i;

	trace_init(&t);
	for (i = 0; i < n; i++, first += step) {
		(void)snprintf(name, sizeof(name), "account%d", first);
		if (first != without)
			trace_step(&t, "behind", name, "is", "account", NULL);
	}
	(void)snprintf(buf, ANSWERS_TARGETS_SIZE, "%s", targets(&t));
}

static void
large(void)
{
	char	 a[ANSWERS_TARGETS_SIZE], b[ANSWERS_TARGETS_SIZE];

	many(a, 1000, 1, 500, -1);
	many(b, 1499, -1, 500, -1);
	CHECK(strcmp(a, b) == 0, "order counts:\n%s\n%s", a, b);
	CHECK(strstr(a, " more (") != NULL, "more than fit: %s", a);
	many(b, 1000, 1, 501, 1499);
	CHECK(strcmp(a, b) != 0, "one of those that do not fit differs: %s",
	    a);
	many(a, 1000, 1, 5000, -1);
	CHECK(strcmp(a + strlen(a) - 4, " ...") == 0, "of a trace that is "
	    "cut: %s", a);
}

int
main(void)
{
	small();
	large();
	return (check_done("policy_targets"));
}
