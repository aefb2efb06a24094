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
 * Records of a directory with SQL.
 */

#include <bsd/stdlib.h>
#include <bsd/string.h>

#include <stdlib.h>
#include <string.h>

#include "lookup/entry_read.h"
#include "lookup/fact.h"
#include "lookup/record.h"
#include "lookup/remote_record.h"
#include "smtpd/base/idn.h"
#include "smtpd/base/xmem.h"

/* What is asked, and what was made last. */
struct made {
	remote_asks	 asks;
	unsigned int	 dir;
	char *const	*texts;
	const void	*key;
	size_t		 keylen;
};

static struct wbuf	 value;
static int		 value_used;

/* An account as RCPT sees it. */
struct account {
	const struct fact *emails, *names;	/* names may be NULL */
	struct record_state_attrs attrs;
	uint64_t	 quota;
};

static enum answer
fact_answer(const struct fact *f)
{
	return (f == NULL ? ANSWER_TEMPFAIL : f->ans);
}

/* The value is whole, or it was none that a record could hold. */
static enum answer
made_value(const struct made *m, struct bdb_item *item)
{
	if (value.bad)
		return (ANSWER_TEMPFAIL);
	item->key = m->key;
	item->keylen = m->keylen;
	item->value = value.data;
	item->len = value.len;
	return (ANSWER_FOUND);
}

/* A row that says where mail to the domain belongs may say so. */
static enum answer
made_domain(const struct made *m, const char *name, struct bdb_item *item)
{
	struct domain_record	 d;
	const struct fact	*f = m->asks(m->dir, SQLDIR_DOMAINS, name);
	const char		*alias;

	if (fact_answer(f) != ANSWER_FOUND)
		return (fact_answer(f));
	memset(&d, 0, sizeof(d));
	(void)strlcpy(d.name, name, sizeof(d.name));
	alias = fact_column(f, "alias_of");
	if (alias[0] != '\0' && idn_fold(alias, d.alias_of,
	    sizeof(d.alias_of)) == -1)
		return (ANSWER_TEMPFAIL);
	record_put_domain(&value, m->key, m->keylen, &d);
	return (made_value(m, item));
}

