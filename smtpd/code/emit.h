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
 * What compilers write programs with.
 *
 * Mistakes of the source are the compiler's to find; what is wrong with the
 * program as a whole (it is too large) is found by emit_finish, which
 * hands out nothing that code_get would not.
 */

#ifndef EMIT_H
#define EMIT_H

#include <stddef.h>
#include <stdint.h>

#include "smtpd/code/code.h"
#include "smtpd/code/run.h"

struct emit;

/* A place to come back to. */
struct emit_mark {
	uint32_t	 insns, consts, patterns;
};

struct emit *emit_new(void);
void	 emit_free(struct emit *);		/* NULL is accepted */

/* The index of a source file, for positions. */
uint16_t emit_file(struct emit *, const char *name);

void	 emit_op(struct emit *, enum code_op, unsigned int n, uint32_t arg,
	    struct code_pos);

/* A value; returns its copy, valid as long as the emitter. */
struct datum emit_const(struct emit *, const struct datum *,
	    struct code_pos);

/*
 * OP_MATCH with this expression.  -1 when it is none: why says what is
 * wrong with it, *at is where.
 */
int	 emit_pattern(struct emit *, const char *source, struct code_pos,
	    char *why, size_t whysize, size_t *at);

/* A jump whose target comes later: emit_land makes it the next one. */
uint32_t emit_jump(struct emit *, enum code_op, struct code_pos);
void	 emit_land(struct emit *, uint32_t jump);

/* Forget all that was written since mark. */
struct emit_mark emit_mark(const struct emit *);
void	 emit_back(struct emit *, struct emit_mark);

/*
 * Run what was written since mark, which leaves one value and reads
 * nothing from elsewhere.  FAULT_NONE with the value, valid as long as
 * the emitter, or what is wrong.
 */
enum run_fault
	 emit_run(struct emit *, struct emit_mark, struct datum *value);

/*
 * Is what was written since mark, which leaves one value, more than the
 * stack of any program holds?  Then -1.
 */
int	 emit_depth(const struct emit *, struct emit_mark);

/*
 * The program, the caller's to free; the emitter is free for another one.
 * NULL with why when it is too large.
 */
struct code *emit_finish(struct emit *, char *why, size_t whysize);

#endif
