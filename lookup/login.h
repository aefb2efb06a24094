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
 * Room-private: is a client who it says it is?  Passwords are compared by
 * the hashing processes, never here; SCRAM costs no time and is.
 */

#ifndef LOGIN_H
#define LOGIN_H

#include "smtpd/base/proc.h"

/*
 * Before the first question.  state is the directory where the key is kept
 * by which the salts of unknown names are made, so that they stay the same.
 */
void	 login_init(const char *state);

/* The taker of MSG_POLICY_LOGIN_ASK; the answer comes later. */
int	 login_take(struct proc_msg *);

/* A process has come or is gone. */
void	 login_peer(enum proc_id, unsigned int inst, int up);

/* Questions that no hashing process has yet. */
unsigned int login_waiting(void);

#endif
