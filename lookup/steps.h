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
 * What the resolver does, told to the one who listens at this moment, if
 * there is one: trace.h.
 */

#ifndef STEPS_H
#define STEPS_H

#include <stddef.h>

#include "lookup/answer.h"
#include "lookup/find.h"
#include "smtpd/msg/msg_resolve.h"
#include "smtpd/msg/trace.h"

/* NULL nearly always; set for a turn of a question that wants its steps. */
extern struct trace	*steps;

/* A candidate and what there is at it; kind is what made it one. */
void	 steps_candidate(const char *kind, const char *key, enum find_status,
	    const struct found *);

/* A domain, before its addresses are looked at. */
void	 steps_domain(const char *domain, enum answer,
	    const struct domain_record *);

/*
 * One that stands behind an alias or list, so many levels down: an address,
 * or an account by its name.
 */
void	 steps_behind(size_t depth, const char *address, enum find_status,
	    const struct found *);
void	 steps_member(size_t depth, const char *name, enum answer);

/* What its state, its limits or the sender make of it. */
void	 steps_status(const char *name, enum resolve_status,
	    const char *text);

/* Why it cannot be followed to its end. */
void	 steps_failed(const char *name, const char *why);

#endif
