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
 * Values of records, encoded and decoded.
 */

#include <bsd/string.h>

#include <string.h>

#include "lookup/bdb.h"
#include "lookup/record.h"
#include "lookup/record_field.h"

/* What may be there, by kind. */
static const uint16_t	 may_have[RESOLVE_KIND_COUNT] = {
	[RESOLVE_ACCOUNT] = HAS_ATTRS | HAS_NAME | HAS_PRIMARY | HAS_QUOTA,
	[RESOLVE_ALIAS]	= HAS_ATTRS | HAS_NAME | HAS_PERSON,
	[RESOLVE_LIST] = HAS_ATTRS | HAS_NAME | HAS_PERSON | HAS_OWNER |
	    HAS_SENDERS,
};

void
record_put_domain(struct wbuf *w, const void *key, size_t keylen,
    const struct domain_record *d)
{
	uint16_t	 has;

	has = (uint16_t)((field_is_key(key, keylen, d->name) ? 0 : HAS_NAME) |
	    (d->alias_of[0] != '\0' ? HAS_ALIAS_OF : 0) |
	    (d->url[0] != '\0' ? HAS_URL : 0));
	field_begin(w, has);
	if (has & HAS_NAME)
		field_put_text(w, d->name, sizeof(d->name));
	if (has & HAS_ALIAS_OF)
		field_put_text(w, d->alias_of, sizeof(d->alias_of));
	if (has & HAS_URL)
		field_put_text(w, d->url, sizeof(d->url));
	field_end(w, key, keylen);
}

int
record_get_domain(const void *key, size_t keylen, const void *value,
    size_t len, struct domain_record *d)
{
	struct rbuf	 r;
	uint16_t	 has;

	memset(d, 0, sizeof(*d));
	has = field_open(&r, key, keylen, value, len,
	    HAS_NAME | HAS_ALIAS_OF | HAS_URL);
	field_get_name(&r, has, key, keylen, d->name, sizeof(d->name));
	if (has & HAS_ALIAS_OF)
		field_get_text(&r, d->alias_of, sizeof(d->alias_of));
	if (has & HAS_URL)
		field_get_text(&r, d->url, sizeof(d->url));
	return (rbuf_done(&r) ? 0 : -1);
}

static uint16_t
address_has(const void *key, size_t keylen, const struct address_record *a)
{
	uint16_t	 has = field_attrs_has(&a->attrs);

	if (!field_is_key(key, keylen, a->shown))
		has |= HAS_NAME;
	if (a->person[0] != '\0')
		has |= HAS_PERSON;
	if (strcmp(a->primary, a->shown) != 0)
		has |= HAS_PRIMARY;
	if (a->quota != 0)
		has |= HAS_QUOTA;
	if (a->owner[0] != '\0')
		has |= HAS_OWNER;
	if (a->senders != SENDERS_ANY)
		has |= HAS_SENDERS;
	return (has & may_have[a->kind]);
}

void
record_put_address(struct wbuf *w, const void *key, size_t keylen,
    const struct address_record *a, const char *const *targets)
{
	uint16_t	 has = address_has(key, keylen, a);

	field_begin(w, has);
	wbuf_u8(w, (uint8_t)a->kind);
	if (has & HAS_NAME)
		field_put_text(w, a->shown, sizeof(a->shown));
	field_put_attrs(w, has, &a->attrs);
	if (has & HAS_PERSON)
		field_put_text(w, a->person, sizeof(a->person));
	if (has & HAS_PRIMARY)
		field_put_text(w, a->primary, sizeof(a->primary));
	if (has & HAS_QUOTA)
		wbuf_u64(w, a->quota);
	if (has & HAS_OWNER)
		field_put_text(w, a->owner, sizeof(a->owner));
	if (has & HAS_SENDERS)
		wbuf_u8(w, (uint8_t)a->senders);
	if (a->kind == RESOLVE_ACCOUNT)
		field_put_text(w, a->account, sizeof(a->account));
	else if (a->kind == RESOLVE_LIST)
		wbuf_u32(w, a->nmembers);
	else
		field_put_strings(w, targets, a->targets.n, RECORD_TARGETS_MAX);
	field_end(w, key, keylen);
}

/* What only accounts, only lists and only aliases have. */
static void
get_address_kind(struct rbuf *r, uint16_t has, struct address_record *a)
{
	switch (a->kind) {
	case RESOLVE_ACCOUNT:
		if (!(has & HAS_PRIMARY))
			(void)strlcpy(a->primary, a->shown,
			    sizeof(a->primary));
		field_get_text(r, a->account, sizeof(a->account));
		break;
	case RESOLVE_LIST:
		if ((a->nmembers = rbuf_u32(r)) > RECORD_MEMBERS_MAX)
			rbuf_fail(r);
		break;
	default:
		field_get_strings(r, &a->targets, RECORD_TARGETS_MAX);
		break;
	}
}

