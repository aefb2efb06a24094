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
 * Does an entry fit into the directory as it is?
 */

#include <bsd/string.h>

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sysexits.h>

#include "lookup/check_entry.h"
#include "lookup/entry.h"
#include "lookup/find.h"
#include "lookup/view.h"

#define WHY_SIZE	CHECK_WHY_SIZE

/* Is it in a domain of the directory?  EX_OK, or why not. */
static int
check_in_domain(struct view *v, const char *folded, char why[WHY_SIZE])
{
	const struct domain_record	*d;
	const char			*domain = find_domain_of(folded);

	switch (find_domain(v, domain, &d)) {
	case ANSWER_FOUND:
		return (EX_OK);
	case ANSWER_NONE:
		(void)snprintf(why, WHY_SIZE, "there is no domain %s: add it "
		    "first", domain);
		return (EX_DATAERR);
	default:
		(void)strlcpy(why, CHECK_UNREADABLE, WHY_SIZE);
		return (EX_TEMPFAIL);
	}
}

/* Does it belong to somebody?  owner is who may have it, "" nobody. */
static int
check_free(struct view *v, const char *folded, const char *owner,
    char why[WHY_SIZE])
{
	struct found	 f;

	switch (find_address(v, folded, &f)) {
	case ANSWER_FOUND:
		break;
	case ANSWER_NONE:
		return (EX_OK);
	default:
		(void)strlcpy(why, CHECK_UNREADABLE, WHY_SIZE);
		return (EX_TEMPFAIL);
	}
	if (f.rec.kind == RESOLVE_ACCOUNT) {
		if (strcasecmp(f.rec.account, owner) == 0)
			return (EX_OK);
		(void)snprintf(why, WHY_SIZE, "%s belongs to account %s",
		    folded, f.rec.account);
		return (EX_DATAERR);
	}
	/* an alias or list may take the place of one */
	if (owner[0] == '\0')
		return (EX_OK);
	(void)snprintf(why, WHY_SIZE, "%s is %s", folded, f.rec.kind ==
	    RESOLVE_LIST ? "a list" : "an alias");
	return (EX_DATAERR);
}

static int
check_address(struct view *v, const char *address, const char *owner,
    char why[WHY_SIZE])
{
	char	 folded[ADDRESS_STR_SIZE];
	int	 status;

	if (record_fold(address, folded, sizeof(folded)) == -1) {
		(void)snprintf(why, WHY_SIZE, "%s is no address", address);
		return (EX_DATAERR);
	}
	if ((status = check_in_domain(v, folded, why)) != EX_OK)
		return (status);
	return (check_free(v, folded, owner, why));
}

static int
check_login(struct view *v, const struct account_record *a,
    char why[WHY_SIZE])
{
	char		 name[RESOLVE_NAME_MAX + 1];
	uint8_t		 key[RECORD_KEY_SIZE];
	struct bdb_item	 item;
	enum answer	 ans;
	size_t		 len;

	len = record_key(RECORD_LOGIN, a->login, key);
	if ((ans = view_get(v, key, len, &item)) == ANSWER_NONE)
		return (EX_OK);
	if (ans == ANSWER_TEMPFAIL || record_get_string(key, len, item.value,
	    item.len, name, sizeof(name)) == -1) {
		(void)strlcpy(why, CHECK_UNREADABLE, WHY_SIZE);
		return (EX_TEMPFAIL);
	}
	if (strcasecmp(name, a->name) == 0)
		return (EX_OK);
	(void)snprintf(why, WHY_SIZE, "the login %s is account %s's",
	    a->login, name);
	return (EX_DATAERR);
}

static int
check_account(struct view *v, const struct entry *e, char why[WHY_SIZE])
{
	size_t	 i;
	int	 status = EX_OK;

	for (i = 0; i < e->nstrings && status == EX_OK; i++)
		status = check_address(v, e->strings[i], e->account.name,
		    why);
	return (status != EX_OK ? status : check_login(v, &e->account, why));
}

/* Members that are names must be accounts. */
static int
check_members(struct view *v, const struct entry *e, char why[WHY_SIZE])
{
	struct account_record	 a;
	enum answer		 ans;
	size_t			 i;

	for (i = 0; i < e->nstrings; i++) {
		if (strchr(e->strings[i], '@') != NULL)
			continue;
		ans = find_account(v, e->strings[i], &a);
		if (ans == ANSWER_FOUND)
			continue;
		if (ans == ANSWER_TEMPFAIL) {
			(void)strlcpy(why, CHECK_UNREADABLE, WHY_SIZE);
			return (EX_TEMPFAIL);
		}
		(void)snprintf(why, WHY_SIZE, "there is no account %s",
		    e->strings[i]);
		return (EX_DATAERR);
	}
	return (EX_OK);
}

static int
check_alias(struct view *v, const struct entry *e, char why[WHY_SIZE])
{
	int	 status;

	status = check_address(v, e->address.shown, "", why);
	if (status == EX_OK && e->kind == ENTRY_LIST)
		status = check_members(v, e, why);
	return (status);
}

/* The domain behind one must be there and must not be an alias itself. */
static int
check_behind(struct view *v, const struct entry *e, const char *name,
    char why[WHY_SIZE])
{
	const struct domain_record	*d;
	const char			*behind = e->domain.alias_of;

	if (strcmp(behind, name) == 0) {
		(void)snprintf(why, WHY_SIZE, "%s cannot be an alias of "
		    "itself", name);
		return (EX_DATAERR);
	}
	switch (find_domain(v, behind, &d)) {
	case ANSWER_FOUND:
		if (d->alias_of[0] == '\0')
			return (EX_OK);
		(void)snprintf(why, WHY_SIZE, "%s is an alias itself",
		    behind);
		return (EX_DATAERR);
	case ANSWER_NONE:
		(void)snprintf(why, WHY_SIZE, "there is no domain %s: add it "
		    "first", behind);
		return (EX_DATAERR);
	default:
		(void)strlcpy(why, CHECK_UNREADABLE, WHY_SIZE);
		return (EX_TEMPFAIL);
	}
}

int
check_entry(struct view *v, const struct entry *e, const char *name,
    char why[WHY_SIZE])
{
	switch (e->kind) {
	case ENTRY_DOMAIN:
		return (e->domain.alias_of[0] == '\0' ? EX_OK :
		    check_behind(v, e, name, why));
	case ENTRY_ACCOUNT:
		return (check_account(v, e, why));
	default:
		return (check_alias(v, e, why));
	}
}
