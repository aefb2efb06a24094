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
 * What policy and queue must be told, and whether they are still the ones
 * that were told.
 */

#ifndef FRONT_POLICY_H
#define FRONT_POLICY_H

#include <stdint.h>

#include "smtpd/base/pending.h"

struct ip;
struct session;
struct wbuf;

/*
 * The connection to the policy of this session, to queue: a number never
 * used before, so what an earlier one knew is lost.
 */
uint32_t front_policy_generation(const struct session *);
uint32_t front_queue_generation(void);

/*
 * The generation of the configuration of a session, which it has from its
 * start to its end.
 */
void	 front_policy_join(struct session *);
void	 front_policy_leave(struct session *);
uint32_t front_policy_number(const struct session *);

/* The taker of MSG_PARENT_GENERATION_NOTE. */
int	 front_take_generation(struct proc_msg *);

/* MSG_POLICY_BAN_NOTE: who is banned, and who is not any more. */
int	 front_take_ban(struct proc_msg *);

/*
 * Is a client with this address to be turned away, RCPT.md 4?  To be asked
 * once the address is known, before the greeting.
 */
int	 front_is_banned(const struct ip *);

/* For proc_on_peer. */
void	 front_peer(enum proc_id, unsigned int inst, int up);

/*
 * Ask policy, introducing the session first where need be.  Takes over the
 * contents of body.  Returns the number of the question.
 */
uint64_t front_policy_ask(struct session *, uint32_t type, struct wbuf *body,
	    pending_cb, void *arg);

/* Somebody else than it was: tell policy at once. */
void	 front_policy_again(struct session *);

/* The transaction is over; the session is. */
void	 front_policy_reset(const struct session *);
void	 front_policy_end(const struct session *);

#endif
