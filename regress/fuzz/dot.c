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
 * Fuzz target: end of data.  The same octets give the same answer and the
 * same text however they are cut, and an octet by octet reading of the
 * rule agrees; what was read, stuffed, is what came.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/smtp/dot.h"

#define TEXT_MAX	4096

struct outcome {
	enum dot_result	 result;
	size_t		 used;
	size_t		 len;
	char		 text[TEXT_MAX];
};

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
run(const char *in, size_t len, size_t step, struct outcome *o)
{
	struct dot_reader	 r;
	size_t			 n, outlen, used;

	memset(o, 0, sizeof(*o));
	dot_reader_init(&r);
	while (o->used < len && o->result == DOT_MORE) {
		n = step < len - o->used ? step : len - o->used;
		o->result = dot_read(&r, in + o->used, n, o->text + o->len,
		    &outlen, &used);
		if (o->result == DOT_BAD)
			return;
		if (outlen > n || used > n)
			abort();
		o->used += used;
		o->len += outlen;
	}
}

/* The rule, said as plainly as can be. */
static void
model(const char *in, size_t len, struct outcome *o)
{
	size_t	 i;
	char	 before = '\n';

	memset(o, 0, sizeof(*o));
	for (i = 0; i < len; i++) {
		if (in[i] == '\0' || (in[i] == '\n' && (i == 0 ||
		    before != '\r')) || (in[i] != '\n' && i > 0 &&
		    before == '\r')) {
			o->result = DOT_BAD;
			return;
		}
		if (before == '\n' && in[i] == '.') {
			if (len - i >= 3 && memcmp(in + i, ".\r\n", 3) == 0) {
				o->result = DOT_END;
				o->used = i + 3;
				return;
			}
			if (len - i == 2 && in[i + 1] == '\r')
				i++;	/* undecided: may be the end */
		} else
			o->text[o->len++] = in[i];
		before = in[i];
	}
	o->used = len;
}

static void
compare(const struct outcome *a, const struct outcome *b)
{
	if (a->result != b->result)
		abort();
	if (a->result != DOT_BAD && (a->used != b->used || a->len != b->len ||
	    memcmp(a->text, b->text, a->len) != 0))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct outcome	 whole, cut, want;
	static char		 wire[DOT_STUFF_MAX(TEXT_MAX) +
				    DOT_FINISH_MAX];
	const char		*in = (const char *)data;
	struct dot_writer	 w;
	size_t			 step, n, m;

	if (len > TEXT_MAX)
		len = TEXT_MAX;
	run(in, len, len, &whole);
	model(in, len, &want);
	compare(&whole, &want);
	for (step = 1; step < len && step < 9; step++) {
		run(in, len, step, &cut);
		compare(&whole, &cut);
	}
	if (whole.result != DOT_END)
		return (0);
	dot_writer_init(&w);
	if (dot_stuff(&w, whole.text, whole.len, wire, &n) == -1 ||
	    dot_finish(&w, wire + n, &m) == -1)
		abort();
	run(wire, n + m, n + m, &cut);
	cut.used = whole.used;
	compare(&whole, &cut);
	return (0);
}
