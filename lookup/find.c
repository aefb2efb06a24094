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
 * The only reader of domain, address and account records for the server.
 */

#include <bsd/string.h>

#include <stdint.h>
#include <string.h>

#include "lookup/complain.h"
#include "lookup/find.h"
#include "lookup/view.h"
#include "smtpd/base/xmem.h"

#define FIND_CACHE	1024		/* domains; a power of two */
#define FIND_SECRETS	100		/* accounts looked at for one */

/* What was found lately; one of the same slot takes its place. */
static struct {
	const struct view	*view;
	uint64_t		 version;
	enum answer		 ans;
	char			 name[ADDRESS_DOMAIN_MAX + 1];
	struct domain_record	 rec;
} cache[FIND_CACHE];

/* A record that put would not have written. */
static enum answer
find_broken(const struct view *v, const char *name)
{
	complain(v, name, "its record is damaged");
	return (ANSWER_TEMPFAIL);
}

static size_t
cache_slot(const char *name)
{
	uint32_t	 h = 2166136261U;	/* FNV-1a */

	for (; *name != '\0'; name++)
		h = (h ^ (uint8_t)*name) * 16777619U;
	return ((h ^ h >> 16) & (FIND_CACHE - 1));
}

/* Straight from the table. */
static enum answer
domain_get(struct view *v, const char *folded, struct domain_record *d)
{
	uint8_t		 key[RECORD_KEY_SIZE];
	struct bdb_item	 item;
	enum answer	 ans;
	size_t		 len;

	len = record_key(RECORD_DOMAIN, folded, key);
	if ((ans = view_get(v, key, len, &item)) != ANSWER_FOUND)
		return (ans);
	if (record_get_domain(key, len, item.value, item.len, d) == -1)
		return (find_broken(v, folded));
	return (ANSWER_FOUND);
}

enum answer
find_domain(struct view *v, const char *folded,
    const struct domain_record **d)
{
	size_t	 i = cache_slot(folded);

	*d = &cache[i].rec;
	if (cache[i].view == v && cache[i].version == view_version(v) &&
	    strcmp(cache[i].name, folded) == 0)
		return (cache[i].ans);
	cache[i].view = NULL;
	if (strlcpy(cache[i].name, folded, sizeof(cache[i].name)) >=
	    sizeof(cache[i].name))
		return (ANSWER_NONE);
	cache[i].ans = domain_get(v, folded, &cache[i].rec);
	/* what could not be found out is asked again */
	if (cache[i].ans != ANSWER_TEMPFAIL) {
		cache[i].view = v;
		cache[i].version = view_version(v);
	}
	return (cache[i].ans);
}

enum answer
find_address(struct view *v, const char *folded, struct found *f)
{
	uint8_t		 key[RECORD_KEY_SIZE];
	struct bdb_item	 item;
	enum answer	 ans;
	size_t		 len;

	len = record_key(RECORD_ADDRESS, folded, key);
	if ((ans = view_get(v, key, len, &item)) != ANSWER_FOUND)
		return (ans);
	if (record_get_address(key, len, item.value, item.len, &f->rec) == -1)
		return (find_broken(v, folded));
	(void)strlcpy(f->key, folded, sizeof(f->key));
	return (ANSWER_FOUND);
}

enum answer
find_account(struct view *v, const char *name, struct account_record *a)
{
	uint8_t		 key[RECORD_KEY_SIZE];
	struct bdb_item	 item;
	enum answer	 ans;
	size_t		 len;

	len = record_key(RECORD_ACCOUNT, name, key);
	if ((ans = view_get(v, key, len, &item)) != ANSWER_FOUND)
		return (ans);
	if (record_get_account(key, len, item.value, item.len, a) == -1)
		return (find_broken(v, name));
	return (ANSWER_FOUND);
}

