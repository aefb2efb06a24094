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

#include "smtpd/policy/txlimits.h"
#include "smtpd/policy/session.h"
#include "smtpd/policy/setting.h"

static int
txlimits_number(const struct setting *set, const char *name,
    const struct session *s, uint64_t max, uint64_t *value)
{
	int64_t	 number;

	if (setting_number(set, name, s, &number) != SETTING_READY)
		return (-1);
	*value = number < 0 ? 0 : (uint64_t)number;
	if (*value > max)
		*value = max;
	return (0);
}

int
txlimits_get(const struct session *s, struct txlimits *l)
{
	const struct policy_conf	*conf = policy_settings();
	uint64_t			 recipients, total, wait;

	if (txlimits_number(&conf->rcpt.max_recipients, "rcpt.max-recipients",
	    s, UINT32_MAX, &recipients) == -1 ||
	    txlimits_number(&conf->rcpt.errors_total, "rcpt.errors.total", s,
	    UINT32_MAX, &total) == -1 ||
	    txlimits_number(&conf->rcpt.errors_wait, "rcpt.errors.wait", s,
	    UINT32_MAX, &wait) == -1 ||
	    txlimits_number(&conf->session.max_size, "session.max-size", s,
	    INT64_MAX, &l->max_size) == -1)
		return (-1);
	l->max_recipients = (uint32_t)recipients;
	l->errors_total = (uint32_t)total;
	l->errors_wait = (uint32_t)wait;
	return (0);
}

void
txlimits_error(struct session *s, uint32_t *wait, uint8_t *last)
{
	if (s->errors < UINT32_MAX)
		s->errors++;
	*wait = s->tx->limits.errors_wait;
	*last = s->errors >= s->tx->limits.errors_total;
}
