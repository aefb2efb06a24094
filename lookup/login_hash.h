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
 * Room-private: questions to the hashing processes.  Each has one at a
 * time; the others wait, a bounded number of them and for a bounded time.
 */

#ifndef LOGIN_HASH_H
#define LOGIN_HASH_H

#include "smtpd/base/proc.h"
#include "smtpd/msg/msg_auth.h"

/*
 * Ask; done is called once, maybe before this returns, with TEMPFAIL when
 * nobody has time or none answers.  ask is copied.
 */
void	 login_hash(const struct hash_ask *ask,
	    void (*done)(void *arg, enum auth_result), void *arg);

void	 login_hash_peer(unsigned int inst, int up);
unsigned int login_hash_waiting(void);

#endif