/* "active", "reject", "defer", "discard"; or a truth, "t" and "1". */
static int
account_state(const char *text, enum record_state *state)
{
	static const struct {
		const char		*text;
		enum record_state	 state;
	} states[] = {
		{ "",		STATE_ACTIVE },
		{ "active",	STATE_ACTIVE },
		{ "1",		STATE_ACTIVE },
		{ "reject",	STATE_REJECT },
		{ "0",		STATE_REJECT },
		{ "defer",	STATE_DEFER },
		{ "discard",	STATE_DISCARD },
	};
	size_t	 i;

	for (i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (strcmp(states[i].text, text) == 0) {
			*state = states[i].state;
			return (0);
		}
	return (-1);
}

/*
 * An end, as smtpd-directory(5) or a column of a date or a time writes it, in
 * UTC; or its Epoch seconds.
 */
static int
account_expires(const char *text, int64_t *expires)
{
	char		 buf[ENTRY_TIME_SIZE];
	const char	*errstr;

	*expires = 0;
	if (text[0] == '\0')
		return (0);
	if (strlcpy(buf, text, sizeof(buf)) >= sizeof(buf))
		return (-1);
	if (strlen(buf) == 19 && buf[10] == ' ')
		buf[10] = 'T';
	if (entry_time_parse(buf, expires) == 0)
		return (0);
	*expires = strtonum(text, 1, INT64_MAX, &errstr);
	return (errstr == NULL ? 0 : -1);
}

/* Both of its statements at once; NONE: there is no such account. */
static enum answer
account_get(const struct made *m, const char *name, struct account *a)
{
	const char	*quota, *errstr = NULL;

	memset(a, 0, sizeof(*a));
	a->emails = m->asks(m->dir, SQLDIR_EMAILS, name);
	if (m->texts[SQLDIR_NAMES] != NULL) {
		a->names = m->asks(m->dir, SQLDIR_NAMES, name);
		if (fact_answer(a->names) != ANSWER_FOUND)
			return (fact_answer(a->names));
		quota = fact_column(a->names, "quota");
		if (quota[0] != '\0')
			a->quota = (uint64_t)strtonum(quota, 0, INT64_MAX,
			    &errstr);
		if (errstr != NULL || account_state(fact_column(a->names,
		    "state"), &a->attrs.state) == -1 ||
		    account_expires(fact_column(a->names, "expires"),
		    &a->attrs.expires) == -1)
			return (ANSWER_TEMPFAIL);
		(void)strlcpy(a->attrs.text, fact_column(a->names, "text"),
		    sizeof(a->attrs.text));
	}
	return (a->emails == NULL ? ANSWER_TEMPFAIL : ANSWER_FOUND);
}

/* What holds an address is itself an address: that is where mail goes. */
static enum answer
made_alias(const struct made *m, const char *address, const char *target,
    struct bdb_item *item)
{
	struct address_record	 rec;
	const char		*targets[1] = { target };
	char			 folded[ADDRESS_STR_SIZE];

	if (record_fold(target, folded, sizeof(folded)) == -1)
		return (ANSWER_TEMPFAIL);
	memset(&rec, 0, sizeof(rec));
	rec.kind = RESOLVE_ALIAS;
	rec.targets.n = 1;
	(void)strlcpy(rec.shown, address, sizeof(rec.shown));
	record_put_address(&value, m->key, m->keylen, &rec, targets);
	return (made_value(m, item));
}

static enum answer
made_holder(const struct made *m, const char *address, const char *name,
    struct bdb_item *item)
{
	struct address_record	 rec;
	struct account		 a;
	enum answer		 ans;

	ans = account_get(m, name, &a);
	if ((ans == ANSWER_NONE || fact_answer(a.emails) == ANSWER_NONE) &&
	    strchr(name, '@') != NULL && strcmp(name, address) != 0)
		return (made_alias(m, address, name, item));
	if (ans != ANSWER_FOUND)
		return (ans);
	/* a catch-all has no address of its own */
	if (a.emails->ans == ANSWER_NONE && address[0] == '@')
		return (ANSWER_TEMPFAIL);
	memset(&rec, 0, sizeof(rec));
	rec.kind = RESOLVE_ACCOUNT;
	rec.attrs = a.attrs;
	rec.quota = a.quota;
	(void)strlcpy(rec.shown, address, sizeof(rec.shown));
	if (strlcpy(rec.primary, a.emails->ans == ANSWER_NONE ? address :
	    a.emails->rows[0], sizeof(rec.primary)) >= sizeof(rec.primary) ||
	    strlcpy(rec.account, name, sizeof(rec.account)) >=
	    sizeof(rec.account))
		return (ANSWER_TEMPFAIL);
	record_put_address(&value, m->key, m->keylen, &rec, NULL);
	return (made_value(m, item));
}

/* The rows that are the members of a list, if it is one. */
static enum answer
list_members(const struct made *m, const char *address,
    const struct fact **members)
{
	const struct fact	*expand = NULL, *holders;

	/* both are asked at once */
	holders = m->asks(m->dir, SQLDIR_RECIPIENTS, address);
	if (m->texts[SQLDIR_EXPAND] != NULL && address[0] != '@')
		expand = m->asks(m->dir, SQLDIR_EXPAND, address);
	*members = holders;
	if (holders == NULL || (expand == NULL && address[0] != '@' &&
	    m->texts[SQLDIR_EXPAND] != NULL))
		return (ANSWER_TEMPFAIL);
	if (expand != NULL && expand->ans == ANSWER_FOUND) {
		*members = expand;
		return (ANSWER_FOUND);
	}
	return (holders->nrows > 1 ? ANSWER_FOUND : ANSWER_NONE);
}

static enum answer
made_address(const struct made *m, const char *address,
    struct bdb_item *item)
{
	struct address_record	 rec;
	const struct fact	*f;
	enum answer		 ans;

	if ((ans = list_members(m, address, &f)) == ANSWER_TEMPFAIL)
		return (ans);
	if (ans == ANSWER_NONE)
		return (f->ans == ANSWER_NONE ? f->ans :
		    made_holder(m, address, f->rows[0], item));
	memset(&rec, 0, sizeof(rec));
	rec.kind = RESOLVE_LIST;
	rec.nmembers = f->nrows;
	(void)strlcpy(rec.shown, address, sizeof(rec.shown));
	record_put_address(&value, m->key, m->keylen, &rec, NULL);
	return (made_value(m, item));
}

static enum answer
made_member(const struct made *m, const char *list, uint32_t number,
    struct bdb_item *item)
{
	const struct fact	*f;
	enum answer		 ans;

	if ((ans = list_members(m, list, &f)) != ANSWER_FOUND)
		return (ans);
	if (number >= f->nrows || (f->nrows > 1 && f->rows[number][0] ==
	    '\0'))
		return (ANSWER_TEMPFAIL);
	record_put_string(&value, m->key, m->keylen, f->rows[number]);
	return (made_value(m, item));
}

static enum answer
made_account(const struct made *m, const char *name, struct bdb_item *item)
{
	struct account_record	 rec;
	struct account		 a;
	const struct fact	*secret = NULL;
	enum answer		 ans;

	if (m->texts[SQLDIR_SECRET] != NULL)
		secret = m->asks(m->dir, SQLDIR_SECRET, name);
	if ((ans = account_get(m, name, &a)) != ANSWER_FOUND)
		return (ans);
	if (secret == NULL && m->texts[SQLDIR_SECRET] != NULL)
		return (ANSWER_TEMPFAIL);
	if (a.emails->ans == ANSWER_NONE)
		return (ANSWER_NONE);
	memset(&rec, 0, sizeof(rec));
	rec.attrs = a.attrs;
	rec.quota = a.quota;
	(void)strlcpy(rec.name, name, sizeof(rec.name));
	(void)strlcpy(rec.login, name, sizeof(rec.login));
	if (secret != NULL && secret->ans == ANSWER_FOUND &&
	    strlcpy(rec.secret, secret->rows[0], sizeof(rec.secret)) >=
	    sizeof(rec.secret))
		return (ANSWER_TEMPFAIL);
	/* the columns of one row are more than its address */
	rec.addresses.n = a.emails->nrows;
	record_put_account(&value, m->key, m->keylen, &rec,
	    (const char *const *)a.emails->rows);
	explicit_bzero(&rec, sizeof(rec));
	return (made_value(m, item));
}

/*
 * Who logs in has a secret, and is the account that stands beside it or else
 * that of the same name.  The account is asked for in any case: it takes no
 * longer when there is one.
 */
static enum answer
made_login(const struct made *m, const char *login, struct bdb_item *item)
{
	const struct fact	*f;
	const char		*name = "";
	struct account		 a;

	if (m->texts[SQLDIR_SECRET] == NULL)
		return (ANSWER_NONE);
	f = m->asks(m->dir, SQLDIR_SECRET, login);
	if (fact_answer(f) == ANSWER_TEMPFAIL)
		return (ANSWER_TEMPFAIL);
	if (f->ans == ANSWER_FOUND)
		name = fact_column(f, "name");
	if (name[0] == '\0')
		name = login;
	if (account_get(m, name, &a) == ANSWER_TEMPFAIL)
		return (ANSWER_TEMPFAIL);
	if (f->ans != ANSWER_FOUND)
		return (f->ans);
	record_put_string(&value, m->key, m->keylen, name);
	return (made_value(m, item));
}

enum answer
remote_record(remote_asks asks, unsigned int dir, char *const *texts,
    const void *key, size_t keylen, struct bdb_item *item)
{
	struct made	 m = { asks, dir, texts, key, keylen };
	char		 name[RECORD_KEY_SIZE];
	uint32_t	 number;

	if (value_used) {
		explicit_bzero(value.data, value.len);
		wbuf_free(&value);
	}
	wbuf_init(&value);
	value_used = 1;
	if (keylen == 0 || record_key_name(key, keylen, name, sizeof(name),
	    &number) == -1)
		return (ANSWER_NONE);
	switch (*(const char *)key) {
	case RECORD_DOMAIN:
		return (made_domain(&m, name, item));
	case RECORD_ADDRESS:
		return (made_address(&m, name, item));
	case RECORD_ACCOUNT:
		return (made_account(&m, name, item));
	case RECORD_LOGIN:
		return (made_login(&m, name, item));
	case RECORD_MEMBER:
		return (made_member(&m, name, number, item));
	default:
		return (ANSWER_NONE);
	}
}

/* Where seek and next stand: folded addresses in their order. */
static char	(*found)[ADDRESS_STR_SIZE];
static size_t	 nfound, found_next;
static uint8_t	 found_key[RECORD_KEY_SIZE];

static int
found_compare(const void *a, const void *b)
{
	return (strcmp(a, b));
}

/* Wildcards in what was asked for find what does not begin like it. */
static void
found_fill(const struct fact *f, const char *prefix)
{
	uint32_t	 i;

	free(found);
	found = xcalloc((size_t)f->nrows + 1, sizeof(*found));
	nfound = found_next = 0;
	for (i = 0; i < f->nrows; i++)
		if (record_fold(f->rows[i], found[nfound],
		    sizeof(found[0])) == 0 && strncmp(found[nfound], prefix,
		    strlen(prefix)) == 0)
			nfound++;
	qsort(found, nfound, sizeof(*found), found_compare);
}

enum answer
remote_record_seek(remote_asks asks, unsigned int dir, char *const *texts,
    const void *key, size_t keylen, struct bdb_item *item)
{
	const struct fact	*f;
	char			 name[RECORD_KEY_SIZE], *at;
	uint32_t		 number;

	if (keylen < 2 || *(const char *)key != RECORD_PRIMARY ||
	    texts[SQLDIR_VERIFY] == NULL || record_key_name(key, keylen, name,
	    sizeof(name), &number) == -1)
		return (ANSWER_NONE);
	/* to go on behind an address is to look for its local part */
	if ((at = strrchr(name, '@')) != NULL)
		return (remote_record_next(item));
	f = asks(dir, SQLDIR_VERIFY, name);
	if (f == NULL)
		return (ANSWER_TEMPFAIL);
	found_fill(f, name);
	return (remote_record_next(item));
}

enum answer
remote_record_next(struct bdb_item *item)
{
	if (found_next == nfound)
		return (ANSWER_NONE);
	item->keylen = record_key(RECORD_PRIMARY, found[found_next++],
	    found_key);
	item->key = found_key;
	item->value = "";
	item->len = 0;
	return (ANSWER_FOUND);
}
