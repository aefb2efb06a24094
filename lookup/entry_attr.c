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
 * Attributes of entries: name=value.
 */

#include <bsd/stdlib.h>
#include <bsd/string.h>

#include <stdio.h>
#include <string.h>

#include "lookup/entry_read.h"
#include "smtpd/smtp/nexthop.h"
#include "smtpd/smtp/scram.h"

#define FOR(kind)	(1U << (kind))
#define FOR_ALL	(FOR(ENTRY_ACCOUNT) | FOR(ENTRY_ALIAS) | FOR(ENTRY_LIST))

const char *const	 entry_states[STATE_COUNT] = {
	[STATE_ACTIVE]	= "active",
	[STATE_REJECT]	= "reject",
	[STATE_DEFER]	= "defer",
	[STATE_DISCARD]	= "discard",
};
const char *const	 entry_senders[SENDERS_COUNT] = {
	[SENDERS_ANY]		= "any",
	[SENDERS_LOCAL]		= "local",
	[SENDERS_AUTHENTICATED]	= "authenticated",
	[SENDERS_MEMBERS]	= "members",
};

static struct record_state_attrs *
attrs_of(struct entry *e)
{
	return (e->kind == ENTRY_ACCOUNT ? &e->account.attrs :
	    &e->address.attrs);
}

static int
is_word(const struct entry_word *w, const char *word)
{
	return (strlen(word) == w->len && memcmp(w->p, word, w->len) == 0);
}

/* Which of n words, or -1 and an error that lists them. */
static int
one_of(struct entry_reader *r, const struct entry_word *w,
    const char *const *words, int n)
{
	char	 list[128] = "", shown[ENTRY_SHOW_SIZE];
	int	 i;

	for (i = 0; i < n; i++) {
		if (is_word(w, words[i]))
			return (i);
		(void)strlcat(list, i == 0 ? "" : i == n - 1 ? " or " : ", ",
		    sizeof(list));
		(void)strlcat(list, words[i], sizeof(list));
	}
	entry_error(r, &w->pos, "'%s' is unknown here, expected %s",
	    entry_show(w, shown), list);
	return (-1);
}

static void
set_alias_of(struct entry_reader *r, const struct entry_word *w)
{
	struct domain_record	*d = &r->entry->domain;
	char			 name[ADDRESS_DOMAIN_MAX + 1];

	if (entry_domain(r, w, name, d->alias_of) == -1)
		d->alias_of[0] = '\0';
}

static void
set_unknown(struct entry_reader *r, const struct entry_word *w)
{
	static const char	 relay[] = "relay:";
	struct entry_word	 route = *w;
	struct nexthop		 nexthop;
	const char		*why = "is unknown here";
	char			*url = r->entry->domain.url;
	char			 shown[ENTRY_SHOW_SIZE];

	if (is_word(w, "reject"))
		return;
	if (w->len > sizeof(relay) - 1 &&
	    memcmp(w->p, relay, sizeof(relay) - 1) == 0) {
		entry_skip(&route, sizeof(relay) - 1);
		if (entry_text(r, &route, "route", url,
		    sizeof(r->entry->domain.url)) == -1 ||
		    nexthop_parse(url, &nexthop, &why) == 0)
			return;
		url[0] = '\0';
	}
	entry_error(r, &route.pos, "'%s' %s, expected %slmtp://host:24 or "
	    "the like", entry_show(&route, shown), why,
	    route.len == w->len ? "reject or relay:" : "");
}

static void
set_state(struct entry_reader *r, const struct entry_word *w)
{
	int	 i = one_of(r, w, entry_states, STATE_COUNT);

	if (i != -1)
		attrs_of(r->entry)->state = (enum record_state)i;
}

static void
set_senders(struct entry_reader *r, const struct entry_word *w)
{
	int	 i = one_of(r, w, entry_senders, SENDERS_COUNT);

	if (i != -1)
		r->entry->address.senders = (enum record_senders)i;
}

static void
set_text(struct entry_reader *r, const struct entry_word *w)
{
	struct record_state_attrs	*a = attrs_of(r->entry);

	(void)entry_text(r, w, "text=", a->text, sizeof(a->text));
}

static void
set_expires(struct entry_reader *r, const struct entry_word *w)
{
	char	 buf[ENTRY_TIME_SIZE], shown[ENTRY_SHOW_SIZE];

	buf[0] = '\0';
	if (w->len < sizeof(buf)) {
		memcpy(buf, w->p, w->len);
		buf[w->len] = '\0';
	}
	if (strlen(buf) != w->len ||
	    entry_time_parse(buf, &attrs_of(r->entry)->expires) == -1)
		entry_error(r, &w->pos, "'%s' is no date, expected one such "
		    "as 2027-01-31 or 2027-01-31T12:00:00",
		    entry_show(w, shown));
}

/* Digits, and a unit if there may be one; -1 when it is not that. */
static int
number(const struct entry_word *w, int unit, uint64_t *out)
{
	static const char	 units[] = "KMG";
	const char		*error, *p = NULL;
	char			 buf[32];
	uint64_t		 v;
	int			 shift = 0;

	if (w->len == 0 || w->len >= sizeof(buf) || w->p[0] < '0' ||
	    w->p[0] > '9')
		return (-1);
	memcpy(buf, w->p, w->len);
	buf[w->len] = '\0';
	if (strlen(buf) != w->len)
		return (-1);
	if (unit && (p = strchr(units, buf[w->len - 1])) != NULL) {
		shift = 10 * (int)(p + 1 - units);
		buf[w->len - 1] = '\0';
	}
	v = (uint64_t)strtonum(buf, 1, INT64_MAX >> shift, &error);
	*out = v << shift;
	return (error == NULL ? 0 : -1);
}

