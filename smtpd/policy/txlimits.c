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
 * Limits of transactions, and the count of recipient errors.
 */

#include "smtpd/policy/session.h"
#include "smtpd/policy/txlimits.h"

/* A size of 0 would be none at all, and no setting says that. */
static const struct {
	enum policy_setting	 set;
	int64_t			 min, max;
} limits[] = {
	{ SET_RCPT_MAX_RECIPIENTS,	1, UINT32_MAX },
	{ SET_RCPT_ERRORS_TOTAL,	1, UINT32_MAX },
	{ SET_RCPT_ERRORS_WAIT,		0, UINT32_MAX },
	{ SET_SESSION_MAX_SIZE,		1, INT64_MAX },
};

static void
txlimits_set(struct txlimits *l, enum policy_setting set, int64_t value)
{
	switch (set) {
	case SET_RCPT_MAX_RECIPIENTS:
		l->max_recipients = (uint32_t)value;
		break;
	case SET_RCPT_ERRORS_TOTAL:
		l->errors_total = (uint32_t)value;
		break;
	case SET_RCPT_ERRORS_WAIT:
		l->errors_wait = (uint32_t)value;
		break;
	default:
		l->max_size = (uint64_t)value;
		break;
	}
}

enum eval_status
txlimits_get(struct eval *e, unsigned int *step, struct txlimits *l)
{
	enum eval_status	 status;
	int64_t			 value;
	size_t			 i;

	for (; *step < sizeof(limits) / sizeof(limits[0]); (*step)++) {
		i = *step;
		if ((status = eval_number(e, limits[i].set, limits[i].min,
		    &value)) != EVAL_READY)
			return (status);
		txlimits_set(l, limits[i].set, value > limits[i].max ?
		    limits[i].max : value);
	}
	return (EVAL_READY);
}

void
txlimits_error(struct session *s, uint32_t *wait, uint8_t *last)
{
	if (s->errors < UINT32_MAX)
		s->errors++;
	*wait = s->tx->limits.errors_wait;
	*last = s->errors >= s->tx->limits.errors_total;
}
