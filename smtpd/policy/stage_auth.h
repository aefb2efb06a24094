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
 * AUTH, RFC 4954: who is asked about a login, and what a wrong one costs.
 */

#ifndef STAGE_AUTH_H
#define STAGE_AUTH_H

#include "smtpd/base/pending.h"
#include "smtpd/msg/msg_auth.h"
#include "smtpd/policy/eval.h"

struct address;
struct session;

/*
 * Find out about one login of a session (NULL: not known); answers the
 * front's question at once or later.  One at a time.
 */
void	 stage_auth(struct session *, unsigned int inst, uint64_t question,
	    const struct auth_ask *);

/* The session has ended: answer nothing. */
void	 stage_auth_forget(struct session *);

/*
 * For HELO: *bits is SASL_BIT of what may be offered, 0 where the setting
 * has no value.  READY or WAIT.
 */
enum eval_status
	 stage_auth_mechanisms(struct eval *, unsigned int *bits);

/*
 * For MAIL: ask lookup whether the sender is the login's.  READY: it was
 * asked, and cb has the answer, a struct owner_answer; else it cannot be.
 */
enum eval_status
	 stage_auth_owner(struct eval *, const struct address *sender,
	    pending_cb cb, void *arg);

#endif