static void
set_uses(struct entry_reader *r, const struct entry_word *w)
{
	char	 shown[ENTRY_SHOW_SIZE];

	if (number(w, 0, &attrs_of(r->entry)->uses) == -1)
		entry_error(r, &w->pos, "'%s' is no count, expected a number "
		    "from 1", entry_show(w, shown));
}

static void
set_quota(struct entry_reader *r, const struct entry_word *w)
{
	char	 shown[ENTRY_SHOW_SIZE];

	if (number(w, 1, &r->entry->account.quota) == -1)
		entry_error(r, &w->pos, "'%s' is no size, expected a number "
		    "from 1, perhaps with K, M or G behind it",
		    entry_show(w, shown));
}

static void
set_name(struct entry_reader *r, const struct entry_word *w)
{
	struct entry	*e = r->entry;

	(void)entry_text(r, w, "name=", e->kind == ENTRY_ACCOUNT ?
	    e->account.person : e->address.person,
	    sizeof(e->account.person));
}

static void
set_login(struct entry_reader *r, const struct entry_word *w)
{
	(void)entry_text(r, w, "login=", r->entry->account.login,
	    sizeof(r->entry->account.login));
}

/* What a client can be compared with: of crypt(3), or keys of SCRAM. */
static int
is_secret(const char *text)
{
	struct scram	 s;

	if (scram_is(text))
		return (scram_parse(text, &s) == 0);
	return (text[0] == '$');
}

/* What is wrong with a secret is never shown. */
static void
set_secret(struct entry_reader *r, const struct entry_word *w)
{
	char	*secret = r->entry->account.secret;

	if (entry_text(r, w, "secret=", secret,
	    sizeof(r->entry->account.secret)) == 0 && !is_secret(secret))
		entry_error(r, &w->pos, "secret= is no hash, expected one "
		    "of crypt(3) that begins with '$', or SCRAM-SHA-256$ and "
		    "keys, as smtpctl encrypt makes them");
}

static void
set_owner(struct entry_reader *r, const struct entry_word *w)
{
	(void)entry_address(r, w, 0, r->entry->address.owner);
}

static const struct attribute {
	const char	*name;
	unsigned int	 kinds;
	void		(*set)(struct entry_reader *,
			    const struct entry_word *);
} attributes[] = {
	{ "alias-of",	FOR(ENTRY_DOMAIN),	set_alias_of },
	{ "unknown",	FOR(ENTRY_DOMAIN),	set_unknown },
	{ "addresses",	FOR(ENTRY_ACCOUNT),	NULL },
	{ "members",	FOR(ENTRY_LIST),	NULL },
	{ "senders",	FOR(ENTRY_LIST),	set_senders },
	{ "owner",	FOR(ENTRY_LIST),	set_owner },
	{ "name",	FOR_ALL,		set_name },
	{ "login",	FOR(ENTRY_ACCOUNT),	set_login },
	{ "secret",	FOR(ENTRY_ACCOUNT),	set_secret },
	{ "quota",	FOR(ENTRY_ACCOUNT),	set_quota },
	{ "state",	FOR_ALL,		set_state },
	{ "text",	FOR_ALL,		set_text },
	{ "expires",	FOR_ALL,		set_expires },
	{ "uses",	FOR_ALL,		set_uses },
};
#define NATTRIBUTES	(sizeof(attributes) / sizeof(attributes[0]))

int
entry_is_attribute(const char *name, size_t len)
{
	size_t	 i;

	for (i = 0; i < NATTRIBUTES; i++)
		if (strlen(attributes[i].name) == len &&
		    memcmp(attributes[i].name, name, len) == 0)
			return (1);
	return (0);
}

static void
unknown(struct entry_reader *r, const struct entry_word *name)
{
	char	 list[256] = "", shown[ENTRY_SHOW_SIZE];
	size_t	 i;

	for (i = 0; i < NATTRIBUTES; i++) {
		if (!(attributes[i].kinds & FOR(r->entry->kind)))
			continue;
		(void)strlcat(list, list[0] == '\0' ? "" : ", ",
		    sizeof(list));
		(void)strlcat(list, attributes[i].name, sizeof(list));
	}
	entry_error(r, &name->pos, "attribute '%s=' is unknown here, expected "
	    "one of %s", entry_show(name, shown), list);
}

int
entry_attribute(struct entry_reader *r, const struct entry_word *name,
    const struct entry_word *value, unsigned int *seen)
{
	const struct attribute	*a;

	for (a = attributes; a < attributes + NATTRIBUTES; a++)
		if (is_word(name, a->name))
			break;
	if (a == attributes + NATTRIBUTES ||
	    !(a->kinds & FOR(r->entry->kind))) {
		unknown(r, name);
		return (0);
	}
	if (*seen & 1U << (a - attributes))
		entry_error(r, &name->pos, "'%s=' stands here already, "
		    "expected it once", a->name);
	*seen |= 1U << (a - attributes);
	if (a->set == NULL)
		return (1);
	a->set(r, value);
	return (0);
}
