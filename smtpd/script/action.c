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
 * Actions, and the ends of scripts.
 */

#include <stdlib.h>

#include "smtpd/code/script_op.h"
#include "smtpd/script/compile.h"

/*
 * Out of here.  Commands may stand behind it all the same, and no program
 * has instructions that nothing leads to: so it looks like a choice.
 */
static void
leave(struct compile *c, struct jump **end, const struct script_place *place)
{
	compile_number(c, 0, place);
	compile_jump(c, end, OP_UNLESS, place);
}

/* What has to be done at the end is done: stop leads there. */
void
control_stop(struct compile *c, const struct call *call)
{
	leave(c, &c->stops, &call->node->place);
}

void
control_return(struct compile *c, const struct call *call)
{
	leave(c, &c->unit->returns, &call->node->place);
}

void
action_keep(struct compile *c, const struct call *call)
{
	compile_op(c, OP_ACT, 0, ACTION_KEEP, &call->node->place);
}

void
action_discard(struct compile *c, const struct call *call)
{
	compile_op(c, OP_ACT, 0, ACTION_DISCARD, &call->node->place);
}

void
action_reject(struct compile *c, const struct call *call)
{
	text_write(c, call->params[0]);
	compile_op(c, OP_REJECT, 0, 0, &call->node->place);
}

void
action_set(struct compile *c, const struct call *call)
{
	static const enum tag_class	 classes[] = {
		CLASS_CASE, CLASS_FIRST, CLASS_QUOTE, CLASS_LENGTH
	};
	uint32_t			 bits = 0;
	size_t				 i;

	for (i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (CALL_HAS(call, classes[i]))
			bits |= call->value[classes[i]];
	text_write(c, call->params[1]);
	if (bits != 0)
		compile_op(c, OP_MODIFY, 0, bits, &call->node->place);
	else if (text_kinds(c, call->params[1]) != KIND_STRING)
		compile_op(c, OP_JOIN, 1, 0, &call->node->place);
	name_set(c, call->params[0], KIND_STRING);
}

void
action_error(struct compile *c, const struct call *call)
{
	text_write(c, call->params[0]);
	compile_op(c, OP_FAIL, 0, 0, &call->node->place);
}
