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
 * Fuzz target: programs from octets.  What is taken stays within its
 * bounds, ends, and comes out as the same octets.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/wire.h"
#include "smtpd/code/code.h"
#include "smtpd/code/run.h"

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check_run(const struct code *code)
{
	const struct run_budget	 budget = { 5000, 16384, 2, 1000 };
	struct datum		 answer = datum_string("a@b", 3);
	struct run		*r = run_new(code, &budget, NULL, NULL);
	const struct datum	*args;
	char			 where[300];
	enum run_status		 status;
	unsigned int		 n, asks = 0;

	while ((status = run_go(r)) == RUN_ASKS_NOW) {
		if (++asks > 2 || run_question(r, &args, &n) >= FUNC_COUNT ||
		    n > CODE_STACK_MAX)
			abort();
		run_give(r, &answer);
	}
	if (status == RUN_DONE && run_value(r)->type >= DATUM_TYPE_COUNT)
		abort();
	if (status == RUN_FAULT &&
	    run_fault(r, where, sizeof(where)) >= FAULT_COUNT)
		abort();
	run_free(r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct code	*c;
	struct wbuf	 w;
	struct rbuf	 r;

	rbuf_init(&r, data, len);
	if ((c = code_get(&r, CODE_CHECKED)) == NULL) {
		if (!r.bad)
			abort();
		return (0);
	}
	if (c->stack > CODE_STACK_MAX)
		abort();
	wbuf_init(&w);
	code_put(&w, c);
	if (w.bad || w.len != len - rbuf_left(&r) ||
	    memcmp(w.data, data, w.len) != 0)
		abort();
	wbuf_free(&w);
	check_run(c);
	code_free(c);
	return (0);
}
