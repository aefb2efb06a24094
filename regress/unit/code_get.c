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
 * Programs from octets: what is whole comes back the same, and nothing else
 * is taken.  What is taken can be run, whatever its octets were.
 */

#include <stdlib.h>
#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/base/wire.h"
#include "smtpd/code/code.h"
#include "smtpd/code/emit.h"
#include "smtpd/code/run.h"

static const struct code_pos	 nowhere = { 1, 1, 0 };

static void
push(struct emit *e, const char *s)
{
	struct datum	 d = datum_string(s, strlen(s));

	(void)emit_const(e, &d, nowhere);
}

/* Constants of every type, every kind of operand, jumps. */
static struct code *
sample(void)
{
	struct emit	*e = emit_new();
	struct code	*c;
	struct datum	 elements[2], d;
	uint32_t	 over, away;
	char		 why[64] = "";
	size_t		 at;

	CHECK(emit_file(e, "one.conf") == 0 && emit_file(e, "two.conf") == 1 &&
	    emit_file(e, "one.conf") == 0, "files");
	emit_op(e, OP_RULE, 0, 0, nowhere);
	emit_op(e, OP_VAR, 0, VAR_RCPT, nowhere);
	CHECK(emit_pattern(e, "^(.+)@", nowhere, why, sizeof(why), &at) == 0,
	    "pattern: %s", why);
	away = emit_jump(e, OP_UNLESS, nowhere);
	emit_op(e, OP_CAPTURE, 0, 1, nowhere);
	push(e, "x");
	emit_op(e, OP_ADD, 0, 0, nowhere);
	over = emit_jump(e, OP_OR, nowhere);
	elements[0] = datum_string("a", 1);
	elements[1] = datum_float(2.5);
	d.type = DATUM_ARRAY;
	d.len = 2;
	d.array = elements;
	(void)emit_const(e, &d, nowhere);
	d = datum_integer(-1);
	(void)emit_const(e, &d, nowhere);
	emit_op(e, OP_INDEX, 0, 0, nowhere);
	emit_op(e, OP_CALL, 1, FUNC_LEN, nowhere);
	emit_land(e, over);
	emit_op(e, OP_RETURN, 0, 0, nowhere);
	emit_land(e, away);
	push(e, "");
	push(e, "example.org");
	emit_op(e, OP_CALL, 2, FUNC_IS_LOCAL_DOMAIN, nowhere);
	emit_op(e, OP_ARRAY, 1, 0, nowhere);
	emit_op(e, OP_RETURN, 0, 0, nowhere);
	c = emit_finish(e, why, sizeof(why));
	CHECK(c != NULL, "sample: %s", why);
	emit_free(e);
	return (c);
}

static struct code *
get(const uint8_t *data, size_t len)
{
	struct code	*c;
	struct rbuf	 r;

	rbuf_init(&r, data, len);
	c = code_get(&r, CODE_CHECKED);
	if (c != NULL && !rbuf_done(&r)) {
		code_free(c);
		c = NULL;
	}
	return (c);
}

/* It must come to an end, by itself, whatever it is. */
static void
run(const struct code *c)
{
	const struct run_budget	 budget = { 1000, 4096, 2, 1000 };
	struct datum		 answer = datum_string("yes", 3);
	struct run		*r = run_new(c, &budget, NULL, NULL);
	enum run_status		 status;
	unsigned int		 n = 0;

	while ((status = run_go(r)) == RUN_ASKS_NOW) {
		run_give(r, &answer);
		CHECK(n++ < 3, "asks without end");
	}
	if (status == RUN_DONE)
		CHECK(run_value(r)->type < DATUM_TYPE_COUNT, "no value");
	run_free(r);
}

static void
test_octets(const struct code *c)
{
	struct wbuf	 w, again;
	struct code	*copy;
	uint8_t		*data;
	size_t		 i, taken = 0;
	unsigned int	 bit;

	wbuf_init(&w);
	code_put(&w, c);
	CHECK((copy = get(w.data, w.len)) != NULL, "whole");
	wbuf_init(&again);
	code_put(&again, copy);
	CHECK(again.len == w.len && memcmp(again.data, w.data, w.len) == 0,
	    "comes back as something else");
	CHECK(copy->stack == 2 && copy->vars == 1u << VAR_RCPT &&
	    copy->asks && !copy->changes, "what is known of it");
	run(copy);
	code_free(copy);
	wbuf_free(&again);

	data = malloc(w.len + 1);
	for (i = 0; i < w.len; i++) {
		memcpy(data, w.data, i);
		CHECK(get(data, i) == NULL, "takes %zu of %zu", i, w.len);
	}
	memcpy(data, w.data, w.len);
	data[w.len] = 0;
	CHECK(get(data, w.len + 1) == NULL, "takes an octet more");
	for (i = 0; i < w.len; i++)
		for (bit = 0; bit < 8; bit++) {
			data[i] ^= (uint8_t)(1u << bit);
			if ((copy = get(data, w.len)) != NULL) {
				run(copy);
				code_free(copy);
				taken++;
			}
			data[i] ^= (uint8_t)(1u << bit);
		}
	CHECK(taken > 0, "flips only where it does not matter");
	free(data);
	wbuf_free(&w);
}

