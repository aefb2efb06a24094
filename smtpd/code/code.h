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
 * Programs: what a compiler makes of expressions and scripts, and what the
 * machine of run.h does.
 *
 * A program is a list of instructions over a stack of values.  Jumps go
 * forward only, so every program ends; how deep the stack gets is known
 * before it runs.  code_get() takes nothing for granted: a program that it
 * returns cannot make the machine leave its bounds, whoever wrote it.
 */

#ifndef CODE_H
#define CODE_H

#include <stddef.h>
#include <stdint.h>

#include "smtpd/code/datum.h"

struct pattern;
struct rbuf;
struct wbuf;

#define CODE_INSNS_MAX		16384
#define CODE_CONSTS_MAX		16384
#define CODE_PATTERNS_MAX	1024
#define CODE_FILES_MAX		300	/* that instructions stand in */
#define CODE_FILE_MAX		255	/* octets of a name of those */
#define CODE_WHERE_SIZE		(CODE_FILE_MAX + 32) /* of any code_where */
#define CODE_STRING_MAX		65536	/* octets of a constant */
#define CODE_ARRAY_MAX		8192	/* elements of a constant */
#define CODE_STACK_MAX		64
#define CODE_CAPTURES		32	/* $0 to $31 */
#define CODE_LOCALS_MAX		16384	/* variables that scripts set */
#define CODE_SETS_MAX		80	/* of captures: one of each script */

/* What the argument of an instruction is. */
enum code_operand {
	OPERAND_NONE,
	OPERAND_CONST,		/* index of a constant */
	OPERAND_VAR,		/* enum code_var */
	OPERAND_CAPTURE,	/* below CODE_CAPTURES */
	OPERAND_PATTERN,	/* index of a pattern */
	OPERAND_FUNC,		/* enum code_func; n: arguments */
	OPERAND_COUNT,		/* n: elements */
	OPERAND_TARGET,		/* index of an instruction further on */
	/* of scripts, script_op.h */
	OPERAND_LOCAL,		/* index of a variable */
	OPERAND_GROUP,		/* below CODE_CAPTURES; n: which set */
	OPERAND_TEST,		/* CODE_TEST; n: which set of captures */
	OPERAND_MODIFY,		/* MODIFY_* bits */
	OPERAND_PART,		/* enum addresspart */
	OPERAND_ACTION,		/* enum code_action */
	OPERAND_REWRITE		/* enum code_rewrite */
};

