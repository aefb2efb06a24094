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
 * What a transaction may have, RCPT.md 4: evaluated at MAIL, and fixed
 * until it ends.
 */

#ifndef TXLIMITS_H
#define TXLIMITS_H

#include <stdint.h>

#include "smtpd/policy/eval.h"

struct session;

struct txlimits {
	uint32_t	 max_recipients;
	uint32_t	 errors_total;
	uint32_t	 errors_wait;	/* ms */
	uint64_t	 max_size;	/* octets; 0 is none */
};

/*
 * Find out all of them, READY when done; *step is 0 at first and then says
 * how far it has come.  FAULT and TEMPFAIL: one of them has no value.
 */
enum eval_status
	 txlimits_get(struct eval *, unsigned int *step, struct txlimits *);

/*
 * Count a recipient error of a session in a transaction.  *wait is how
 * many ms its reply has to wait, *last whether the session ends with it.
 */
void	 txlimits_error(struct session *, uint32_t *wait, uint8_t *last);

#endif
