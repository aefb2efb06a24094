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
 * The records that an entry becomes.
 */

#include <bsd/string.h>

#include <stdio.h>
#include <string.h>

#include "lookup/entry.h"
#include "smtpd/base/idn.h"
#include "smtpd/base/keyset.h"
#include "smtpd/base/log.h"

/* The records of one entry on their way. */
struct records {
	const struct entry	*e;
	entry_put		 put;
	void			*arg;
	struct wbuf		 w;		/* the value */
	size_t			 keylen;	/* 0: the name was no key */
	uint8_t			 key[RECORD_KEY_SIZE];
};

static int
records_put(struct records *r)
{
	int	 ret;

	/* what was read as an entry always fits */
	if (r->keylen == 0 || r->w.bad)
		fatalx("entry_records: line %lu makes no record", r->e->line);
	ret = r->put(r->arg, r->key, r->keylen, r->w.data, r->w.len);
	wbuf_free(&r->w);
	return (ret);
}

static void
key_address(struct records *r, char kind, const char *address)
{
	char	 folded[ADDRESS_STR_SIZE];

	r->keylen = 0;
	if (record_fold(address, folded, sizeof(folded)) == 0)
		r->keylen = record_key(kind, folded, r->key);
}

static int
records_domain(struct records *r)
{
	char	 folded[ADDRESS_DOMAIN_MAX + 1];

	if (idn_fold(r->e->domain.name, folded, sizeof(folded)) == 0)
		r->keylen = record_key(RECORD_DOMAIN, folded, r->key);
	record_put_domain(&r->w, r->key, r->keylen, &r->e->domain);
	return (records_put(r));
}

/* Each of its addresses, which says all that a RCPT must know. */
static int
records_addresses(struct records *r)
{
	const struct account_record	*account = &r->e->account;
	struct address_record		 a;
	size_t				 i;

	memset(&a, 0, sizeof(a));
	a.kind = RESOLVE_ACCOUNT;
	a.attrs = account->attrs;
	a.quota = account->quota;
	(void)strlcpy(a.account, account->name, sizeof(a.account));
	(void)strlcpy(a.primary, r->e->strings[0], sizeof(a.primary));
	for (i = 0; i < r->e->nstrings; i++) {
		(void)strlcpy(a.shown, r->e->strings[i], sizeof(a.shown));
		key_address(r, RECORD_ADDRESS, a.shown);
		record_put_address(&r->w, r->key, r->keylen, &a, NULL);
		if (records_put(r) == -1)
			return (-1);
	}
	return (0);
}

static int
records_account(struct records *r)
{
	const struct account_record	*a = &r->e->account;

	r->keylen = record_key(RECORD_ACCOUNT, a->name, r->key);
	record_put_account(&r->w, r->key, r->keylen, a,
	    (const char *const *)r->e->strings);
	if (records_put(r) == -1)
		return (-1);
	r->keylen = record_key(RECORD_LOGIN, a->login, r->key);
	record_put_string(&r->w, r->key, r->keylen, a->name);
	if (records_put(r) == -1)
		return (-1);
	key_address(r, RECORD_PRIMARY, r->e->strings[0]);
	record_put_string(&r->w, r->key, r->keylen, "");
	if (records_put(r) == -1)
		return (-1);
	return (records_addresses(r));
}

/* So that it can be told at RCPT who is a member, each of them once. */
static int
records_sender(struct records *r, const char *list, size_t number,
    struct keyset *seen)
{
	const char	*member = r->e->strings[number];
	char		 folded[ADDRESS_STR_SIZE], text[24];

	if (strchr(member, '@') == NULL) {
		(void)strlcpy(folded, member, sizeof(folded));
		address_fold_local(folded);
	} else if (record_fold(member, folded, sizeof(folded)) == -1)
		folded[0] = '\0';
	if (!keyset_add(seen, folded))
		return (0);
	r->keylen = record_key_sender(list, folded, r->key);
	(void)snprintf(text, sizeof(text), "%zu", number);
	record_put_string(&r->w, r->key, r->keylen, text);
	return (records_put(r));
}

static int
records_members(struct records *r)
{
	struct keyset	*seen;
	char		 list[ADDRESS_STR_SIZE];
	size_t		 i;
	int		 ret = 0;

	if (record_fold(r->e->address.shown, list, sizeof(list)) == -1)
		list[0] = '\0';
	seen = keyset_new();
	for (i = 0; i < r->e->nstrings && ret == 0; i++) {
		r->keylen = record_key_member(list, (uint32_t)i, r->key);
		record_put_string(&r->w, r->key, r->keylen,
		    r->e->strings[i]);
		ret = records_put(r);
		if (ret == 0 && r->e->address.senders == SENDERS_MEMBERS)
			ret = records_sender(r, list, i, seen);
	}
	keyset_free(seen);
	return (ret);
}

int
entry_records(const struct entry *e, entry_put put, void *arg)
{
	struct records	 r = { .e = e, .put = put, .arg = arg };

	wbuf_init(&r.w);
	switch (e->kind) {
	case ENTRY_DOMAIN:
		return (records_domain(&r));
	case ENTRY_ACCOUNT:
		return (records_account(&r));
	default:
		key_address(&r, RECORD_ADDRESS, e->address.shown);
		record_put_address(&r.w, r.key, r.keylen, &e->address,
		    (const char *const *)e->strings);
		if (records_put(&r) == -1)
			return (-1);
		return (e->kind == ENTRY_LIST ? records_members(&r) : 0);
	}
}
