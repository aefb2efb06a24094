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
 * An expression in a script: a text of its own that is read like a file.
 * Macros of the configuration are not known in it.
 */

#include <stdlib.h>
#include <string.h>

#include "smtpd/base/xmem.h"
#include "smtpd/conf_expr.h"
#include "smtpd/conf_file.h"
#include "smtpd/script/script.h"

static struct conf_spot *
eval_spots(const struct script_expression *s)
{
	struct conf_spot	*spots;
	size_t			 i;

	spots = xcalloc(s->len + 1, sizeof(*spots));
	for (i = 0; i <= s->len; i++) {
		spots[i].at = i;
		spots[i].line = s->places[i].line;
		spots[i].column = s->places[i].column;
	}
	return (spots);
}

static void
eval_parse(struct expr *x, unsigned int *kinds)
{
	struct emit_mark	 mark = emit_mark(x->emit);
	struct operand		 o;

	x->t.kind = LEX_NEWLINE;
	expr_next(x);
	x->pos = x->t.pos;
	expr_parse(x, &o);
	*kinds = o.kinds;
	if (!x->failed && x->t.kind != LEX_END)
		expr_unexpected(x, "an operator, or the end of the "
		    "expression");
	if (!x->wrong && emit_depth(x->emit, mark) == -1)
		expr_error(x, &x->pos, "nested too deeply, expected less");
}

int
conf_eval(void *arg, struct emit *emit, const struct script_expression *s,
    unsigned int *kinds)
{
	struct conf_parse	*p = arg;
	struct conf_spot	*spots = eval_spots(s);
	char			*text = xcalloc(s->len + 1, 1);
	struct conf_file	 f = { .outer = p->file, .text = text,
				    .len = s->len, .spots = spots,
				    .name = s->places[0].file };
	struct expr		 x = { .p = p, .emit = emit,
				    .own = &s->names, .stage = STAGE_RCPT,
				    .word = word_find(BLOCK_TOP, "sieve") };

	memcpy(text, s->text, s->len);
	p->file = &f;
	eval_parse(&x, kinds);
	p->file = f.outer;
	free(x.source);
	free(text);
	free(spots);
	return (x.wrong ? -1 : 0);
}
