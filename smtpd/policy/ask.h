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
 * Functions of expressions that somebody else has to answer, as messages.
 */

#ifndef ASK_H
#define ASK_H

#include <stdint.h>

#include "smtpd/base/proc.h"
#include "smtpd/code/datum.h"
#include "smtpd/code/name.h"

struct rbuf;
struct wbuf;

enum ask {
	ASK_PUT,		/* the question is in w */
	ASK_KNOWN,		/* the answer is in d */
	ASK_NOT,		/* it cannot be found out */
	ASK_BAD			/* the answer is malformed */
};

/* Where a question goes, and as what message. */
struct ask_way {
	enum proc_id	 to;
	uint32_t	 type;
};

/*
 * The question: PUT, KNOWN or NOT.  A function that is asked about is a row
 * of the table in ask.c.
 */
enum ask ask_put(enum code_func, const struct datum *args,
	    unsigned int nargs, struct wbuf *w, struct ask_way *,
	    struct datum *d);

/*
 * Its answer: KNOWN, NOT or BAD.  *d is good until the next call, as long
 * as the body is.
 */
enum ask ask_get(enum code_func, struct rbuf *, struct datum *d);

/* The answer of FUNC_REMOTE_HOST with that name, until the next call. */
struct datum ask_host(const char *name);

/*
 * For a dry session: the function that looks where this one writes, itself
 * when it writes nothing; and what it would have given, from the KNOWN
 * answer to the other one.
 */
enum code_func ask_dry(enum code_func);

/* Is it a statement in SQL but a SELECT?  Then it is not put, and gives d. */
int	 ask_dry_writes(enum code_func, const struct datum *args,
	    struct datum *d);

/* For a fresh session: is it for a store?  Then d is what an empty one says. */
int	 ask_fresh(enum code_func, const struct datum *args,
	    struct datum *d);
void	 ask_dry_value(enum code_func, const struct datum *args,
	    struct datum *d);

#endif