/* A program of these instructions; is it taken? */
static int
takes(const struct code_insn *insns, uint32_t n)
{
	struct code	 c, *got;
	struct datum	 zero = datum_integer(0);
	struct wbuf	 w;
	char		 file[] = "f", *files[] = { file };

	memset(&c, 0, sizeof(c));
	c.files = files;
	c.nfiles = 1;
	c.consts = &zero;
	c.nconsts = 1;
	c.ninsns = n;
	c.insns = malloc((n + 1) * sizeof(*insns));
	if (n > 0)
		memcpy(c.insns, insns, n * sizeof(*insns));
	wbuf_init(&w);
	code_put(&w, &c);
	if ((got = get(w.data, w.len)) != NULL)
		run(got);
	code_free(got);
	wbuf_free(&w);
	free(c.insns);
	return (got != NULL);
}

#define TAKES(...) takes((const struct code_insn []){ __VA_ARGS__ },	\
	(uint32_t)(sizeof((const struct code_insn []){ __VA_ARGS__ }) /	\
	sizeof(struct code_insn)))
#define I(op, n, arg)	{ op, n, arg, { 1, 1, 0 } }
#define ZERO		I(OP_CONST, 0, 0)
#define END		I(OP_RETURN, 0, 0)

static void
test_verify(void)
{
	CHECK(TAKES(ZERO, END), "the smallest one");
	CHECK(!takes(NULL, 0), "none at all");
	CHECK(!TAKES(ZERO), "no end");
	CHECK(!TAKES(END), "nothing to return");
	CHECK(!TAKES(ZERO, ZERO, END), "too much to return");
	CHECK(!TAKES(ZERO, END, END), "what nothing leads to");
	CHECK(!TAKES(I(OP_CONST, 0, 1), END), "no such constant");
	CHECK(!TAKES(I(OP_VAR, 0, VAR_COUNT), END), "no such variable");
	CHECK(!TAKES(I(OP_CAPTURE, 0, CODE_CAPTURES), END), "capture");
	CHECK(!TAKES(ZERO, I(OP_MATCH, 0, 0), END), "no such pattern");
	CHECK(!TAKES(ZERO, I(OP_CALL, 1, FUNC_COUNT), END), "function");
	CHECK(!TAKES(ZERO, I(OP_CALL, 1, FUNC_MATCHES), END),
	    "a function that is an instruction");
	CHECK(!TAKES(ZERO, ZERO, I(OP_CALL, 2, FUNC_LEN), END) &&
	    !TAKES(I(OP_CALL, 0, FUNC_LEN), END), "arguments");
	CHECK(TAKES(I(OP_STOP, 0, 0)), "a script");
	CHECK(!TAKES(ZERO, I(OP_STOP, 0, 0)), "a script with a value");
	CHECK(!TAKES(ZERO, I(OP_UNLESS, 0, 4), ZERO, END, I(OP_STOP, 0, 0)),
	    "two kinds of ends");
	CHECK(TAKES(I(OP_LOCAL, 0, CODE_LOCALS_MAX - 1), END) &&
	    !TAKES(I(OP_LOCAL, 0, CODE_LOCALS_MAX), END), "no such local");
	CHECK(!TAKES(I(OP_GROUP, CODE_SETS_MAX, 0), END) &&
	    !TAKES(I(OP_GROUP, 0, CODE_CAPTURES), END), "no such group");
	CHECK(TAKES(ZERO, ZERO, I(OP_TEST, 0, 0), END) &&
	    !TAKES(ZERO, ZERO, I(OP_TEST, CODE_SETS_MAX, 0), END) &&
	    !TAKES(ZERO, ZERO, I(OP_TEST, 0, 0xff), END) &&
	    !TAKES(ZERO, ZERO, I(OP_TEST, 0, 0xff00), END) &&
	    !TAKES(ZERO, ZERO, I(OP_TEST, 0, 0xff0000), END) &&
	    !TAKES(ZERO, ZERO, I(OP_TEST, 0, 0x1000000), END) &&
	    !TAKES(ZERO, I(OP_TEST, 0, 0), END), "tests");
	CHECK(!TAKES(ZERO, I(OP_MODIFY, 0, 0x80), END), "no such modifier");
	CHECK(!TAKES(ZERO, ZERO, I(OP_PART, 0, 99), END), "no such part");
	CHECK(!TAKES(I(OP_ACT, 0, 99), I(OP_STOP, 0, 0)) &&
	    !TAKES(ZERO, I(OP_REWRITE, 0, 99), I(OP_STOP, 0, 0)), "actions");
	CHECK(!TAKES(ZERO, I(OP_CALL, 2, FUNC_CONTAINS), END),
	    "more arguments than values");
	CHECK(!TAKES(ZERO, I(OP_ADD, 0, 0), END), "one operand of two");
	CHECK(!TAKES(ZERO, I(OP_ARRAY, 2, 0), END), "elements");
	CHECK(TAKES(I(OP_ARRAY, 0, 0), END), "the empty array");
	CHECK(!TAKES(ZERO, I(OP_JUMP, 0, 1), END), "a jump to itself");
	CHECK(!TAKES(ZERO, I(OP_JUMP, 0, 0), END), "a jump back");
	CHECK(!TAKES(ZERO, I(OP_JUMP, 0, 3), END), "a jump behind the end");
	CHECK(!TAKES(ZERO, I(OP_UNLESS, 0, UINT32_MAX), ZERO, END),
	    "a jump far away");
	CHECK(TAKES(ZERO, I(OP_JUMP, 0, 2), END), "a jump ahead");
	CHECK(TAKES(ZERO, I(OP_UNLESS, 0, 4), ZERO, END, ZERO, END),
	    "two ends");
	CHECK(!TAKES(ZERO, I(OP_UNLESS, 0, 3), ZERO, END),
	    "two depths at one place");
	CHECK(TAKES(ZERO, I(OP_AND, 0, 3), ZERO, END), "and");
	CHECK(!TAKES(ZERO, I(OP_AND, 0, 3), ZERO, ZERO, END),
	    "and, with another depth");
	CHECK(!TAKES(ZERO, I(OP_JUMP, 0, 3), ZERO, END),
	    "what is jumped over, and led to by nothing");
}

