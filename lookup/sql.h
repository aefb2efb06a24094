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
 * Room-private: statements put to stores, whose processes are asked.
 */

#ifndef SQL_H
#define SQL_H

#include "smtpd/base/proc.h"
#include "smtpd/msg/msg_sql.h"

struct lookup_conf;

void	 sql_init(const struct lookup_conf *);

/* The number of a store, "" the first one; -1: there is none. */
int	 sql_find(const char *store);

/*
 * Ask store number inst.  done is called once, not before this returns:
 * ans is NULL when it could not be found out, and lasts as long as the
 * call.  What ask points to need not stay.  Returns -1, and done is not
 * called, when too many wait for this store.
 */
int	 sql_ask(unsigned int inst, struct sql_ask *ask,
	    void (*done)(void *arg, struct sql_answer *ans), void *arg);

/* Questions under way, to all of them. */
unsigned int sql_busy(void);

/* The taker of MSG_POLICY_QUERY_ASK. */
int	 sql_take(struct proc_msg *);

#endif
