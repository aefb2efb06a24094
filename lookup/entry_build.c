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
 * Entries under construction: names, addresses, members, and what may not
 * be missing in the end.
 */

#include <bsd/string.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lookup/entry_read.h"
#include "smtpd/base/idn.h"
#include "smtpd/base/xmem.h"
#include "smtpd/smtp/utf8.h"

/* What an entry of each kind needs, and what its strings are. */
static const struct {
	const char	*name;
	const char	*strings;	/* attribute, or "" */
	const char	*what;
	size_t		 max;
} kinds[] = {
	[ENTRY_DOMAIN]	= { "domain", "", "", 0 },
	[ENTRY_ACCOUNT]	= { "account", "addresses=", "an address",
	    RECORD_ADDRESSES_MAX },
	[ENTRY_ALIAS]	= { "alias", "", "a target", RECORD_TARGETS_MAX },
	[ENTRY_LIST]	= { "list", "members=", "a member",
	    RECORD_MEMBERS_MAX },
};

void
entry_begin(struct entry_reader *r, enum entry_kind kind,
    const struct entry_pos *pos)
{
	r->entry = xcalloc(1, sizeof(*r->entry));
	r->entry->kind = kind;
	r->entry->line = pos->line;
	r->entry->name = *pos;
	r->entry->address.kind = kind == ENTRY_LIST ? RESOLVE_LIST :
	    RESOLVE_ALIAS;
}

int
entry_domain(struct entry_reader *r, const struct entry_word *w, char *name,
    char *folded)
{
	char	 shown[ENTRY_SHOW_SIZE];

	name[0] = '\0';
	if (w->len <= ADDRESS_DOMAIN_MAX && address_check_domain(w->p, w->len,
	    ADDRESS_UTF8_OK) == ADDRESS_OK) {
		memcpy(name, w->p, w->len);
		name[w->len] = '\0';
		if (idn_fold(name, folded, ADDRESS_DOMAIN_MAX + 1) == 0)
			return (0);
	}
	name[0] = '\0';
	entry_error(r, &w->pos, "'%s' is no domain, expected a name such as "
	    "example.org", entry_show(w, shown));
	return (-1);
}

static int
is_name_octet(unsigned char c)
{
	return ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c >= 0x80 || c == '.' || c == '_' ||
	    c == '-' || c == '+');
}

/* The name of an account: it may stand in paths, and beside addresses. */
static int
entry_account(struct entry_reader *r, const struct entry_word *w, char *buf)
{
	char	 shown[ENTRY_SHOW_SIZE];
	size_t	 i;

	for (i = 0; i < w->len && is_name_octet((unsigned char)w->p[i]); i++)
		;
	if (w->len == 0 || i < w->len || w->p[0] == '.' || w->p[0] == '-' ||
	    !utf8_valid(w->p, w->len)) {
		entry_error(r, &w->pos, "'%s' is no name of an account, "
		    "expected letters, digits and . _ - + without . or - in "
		    "front", entry_show(w, shown));
		return (-1);
	}
	if (w->len > RESOLVE_NAME_MAX) {
		entry_error(r, &w->pos, "'%s' is too long, expected at most "
		    "%d octets", entry_show(w, shown), RESOLVE_NAME_MAX);
		return (-1);
	}
	memcpy(buf, w->p, w->len);
	buf[w->len] = '\0';
	return (0);
}

static void
address_wrong(struct entry_reader *r, const struct entry_word *w,
    enum address_error error, int catchall)
{
	char	 shown[ENTRY_SHOW_SIZE];

	if (error == ADDRESS_TOO_LONG)
		entry_error(r, &w->pos, "'%s' is too long for an address, "
		    "expected at most %d octets before the @ and %d in all",
		    entry_show(w, shown), ADDRESS_LOCAL_MAX,
		    ADDRESS_PATH_MAX - 2);
	else
		entry_error(r, &w->pos, "'%s' is no address, expected "
		    "local@domain%s", entry_show(w, shown),
		    catchall ? " or @domain" : "");
}

int
entry_address(struct entry_reader *r, const struct entry_word *word,
    int catchall, char buf[ADDRESS_STR_SIZE])
{
	struct entry_word	 w = *word;
	struct address		 a;
	enum address_error	 error;
	char			 text[2 * ADDRESS_STR_SIZE], folded[
				    ADDRESS_STR_SIZE];

	/* all of it in quotes: not the local part, but a word */
	if (entry_is_quoted(&w)) {
		if (entry_text(r, word, "address", text, sizeof(text)) == -1)
			return (-1);
		w.p = text;
		w.len = strlen(text);
	}
	if (w.len > 0 && w.p[0] == '@' && catchall) {
		entry_skip(&w, 1);
		if (entry_domain(r, &w, a.domain, folded) == -1)
			return (-1);
		(void)snprintf(buf, ADDRESS_STR_SIZE, "@%s", a.domain);
		return (0);
	}
	error = address_parse(w.p, w.len, ADDRESS_UTF8_OK, &a);
	if (error == ADDRESS_OK && address_format(&a, buf,
	    ADDRESS_STR_SIZE) != -1 &&
	    record_fold_address(&a, folded, sizeof(folded)) == 0)
		return (0);
	address_wrong(r, word, error, catchall);
	return (-1);
}

