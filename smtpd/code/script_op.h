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
 * What the instructions of scripts take as their arguments: RFC 5228, and
 * the extensions of RCPT.md 6.
 */

#ifndef SCRIPT_OP_H
#define SCRIPT_OP_H

#include <stdint.h>

/* OPERAND_TEST: how values are compared, smtpd/sieve/match.h. */
#define CODE_TEST(match, comparator, relation)				\
	((uint32_t)(match) | (uint32_t)(comparator) << 8 |		\
	    (uint32_t)(relation) << 16)
#define CODE_TEST_MATCH(arg)		((arg) & 0xff)
#define CODE_TEST_COMPARATOR(arg)	((arg) >> 8 & 0xff)
#define CODE_TEST_RELATION(arg)		((arg) >> 16 & 0xff)

enum code_action {
	ACTION_KEEP,
	ACTION_DISCARD,
	ACTION_COUNT
};

enum code_rewrite {
	REWRITE_TO,
	REWRITE_FROM,
	REWRITE_COUNT
};

#endif
