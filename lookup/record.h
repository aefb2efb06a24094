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
 * The records of a table, encoded: smtpd-directory(5).
 *
 * A key is one octet that names the kind of the record, and its name:
 *
 *	RECORD_DOMAIN	folded domain
 *	RECORD_ADDRESS	folded address; "@domain" is a catch-all
 *	RECORD_ACCOUNT	name of an account in lower case
 *	RECORD_LOGIN	login, octets as they are: name of its account
 *	RECORD_PRIMARY	folded primary address of an account: ""
 *	RECORD_MEMBER	folded address of a list, NUL, number (u32): a member
 *	RECORD_SENDER	folded address of a list with senders=members, NUL,
 *			a member, account in lower case or folded address:
 *			its number, in decimal
 *	RECORD_INFO	nothing else: when it was built, how many of each
 *
 * A value is a version octet, the fields that are not what they mostly
 * are, and a checksum (CRC-32 of key and value).  Values are decoded as
 * hostile input: get returns 0, or -1 for anything that put would not have
 * written.  No string holds a control octet.
 *
 * What an address leads to stands in its own record, so that a RCPT costs
 * one get: the records RECORD_ADDRESS, _LOGIN and _PRIMARY of an account
 * are made of its RECORD_ACCOUNT, which alone is exported.
 */

#ifndef RECORD_H
#define RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "smtpd/base/wire.h"
#include "smtpd/msg/msg_resolve.h"

#define RECORD_DOMAIN	'd'
#define RECORD_ADDRESS	'a'
#define RECORD_ACCOUNT	'p'
#define RECORD_LOGIN	'l'
#define RECORD_PRIMARY	'v'
#define RECORD_MEMBER	'm'
#define RECORD_SENDER	's'
#define RECORD_INFO	'i'

#define RECORD_VERSION	1
#define RECORD_KEY_SIZE	800		/* suffices for every key */
#define RECORD_SECRET_MAX 511
#define RECORD_PERSON_MAX 255		/* of name= */
#define RECORD_ADDRESSES_MAX 1000	/* of an account */
#define RECORD_TARGETS_MAX 1000		/* of an alias */
#define RECORD_MEMBERS_MAX 10000000	/* of a list */

enum record_state {
	STATE_ACTIVE,
	STATE_REJECT,
	STATE_DEFER,
	STATE_DISCARD,
	STATE_COUNT
};

enum record_senders {
	SENDERS_ANY,
	SENDERS_LOCAL,
	SENDERS_AUTHENTICATED,
	SENDERS_MEMBERS,
	SENDERS_COUNT
};

/* What ends an address: on every account, alias and list. */
struct record_state_attrs {
	enum record_state state;
	int64_t		 expires;	/* Epoch s; 0: never */
	uint64_t	 uses;		/* 0: unlimited */
	char		 text[RESOLVE_TEXT_MAX + 1];
};

/* Strings that follow each other: the targets or addresses of a record. */
struct record_strings {
	uint32_t	 n;
	struct rbuf	 r;		/* into the value */
};

struct domain_record {
	char		 name[ADDRESS_DOMAIN_MAX + 1];	/* as written */
	char		 alias_of[ADDRESS_DOMAIN_MAX + 1]; /* folded, or "" */
	char		 url[SESSION_ROUTE_MAX + 1];	/* unknown=relay: */
};

struct address_record {
	enum resolve_kind kind;
	struct record_state_attrs attrs;	/* of the account, if one */
	char		 shown[ADDRESS_STR_SIZE];	/* as written */
	/* RESOLVE_ACCOUNT */
	char		 account[RESOLVE_NAME_MAX + 1];
	char		 primary[ADDRESS_STR_SIZE];
	uint64_t	 quota;		/* octets; 0: none */
	/* RESOLVE_LIST */
	enum record_senders senders;
	char		 owner[ADDRESS_STR_SIZE];	/* or "" */
	uint32_t	 nmembers;	/* RECORD_MEMBER 0 .. nmembers - 1 */
	/* RESOLVE_ALIAS, RESOLVE_LIST */
	char		 person[RECORD_PERSON_MAX + 1];	/* name= */
	/* RESOLVE_ALIAS */
	struct record_strings targets;	/* addresses as written */
};

struct account_record {
	char		 name[RESOLVE_NAME_MAX + 1];	/* as written */
	struct record_state_attrs attrs;
	uint64_t	 quota;
	char		 login[SESSION_LOGIN_MAX + 1];	/* never "" */
	char		 secret[RECORD_SECRET_MAX + 1];	/* or "" */
	char		 person[RECORD_PERSON_MAX + 1];
	struct record_strings addresses;	/* the first is primary */
};

struct info_record {
	int64_t		 created;	/* Epoch s */
	uint64_t	 domains, accounts, addresses, aliases, lists;
};

/* Next of the strings; NULL at the end or when malformed (r.bad). */
const char *record_next(struct record_strings *, char *buf, size_t size);

/*
 * Keys: into buf of RECORD_KEY_SIZE; returns the length, 0 when the name
 * cannot be a key (empty or too long): there is no such record.  Names of
 * accounts are lowered here; the name of RECORD_INFO is "".
 */
size_t	 record_key(char kind, const char *folded, uint8_t *buf);
size_t	 record_key_member(const char *list, uint32_t number, uint8_t *buf);
size_t	 record_key_sender(const char *list, const char *member,
	    uint8_t *buf);

/*
 * A key's name, as record_key took it, into buf; for RECORD_MEMBER the
 * address of the list, and *number.  0, or -1 when it is no key.
 */
int	 record_key_name(const void *key, size_t keylen, char *buf,
	    size_t size, uint32_t *number);

/*
 * Fold a printed address or "@domain" into buf (ADDRESS_STR_SIZE): local
 * part unquoted and in lower case of ASCII, domain in lower case with
 * A-labels.  0, or -1 when it is no address with a domain.
 */
int	 record_fold(const char *address, char *buf, size_t size);
int	 record_fold_address(const struct address *, char *buf, size_t size);

/*
 * Put a whole value, checksum and all, into an empty wbuf; key is the one
 * it will stand at.  The strings of targets and addresses are given as an
 * array.  What get would refuse makes the wbuf bad.
 */
void	 record_put_domain(struct wbuf *, const void *key, size_t keylen,
	    const struct domain_record *);
void	 record_put_address(struct wbuf *, const void *key, size_t keylen,
	    const struct address_record *, const char *const *targets);
void	 record_put_account(struct wbuf *, const void *key, size_t keylen,
	    const struct account_record *, const char *const *addresses);
void	 record_put_string(struct wbuf *, const void *key, size_t keylen,
	    const char *);	/* RECORD_LOGIN, RECORD_MEMBER, _PRIMARY "" */
void	 record_put_info(struct wbuf *, const void *key, size_t keylen,
	    const struct info_record *);

int	 record_get_domain(const void *key, size_t keylen, const void *value,
	    size_t len, struct domain_record *);
int	 record_get_address(const void *key, size_t keylen,
	    const void *value, size_t len, struct address_record *);
int	 record_get_account(const void *key, size_t keylen,
	    const void *value, size_t len, struct account_record *);
int	 record_get_string(const void *key, size_t keylen, const void *value,
	    size_t len, char *buf, size_t size);
int	 record_get_info(const void *key, size_t keylen, const void *value,
	    size_t len, struct info_record *);

#endif
