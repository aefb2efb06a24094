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
 * Selections by sender, recipient and age.
 */

#include <string.h>
#include <strings.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/idn.h"
#include "smtpd/queue/envelope.h"
#include "smtpd/queue/queue_select.h"

static int
is_domain(const char *want, const char *domain)
{
	char	 a[ADDRESS_DOMAIN_MAX + 1], b[ADDRESS_DOMAIN_MAX + 1];

	return (idn_fold(want, a, sizeof(a)) == 0 &&
	    idn_fold(domain, b, sizeof(b)) == 0 && strcmp(a, b) == 0);
}

/* "a@b", "@b" for all of b, "<>" for the null sender. */
static int
is_address(const char *want, const struct address *have)
{
	struct address	 a;

	if (strcmp(want, "<>") == 0)
		return (address_is_null(have));
	if (want[0] == '@')
		return (is_domain(want + 1, have->domain));
	if (address_parse(want, strlen(want), ADDRESS_UTF8_OK, &a) !=
	    ADDRESS_OK)
		return (0);
	return (strcasecmp(a.local, have->local) == 0 &&
	    is_domain(a.domain, have->domain));
}

/* Among those that are not done. */
static int
has_rcpt(const struct message *m, const char *want)
{
	struct envelope_note	 note;
	uint32_t		 i;

	for (i = 0; i < m->nrcpts; i++) {
		if (m->rcpts[i].state == RCPT_DONE)
			continue;
		message_rcpt(m, i, &note);
		if (is_address(want, &note.rcpt))
			return (1);
	}
	return (0);
}

int
queue_selects(const struct list_ask *ask, const struct message *m)
{
	struct envelope	 e;

	if (ask->older != 0 && clock_wall() - m->created <
	    (int64_t)ask->older)
		return (0);
	if (ask->from[0] != '\0') {
		message_envelope(m, &e);
		if (!is_address(ask->from, &e.sender))
			return (0);
	}
	return (ask->to[0] == '\0' || has_rcpt(m, ask->to));
}
