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
 * One domain, one address, one account out of the directory.  Nothing else
 * of the server reads these records (RCPT.md 2: one resolver).
 */

#ifndef FIND_H
#define FIND_H

#include "lookup/answer.h"
#include "lookup/record.h"

struct view;

enum find_status {
	FIND_FOUND,
	FIND_NONE,		/* the domain is ours, no such address */
	FIND_RELAY,		/* the same, and another server knows: url */
	FIND_NOT_LOCAL,
	FIND_TEMPFAIL
};

struct found {
	char		 key[ADDRESS_STR_SIZE];	/* folded, that existed */
	struct address_record rec;	/* targets: until the view's next get */
	char		 url[SESSION_ROUTE_MAX + 1];	/* FIND_RELAY */
};

/*
 * A domain, its name folded.  *d is valid until the next call; the domains
 * asked for lately cost no look into the table.
 */
enum answer find_domain(struct view *, const char *folded,
	    const struct domain_record **d);

/* What stands at that folded address or "@domain": one get. */
enum answer find_address(struct view *, const char *folded, struct found *);

/*
 * The address as it is, then in the domain behind its own, when that is an
 * alias; no sub-addressing, no catch-all.
 */
enum find_status find_literal(struct view *, const char *folded,
	    struct found *);

/* The account of that name; *a as targets above. */
enum answer find_account(struct view *, const char *name,
	    struct account_record *a);

/* The account that logs in by that name, its octets as they are. */
enum answer find_login(struct view *, const char *login,
	    struct account_record *a);

/* The secret of some account, such as others have; "" when none has. */
enum answer find_secret(struct view *, char secret[RECORD_SECRET_MAX + 1]);

/*
 * Take targets or addresses out of the table's memory: they last until what
 * is returned is freed.
 */
void	*find_keep(struct record_strings *);

/* The domain part of a folded address; NULL when there is none. */
const char *find_domain_of(const char *folded);

/* What becomes of the unknown addresses of a domain of ours. */
enum find_status find_unknown(struct view *, const struct domain_record *,
	    struct found *);

#endif