int
entry_name(struct entry_reader *r, const struct entry_word *w)
{
	struct entry	*e = r->entry;
	char		 folded[ADDRESS_DOMAIN_MAX + 1];

	e->name = w->pos;
	switch (e->kind) {
	case ENTRY_DOMAIN:
		return (entry_domain(r, w, e->domain.name, folded));
	case ENTRY_ACCOUNT:
		return (entry_account(r, w, e->account.name));
	default:
		return (entry_address(r, w, 1, e->address.shown));
	}
}

/* A copy to the strings of the entry, which grow by doubling. */
static void
entry_push(struct entry *e, const char *s, const struct entry_pos *pos)
{
	size_t	 n = e->nstrings;

	if ((n & (n - 1)) == 0) {
		n = n == 0 ? 1 : 2 * n;
		e->strings = xreallocarray(e->strings, n,
		    sizeof(*e->strings));
		e->pos = xreallocarray(e->pos, n, sizeof(*e->pos));
	}
	e->strings[e->nstrings] = xstrdup(s);
	e->pos[e->nstrings++] = *pos;
}

int
entry_string(struct entry_reader *r, const struct entry_word *w)
{
	struct entry	*e = r->entry;
	char		 buf[ADDRESS_STR_SIZE];
	int		 ret;

	if (e->nstrings == kinds[e->kind].max) {
		entry_error(r, &w->pos, "one too many, expected at most %zu",
		    kinds[e->kind].max);
		return (-1);
	}
	if (w->len == 0) {
		entry_error(r, &w->pos, "nothing between commas, expected %s",
		    kinds[e->kind].what);
		return (-1);
	}
	if (e->kind == ENTRY_LIST && memchr(w->p, '@', w->len) == NULL)
		ret = entry_account(r, w, buf);
	else
		ret = entry_address(r, w, e->kind == ENTRY_ACCOUNT, buf);
	if (ret == 0)
		entry_push(e, buf, &w->pos);
	return (ret);
}

static void
finish_account(struct entry_reader *r)
{
	struct entry	*e = r->entry;

	if (e->account.login[0] == '\0')
		(void)strlcpy(e->account.login, e->account.name,
		    sizeof(e->account.login));
	if (e->nstrings > 0 && e->strings[0][0] == '@')
		entry_error(r, &e->pos[0], "the first address of an account "
		    "is its primary one, expected local@domain before "
		    "'%.64s'", e->strings[0]);
	e->account.addresses.n = (uint32_t)e->nstrings;
}

void
entry_finish(struct entry_reader *r)
{
	struct entry			*e = r->entry;
	const struct record_state_attrs	*attrs;
	size_t				 i, octets = 0;

	attrs = e->kind == ENTRY_ACCOUNT ? &e->account.attrs :
	    &e->address.attrs;
	/* an address that is never to be reached needs no target */
	if (e->nstrings == 0 && r->errors == 0 && e->kind != ENTRY_DOMAIN &&
	    (e->kind == ENTRY_ACCOUNT || attrs->state == STATE_ACTIVE))
		entry_error(r, &e->name, "%s without %s, expected %s%s",
		    kinds[e->kind].name, kinds[e->kind].what,
		    kinds[e->kind].strings[0] == '\0' ? "its addresses" :
		    kinds[e->kind].strings,
		    e->kind == ENTRY_ACCOUNT ? "" : " or a state=");
	for (i = 0; i < e->nstrings; i++)
		octets += strlen(e->strings[i]) + 2;
	if (e->kind != ENTRY_LIST && octets > ENTRY_STRINGS_MAX)
		entry_error(r, &e->name, "its addresses take %zu octets, "
		    "expected at most %d", octets, ENTRY_STRINGS_MAX);
	if (e->kind == ENTRY_ACCOUNT)
		finish_account(r);
	else if (e->kind == ENTRY_ALIAS)
		e->address.targets.n = (uint32_t)e->nstrings;
	else
		e->address.nmembers = (uint32_t)e->nstrings;
}

void
entry_free(struct entry *e)
{
	size_t	 i;

	if (e == NULL)
		return;
	for (i = 0; i < e->nstrings; i++)
		free(e->strings[i]);
	free(e->strings);
	free(e->pos);
	/* of an account */
	explicit_bzero(e->account.secret, sizeof(e->account.secret));
	free(e);
}
