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
 * Notices to the sender: multipart/report with a delivery status, RFC 3464,
 * 3462 and 3461 6.  Each call writes one piece of it; the text of the
 * original message goes between report_original and report_end.
 *
 * Whatever servers and envelopes said is cleaned here: a piece is lines of
 * ASCII that end in CRLF.
 */

#ifndef REPORT_H
#define REPORT_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "smtpd/smtp/address.h"

#define REPORT_SIZE	4096	/* suffices for every piece */

/* What happened to a recipient; numbers are stored. */
enum report_kind {
	REPORT_FAILED,
	REPORT_DELAYED,
	REPORT_DELIVERED,
	REPORT_RELAYED,		/* to a server that sends no notices */
	REPORT_EXPANDED,	/* to the members of a list */
	REPORT_KIND_COUNT
};

struct report {
	const char		*host;	/* our name */
	const char		*id;	/* of the original message */
	const char		*boundary;	/* of letters and digits */
	const char		*envid;	/* xtext, or "" */
	struct address		 to;	/* the sender, not null */
	enum report_kind	 kind;	/* the gravest of its recipients */
	time_t			 arrival;
	time_t			 now;
	int			 full;	/* the whole message comes back */
	int			 utf8;	/* it came with SMTPUTF8 */
	int			 eight;	/* it may have 8-bit octets */
};

struct report_rcpt {
	struct address		 final;
	const char		*orcpt;	/* type;xtext, or "" */
	enum report_kind	 kind;
	unsigned int		 code;	/* of the remote server, or 0 */
	const char		*status;	/* "5.1.1"; "": by kind */
	const char		*mta;	/* the remote server, or "" */
	const char		*text;	/* its words, or ours */
	time_t			 until;	/* DELAYED: when it is given up */
};

/*
 * In this order: head, then said for each recipient, then fields, then
 * status for each recipient, original, the text, end.  Each returns the
 * length, or -1 when it does not fit.
 */
int	 report_head(const struct report *, char *buf, size_t size);
int	 report_said(const struct report_rcpt *, char *buf, size_t size);
int	 report_fields(const struct report *, char *buf, size_t size);
int	 report_status(const struct report_rcpt *, char *buf, size_t size);
int	 report_original(const struct report *, char *buf, size_t size);
int	 report_end(const struct report *, char *buf, size_t size);

#endif
