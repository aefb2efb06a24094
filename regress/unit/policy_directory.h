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
 * The small directory that lookup has where a test plays it.
 */

#ifndef POLICY_DIRECTORY_H
#define POLICY_DIRECTORY_H

#include <bsd/string.h>

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "smtpd/msg/msg_resolve.h"
#include "smtpd/smtp/address.h"

/* The directory of the fixtures F-STEP and F-STATE, and one split domain. */
static inline void
play_resolve(const struct resolve_ask *q, struct resolve_answer *ans)
{
	static const struct {
		const char		*local;
		enum resolve_status	 status;
		const char		*text;
	} known[] = {
		{ "jane", RESOLVE_FOUND, "" },
		{ "john", RESOLVE_FOUND, "" },
		{ "bill", RESOLVE_FOUND, "" },
		{ "hole", RESOLVE_DISCARD, "" },
		{ "shut", RESOLVE_DISABLED, "Moved away." },
		{ "late", RESOLVE_DEFERRED, "Later." },
		{ "full", RESOLVE_QUOTA, "" },
		{ "broken", RESOLVE_TEMPFAIL, "" },
	};
	char	 local[ADDRESS_LOCAL_MAX + 1];
	size_t	 i;

	memset(ans, 0, sizeof(*ans));
	ans->status = RESOLVE_NOT_LOCAL;
	if (strcasecmp(q->rcpt.domain, "split.example") == 0) {
		ans->status = RESOLVE_RELAY;
		(void)strlcpy(ans->url, "lmtp://127.0.0.1:24",
		    sizeof(ans->url));
		return;
	}
	if (strcasecmp(q->rcpt.domain, "foobar.org") != 0 &&
	    strcasecmp(q->rcpt.domain, "mx.own.example") != 0)
		return;
	ans->status = RESOLVE_NONE;
	(void)strlcpy(local, q->rcpt.local, sizeof(local));
	address_fold_local(local);
	if (strcmp(local, "staff") == 0)
		ans->status = q->login[0] == '\0' ? RESOLVE_SENDERS :
		    RESOLVE_FOUND;
	if (strncmp(local, "many", 4) == 0)
		ans->status = RESOLVE_FOUND;
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(local, known[i].local) == 0) {
			ans->status = known[i].status;
			(void)strlcpy(ans->text, known[i].text,
			    sizeof(ans->text));
		}
	(void)snprintf(ans->primary, sizeof(ans->primary), "%s@foobar.org",
	    local);
	(void)strlcpy(ans->via, ans->primary, sizeof(ans->via));
}

#endif