/* name, values taken (-1: n), values given, operand */
#define CODE_OPS(X)							\
	X(OP_RULE, 0, 0, OPERAND_NONE)	/* a rule begins: for reports */ \
	X(OP_CONST, 0, 1, OPERAND_CONST)				\
	X(OP_VAR, 0, 1, OPERAND_VAR)					\
	X(OP_CAPTURE, 0, 1, OPERAND_CAPTURE)				\
	X(OP_MATCH, 1, 1, OPERAND_PATTERN)				\
	X(OP_CALL, -1, 1, OPERAND_FUNC)					\
	X(OP_ARRAY, -1, 1, OPERAND_COUNT)				\
	X(OP_INDEX, 2, 1, OPERAND_NONE)					\
	X(OP_NOT, 1, 1, OPERAND_NONE)					\
	X(OP_NEGATE, 1, 1, OPERAND_NONE)				\
	X(OP_TRUTH, 1, 1, OPERAND_NONE)	/* 1 or 0 */			\
	X(OP_MULTIPLY, 2, 1, OPERAND_NONE)				\
	X(OP_DIVIDE, 2, 1, OPERAND_NONE)				\
	X(OP_ADD, 2, 1, OPERAND_NONE)					\
	X(OP_SUBTRACT, 2, 1, OPERAND_NONE)				\
	X(OP_LESS, 2, 1, OPERAND_NONE)					\
	X(OP_LESS_EQUAL, 2, 1, OPERAND_NONE)				\
	X(OP_GREATER, 2, 1, OPERAND_NONE)				\
	X(OP_GREATER_EQUAL, 2, 1, OPERAND_NONE)				\
	X(OP_EQUAL, 2, 1, OPERAND_NONE)					\
	X(OP_UNEQUAL, 2, 1, OPERAND_NONE)				\
	X(OP_XOR, 2, 1, OPERAND_NONE)					\
	X(OP_JUMP, 0, 0, OPERAND_TARGET)				\
	X(OP_UNLESS, 1, 0, OPERAND_TARGET) /* jumps when false */	\
	X(OP_AND, 1, 0, OPERAND_TARGET)	/* false: keeps it and jumps */	\
	X(OP_OR, 1, 0, OPERAND_TARGET)	/* true: keeps it and jumps */	\
	X(OP_RETURN, 1, 0, OPERAND_NONE)				\
	/* of scripts */						\
	X(OP_LOCAL, 0, 1, OPERAND_LOCAL)				\
	X(OP_SET, 1, 0, OPERAND_LOCAL)					\
	X(OP_GROUP, 0, 1, OPERAND_GROUP)				\
	X(OP_JOIN, -1, 1, OPERAND_COUNT) /* strings to one */		\
	X(OP_MERGE, 2, 1, OPERAND_NONE)	/* strings, arrays to an array */ \
	X(OP_MODIFY, 1, 1, OPERAND_MODIFY)				\
	X(OP_ENVELOPE, 1, 1, OPERAND_NONE) /* names to values */	\
	X(OP_PART, 2, 1, OPERAND_PART)	/* addresses, delimiters */	\
	X(OP_ENVIRONMENT, 1, 1, OPERAND_NONE)				\
	X(OP_DATE, 2, 1, OPERAND_NONE)	/* zone, part */		\
	X(OP_TEST, 2, 1, OPERAND_TEST)	/* values, keys */		\
	X(OP_POP, 1, 0, OPERAND_NONE)					\
	X(OP_NEED, 0, 0, OPERAND_LOCAL)	/* a fault unless it is true */	\
	X(OP_FAIL, 1, 0, OPERAND_NONE)	/* a fault, in words */		\
	X(OP_ACT, 0, 0, OPERAND_ACTION)					\
	X(OP_REJECT, 1, 0, OPERAND_NONE)				\
	X(OP_REWRITE, 1, 0, OPERAND_REWRITE)				\
	X(OP_STOP, 0, 0, OPERAND_NONE)	/* the end of a script */

#define CODE_OP(name, takes, gives, operand)	name,
enum code_op {
	CODE_OPS(CODE_OP)
	OP_COUNT
};
#undef CODE_OP

/* Where the source of an instruction stands. */
struct code_pos {
	uint32_t	 line;
	uint16_t	 column;
	uint16_t	 file;		/* index */
};

struct code_insn {
	uint8_t		 op;		/* enum code_op */
	uint8_t		 n;
	uint32_t	 arg;
	struct code_pos	 pos;
};

struct code {
	uint32_t	 ninsns, nconsts, npatterns, nfiles;
	struct code_insn *insns;
	struct datum	*consts;
	char		**sources;	/* of the patterns */
	struct pattern	**patterns;
	char		**files;
	/* found by code_verify */
	unsigned int	 stack;		/* values it needs */
	uint64_t	 vars;		/* bits 1 << enum code_var */
	uint32_t	 locals;	/* variables that it sets */
	int		 script;	/* it acts, and has no value */
	int		 asks;		/* it may pause to look something up */
	int		 changes;	/* it may change something elsewhere */
};

/* What one run may take. */
struct run_budget {
	uint32_t	 steps;		/* instructions, or 16 octets of work */
	uint32_t	 memory;	/* octets */
	uint32_t	 asks;		/* look-ups */
	uint32_t	 wait;		/* ms that all of them may take */
};

/* How patterns are made ready. */
enum code_speed {
	CODE_CHECKED,		/* compiled, to know that they can be */
	CODE_FAST		/* and to machine code, before a sandbox */
};

/* The octets of a program.  w is bad when it is larger than a message. */
void	 code_put(struct wbuf *, const struct code *);

/* A whole program, checked; NULL and r is bad when it is none. */
struct code *code_get(struct rbuf *, enum code_speed);

/* NULL is accepted. */
void	 code_free(struct code *);

/*
 * May it run?  Fills in the fields above.  0, or -1: an instruction, an
 * index or the depth of the stack is out of bounds, a jump does not go
 * forward, or an end is missing.
 */
int	 code_verify(struct code *);

/* "file:line:column" of an instruction; returns buf. */
const char *code_where(const struct code *, size_t insn, char *buf,
	    size_t size);

#endif