/* One value above another, as deep as it may be and one more. */
static void
test_depth(void)
{
	struct code_insn	 insns[2 * CODE_STACK_MAX + 4];
	uint32_t		 n, depth;

	for (depth = CODE_STACK_MAX; depth <= CODE_STACK_MAX + 1; depth++) {
		for (n = 0; n < depth; n++)
			insns[n] = (struct code_insn)ZERO;
		for (; n < 2 * depth - 1; n++)
			insns[n] = (struct code_insn)I(OP_ADD, 0, 0);
		insns[n++] = (struct code_insn)END;
		CHECK(takes(insns, n) == (depth == CODE_STACK_MAX),
		    "a depth of %u", depth);
	}
}

static void
test_limits(void)
{
	struct emit	*e = emit_new();
	struct code	*c;
	char		 why[64] = "", name[512];
	uint32_t	 i;

	/* larger than a message */
	for (i = 0; i < CODE_INSNS_MAX + 1; i++)
		emit_op(e, OP_RULE, 0, 0, nowhere);
	push(e, "x");
	emit_op(e, OP_RETURN, 0, 0, nowhere);
	CHECK(emit_finish(e, why, sizeof(why)) == NULL && why[0] != '\0',
	    "a program without bounds");
	/* and the emitter goes on with another one */
	memset(name, 'f', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	CHECK(emit_file(e, name) == 0, "file");
	push(e, "x");
	emit_op(e, OP_RETURN, 0, 0, nowhere);
	CHECK((c = emit_finish(e, why, sizeof(why))) != NULL &&
	    strlen(c->files[0]) == CODE_FILE_MAX, "a long name of a file");
	code_free(c);
	emit_free(e);
}

int
main(void)
{
	struct code	*c = sample();

	test_octets(c);
	code_free(c);
	test_verify();
	test_depth();
	test_limits();
	return (check_done("unit/code_get"));
}