enum answer
find_login(struct view *v, const char *login, struct account_record *a)
{
	uint8_t		 key[RECORD_KEY_SIZE];
	char		 name[RESOLVE_NAME_MAX + 1];
	struct bdb_item	 item;
	enum answer	 ans;
	size_t		 len;

	len = record_key(RECORD_LOGIN, login, key);
	if ((ans = view_get(v, key, len, &item)) != ANSWER_FOUND)
		return (ans);
	if (record_get_string(key, len, item.value, item.len, name,
	    sizeof(name)) == -1)
		return (find_broken(v, login));
	if ((ans = find_account(v, name, a)) != ANSWER_FOUND)
		return (ans);
	/* what an account had before a live change says nothing */
	return (view_is_sql(v) || strcmp(a->login, login) == 0 ?
	    ANSWER_FOUND : ANSWER_NONE);
}

enum answer
find_secret(struct view *v, char secret[RECORD_SECRET_MAX + 1])
{
	struct account_record	 a;
	struct bdb_item		 item;
	const char		 first = RECORD_ACCOUNT;
	enum answer		 ans;
	int			 n = 0;

	secret[0] = '\0';
	for (ans = view_seek(v, &first, 1, &item); ans == ANSWER_FOUND &&
	    n < FIND_SECRETS; ans = view_next(v, &item), n++) {
		if (item.keylen == 0 ||
		    *(const char *)item.key != RECORD_ACCOUNT)
			return (ANSWER_NONE);
		if (record_get_account(item.key, item.keylen, item.value,
		    item.len, &a) == 0 && a.secret[0] != '\0') {
			(void)strlcpy(secret, a.secret, RECORD_SECRET_MAX + 1);
			return (ANSWER_FOUND);
		}
	}
	return (ans == ANSWER_FOUND ? ANSWER_NONE : ans);
}

void *
find_keep(struct record_strings *s)
{
	size_t	 len = rbuf_left(&s->r);
	void	*copy;

	copy = xcalloc(1, len + 1);
	memcpy(copy, s->r.p, len);
	rbuf_init(&s->r, copy, len);
	return (copy);
}

const char *
find_domain_of(const char *folded)
{
	const char	*at = strrchr(folded, '@');

	return (at == NULL ? NULL : at + 1);
}

enum find_status
find_unknown(struct view *v, const struct domain_record *d, struct found *f)
{
	char	 behind[ADDRESS_DOMAIN_MAX + 1];

	(void)strlcpy(f->url, d->url, sizeof(f->url));
	if (f->url[0] == '\0' && d->alias_of[0] != '\0') {
		(void)strlcpy(behind, d->alias_of, sizeof(behind));
		switch (find_domain(v, behind, &d)) {
		case ANSWER_FOUND:
			(void)strlcpy(f->url, d->url, sizeof(f->url));
			break;
		case ANSWER_NONE:
			break;
		default:
			return (FIND_TEMPFAIL);
		}
	}
	return (f->url[0] == '\0' ? FIND_NONE : FIND_RELAY);
}

static enum find_status
found_status(enum answer ans)
{
	return (ans == ANSWER_FOUND ? FIND_FOUND : ans == ANSWER_NONE ?
	    FIND_NONE : FIND_TEMPFAIL);
}

enum find_status
find_literal(struct view *v, const char *folded, struct found *f)
{
	const struct domain_record	*d;
	const char			*domain = find_domain_of(folded);
	char				 behind[ADDRESS_STR_SIZE];
	enum answer			 ans;

	if (domain == NULL)
		return (FIND_NOT_LOCAL);
	if ((ans = find_domain(v, domain, &d)) != ANSWER_FOUND)
		return (ans == ANSWER_NONE ? FIND_NOT_LOCAL : FIND_TEMPFAIL);
	if ((ans = find_address(v, folded, f)) != ANSWER_NONE)
		return (found_status(ans));
	if (d->alias_of[0] != '\0') {
		(void)strlcpy(behind, folded, sizeof(behind));
		if (strlcpy(behind + (domain - folded), d->alias_of,
		    sizeof(behind) - (size_t)(domain - folded)) <
		    sizeof(behind) - (size_t)(domain - folded) &&
		    (ans = find_address(v, behind, f)) != ANSWER_NONE)
			return (found_status(ans));
	}
	return (find_unknown(v, d, f));
}
