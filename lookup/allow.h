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
 * May this record have mail, now, from this sender?
 */

#ifndef ALLOW_H
#define ALLOW_H

#include "lookup/record.h"
#include "smtpd/msg/msg_resolve.h"

struct found;
struct view;

/* What of it counts: all but the state is asked at RCPT only. */
enum allow {
	ALLOW_STATE,
	ALLOW_EXPIRY,		/* state and expiry */
	ALLOW_ALL		/* also what mail so far has used up */
};

/*
 * May it have mail as far as this counts?  name is what the record's uses
 * are counted by (uses.h).  RESOLVE_FOUND, _DISCARD, _DISABLED, _DEFERRED or
 * _TEMPFAIL.
 */
enum resolve_status allow_record(struct view *,
	    const struct record_state_attrs *, const char *name, enum allow);

/* RESOLVE_FOUND, or RESOLVE_QUOTA for a mailbox known to be full. */
enum resolve_status allow_quota(struct view *, const char *account,
	    uint64_t quota);

/*
 * May the sender of the question write to this list?  RESOLVE_FOUND,
 * _SENDERS or _TEMPFAIL.  A member is one that stands on the list itself,
 * by name or by any of its addresses: that costs a look for each of the
 * sender's addresses, however long the list is.
 */
enum resolve_status allow_sender(struct view *, const struct found *list,
	    const struct resolve_ask *);

#endif