int
record_get_address(const void *key, size_t keylen, const void *value,
    size_t len, struct address_record *a)
{
	struct rbuf	 r;
	uint16_t	 has;

	memset(a, 0, sizeof(*a));
	has = field_open(&r, key, keylen, value, len, UINT16_MAX);
	a->kind = (enum resolve_kind)rbuf_u8(&r, RESOLVE_KIND_COUNT - 1);
	if (has & ~may_have[a->kind])
		rbuf_fail(&r);
	field_get_name(&r, has, key, keylen, a->shown, sizeof(a->shown));
	field_get_attrs(&r, has, &a->attrs);
	if (has & HAS_PERSON)
		field_get_text(&r, a->person, sizeof(a->person));
	if (has & HAS_PRIMARY) {
		field_get_text(&r, a->primary, sizeof(a->primary));
		if (strcmp(a->primary, a->shown) == 0)
			rbuf_fail(&r);
	}
	if (has & HAS_QUOTA)
		a->quota = field_get_number(&r);
	if (has & HAS_OWNER)
		field_get_text(&r, a->owner, sizeof(a->owner));
	if (has & HAS_SENDERS) {
		a->senders = (enum record_senders)rbuf_u8(&r,
		    SENDERS_COUNT - 1);
		if (a->senders == SENDERS_ANY)
			rbuf_fail(&r);
	}
	get_address_kind(&r, has, a);
	return (rbuf_done(&r) ? 0 : -1);
}

void
record_put_account(struct wbuf *w, const void *key, size_t keylen,
    const struct account_record *a, const char *const *addresses)
{
	uint16_t	 has = field_attrs_has(&a->attrs);

	if (!field_is_key(key, keylen, a->name))
		has |= HAS_NAME;
	if (a->person[0] != '\0')
		has |= HAS_PERSON;
	if (a->quota != 0)
		has |= HAS_QUOTA;
	if (strcmp(a->login, a->name) != 0)
		has |= HAS_LOGIN;
	if (a->secret[0] != '\0')
		has |= HAS_SECRET;
	field_begin(w, has);
	if (has & HAS_NAME)
		field_put_text(w, a->name, sizeof(a->name));
	field_put_attrs(w, has, &a->attrs);
	if (has & HAS_PERSON)
		field_put_text(w, a->person, sizeof(a->person));
	if (has & HAS_QUOTA)
		wbuf_u64(w, a->quota);
	if (has & HAS_LOGIN)
		field_put_text(w, a->login, sizeof(a->login));
	if (has & HAS_SECRET)
		field_put_text(w, a->secret, sizeof(a->secret));
	if (a->addresses.n == 0)
		w->bad = 1;
	field_put_strings(w, addresses, a->addresses.n, RECORD_ADDRESSES_MAX);
	field_end(w, key, keylen);
}

int
record_get_account(const void *key, size_t keylen, const void *value,
    size_t len, struct account_record *a)
{
	struct rbuf	 r;
	uint16_t	 has;

	memset(a, 0, sizeof(*a));
	has = field_open(&r, key, keylen, value, len, HAS_ATTRS | HAS_NAME |
	    HAS_PERSON | HAS_QUOTA | HAS_LOGIN | HAS_SECRET);
	field_get_name(&r, has, key, keylen, a->name, sizeof(a->name));
	field_get_attrs(&r, has, &a->attrs);
	if (has & HAS_PERSON)
		field_get_text(&r, a->person, sizeof(a->person));
	if (has & HAS_QUOTA)
		a->quota = field_get_number(&r);
	if (has & HAS_LOGIN) {
		field_get_text(&r, a->login, sizeof(a->login));
		if (strcmp(a->login, a->name) == 0)
			rbuf_fail(&r);
	} else
		(void)strlcpy(a->login, a->name, sizeof(a->login));
	if (has & HAS_SECRET)
		field_get_text(&r, a->secret, sizeof(a->secret));
	field_get_strings(&r, &a->addresses, RECORD_ADDRESSES_MAX);
	if (a->addresses.n == 0)
		rbuf_fail(&r);
	return (rbuf_done(&r) ? 0 : -1);
}

void
record_put_string(struct wbuf *w, const void *key, size_t keylen,
    const char *s)
{
	field_begin(w, s[0] == '\0' ? 0 : HAS_NAME);
	if (s[0] != '\0')
		field_put_text(w, s, BDB_VALUE_MAX);
	field_end(w, key, keylen);
}

int
record_get_string(const void *key, size_t keylen, const void *value,
    size_t len, char *buf, size_t size)
{
	struct rbuf	 r;

	buf[0] = '\0';
	if (field_open(&r, key, keylen, value, len, HAS_NAME) != 0)
		field_get_text(&r, buf, size);
	return (rbuf_done(&r) ? 0 : -1);
}

void
record_put_info(struct wbuf *w, const void *key, size_t keylen,
    const struct info_record *i)
{
	field_begin(w, 0);
	wbuf_u64(w, (uint64_t)i->created);
	wbuf_u64(w, i->domains);
	wbuf_u64(w, i->accounts);
	wbuf_u64(w, i->addresses);
	wbuf_u64(w, i->aliases);
	wbuf_u64(w, i->lists);
	field_end(w, key, keylen);
}

int
record_get_info(const void *key, size_t keylen, const void *value,
    size_t len, struct info_record *i)
{
	struct rbuf	 r;

	memset(i, 0, sizeof(*i));
	(void)field_open(&r, key, keylen, value, len, 0);
	i->created = (int64_t)rbuf_u64(&r);
	i->domains = rbuf_u64(&r);
	i->accounts = rbuf_u64(&r);
	i->addresses = rbuf_u64(&r);
	i->aliases = rbuf_u64(&r);
	i->lists = rbuf_u64(&r);
	return (rbuf_done(&r) ? 0 : -1);
}
